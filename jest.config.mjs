import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Real data that may be used but not copied into the project; the specs named `.shared.` need it beside the clone. */
const sharedData = existsSync(join(import.meta.dirname, '..', 'shared', 'data'));

/** One configuration, three projects by suffix: `unit` has no I/O, `int` and `e2e` meet the real parts. */
const base = {
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2023',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
        },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
  testEnvironmentOptions: { customExportConditions: ['huitong-source', 'node', 'node-addons'] },
  testPathIgnorePatterns: ['/node_modules/', '/dist/', ...(sharedData ? [] : ['\\.shared\\.'])],
  modulePathIgnorePatterns: ['<rootDir>/.huitong'],
  watchPathIgnorePatterns: ['<rootDir>/.huitong'],
};
const realParts = {
  globalSetup: '<rootDir>/libs/testkit/src/global-setup.ts',
  globalTeardown: '<rootDir>/libs/testkit/src/global-teardown.ts',
};
export default {
  // Of hooks too: on a machine that does other work, dropping a database takes its time.
  testTimeout: 120_000,
  projects: [
    { ...base, displayName: 'unit', testMatch: ['<rootDir>/{libs,apps,tools,schemas}/**/*.unit.spec.ts'] },
    { ...base, ...realParts, displayName: 'int', testMatch: ['<rootDir>/{libs,apps}/**/*.int.spec.ts'] },
    { ...base, ...realParts, displayName: 'e2e', testMatch: ['<rootDir>/apps/*/e2e/**/*.e2e.spec.ts'] },
  ],
};
