import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort, killPart, partNames, removeHome, restartPart } from '@huitong/local-stack';
import { Agent, fetch } from 'undici';

const cli = join(import.meta.dirname, '../dist/main.js');
const portNames = [
  'KAFKA_PORT',
  'REGISTRY_PORT',
  'POSTGRES_PORT',
  'REDIS_PORT',
  'GATEWAY_PORT',
  'QUERY_PORT',
  'CONSOLE_PORT',
  'POPULATION_SYNC_PORT',
  'LEGAL_PERSON_SYNC_PORT',
  'HOUSING_SYNC_PORT',
  'DEMO_CITY_PORT',
];

const perWorker = 1_000;

/** A port that no other city takes between our look at it and our use: no other worker looks there, and no part of a city that is not told its port. */
function portOfOwn(): Promise<number> {
  const from = 25_000 + (Number(process.env['JEST_WORKER_ID'] ?? 1) % 5) * perWorker;
  return freePort(from, from + perWorker - 1);
}

/** What `run/stack.json` says of a running city. */
interface Stack {
  readonly pids: Record<string, number>;
  readonly urls: Record<string, string>;
  readonly kafkaBrokers: string;
  readonly registryUrl: string;
  readonly postgres: { readonly host: string; readonly port: number };
}

/** What is asked of which service; with a body it is posted. */
interface Question {
  readonly service?: string;
  readonly headers?: Record<string, string>;
  readonly body?: object;
}

/** A city on ports and in a folder of its own, started and used by the commands that people have. */
export class RunningCity {
  readonly home: string;
  readonly #environment: NodeJS.ProcessEnv;
  readonly #agents = new Map<string, Promise<Agent>>();

  private constructor(home: string, environment: NodeJS.ProcessEnv) {
    this.home = home;
    this.#environment = environment;
  }

  /** Runs `huitong up`; throws what it printed when it fails. */
  static async up(settings: Record<string, string>, ...args: string[]): Promise<RunningCity> {
    const home = await mkdtemp(join(tmpdir(), 'huitong-city-'));
    const environment: NodeJS.ProcessEnv = { ...process.env, ...settings, HUITONG_HOME: home };
    for (const name of portNames) environment[name] = String(await portOfOwn());
    const city = new RunningCity(home, environment);
    const { code, errors } = await city.huitong('up', ...args);
    if (code !== 0) throw new Error(errors);
    return city;
  }

  async huitong(...args: string[]): Promise<{ code: number; output: string; errors: string }> {
    try {
      const options = { env: this.#environment, maxBuffer: 1 << 24 };
      const { stdout, stderr } = await promisify(execFile)(process.execPath, [cli, ...args], options);
      return { code: 0, output: stdout, errors: stderr };
    } catch (error) {
      const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
      return { code, output: stdout, errors: stderr };
    }
  }

  /** Starts a command and does not wait for it; `printed` answers what it has said so far. */
  spawn(...args: string[]): { process: ChildProcess; printed: () => string } {
    const child = spawn(process.execPath, [cli, ...args], {
      env: this.#environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => (text += data.toString()));
    return { process: child, printed: () => text };
  }

  async stack(): Promise<Stack> {
    return JSON.parse(await readFile(join(this.home, 'run', 'stack.json'), 'utf8')) as Stack;
  }

  /** Kills a process of the city; a part that Docker runs is started again here, because Docker leaves it alone after that. */
  async kill(name: string): Promise<void> {
    const part = partNames.find((part) => part === name);
    const { pids } = await this.stack();
    if (part === undefined || pids[part] !== undefined) process.kill(pids[name]!, 'SIGKILL');
    else {
      await killPart(this.home, part, 'SIGKILL');
      await restartPart(this.home, part);
    }
  }

  /** Loses what a part keeps, as a broken disk does; to be called when nothing runs. */
  async lose(part: 'kafka' | 'postgres'): Promise<void> {
    const project = join(this.home, 'data', 'docker');
    if (existsSync(project))
      await promisify(execFile)('docker', ['volume', 'rm', `${(await readFile(project, 'utf8')).trim()}_${part}`]);
    // The folder itself says that these parts are local processes.
    else
      for (const name of await readdir(join(this.home, 'data', part)))
        await rm(join(this.home, 'data', part, name), { recursive: true });
  }

  /** The address of a database for the superuser. */
  async databaseUrl(name: string): Promise<string> {
    const { host, port } = (await this.stack()).postgres;
    const secrets = JSON.parse(await readFile(join(this.home, 'secrets.json'), 'utf8')) as { postgres: string };
    return `postgres://postgres:${secrets.postgres}@${host}:${port}/${name}`;
  }

  /** Lets a part or a service stand still, or go on: to those who ask it, it is away. */
  async hold(name: string, held: boolean): Promise<void> {
    const signal = held ? 'SIGSTOP' : 'SIGCONT';
    const part = partNames.find((part) => part === name);
    if (part) await killPart(this.home, part, signal);
    else process.kill((await this.stack()).pids[name]!, signal);
  }

  /** Asks a service, the query API unless told otherwise, as the officer or as somebody else who has a certificate. */
  async ask(
    path: string,
    as = 'officer',
    { service = 'query-api', headers = {}, body }: Question = {},
  ): Promise<{ status: number; body: Record<string, unknown> }> {
    const agent = await this.#agentOf(as);
    const posted = body && { method: 'POST', body: JSON.stringify(body) };
    const answer = await fetch((await this.stack()).urls[service]! + path, {
      dispatcher: agent,
      headers: { ...headers, ...(body ? { 'content-type': 'application/json' } : {}) },
      ...posted,
    });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  }

  #agentOf(as: string): Promise<Agent> {
    const known = this.#agents.get(as) ?? this.#agentWith(as);
    this.#agents.set(as, known);
    return known;
  }

  async #agentWith(name: string): Promise<Agent> {
    const pem = (file: string): Promise<Buffer> => readFile(join(this.home, 'certs', file));
    const [ca, cert, key] = await Promise.all([pem('ca.pem'), pem(`${name}.pem`), pem(`${name}-key.pem`)]);
    return new Agent({ connect: { ca, cert, key } });
  }

  /** Runs `huitong down` and removes the folder; answers the command's exit code. */
  async down(): Promise<number> {
    for (const agent of this.#agents.values()) await (await agent).close();
    const { code } = await this.huitong('down');
    await removeHome(this.home);
    return code;
  }
}
