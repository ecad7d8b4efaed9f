import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { datasets, verbs, type ChangeEvent, type DatasetName, type FieldDeclaration } from '@huitong/change-event';
import { copyRows, inTransaction } from '@huitong/postgres';
import { createTestDatabase, type TestDatabase } from '@huitong/testkit';
import fc from 'fast-check';
import { count, subject } from './declaration.ts';
import { factParameters, factRows, keyParameters, logParameters } from './fact-parameters.ts';
import { arrayLiteral } from './parameters.ts';
import { envelopeColumns, planDatabase, quoted, type FactTable } from './plan.ts';
import type { EventIncoming } from './rounds.ts';

type Scalar = string | number | boolean | null;

let test: TestDatabase;

beforeAll(async () => {
  test = await createTestDatabase('');
});
afterAll(() => test.drop());

function factTableOf(dataset: DatasetName): FactTable {
  const plan = subject({
    ...{ name: 'thing', title: { zh: '物', en: 'Thing' }, database: 'things', datasets: [dataset] },
    fields: { facts: count(dataset) },
  });
  return planDatabase([plan]).factTables[0]!;
}

const text = fc
  .oneof(
    fc.string({ unit: 'binary' }),
    fc.string(),
    fc.constantFrom('', 'NULL', '{}', '"', '\\', '芜湖市镜湖区'.repeat(20)),
  )
  .filter((some) => !some.includes('\u0000') && some.isWellFormed());
const date = fc
  .date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
  .map((day) => day.toISOString().slice(0, 10));
const timestamp = fc
  .date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
  .map((at) => at.getTime());
const long = fc.integer({ min: -(2 ** 52), max: 2 ** 53 - 2 });
const valueOf: Record<FieldDeclaration['type'], fc.Arbitrary<Scalar>> = {
  ...{ string: text, int: fc.integer(), long, double: fc.double(), boolean: fc.boolean(), date, timestamp },
};
const decimal = fc.oneof(
  fc.tuple(fc.integer(), fc.nat(99)).map(([whole, part]) => `${whole}.${String(part).padStart(2, '0')}`),
  fc.tuple(fc.bigInt(-(10n ** 26n), 10n ** 26n), fc.nat(99_999_999)).map(([whole, part]) => `${whole}.${part}`),
  fc.constantFrom('0', '-0.0', '007.10', '10000', '99999999', '0.0001', '0.00010000', '-0.00000001', '100000000.00'),
);

function messagesOf(dataset: DatasetName): fc.Arbitrary<EventIncoming[]> {
  const fields = Object.entries(datasets[dataset].fields as Record<string, FieldDeclaration>).map(
    ([name, { type, nullable, numeric }]) => {
      const value = numeric ? decimal : valueOf[type];
      return [name, nullable ? fc.option(value, { nil: null, freq: 2 }) : value];
    },
  );
  const event = fc.record({
    ...{ event_id: fc.uuid(), verb: fc.constantFrom(...verbs), reason: text, source_record_id: text },
    ...{ previous_event_id: fc.constant(null), source_version: long, recorded_at: timestamp },
    ...{ valid_from: fc.option(date, { nil: null }), valid_to: fc.option(date, { nil: null }) },
    data: fc.record(Object.fromEntries(fields) as Record<string, fc.Arbitrary<Scalar>>),
  });
  return fc.array(
    fc.tuple(event, text, fc.nat(11), long).map(([event, subjectId, lane, offset]) => {
      const data = { ...event.data, [datasets[dataset].subjectKey]: subjectId };
      // An event that was never true may have no data.
      const own = event.verb === 'ANNULLED' && lane % 2 === 0 ? { ...event, data: null } : { ...event, data };
      return {
        ...{ kind: 'event' as const, offset, key: null, value: null, headers: () => ({}), lane, dataset, topic: '' },
        ...{ event: own as unknown as ChangeEvent, subjectId },
      };
    }),
    { minLength: 1, maxLength: 8 },
  );
}

/** The same columns, made of values. */
function valuesOf(fact: FactTable, messages: readonly EventIncoming[]): { type: string; values: Scalar[] }[] {
  const instant = (ms: Scalar): Scalar => (ms === null ? null : new Date(ms as number).toISOString());
  const envelope: ((message: EventIncoming) => Scalar)[] = [
    ({ subjectId }) => subjectId,
    ({ event }) => event.source_record_id,
    ({ event }) => event.source_version,
    ({ event }) => event.event_id,
    ({ event }) => event.verb,
    ({ event }) => event.reason,
    ({ event }) => instant(event.recorded_at),
    ({ event }) => event.valid_from,
    ({ event }) => event.valid_to,
    ({ lane }) => lane,
  ];
  return [
    ...envelopeColumns.map(({ type }, at) => ({ type, values: messages.map(envelope[at]!) })),
    ...fact.columns.map(({ name, type }) => ({
      type,
      values: messages.map(({ event }) => {
        const value = event.verb === 'ANNULLED' ? null : (event.data as unknown as Record<string, Scalar>)[name]!;
        return type === 'timestamptz' ? instant(value) : value;
      }),
    })),
  ];
}

async function expectSame(
  types: readonly string[],
  parameters: readonly (string | Buffer)[],
  expected: readonly { readonly values: readonly Scalar[] }[],
): Promise<void> {
  const pairs = types.map((type, at) => `$${at + 1}::${type}[] = $${at + 1 + types.length}::${type}[]`);
  const { rows } = await test.database.query<{ equal: boolean[] }>(`select array[${pairs.join(', ')}] as equal`, [
    ...parameters,
    ...expected.map(({ values }) => arrayLiteral(values)),
  ]);
  expect(rows[0]!.equal).toEqual(types.map(() => true));
}

async function refusalOf(event: Partial<ChangeEvent>, data: object = {}): Promise<string | undefined> {
  const fact = factTableOf('nhc.death-certificate');
  const message = fc
    .sample(messagesOf(fact.dataset), 20)
    .flat()
    .find(({ event: { data: some } }) => some !== null);
  const changed = { ...message!.event, ...event, verb: 'CREATED', data: { ...message!.event.data, ...data } };
  const parameters = factParameters(fact, [{ ...message!, event: changed as ChangeEvent }]);
  const types = [...envelopeColumns, ...fact.columns].map(({ type }, at) => `$${at + 1}::${type}[]`);
  return test.database.query(`select ${types.join(', ')}`, parameters).then(
    () => undefined,
    (error: { code: string }) => error.code,
  );
}

describe('the rows of facts', () => {
  it.each(Object.keys(datasets) as DatasetName[])('of %s are copied as its arrays are inserted', async (dataset) => {
    const fact = factTableOf(dataset);
    const columns = [...envelopeColumns, ...fact.columns].map(({ name, type }) => ({ name: quoted(name), type }));
    const names = columns.map(({ name }) => name).join(', ');
    const arrays = columns.map(({ type }, at) => `$${at + 1}::${type}[]`).join(', ');
    await test.database.query(
      `create table ${fact.table} (${columns.map(({ name, type }) => `${name} ${type}`).join(', ')})`,
    );
    await fc.assert(
      fc.asyncProperty(messagesOf(dataset), async (messages) => {
        const binary = factRows(fact, messages);
        if (!binary) throw new Error('PostgreSQL has to read some of these values');
        const rows = await inTransaction(test.database, async (connection) => {
          await connection.query(`truncate ${fact.table}`);
          await copyRows(connection, `copy ${fact.table} from stdin (format binary)`, binary);
          const answer = await connection.query<{ copied: string[]; inserted: string[] }>(
            `select (select array_agg(f::text order by ctid) from ${fact.table} f) as copied,
              (select array_agg(row(${names})::text order by ord) from unnest(${arrays}) with ordinality as i(${names}, ord)) as inserted`,
            factParameters(fact, messages),
          );
          return answer.rows;
        });
        expect(rows[0]!.copied).toHaveLength(messages.length);
        expect(rows[0]!.copied).toEqual(rows[0]!.inserted);
      }),
      { numRuns: 30 },
    );
  });

  it.each(['much', '1e3', 'NaN', '+1', ' 1', '.5', '5.', '1.2.3', '-', '', '1'.repeat(50), '１'])(
    'are none where PostgreSQL has to say whether a number is one: %j',
    (amount) => {
      const fact = factTableOf('hrss.pension-payment');
      const [message] = fc
        .sample(messagesOf(fact.dataset), 20)
        .flat()
        .filter(({ event: { data } }) => data !== null);
      const changed = (value: string): EventIncoming => ({
        ...message!,
        event: { ...message!.event, verb: 'CREATED', data: { ...message!.event.data, amount: value } } as ChangeEvent,
      });
      expect(factRows(fact, [changed('1.50'), changed(amount)])).toBeUndefined();
      expect(factRows(fact, [changed('1.50'), changed('-12')])).toBeDefined();
    },
  );
});

describe('the parameters of facts', () => {
  it.each(Object.keys(datasets) as DatasetName[])('of %s are the values of their events', async (dataset) => {
    const fact = factTableOf(dataset);
    await fc.assert(
      fc.asyncProperty(messagesOf(dataset), async (messages) => {
        const expected = valuesOf(fact, messages);
        const parameters = factParameters(fact, messages);
        const { rows } = await test.database.query<{ equal: boolean[] }>(
          `select array[${expected.map(({ type }, at) => `$${at + 1}::${type}[] is not distinct from $${at + 1 + expected.length}::${type}[]`).join(', ')}] as equal`,
          [...parameters, ...expected.map(({ values }) => arrayLiteral(values))],
        );
        const differing = expected.flatMap(({ type }, at) => (rows[0]!.equal[at] ? [] : [{ at, type }]));
        expect(differing).toEqual([]);
        await expectSame(['text', 'text'], keyParameters(dataset, messages), expected.slice(0, 2));
        await expectSame(['uuid', 'text', 'smallint', 'bigint'], logParameters(dataset, messages), [
          ...[expected[3]!, expected[0]!, expected[9]!],
          { values: messages.map(({ offset }) => offset) },
        ]);
      }),
      { numRuns: 40 },
    );
  });

  it('hold no date that no calendar has, nor a time: PostgreSQL refuses what stands for them', async () => {
    expect(await refusalOf({})).toBe(undefined);
    expect(await refusalOf({ recorded_at: 253_402_300_800_000 })).toBe('22008');
    expect(await refusalOf({ recorded_at: -62_135_596_800_001 })).toBe('22008');
    expect(await refusalOf({}, { deathAt: 2 ** 53 - 2 })).toBe('22008');
    expect(await refusalOf({ valid_from: '0000-12-31' })).toBe('22008');
    expect(await refusalOf({}, { deathDate: '+010000-01-01' })).toBe('22008');
    expect(await refusalOf({ reason: 'a\u0000b' })).toBe('22021');
  });
});
