import type { Queryable } from '@huitong/postgres';
import { quoted } from './plan.ts';

/** How long a swap waits for readers of a table before it lets go of the lanes and tries again. */
export const lockTimeoutMs = 2_000;

/** Creates an empty table like `table`, with its indexes and settings, for the same owner. */
export async function createBeside(database: Queryable, table: string, beside: string): Promise<void> {
  await database.query(`create table ${beside} (like ${table} including all)`);
  const { rows } = await database.query<{ settings: string | null }>(
    `select array_to_string(reloptions, ', ') as settings from pg_class where oid = $1::regclass`,
    [table],
  );
  if (rows[0]?.settings) await database.query(`alter table ${beside} set (${rows[0].settings})`);
}

/**
 * Puts `candidate` in the place of `table`, which is kept as `previous` with a note of the history's end; grants go with
 * the name. Within the caller's transaction; waits 2 s for readers, then throws (SQLSTATE 55P03).
 */
export async function swapTables(
  connection: Queryable,
  names: { table: string; candidate: string; previous: string },
  historyId: number,
): Promise<void> {
  const { table, candidate, previous } = names;
  await connection.query(`set local lock_timeout = ${lockTimeoutMs}`);
  await copyGrants(connection, table, candidate);
  if (candidate !== previous) await connection.query(`drop table if exists ${previous}`);
  const outgoing = `${table}_outgoing`;
  await rename(connection, table, outgoing);
  await rename(connection, candidate, table);
  await rename(connection, outgoing, previous);
  await connection.query(`comment on table ${table} is null`);
  await connection.query(`comment on table ${previous} is '${JSON.stringify({ historyId })}'`);
}

/** The history's end when `previous` was set aside; undefined where none is kept. */
export async function keptSince(database: Queryable, previous: string): Promise<number | undefined> {
  const { rows } = await database.query<{ note: string | null }>(
    `select obj_description(to_regclass($1), 'pg_class') as note`,
    [previous],
  );
  return rows[0]?.note ? (JSON.parse(rows[0].note) as { historyId: number }).historyId : undefined;
}

/** Whoever may work with one table may with the other. */
export async function copyGrants(connection: Queryable, from: string, to: string): Promise<void> {
  const { rows } = await connection.query<{ grantee: string; privilege: string; grantable: boolean }>(
    `select case when a.grantee = 0 then 'public' else quote_ident(pg_get_userbyid(a.grantee)) end as grantee,
      a.privilege_type as privilege, a.is_grantable as grantable
    from pg_class c cross join lateral aclexplode(c.relacl) a where c.oid = $1::regclass and a.grantee <> c.relowner`,
    [from],
  );
  for (const { grantee, privilege, grantable } of rows)
    await connection.query(`grant ${privilege} on ${to} to ${grantee}${grantable ? ' with grant option' : ''}`);
}

/** Renames a table and the indexes that carry its name. */
async function rename(connection: Queryable, from: string, to: string): Promise<void> {
  await connection.query(`alter table ${from} rename to ${to}`);
  const { rows } = await connection.query<{ name: string }>(
    `select c.relname as name from pg_index i join pg_class c on c.oid = i.indexrelid
    where i.indrelid = $1::regclass and starts_with(c.relname, $2)`,
    [to, `${from}_`],
  );
  for (const { name } of rows)
    await connection.query(`alter index ${quoted(name)} rename to ${quoted(to + name.slice(from.length))}`);
}
