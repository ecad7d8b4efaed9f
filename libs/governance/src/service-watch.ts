import { readFile } from 'node:fs/promises';
import { Agent, fetch } from 'undici';
import type { ServiceState } from './alarm-rules.ts';

/**
 * A service has this long to say whether it can work: less than there is between two looks at the lag, which wait for it, or one
 * service that stands still would leave out every other look, just when it is to be told.
 */
const answerWithinMs = 1_500;

/** Asks services whether they can work: `GET /health/ready`, of a server whose certificate our own authority gave. */
export class ServiceWatch {
  readonly #services: ReadonlyMap<string, string>;
  readonly #caFile: string;
  #agent: Agent | undefined;

  /** `services` are addresses by name. */
  constructor(services: ReadonlyMap<string, string>, caFile: string) {
    this.#services = services;
    this.#caFile = caFile;
  }

  /** How each stands; never throws, for a service that does not answer is what is looked for. */
  async look(): Promise<ServiceState[]> {
    if (this.#services.size === 0) return [];
    this.#agent ??= new Agent({ connect: { ca: await readFile(this.#caFile) } });
    const dispatcher = this.#agent;
    return Promise.all([...this.#services].map(([service, url]) => look(service, url, dispatcher)));
  }

  async close(): Promise<void> {
    await this.#agent?.close();
  }
}

async function look(service: string, url: string, dispatcher: Agent): Promise<ServiceState> {
  try {
    const signal = AbortSignal.timeout(answerWithinMs);
    const answer = await fetch(new URL('/health/ready', url), { dispatcher, signal });
    const { checks } = (await answer.json()) as { checks?: Record<string, { status: string }> };
    const failed = Object.entries(checks ?? {}).filter(([, { status }]) => status !== 'up');
    return { service, isReady: answer.ok, reason: failed.map(([name]) => name).join(', ') };
  } catch {
    return { service, isReady: false, reason: 'no answer' };
  }
}
