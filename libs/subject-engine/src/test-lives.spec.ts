import type { DatasetName, Verb } from '@huitong/change-event';
import fc from 'fast-check';
import type { PlainFact } from './oracle.ts';
import { factOf, people } from './test-people.spec.ts';

/** One case of a property: what departments publish about a few persons, in the order and the chunks of its arrival. */
export interface Case {
  readonly published: number;
  readonly chunks: readonly (readonly PlainFact[])[];
  /** No event states a former id, so that what was known at an earlier time does not depend on links of today. */
  readonly linkless: boolean;
}

const names = ['p0', 'p1', 'p2', 'p3'];

const dataOf: Partial<Record<DatasetName, fc.Arbitrary<Record<string, unknown>>>> = {
  'psb.household-register': fc.record({
    name: fc.constantFrom('甲', '乙'),
    householdAddress: fc.constantFrom('镜湖区', null),
  }),
  'psb.residence-permit': fc.record({
    name: fc.constantFrom('甲', '丙'),
    residenceAddress: fc.constantFrom('弋江区', '鸠江区', null),
    formerCardNo: fc.option(fc.constantFrom(...names), { freq: 2 }),
  }),
  'psb.vehicle': fc.record({ plateNo: fc.constantFrom('皖B1', '皖B2'), seats: fc.constantFrom(5, 7, null) }),
  'hrss.pension-payment': fc.record({
    month: fc.constantFrom('2026-01-01', '2026-02-01'),
    amount: fc.constantFrom('100.50', '200', '0.25'),
  }),
};

/** A source record's life: versions 1 to n, each with its verb and content. */
interface Life {
  readonly dataset: DatasetName;
  readonly subjectId: string;
  readonly record: string;
  readonly validFrom: string | null;
  readonly versions: readonly { readonly verb: Verb; readonly data: Record<string, unknown> }[];
}

const life: fc.Arbitrary<Life> = fc.constantFrom(...people.factTables.map(({ dataset }) => dataset)).chain((dataset) =>
  fc.record({
    dataset: fc.constant(dataset),
    subjectId: fc.constantFrom(...names),
    record: fc.constantFrom('r1', 'r2'),
    validFrom: fc.constantFrom('2020-01-01', '2021-06-30', null),
    versions: fc.array(
      fc.record({ verb: fc.constantFrom<Verb>('CREATED', 'CORRECTED', 'ANNULLED', 'CEASED'), data: dataOf[dataset]! }),
      { minLength: 1, maxLength: 4 },
    ),
  }),
);

/** Lives of a few source records, and the dice that decide order, repetitions and chunks. */
export const lives = fc.record({
  lives: fc.array(life, { minLength: 1, maxLength: 6 }),
  dice: fc.array(fc.nat(999_999), { minLength: 16, maxLength: 16 }),
});

/**
 * Plays one case: every version arrives, any in any order, a third of them twice, one to five at a time. `prefix` sets its
 * persons apart from those of other cases, so that many can be played over one database at once.
 */
export function caseOf(drawn: { lives: readonly Life[]; dice: readonly number[] }, prefix: string): Case {
  let thrown = 0;
  // A die and where it is thrown, so that a few dice do for a long case and shrinking one changes little.
  const next = (below: number): number => {
    const at = thrown++;
    return (drawn.dice[at % drawn.dice.length]! + Math.imul(at, 7)) % below;
  };
  // One life a source record: two lives of one record would be a conflict, which another spec looks at.
  const unique = new Map(drawn.lives.map((one) => [`${one.dataset} ${one.subjectId} ${one.record}`, one]));
  const published = [...unique.values()].flatMap((one) => factsOf(one, prefix));
  const delivered = [...published, ...published.filter(() => next(3) === 0)];
  for (let at = delivered.length - 1; at > 0; at -= 1) {
    const other = next(at + 1);
    [delivered[at], delivered[other]] = [delivered[other]!, delivered[at]!];
  }
  const chunks: PlainFact[][] = [];
  while (delivered.length > 0) chunks.push(delivered.splice(0, 1 + next(5)));
  return { published: published.length, chunks, linkless: !drawn.lives.some(({ dataset }) => isLinking(dataset)) };
}

const isLinking = (dataset: DatasetName): boolean => dataset === 'psb.residence-permit';

function factsOf({ dataset, subjectId, record, validFrom, versions }: Life, prefix: string): PlainFact[] {
  return versions.map(({ verb, data }, at) => {
    const former = data['formerCardNo'];
    return factOf({
      dataset,
      subjectId: prefix + subjectId,
      record,
      version: at + 1,
      verb,
      validFrom,
      validTo: verb === 'CEASED' ? '2022-01-01' : null,
      data: typeof former === 'string' ? { ...data, formerCardNo: prefix + former } : data,
    });
  });
}
