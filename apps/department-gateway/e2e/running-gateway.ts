import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Agent, request } from 'undici';
import { freePort } from '@huitong/local-stack';

const main = fileURLToPath(new URL('../dist/main.js', import.meta.url));

/** An answer of the gateway. */
export interface Answer {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly json: Record<string, unknown>;
}

/** The built gateway as a process of its own, called as the bearer of any of the demo's certificates. */
export class RunningGateway {
  readonly #process: ChildProcess;
  readonly #port: number;
  readonly #agents = new Map<string, Promise<Agent>>();
  #output = '';

  private constructor(child: ChildProcess, port: number) {
    this.#process = child;
    this.#port = port;
    for (const stream of [child.stdout!, child.stderr!]) stream.on('data', (chunk) => (this.#output += String(chunk)));
  }

  /** Starts it with the environment of the test run, changed where told, and waits until it is live, or ready. */
  static async start(environment: Record<string, string> = {}, until: 'live' | 'ready' = 'ready') {
    const port = await freePort();
    const child = spawn(process.execPath, [main], {
      env: { ...process.env, GATEWAY_PORT: String(port), ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const gateway = new RunningGateway(child, port);
    for (let attempt = 0; ; attempt++) {
      const { status } = await gateway.call('nobody', 'GET', `/health/${until}`).catch(() => ({ status: 0 }));
      if (status === 200) return gateway;
      if (attempt > 200 || child.exitCode !== null) throw new Error(`the gateway is not ${until}: ${gateway.#output}`);
      await sleep(100);
    }
  }

  get output(): string {
    return this.#output;
  }

  /** Calls as the bearer of a certificate; `nobody` shows none. A string or buffer is sent as it is, else as JSON. */
  async call(who: string, method: 'GET' | 'POST', path: string, body?: unknown, type = 'application/json') {
    if (!this.#agents.has(who)) this.#agents.set(who, agentOf(who));
    const raw = typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
    const answer = await request(`https://127.0.0.1:${this.#port}${path}`, {
      dispatcher: await this.#agents.get(who)!,
      method,
      ...(body === undefined ? {} : { body: raw, headers: { 'content-type': type } }),
    });
    const text = await answer.body.text();
    const isJson = String(answer.headers['content-type']).includes('json');
    const json = (isJson ? JSON.parse(text) : { text }) as Record<string, unknown>;
    return { status: answer.statusCode, headers: answer.headers, json } satisfies Answer;
  }

  /** Ends it as a supervisor would; the answer is its exit code. */
  async stop(): Promise<number | null> {
    const agents = [...this.#agents.values()];
    this.#agents.clear();
    await Promise.all(agents.map(async (agent) => (await agent).close()));
    if (this.#process.exitCode !== null) return this.#process.exitCode;
    this.#process.kill('SIGTERM');
    await once(this.#process, 'exit');
    return this.#process.exitCode;
  }
}

async function agentOf(who: string): Promise<Agent> {
  const pem = (file: string) => readFile(join(process.env['CERTS_DIR']!, file), 'utf8');
  const identity = who === 'nobody' ? {} : { cert: await pem(`${who}.pem`), key: await pem(`${who}-key.pem`) };
  return new Agent({ connect: { ca: await pem('ca.pem'), ...identity } });
}
