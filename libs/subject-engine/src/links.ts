import type { DatasetName } from '@huitong/change-event';
import type { Queryable } from '@huitong/postgres';
import type { SubjectLink } from './declaration.ts';
import { quoted, splitReference, type DatabasePlan, type FactTable } from './plan.ts';
import { factsAsOf } from './derivation-sql.ts';

/** A link and from which of its ends it is looked along: from the subject that states it, or from the one that is stated. */
export interface LinkEnd {
  readonly link: SubjectLink;
  readonly end: 'stating' | 'stated';
}

/** An id at the other end of a link, and the newest event that says so. */
export interface FoundLink extends LinkEnd {
  readonly id: string;
  readonly dataset: DatasetName;
  readonly eventId: string;
  readonly recordedAt: string;
}

/** Ids that one link answers at most in each direction: an employer has more people than a picture could show. */
export const linksMax = 20;

/**
 * Whom the facts in force connect with a subject, at present or as of any point of both time axes, by all ids of the subject.
 * One link may answer {@link linksMax} ids and one more. Along a link from its stated end every fact of the dataset is looked at.
 */
export async function readLinks(
  database: Queryable,
  plan: DatabasePlan,
  ends: readonly LinkEnd[],
  ids: readonly string[],
  at: { knownAt?: Date | undefined; validAt?: string | undefined } = {},
): Promise<FoundLink[]> {
  const branches = ends.flatMap((one, branch) => {
    const [dataset, column] = splitReference(one.link.column);
    const fact = plan.factTables.find((table) => table.dataset === dataset);
    return fact ? [branchOf(fact, column, one.end, branch)] : [];
  });
  if (branches.length === 0) return [];
  const { rows } = await database.query<{ branch: number; id: string; event_id: string; recorded_at: Date }>({
    text: branches.join('\nunion all\n'),
    values: [ids, at.knownAt ?? null, at.validAt ?? null],
  });
  return rows.map(({ branch, id, event_id: eventId, recorded_at: recordedAt }) => ({
    ...ends[branch]!,
    id,
    dataset: splitReference(ends[branch]!.link.column)[0] as DatasetName,
    eventId,
    recordedAt: recordedAt.toISOString(),
  }));
}

/** The facts of one link at one of its ends; $1 the subject's ids, $2 known at, $3 valid at. */
function branchOf(fact: FactTable, column: string, end: LinkEnd['end'], branch: number): string {
  const linked = quoted(column);
  const columns = `subject_id, verb, valid_from, valid_to, event_id, recorded_at, ${linked} as linked`;
  const own = end === 'stating' ? 'subject_id = any($1)' : `${linked} = any($1)`;
  const other = end === 'stating' ? 'f.linked' : 'f.subject_id';
  return `(select ${branch} as branch, ${other} as id, (array_agg(f.event_id order by f.recorded_at desc))[1] as event_id, max(f.recorded_at) as recorded_at
  from (select ${columns} from ${fact.table} where ${own} and ($2::timestamptz is null or applied_at <= $2)
    union all select ${columns} from ${fact.pastTable} where ${own} and applied_at <= $2 and superseded_at > $2) f
  where f.verb <> 'ANNULLED' and ($3::date is null or f.valid_from is null or f.valid_from <= $3) and not ${factsAsOf.ceased}
    and f.linked is not null and ${other} <> all($1)
  group by ${other} order by ${other} limit ${linksMax + 1})`;
}
