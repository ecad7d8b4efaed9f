import type { Queryable } from '@huitong/postgres';
import { arrayLiteral } from './parameters.ts';
import { quoted, type SubjectPlan } from './plan.ts';
import type { Cause, EventIncoming } from './rounds.ts';

/** Those of the ids that belong to a subject with several. */
export async function idsOfSeveral(connection: Queryable, ids: readonly string[]): Promise<string[]> {
  const { rows } = await connection.query<{ id: string }>({
    name: 'find identities',
    text: 'select id from identity where id = any($1::text[])',
    values: [arrayLiteral(ids)],
  });
  return rows.map(({ id }) => id);
}

/**
 * Locks the identity rows of subjects with several ids, in id order, so that two lanes that hold facts of one subject
 * derive its record one after the other. Answers those of the given ids that belong to such a subject.
 */
export async function lockIdentities(connection: Queryable, ids: readonly string[]): Promise<Set<string>> {
  const several = await idsOfSeveral(connection, ids);
  if (several.length > 0)
    await connection.query(
      `select 1 from identity where subject_id in (select n.subject_id from identity n where n.id = any($1))
      order by id for update`,
      [several],
    );
  return new Set(several);
}

/** An event that states, changes or withdraws a former id of its subject, with that and the one that stood before it. */
export interface Relinked {
  readonly message: EventIncoming;
  readonly aliases: readonly string[];
}

/**
 * Rebuilds the identities around events that state, change or withdraw a former id, from the alias columns of the facts:
 * a subject is a connected group of ids, and its stable id is the oldest, the one that names no former id. Needs every
 * lane locked. Returns a cause for each id whose subject may have changed, for the records to be derived anew.
 */
export async function relinkIdentities(
  connection: Queryable,
  subject: SubjectPlan,
  relinked: readonly Relinked[],
): Promise<Cause[]> {
  const causes = new Map<string, Cause>();
  for (const { message, aliases } of relinked)
    for (const id of [message.subjectId, ...aliases]) if (id !== '') causes.set(id, message);
  const edges = new Map<string, string[]>();
  const seen = new Set<string>();
  // Widens to all ids that are or were linked, one breadth at a time; groups are small.
  for (let frontier = [...causes.keys()]; frontier.length > 0;) {
    frontier.forEach((id) => seen.add(id));
    const neighbours = new Set(await formerGroups(connection, frontier));
    for (const [id, former] of await aliasEdges(connection, subject, frontier)) {
      const known = edges.get(id);
      if (!known) edges.set(id, [former]);
      else if (!known.includes(former)) known.push(former);
      neighbours.add(id).add(former);
    }
    frontier = [...neighbours].filter((id) => !seen.has(id));
  }
  const rows = stableIds([...seen], edges);
  await connection.query('delete from identity where id = any($1)', [[...seen]]);
  await connection.query('insert into identity (id, subject_id) select * from unnest($1::text[], $2::text[])', [
    rows.map(([id]) => id),
    rows.map(([, stable]) => stable),
  ]);
  const cause = relinked[0]!.message;
  return [...seen].map((subjectId) => {
    const { lane, dataset, event } = causes.get(subjectId) ?? cause;
    return { subjectId, lane, dataset, event };
  });
}

async function formerGroups(connection: Queryable, ids: readonly string[]): Promise<string[]> {
  const { rows } = await connection.query<{ id: string }>(
    'select id from identity where subject_id in (select subject_id from identity where id = any($1))',
    [ids],
  );
  return rows.map(({ id }) => id);
}

/**
 * SQL: the facts that link one of $1 with another id. Either way by an index of its own, since one condition for both finds none; what
 * else is asked of a fact stands outside, or PostgreSQL may read all that state a former id.
 */
export function compileAliasEdges(table: string, aliasColumn: string): string {
  const alias = quoted(aliasColumn);
  return ['subject_id', alias]
    .map(
      (column) => `select f.subject_id as id, f.${alias} as former from unnest($1::text[]) as i(id)
cross join lateral (select * from ${table} f where f.${column} = i.id offset 0) f
where f.${alias} is not null and f.${alias} <> f.subject_id and f.verb <> 'ANNULLED'`,
    )
    .join('\nunion all\n');
}

async function aliasEdges(
  connection: Queryable,
  subject: SubjectPlan,
  ids: readonly string[],
): Promise<[string, string][]> {
  const edges: [string, string][] = [];
  for (const fact of subject.factTables) {
    if (!fact.aliasColumn) continue;
    const { rows } = await connection.query<{ id: string; former: string }>(
      compileAliasEdges(fact.table, fact.aliasColumn),
      [ids],
    );
    for (const { id, former } of rows) edges.push([id, former]);
  }
  return edges;
}

/** Groups ids that edges connect; answers each id of a group of several with the group's stable id. */
function stableIds(
  ids: readonly string[],
  formerOf: ReadonlyMap<string, readonly string[]>,
): [id: string, stable: string][] {
  const leader = new Map(ids.map((id) => [id, id]));
  const find = (id: string): string => {
    const parent = leader.get(id) ?? id;
    return parent === id ? id : find(parent);
  };
  for (const [id, formers] of formerOf) for (const former of formers) leader.set(find(id), find(former));
  const groups = new Map<string, string[]>();
  for (const id of ids) groups.set(find(id), [...(groups.get(find(id)) ?? []), id]);
  return [...groups.values()]
    .filter((group) => group.length > 1)
    .flatMap((group) => {
      const oldest = group.filter((id) => !formerOf.has(id));
      const stable = (oldest.length > 0 ? oldest : group).toSorted()[0]!;
      return group.map((id): [string, string] => [id, stable]);
    });
}
