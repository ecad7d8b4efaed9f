import { execFile, execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { describeParts, freePort, isRunning, processIdOf, signalProcess } from '@huitong/local-stack';
import { openDatabase } from '@huitong/postgres';
import { readJournal } from '../apps/huitong-cli/dist/demo-journal.js';
import { isReady } from '../apps/huitong-cli/dist/health.js';
import { demoCity, services } from '../apps/huitong-cli/dist/services.js';
import { Proxy } from './proxy.mjs';
import { databaseUrl, readServiceIds, readStack, readSupervisor } from '../apps/huitong-cli/dist/stack.js';

const repository = join(import.meta.dirname, '..');
const cli = join(repository, 'apps/huitong-cli/dist/main.js');
const partPorts = ['KAFKA_PORT', 'REGISTRY_PORT', 'POSTGRES_PORT', 'REDIS_PORT'];
const lookEveryMs = 250;
/** No command takes as long; one that hangs is ended, and found by that. */
const commandWithinMs = 240_000;

/** A fault that cannot be done on this machine; it counts as not done, never as passed. */
export class NotPossible extends Error {}

const inDocker = '部件在 Docker 中, 请设 HUITONG_PARTS=process / the parts run in Docker: set HUITONG_PARTS=process';

/** A city on ports and in a folder of its own, with the demo city as load and oracle; used by the commands that people have. */
export class StormCity {
  home;
  /** What it was started with; `services` of the command line reads the ports from this process's environment. */
  settings;
  /** The networks between the services and Kafka, and PostgreSQL. */
  networks = {};
  /** Folders that lie on file systems of their own. */
  mounts = [];
  #pools = new Map();

  /** With three brokers there is no network between them and the services that could be disturbed. */
  static async up(settings, { brokers = 1 } = {}) {
    const city = new StormCity();
    city.home = await mkdtemp(join(tmpdir(), 'huitong-storm-'));
    city.settings = {
      ...settings,
      HUITONG_HOME: city.home,
      // Faults are done to processes.
      HUITONG_PARTS: 'process',
      HUITONG_CACHE: process.env.HUITONG_CACHE ?? join(repository, '.huitong', 'cache'),
      HUITONG_BROKERS: String(brokers),
    };
    for (const name of [...partPorts, ...[...services, demoCity].map(({ port }) => port.env)])
      city.settings[name] = String(await freePort());
    for (const part of ['KAFKA', 'POSTGRES']) delete process.env[`${part}_ADVERTISED_PORT`];
    try {
      for (const part of brokers === 1 ? ['KAFKA', 'POSTGRES'] : ['POSTGRES']) await city.#between(part);
      Object.assign(process.env, city.settings);
      await city.start();
    } catch (error) {
      await city.down();
      throw error;
    }
    return city;
  }

  async #between(part) {
    const port = await freePort();
    const network = new Proxy(Number(this.settings[`${part}_PORT`]));
    await network.listen(port);
    this.networks[part.toLowerCase()] = network;
    this.settings[`${part}_ADVERTISED_PORT`] = String(port);
  }

  async start() {
    const { code, errors } = await this.huitong('up');
    if (code !== 0) throw new Error(`the city did not start: ${errors}`);
  }

  get stack() {
    return readStack(this.home);
  }

  async huitong(...args) {
    try {
      const { stdout, stderr } = await promisify(execFile)(process.execPath, [cli, ...args], {
        maxBuffer: 1 << 26,
        timeout: commandWithinMs,
      });
      return { code: 0, output: stdout, errors: stderr };
    } catch (error) {
      return { code: error.code, output: error.stdout ?? '', errors: error.stderr ?? String(error) };
    }
  }

  /** Sends a signal to the present process of a part or service. */
  signal(name, signal) {
    const pid = this.#pidOf(name);
    try {
      process.kill(pid, signal);
    } catch (error) {
      throw new Error(`${name} does not run, so it cannot be sent ${signal}`, { cause: error });
    }
  }

  #pidOf(name) {
    const pid = this.stack.pids[name];
    if (pid === undefined) throw new NotPossible(inDocker);
    return pid;
  }

  /** The network between the services and a part; Kafka in Docker tells its clients a way past it. */
  networkOf(part) {
    if (part === 'kafka') this.#pidOf(part);
    return this.networks[part];
  }

  /** Holds the supervisor still, so that what ends stays ended. */
  signalSupervisor(signal) {
    signalProcess(readSupervisor(this.home), signal);
  }

  /** Ends a part or service by a signal and does something before its supervisor starts it again. */
  async whileDown(name, signal, work) {
    this.signalSupervisor('SIGSTOP');
    try {
      const id = processIdOf(this.#pidOf(name));
      this.signal(name, signal);
      while (isRunning(id)) await sleep(50);
      return await work();
    } finally {
      this.signalSupervisor('SIGCONT');
    }
  }

  /** Lays a part's data folder on a file system that has `spareMb` left; only root may. Undone when the city goes down. */
  async narrow(part, spareMb) {
    if (process.platform !== 'linux' || process.getuid?.() !== 0)
      throw new NotPossible('须为 Linux 上的 root / only root on Linux can mount a small file system');
    const data = join(this.home, 'data', part);
    await this.whileDown(part, 'SIGINT', () => {
      const used = Number(execFileSync('du', ['-sm', data], { encoding: 'utf8' }).split('\t')[0]);
      execFileSync('mv', [data, `${data}.kept`]);
      execFileSync('mkdir', [data]);
      execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${used + spareMb}m`, 'tmpfs', data]);
      this.mounts.push(data);
      execFileSync('cp', ['-a', '--sparse=always', `${data}.kept/.`, data]);
      for (const change of ['chown', 'chmod']) execFileSync(change, ['--reference', `${data}.kept`, data]);
      execFileSync('rm', ['-r', `${data}.kept`]);
    });
    return data;
  }

  /** The processes and addresses that are not ready now; empty when all is well. */
  async notReady() {
    const ids = readServiceIds(this.home);
    const parts = (await describeParts(this.home)).filter(({ ready }) => !ready).map(({ name }) => name);
    const waiting = await Promise.all(
      [...services, demoCity].map(async ({ name }) => {
        const port = Number(new URL(this.stack.urls[name]).port);
        return isRunning(ids[name]) && (await isReady(port, this.stack.certsDir)) ? [] : [name];
      }),
    );
    return [...parts, ...waiting.flat()];
  }

  /**
   * Waits until all parts and services are ready and `huitong prove --demo` has said that every record is equal or not.
   * `seconds` is the time from `sinceMs` until nothing was waiting any more; undefined when that did not come.
   */
  async recovered(sinceMs, withinMs = 120_000) {
    const deadline = Date.now() + withinMs;
    for (let waiting = []; ; await sleep(lookEveryMs)) {
      const missing = await this.notReady();
      if (missing.length === 0) {
        const askedMs = Date.now();
        const { code, output, errors } = await this.huitong('prove', '--demo', '--json', '--wait', '60');
        const report = output.startsWith('{') ? JSON.parse(output) : { error: { code: 'INTERNAL', message: errors } };
        if (report.equal === true || report.equal === false) {
          const seconds = Math.round((askedMs - sinceMs) / 100 + report.waitedSeconds * 10) / 10;
          return { seconds, equal: report.equal && code === 0, report };
        }
        waiting = [`${report.error.code}: ${report.error.message}`];
      } else waiting = missing;
      if (Date.now() > deadline) return { seconds: undefined, equal: false, report: { waiting } };
    }
  }

  /** A pool of one database in a role; the same one every time. */
  database(name, role = 'huitong_sync') {
    const key = `${role}@${name}`;
    if (!this.#pools.has(key)) {
      const postgres = { host: '127.0.0.1', port: Number(this.settings.POSTGRES_PORT) };
      const url = databaseUrl({ ...this.stack, postgres }, role, name);
      this.#pools.set(key, openDatabase({ url, applicationName: 'huitong-faults', connectionsMax: 2 }));
    }
    return this.#pools.get(key);
  }

  /** Events that the gateway has confirmed to the demo city. */
  get eventsSent() {
    return readJournal(this.home).eventsSent;
  }

  /** Asks the demo city to `pause` or `resume`; answers its state. */
  async demo(what) {
    const { status, text } = await this.#post('operator', `${this.stack.urls[demoCity.name]}/v1/${what}`);
    if (status !== 200) throw new Error(`the demo city did not ${what}`);
    return JSON.parse(text);
  }

  /** A department's heartbeat through the gateway: its status, and after how many seconds to come again. */
  publishHeartbeat() {
    const url = `${this.stack.urls['department-gateway']}/v1/datasets/psb.vehicle/heartbeats`;
    return this.#post('psb', url, { at: new Date().toISOString() });
  }

  #post(who, url, body) {
    const pem = (name) => readFileSync(join(this.stack.certsDir, name));
    const identity = { ca: pem('ca.pem'), cert: pem(`${who}.pem`), key: pem(`${who}-key.pem`) };
    const headers = body ? { 'content-type': 'application/json' } : {};
    return new Promise((resolve, reject) => {
      const call = request(url, { ...identity, method: 'POST', agent: false, headers }, (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', (part) => (text += part));
        const retryAfter = Number(answer.headers['retry-after']);
        answer.on('end', () => resolve({ status: answer.statusCode, text, retryAfter }));
      });
      call.on('error', reject).end(body && JSON.stringify(body));
    });
  }

  /** The lanes that stand still for lost events, once `condition` holds of them. */
  async lostLanes(condition, withinMs = 60_000) {
    const sinceMs = Date.now();
    for (;;) {
      const { output } = await this.huitong('lanes', '--json');
      const lanes = output.startsWith('{') ? JSON.parse(output).lostLanes : undefined;
      if (lanes && condition(lanes)) return lanes;
      if (Date.now() - sinceMs > withinMs)
        throw new Error(`huitong lanes says that ${lanes?.length ?? 'nobody knows how many'} lanes stand still`);
      await sleep(1_000);
    }
  }

  /** Lets lanes go on as an operator does: asks, and looks again, since a service that is claiming its lanes does what is asked behind that. */
  async resumeLanes(lanes, withinMs = 120_000) {
    const sinceMs = Date.now();
    for (let said = ''; lanes.length > 0; lanes = await this.lostLanes(() => true)) {
      if (Date.now() - sinceMs > withinMs) throw new Error(`${lanes.length} lanes still stand still: ${said}`);
      for (const key of new Set(lanes.map(({ database, dataset }) => `${database} ${dataset}`))) {
        const { output, errors } = await this.huitong(
          ...['lanes', 'resume', ...key.split(' '), 'all', '--grounds', 'storm'],
        );
        said = output + errors;
      }
    }
  }

  async logs() {
    const folder = join(this.home, 'logs');
    const names = (await readdir(folder)).filter((name) => name.endsWith('.log'));
    return Promise.all(
      names.map(async (name) => ({ name, lines: (await readFile(join(folder, name), 'utf8')).split('\n') })),
    );
  }

  async logOf(name) {
    return (await this.logs()).find((log) => log.name === `${name}.log`)?.lines ?? [];
  }

  async down({ keep = false } = {}) {
    await Promise.all([...this.#pools.values()].map((pool) => pool.end().catch(() => {})));
    this.#pools.clear();
    this.signalSupervisor('SIGCONT');
    for (const pid of Object.values(this.stack?.pids ?? {}))
      try {
        process.kill(pid, 'SIGCONT');
      } catch {
        continue;
      }
    await this.huitong('down');
    for (const network of Object.values(this.networks)) await network.close();
    for (const folder of this.mounts) execFileSync('umount', [folder]);
    if (!keep) await rm(this.home, { recursive: true, force: true });
  }
}
