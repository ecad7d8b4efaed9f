#!/usr/bin/env node
// Runs on a bare clone and any Node from 20: installs and builds what is missing, then hands over to the command line
// of apps/huitong-cli on the pinned Node 24. No dependencies, because there may be none yet.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(fileURLToPath(import.meta.url));
const cli = join(root, 'apps', 'huitong-cli', 'dist', 'main.js');
const pinnedNode = join(root, 'node_modules', '.bin', 'node');
const oldestNode = 20;

/** Steps are told on standard error: standard output belongs to the command, which may print JSON. */
const say = (text) => process.stderr.write(`${text}\n`);

function fail(text) {
  say(`✗ ${text}`);
  process.exit(1);
}

const majorOf = (version) => Number(version.replace(/^v/, '').split('.')[0]);

function checkMachine() {
  if (majorOf(process.version) < oldestNode) {
    fail(
      `需要 Node.js ${oldestNode} 或更新版本, 现为 ${process.version} / Node.js ${oldestNode} or newer is needed, this is ${process.version}`,
    );
  }
  const succeeds = (file, args) => spawnSync(file, args, { stdio: 'ignore', timeout: 20_000 }).status === 0;
  if (succeeds('docker', ['info']) && succeeds('docker', ['compose', 'version'])) return;
  const javaFile = process.env.JAVA_HOME ? join(process.env.JAVA_HOME, 'bin', 'java') : 'java';
  const java = spawnSync(javaFile, ['-version'], { encoding: 'utf8' });
  if (!(Number(/version "(?:1\.)?(\d+)/.exec(java.stderr ?? '')?.[1]) >= 17)) {
    fail(
      '既没有 Docker 引擎也没有 Java 17 或更新版本, 请安装其一 / neither a Docker engine nor Java 17 or newer answers: install one of them',
    );
  }
  const cache = process.env.HUITONG_CACHE ?? join(process.env.HUITONG_HOME ?? join(root, '.huitong'), 'cache');
  if (!existsSync(join(cache, 'kafka')) && !succeeds('mvn', ['-v'])) {
    fail(
      '首次启动需要 Maven 下载 Kafka 和 Apicurio, 请安装 Maven 或 Docker / the first start needs Maven to download Kafka and Apicurio: install Maven or Docker',
    );
  }
}

/** Compares what npm installed with what the lock file asks for, version by version: file times say too little. */
function isInstalled() {
  try {
    const packagesOf = (file) => JSON.parse(readFileSync(join(root, file), 'utf8')).packages;
    const installed = packagesOf('node_modules/.package-lock.json');
    const wanted = Object.entries(packagesOf('package-lock.json')).filter(
      ([path, entry]) => path && entry.version && !entry.link,
    );
    return wanted.every(([path, { version, optional, peer }]) => {
      if (!path.includes('node_modules/')) return true;
      return installed[path] ? installed[path].version === version : Boolean(optional || peer);
    });
  } catch {
    return false;
  }
}

function step(title, file, args) {
  const start = Date.now();
  say(`… ${title}`);
  const { status, stdout, stderr, error } = spawnSync(file, args, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    shell: process.platform === 'win32',
  });
  if (status !== 0)
    fail(`${title}\n${error?.message ?? `${stdout}${stderr}`.trim().split('\n').slice(0, 15).join('\n')}`);
  say(`✓ ${title} (${((Date.now() - start) / 1000).toFixed(1)} s)`);
}

/** The pinned Node of the installed packages; the running one where that package has no binary for this machine. */
function nodeFile() {
  if (existsSync(pinnedNode)) return pinnedNode;
  if (majorOf(process.version) >= 24) return process.execPath;
  return fail('缺少 Node 24 程序包, 请运行 npm ci / the package with Node 24 is missing: run npm ci');
}

/** `npm install --no-save` takes the versions of the lock file, as `npm ci` does, and bears a registry without the optional packages of other systems. */
function prepare(command) {
  if (command === 'start') checkMachine();
  if (!isInstalled())
    step('安装依赖 / installing dependencies', 'npm', [
      'install',
      '--no-save',
      '--no-audit',
      '--no-fund',
      '--loglevel=error',
    ]);
  if (command === 'start' || !existsSync(cli)) {
    step('编译 / building', nodeFile(), [join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '-b']);
  }
}

const args = process.argv.slice(2);
prepare(args[0]);
const child = spawn(nodeFile(), [cli, ...args], { stdio: 'inherit' });
// Attached before the child can end; the child ends in order and this process with it.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('error', (error) => fail(error.message));
child.on('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 1)));
