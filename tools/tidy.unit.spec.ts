import { databases, migrationsOf } from '@huitong/subjects';
import { datasets } from '@huitong/change-event';
import { settingsTable } from '@huitong/service-kit';
import { describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { existsSync, globSync, readFileSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { settings as gateway } from '../apps/department-gateway/src/config.ts';
import { settings as operations } from '../apps/operations-console/src/config.ts';
import { settings as query } from '../apps/query-api/src/config.ts';
import { settings as sync } from '../apps/subject-sync/src/config.ts';

const root = join(import.meta.dirname, '..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const there = (file: string): boolean => existsSync(join(root, file));
const notOurs = new Set(['node_modules', 'dist', '.git', '.nx', 'coverage', 'results']);
const find = (pattern: string): string[] =>
  globSync(pattern, { cwd: root, exclude: (path) => notOurs.has(basename(path)) || path.startsWith('.huitong') });

const written = find('**/*.{mjs,ts,tsx,json,md,yml,yaml,avsc,sql,sh,css,html}').filter(
  (file) => file !== 'package-lock.json' && !file.includes('/generated/'),
);
const code = written.filter((file) => /\.(tsx?|mjs)$/.test(file) && file !== 'tools/tidy.unit.spec.ts');
const documents = written.filter((file) => file.endsWith('.md'));

/** The lines of these files that match, as `file:line`: what a failing test shows. */
const linesWith = (files: readonly string[], pattern: RegExp): string[] =>
  files.flatMap((file) =>
    read(file)
      .split('\n')
      .flatMap((line, index) => (pattern.test(line) ? [`${file}:${index + 1}`] : [])),
  );

describe('the sources', () => {
  it('are found', () => expect(code.length).toBeGreaterThan(100));

  it('keep to 400 lines a file', () => {
    const long = written.filter((file) => !file.endsWith('.sql') && read(file).split('\n').length > 401);
    expect(long).toEqual([]);
  });

  it('leave nothing to do without saying who or where', () => {
    expect(linesWith([...code, ...documents], /\b(TODO|FIXME)\b(?!\()/)).toEqual([]);
  });

  it('skip no test and single out none', () => {
    expect(linesWith(code, /\b(describe|it|test)\.(only|skip|todo)\b|\b([fx]it|[fx]describe)\(/)).toEqual([]);
  });

  it('log through the logger in services', () => {
    const services = code.filter((file) => /^(apps|libs)\//.test(file) && !file.startsWith('apps/huitong-cli/'));
    expect(linesWith(services, /\bconsole\.\w/)).toEqual([]);
  });

  it('name no path of one machine', () => {
    const others = written.filter((file) => file !== 'tools/tidy.unit.spec.ts');
    expect(linesWith(others, /(^|[^\w.])\/(home|root|Users|work)\/\w|\b[A-Z]:\\\w/)).toEqual([]);
  });

  it('come from the public registry', () => {
    const lines = read('package-lock.json').split('\n');
    const resolved = lines.filter((line) => /"resolved": "[a-z+]+:/.test(line));
    expect(resolved.filter((line) => !line.includes('"https://registry.npmjs.org/'))).toEqual([]);
  });
});

describe('each project', () => {
  const projects = find('{apps,libs}/*/tsconfig.json').map(dirname);
  const referencesOf = (file: string): string[] =>
    (JSON.parse(read(file)) as { references: { path: string }[] }).references
      .map(({ path }) => join(dirname(file), path))
      .sort();

  it('is built from the root', () => expect(referencesOf('tsconfig.json')).toEqual([...projects].sort()));

  // A reference that lacks shows only in a clean clone: elsewhere an older build hides it.
  it.each(projects)('%s refers to the libraries that it imports', (project) => {
    const sources = find(`${project}/src/**/*.ts`).filter((file) => !file.endsWith('.spec.ts'));
    const imported = sources.flatMap((file) => [...read(file).matchAll(/\b(?:from |import\()'@huitong\/([\w-]+)'/g)]);
    expect(referencesOf(`${project}/tsconfig.json`)).toEqual(
      [...new Set(imported.map(([, name]) => `libs/${name!}`))].sort(),
    );
  });
});

describe('each schema', () => {
  const schemas = find('schemas/*/*.avsc').map((file) => [
    `${basename(dirname(file))}.${basename(file, '.avsc')}`,
    file,
  ]);

  it.each(schemas)('%s has examples to follow and examples to refuse', (_, file) => {
    const names = readdirSync(join(root, dirname(file), 'examples', basename(file, '.avsc')));
    expect(names.filter((name) => /^valid-.+\.json$/.test(name))).not.toEqual([]);
    expect(names.filter((name) => /^invalid-.+\.json$/.test(name))).not.toEqual([]);
    expect(names.filter((name) => !/^(in)?valid-.+\.json$/.test(name))).toEqual([]);
  });

  it('is in the catalogue, and the catalogue holds nothing else', () => {
    expect(Object.keys(datasets).sort()).toEqual(schemas.map(([name]) => name).sort());
  });

  it('has its generated code fresh', () => {
    execFileSync(process.execPath, [join(root, 'tools/generate.mjs'), '--check'], { stdio: 'pipe' });
  });
});

describe('each database', () => {
  const folders = [...[...databases.keys()].map(migrationsOf), join(root, 'libs/governance/migrations/exchange')];

  it.each(folders.map((folder) => [basename(folder), folder]))('%s has migrations in their order', (_, folder) => {
    const files = readdirSync(folder).sort();
    expect(files).not.toEqual([]);
    expect(files.map((file) => /^(\d{4})_[a-z0-9-]+\.sql$/.exec(file)?.[1])).toEqual(
      files.map((_file, index) => String(index + 1).padStart(4, '0')),
    );
  });
});

describe('the documents', () => {
  it('name for each invariant the specs that enforce it', () => {
    const text = read('docs/INVARIANTS.md');
    const numbers = new Set(text.match(/^\W*I\d+\b/gm)?.map((heading) => heading.replace(/\W/g, '')));
    const enforcements = text.split('**Enforcement:**').slice(1);
    expect(numbers.size).toBeGreaterThan(0);
    expect(enforcements).toHaveLength(numbers.size);
    for (const enforcement of enforcements) {
      const specs = enforcement.split('\n\n')[0]!.match(/(apps|libs|tools)\/[\w./-]+\.spec\.ts/g) ?? [];
      expect({ enforcement, specs }).not.toEqual({ enforcement, specs: [] });
      expect(specs.filter((file) => !there(file))).toEqual([]);
    }
  });

  it('give only commands that exist', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const cli = find('apps/huitong-cli/src/**/*.ts').map(read).join('\n');
    const subcommands = new Set([...cli.matchAll(/\.command\('([\w-]+)/g)].map(([, name]) => name));
    const unknown = documents.flatMap((file) => {
      const text = read(file);
      const asked = (pattern: RegExp): string[] => [...text.matchAll(pattern)].map(([, name]) => name!);
      return [
        ...asked(/\bnpm run ([\w:-]+)/g).filter((name) => !(name in scripts)),
        ...asked(/\bnpm (start|test)\b/g).filter((name) => !(name in scripts)),
        ...asked(/\bnpx huitong ([a-z][\w-]*)/g).filter((name) => !subcommands.has(name)),
        ...asked(/\bnode ((?:[\w-]+\/)*[\w-]+\.mjs)\b/g).filter((name) => !there(name)),
      ].map((name) => `${file}: ${name}`);
    });
    expect(there('README.md')).toBe(true);
    expect(unknown).toEqual([]);
  });

  it.each([
    ['README.md', 'en'],
    ['README.zh-CN.md', 'zh'],
  ] as const)('%s lists the settings that the services have', (file, language) => {
    // Prettier pads the cells of a table.
    const cells = (table: string): string =>
      table
        .trim()
        .replaceAll(/ *\| */g, '|')
        .replaceAll(/-+\|/g, '-|');
    const written = /<!-- settings -->([^]*)<!-- \/settings -->/.exec(read(file))?.[1] ?? '';
    expect(cells(written)).toBe(cells(settingsTable([gateway, query, operations, sync], language)));
  });

  it('link to what is there', () => {
    const broken = documents.flatMap((file) =>
      [...read(file).matchAll(/\]\((?![a-z]+:|#)([^)#\s]+)/g)]
        .filter(([, target]) => !there(join(dirname(file), target!)))
        .map(([, target]) => `${file}: ${target!}`),
    );
    expect(broken).toEqual([]);
  });
});
