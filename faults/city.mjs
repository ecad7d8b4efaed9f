import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { describeParts, freePort, isRunning, signalProcess } from '@huitong/local-stack';
import { openDatabase } from '@huitong/postgres';
import { isReady } from '../apps/huitong-cli/dist/health.js';
import { demoCity, services } from '../apps/huitong-cli/dist/services.js';
import { databaseUrl, readServiceIds, readStack, readSupervisor } from '../apps/huitong-cli/dist/stack.js';

const repository = join(import.meta.dirname, '..');
const cli = join(repository, 'apps/huitong-cli/dist/main.js');
const partPorts = ['KAFKA_PORT', 'REGISTRY_PORT', 'POSTGRES_PORT', 'REDIS_PORT'];
const lookEveryMs = 250;

/** A city on ports and in a folder of its own, with the demo city as load and oracle; used by the commands that people have. */
export class StormCity {
  home;
  /** What it was started with; `services` of the command line reads the ports from this process's environment. */
  settings;
  #pools = new Map();

  static async up(settings) {
    const city = new StormCity();
    city.home = await mkdtemp(join(tmpdir(), 'huitong-storm-'));
    city.settings = {
      ...settings,
      HUITONG_HOME: city.home,
      // Faults are done to processes.
      HUITONG_PARTS: 'process',
      HUITONG_CACHE: process.env.HUITONG_CACHE ?? join(repository, '.huitong', 'cache'),
    };
    for (const name of [...partPorts, ...[...services, demoCity].map(({ port }) => port.env)])
      city.settings[name] = String(await freePort());
    Object.assign(process.env, city.settings);
    try {
      await city.start();
    } catch (error) {
      await city.down();
      throw error;
    }
    return city;
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
      const { stdout, stderr } = await promisify(execFile)(process.execPath, [cli, ...args], { maxBuffer: 1 << 26 });
      return { code: 0, output: stdout, errors: stderr };
    } catch (error) {
      return { code: error.code, output: error.stdout ?? '', errors: error.stderr ?? String(error) };
    }
  }

  /** Sends a signal to the present process of a part or service. */
  signal(name, signal) {
    const pid = this.stack.pids[name];
    try {
      process.kill(pid, signal);
    } catch (error) {
      throw new Error(`${name} does not run, so it cannot be sent ${signal}`, { cause: error });
    }
  }

  /** Holds the supervisor still, so that what ends stays ended. */
  signalSupervisor(signal) {
    signalProcess(readSupervisor(this.home), signal);
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
      const url = databaseUrl(this.stack, role, name);
      this.#pools.set(key, openDatabase({ url, applicationName: 'huitong-faults', connectionsMax: 2 }));
    }
    return this.#pools.get(key);
  }

  /** Asks the demo city to `pause` or `resume`; answers its state. */
  async demo(what) {
    const pem = (name) => readFileSync(join(this.stack.certsDir, name));
    const identity = { ca: pem('ca.pem'), cert: pem('operator.pem'), key: pem('operator-key.pem') };
    const url = `${this.stack.urls[demoCity.name]}/v1/${what}`;
    return new Promise((resolve, reject) => {
      const call = request(url, { ...identity, method: 'POST', agent: false }, (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', (part) => (text += part));
        answer.on('end', () =>
          answer.statusCode === 200 ? resolve(JSON.parse(text)) : reject(new Error(`the demo city did not ${what}`)),
        );
      });
      call.on('error', reject).end();
    });
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
    if (!keep) await rm(this.home, { recursive: true, force: true });
  }
}
