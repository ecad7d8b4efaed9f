// What runs before anything is installed: plain JavaScript for any Node from 20, without dependencies.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));
const oldestNode = 20;
const pinnedNode = join(root, 'node_modules', '.bin', 'node');

/** Steps are told on standard error: standard output belongs to the command, which may print JSON. */
export const say = (text) => process.stderr.write(`${text}\n`);

export const secondsSince = (start) => `${((Date.now() - start) / 1000).toFixed(1)} s`;

/** Ends the program with a sentence. */
export function fail(text) {
  say(`✗ ${text}`);
  process.exit(1);
}

const majorOf = (version) => Number(version.replace(/^v/, '').split('.')[0]);

/** Refuses a Node that is too old to install the pinned one. */
export function checkNode() {
  if (majorOf(process.version) >= oldestNode) return;
  fail(
    `需要 Node.js ${oldestNode} 或更新版本, 现为 ${process.version} / Node.js ${oldestNode} or newer is needed, this is ${process.version}`,
  );
}

/** Compares what npm installed with what the lock file asks for, version by version: file times say too little. */
function isInstalled() {
  try {
    const packagesOf = (file) => JSON.parse(readFileSync(join(root, file), 'utf8')).packages;
    const installed = packagesOf('node_modules/.package-lock.json');
    const wanted = Object.entries(packagesOf('package-lock.json')).filter(([path]) => path.includes('node_modules/'));
    return wanted.every(([path, { version, link, optional, peer }]) => {
      if (link) return existsSync(join(root, path));
      return installed[path] ? installed[path].version === version : Boolean(optional || peer);
    });
  } catch {
    return false;
  }
}

/** One preparing step: silent while it goes well, ends the program with what it printed otherwise. */
export function step(title, file, args) {
  const start = Date.now();
  say(`… ${title}`);
  const { status, stdout, stderr, error } = spawnSync(file, args, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    shell: process.platform === 'win32',
  });
  const printed = error?.message ?? `${stdout}${stderr}`.trim().split('\n').slice(0, 15).join('\n');
  if (status !== 0) fail(`${title}\n${printed}`);
  say(`✓ ${title} (${secondsSince(start)})`);
}

/**
 * Installs what the lock file asks for, where anything is missing or of another version. `npm install --no-save` takes
 * the versions of the lock file, as `npm ci` does, and bears a registry without the optional packages of other systems.
 */
export function install() {
  if (isInstalled()) return;
  const quietly = ['--no-save', '--no-audit', '--no-fund', '--loglevel=error'];
  step('安装依赖 / installing dependencies', 'npm', ['install', ...quietly]);
}

/** The pinned Node of the installed packages; the running one where that package has no binary for this machine. */
export function nodeFile() {
  if (existsSync(pinnedNode)) return pinnedNode;
  if (majorOf(process.version) >= 24) return process.execPath;
  return fail('缺少 Node 24 程序包, 请运行 npm install / the package with Node 24 is missing: run npm install');
}
