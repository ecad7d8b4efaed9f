#!/usr/bin/env node
// Runs on a bare clone and any Node from 20: installs and builds what is missing, then hands over to the command line
// of apps/huitong-cli on the pinned Node 24. No dependencies, because there may be none yet.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { pagesAreFresh } from './tools/build-web.mjs';
import { checkNode, fail, install, nodeFile, root, step } from './tools/toolchain.mjs';

const cli = join(root, 'apps', 'huitong-cli', 'dist', 'main.js');

function checkMachine() {
  checkNode();
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

function prepare(command) {
  if (command === 'start') checkMachine();
  install();
  const unbuilt = !existsSync(cli);
  if (command === 'start' || unbuilt)
    step('编译 / building', nodeFile(), [join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '-b']);
  if ((command === 'start' || unbuilt) && !pagesAreFresh())
    step('编译控制台页面 / building the pages of the console', nodeFile(), [join(root, 'tools', 'build-web.mjs')]);
}

const args = process.argv.slice(2);
prepare(args[0]);
const child = spawn(nodeFile(), ['--disable-warning=TimeoutNegativeWarning', cli, ...args], { stdio: 'inherit' });
// Attached before the child can end; the child ends in order and this process with it.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('error', (error) => fail(error.message));
child.on('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 1)));
