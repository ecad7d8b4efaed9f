// `npm test`: every check of the repository, from a bare clone. All run, whatever fails, so that one run tells all.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { checkNode, install, nodeFile, root, say, secondsSince } from './toolchain.mjs';

const bin = (...path) => join(root, 'node_modules', ...path);
/** In the order in which they begin, two at a time; `built` ones wait for the build. */
const checks = [
  { name: 'build', title: '编译 / build', args: [bin('typescript', 'bin', 'tsc'), '-b'] },
  {
    name: 'generate',
    title: '生成的文件是最新的 / generated files are fresh',
    args: ['tools/generate.mjs', '--check'],
  },
  { name: 'pages', title: '控制台页面 / pages of the console', args: ['tools/build-web.mjs'] },
  {
    name: 'format',
    title: '格式 / format',
    args: [bin('prettier', 'bin', 'prettier.cjs'), '--check', '--log-level=warn', '.'],
  },
  {
    name: 'lint',
    title: '代码规则与模块边界 / lint and module boundaries',
    args: [bin('eslint', 'bin', 'eslint.js'), '--max-warnings=0', '.'],
    built: true,
  },
  {
    name: 'types',
    title: '测试代码的类型 / types of the specs',
    args: [bin('typescript', 'bin', 'tsc'), '-p', 'tsconfig.specs.json'],
    built: true,
  },
  {
    name: 'pagetypes',
    title: '控制台页面的类型 / types of the pages',
    args: [bin('typescript', 'bin', 'tsc'), '-p', 'apps/operations-console/web'],
    built: true,
  },
  {
    name: 'knip',
    title: '无用的文件、导出与依赖 / dead files, exports and dependencies',
    args: [bin('knip', 'bin', 'knip.js')],
    built: true,
  },
];
/** Beyond this a step hangs: all of them together take less. */
const stepMaxMs = 40 * 60_000;
const kinds = ['unit', 'int', 'e2e'];
const names = [...checks.map(({ name }) => name), ...kinds];

const help = `用法 / usage: npm test [-- NAME…]

不带名称时全部运行 / without names, all of these:
${checks.map(({ name, title }) => `  ${name.padEnd(10)}${title}`).join('\n')}
  unit      单元测试 / tests without I/O
  int       集成测试, 用真实的 Kafka、PostgreSQL、Redis / tests with the real parts
  e2e       端到端测试, 用编译后的服务 / tests of the built services

最后一行为 "N passed, N failed"; 有失败时退出码为 1 / The last line is "N passed, N failed"; the exit code is 1 on any failure.
`;

const asked = process.argv.slice(2);
if (asked.some((name) => ['--help', '-h'].includes(name))) {
  process.stdout.write(help);
  process.exit(0);
}
const strangers = asked.filter((name) => !names.includes(name));
if (strangers.length > 0) {
  say(`✗ 未知的名称 / unknown: ${strangers.join(' ')}\n\n${help}`);
  process.exit(2);
}
const wants = (name) => asked.length === 0 || asked.includes(name);
const wantedKinds = kinds.filter(wants);

checkNode();
install();
const node = nodeFile();
const failedSteps = [];

await runChecks();
const tests = await runTests();

if (failedSteps.length > 0) say(`✗ 失败的步骤 / failed steps: ${failedSteps.join(' ')}`);
// Jest may end badly although no test failed; that is one failure.
const failed = failedSteps.length + (tests.failed > 0 ? tests.failed - 1 : 0);
process.stdout.write(`${tests.passed} passed, ${failed} failed\n`);
process.exit(failed === 0 ? 0 : 1);

/** Runs the checks that are wanted, and what wanted tests need: services run as built, and so does what starts the real parts. */
async function runChecks() {
  const needed = (name) => (name === 'build' || name === 'pages') && wantedKinds.some((kind) => kind !== 'unit');
  const left = checks.filter(({ name }) => wants(name) || needed(name));
  let built;
  const next = async () => {
    for (let check = left.shift(); check; check = left.shift()) {
      if (check.built) await built;
      const ended = step(check.name, check.title, check.args);
      if (check.name === 'build') built = ended;
      await ended;
    }
  };
  await Promise.all([next(), next()]);
}

/** Runs one step on the pinned Node; what a check prints is shown only when it fails. */
async function step(name, title, args, { show = false } = {}) {
  const start = Date.now();
  say(`… ${title}`);
  const { passed, printed } = await run(args, show);
  if (!passed) {
    failedSteps.push(name);
    if (printed) say(printed.trimEnd());
  }
  say(`${passed ? '✓' : '✗'} ${title} (${secondsSince(start)})`);
}

function run(args, show) {
  return new Promise((resolve) => {
    const child = spawn(node, args, {
      cwd: root,
      timeout: stepMaxMs,
      stdio: ['ignore', show ? 'inherit' : 'pipe', show ? 'inherit' : 'pipe'],
      // A city leaves more of two cores to the tests when it asks Kafka less often.
      env: { FETCH_INTERVAL_MS: '50', ...process.env, PATH: `${bin('.bin')}${delimiter}${process.env.PATH}` },
    });
    let printed = '';
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (printed += chunk));
    const stop = (signal) => {
      child.once('close', () => process.exit(130));
      child.kill(signal);
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, stop);
    child.on('error', (error) => resolve({ passed: false, printed: error.message }));
    child.on('close', (code) => {
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.off(signal, stop);
      resolve({ passed: code === 0, printed });
    });
  });
}

/** All others side by side, then one city after the other: each fills both cores by itself. A suite that could not run counts as failed. */
async function runTests() {
  if (wantedKinds.length === 0) return { passed: 0, failed: 0 };
  if (failedSteps.includes('build') || failedSteps.includes('pages')) {
    say('✗ 编译失败, 未运行测试 / the build failed: no tests were run');
    failedSteps.push('tests');
    return { passed: 0, failed: 0 };
  }
  const sum = { passed: 0, failed: 0 };
  for (const { projects, workers } of [
    { projects: wantedKinds.filter((kind) => kind !== 'e2e'), workers: 2 },
    { projects: wantedKinds.filter((kind) => kind === 'e2e'), workers: 1 },
  ]) {
    if (projects.length === 0) continue;
    const { passed, failed } = await runJest(projects, workers);
    sum.passed += passed;
    sum.failed += failed;
  }
  return sum;
}

/** One Jest run, in which the real parts start once. */
async function runJest(projects, workers) {
  const folder = mkdtempSync(join(tmpdir(), 'huitong-test-'));
  const results = join(folder, 'results.json');
  try {
    const jest = ['--experimental-vm-modules', '--no-warnings', bin('jest', 'bin', 'jest.js')];
    const options = [`--maxWorkers=${workers}`, '--json', `--outputFile=${results}`, '--selectProjects', ...projects];
    await step('tests', `测试 / tests: ${projects.join(' ')}`, [...jest, ...options], { show: true });
    const told = JSON.parse(readFileSync(results, 'utf8'));
    return { passed: told.numPassedTests, failed: told.numFailedTests + told.numRuntimeErrorTestSuites };
  } catch {
    return { passed: 0, failed: 1 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
