import { migrate, type Database } from '@huitong/postgres';
import { createTablesSql } from '@huitong/subject-engine';
import { createTestDatabase } from '@huitong/testkit';
import { describe, expect, it } from '@jest/globals';
import { databases, migrationsOf } from './index.ts';

/** All that a database's tables are made of, as PostgreSQL itself describes it. */
async function describeTables(database: Database): Promise<unknown[]> {
  const { rows } = await database.query(`
    select table_name, column_name, data_type, is_nullable, coalesce(column_default, identity_generation) as value
    from information_schema.columns where table_schema = 'public' and table_name <> 'migration'
    union all
    select tablename, indexname, indexdef, '', '' from pg_indexes where schemaname = 'public' and tablename <> 'migration'
    union all
    select conrelid::regclass::text, conname, pg_get_constraintdef(oid), '', '' from pg_constraint
    where connamespace = 'public'::regnamespace and conrelid::regclass::text <> 'migration'
    union all
    select attrelid::regclass::text, attname, attstattarget::text, attstorage::text, '' from pg_attribute join pg_class c on c.oid = attrelid
    where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and attnum > 0 and c.relname <> 'migration'
    order by 1, 2, 3`);
  return rows;
}

describe.each([...databases.keys()])('the migrations of %s', (name) => {
  it('lead to the tables that the declarations need, and may be run again', async () => {
    const migrated = await createTestDatabase('');
    const declared = await createTestDatabase(createTablesSql(databases.get(name)!));
    try {
      expect((await migrate(migrated.url, migrationsOf(name))).length).toBeGreaterThan(0);
      expect(await migrate(migrated.url, migrationsOf(name))).toEqual([]);
      expect(await describeTables(migrated.database)).toEqual(await describeTables(declared.database));
    } finally {
      await Promise.all([migrated.drop(), declared.drop()]);
    }
  }, 120_000);
});
