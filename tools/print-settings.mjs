// Prints the READMEs' tables of the services' settings, as the apps declare them; `--write` puts them into the READMEs.
// Usage: npm run build && node tools/print-settings.mjs [--write]
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { settingsTable } from '@huitong/service-kit';
import { settings as gateway } from '../apps/department-gateway/dist/config.js';
import { settings as operations } from '../apps/operations-console/dist/config.js';
import { settings as query } from '../apps/query-api/dist/config.js';
import { settings as sync } from '../apps/subject-sync/dist/config.js';

for (const [file, language] of [
  ['README.md', 'en'],
  ['README.zh-CN.md', 'zh'],
]) {
  const table = settingsTable([gateway, query, operations, sync], language);
  if (!process.argv.includes('--write')) {
    process.stdout.write(`${table}\n\n`);
    continue;
  }
  const path = join(import.meta.dirname, '..', file);
  const text = readFileSync(path, 'utf8');
  writeFileSync(path, text.replace(/(<!-- settings -->\n)[^]*(<!-- \/settings -->)/, `$1\n${table}\n\n$2`));
}
