// Prints the SQL that creates a database's tables as its declarations stand: the text of a new database's first migration.
// Usage: npm run build && node tools/print-tables.mjs DATABASE
import { databases } from '@huitong/subjects';
import { createTablesSql } from '@huitong/subject-engine';

const plan = databases.get(process.argv[2] ?? '');
if (!plan) {
  console.error(`usage: node tools/print-tables.mjs ${[...databases.keys()].join('|')}`);
  process.exit(2);
}
process.stdout.write(`-- Up Migration\n${createTablesSql(plan)}`);
