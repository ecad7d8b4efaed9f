import type { Queryable } from '@huitong/postgres';
import type { SearchedBy } from './declaration.ts';
import { quoted, type SubjectPlan } from './plan.ts';

/** A subject that was looked for, under its present id. `known` has the fields that people know it by; `by` is the one that matched. */
export interface FoundSubject {
  readonly asked: string;
  readonly id: string;
  readonly by: string | null;
  readonly known: Readonly<Record<string, string | null>>;
}

/** Subjects that one search answers at most: whom it does not find among so many is looked for more exactly. */
export const searchedMax = 20;

/**
 * The subjects that go, or ever went, by these ids, also those of which nothing is true any more. Each is found by keys;
 * ids of which nothing was ever known are left out.
 */
export async function findById(
  database: Queryable,
  subject: SubjectPlan,
  ids: readonly string[],
): Promise<FoundSubject[]> {
  const stable = subject.hasAliases
    ? 'coalesce((select n.subject_id from identity n where n.id = g.id), g.id)'
    : 'g.id';
  const { rows } = await database.query<FoundSubject>({
    name: `find ${subject.name} by id`,
    text: `with asked as (select g.id as asked, ${stable} as id from unnest($1::text[]) g(id))
select a.asked, a.id, null as by, ${knownOf(subject)} as known
from asked a left join ${subject.table} r on r.id = a.id
where r.id is not null or exists (select from ${subject.historyTable} h where h.subject_id = a.id)`,
    values: [ids],
  });
  return rows;
}

/**
 * Subjects whose name or address holds a text, those first where it is the whole, one more than {@link searchedMax} where there
 * are others. It looks at every record, which no index would spare a text in the middle: only for people who look now and then.
 */
export async function findByText(
  database: Queryable,
  subject: SubjectPlan,
  by: SearchedBy,
  text: string,
): Promise<FoundSubject[]> {
  const fields = subject.declaration.searched?.[by] ?? [];
  if (fields.length === 0) return [];
  const any = (test: (column: string) => string): string =>
    fields.map((name) => test(`r.${quoted(name)}`)).join(' or ');
  const matched = fields.map((name) => `when strpos(r.${quoted(name)}, $1) > 0 then '${name}'`).join(' ');
  const { rows } = await database.query<FoundSubject>({
    name: `find ${subject.name} by ${by}`,
    text: `select r.id as asked, r.id, case ${matched} end as by, ${knownOf(subject)} as known
from ${subject.table} r where ${any((column) => `strpos(${column}, $1) > 0`)}
order by (${any((column) => `${column} = $1`)}) is true desc, r.id limit ${searchedMax + 1}`,
    values: [text],
  });
  return rows;
}

/** What people know a subject by, of its record `r`. */
function knownOf({ declaration: { searched } }: SubjectPlan): string {
  const fields = [...(searched?.name ?? []), ...(searched?.address ?? [])];
  return `jsonb_build_object(${fields.map((name) => `'${name}', r.${quoted(name)}`).join(', ')})`;
}
