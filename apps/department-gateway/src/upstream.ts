import { setTimeout as sleep } from 'node:timers/promises';
import { HuitongError, type ErrorCode } from '@huitong/change-event';
import type { Logger } from '@huitong/service-kit';

/** Between two attempts to reach something that is away, in milliseconds. */
const retryMs = 1_000;

/**
 * Something outside that may be away when the gateway starts: it is reached for in the background, again and again, so
 * that the gateway can say 503 meanwhile instead of not being there.
 */
export class Upstream<Thing> {
  readonly #name: string;
  readonly #away: ErrorCode;
  readonly #stopped = new AbortController();
  #thing: Thing | undefined;

  constructor(options: { name: string; away: ErrorCode; connect: () => Promise<Thing>; logger: Logger }) {
    this.#name = options.name;
    this.#away = options.away;
    void this.#reach(options.connect, options.logger);
  }

  /** The thing; throws the code given for its absence while it has not been reached. */
  get(): Thing {
    if (this.#thing === undefined) throw new HuitongError(this.#away, `reaching ${this.#name}, which is away`);
    return this.#thing;
  }

  get reached(): Thing | undefined {
    return this.#thing;
  }

  stop(): void {
    this.#stopped.abort();
  }

  async #reach(connect: () => Promise<Thing>, logger: Logger): Promise<void> {
    const { signal } = this.#stopped;
    while (!signal.aborted) {
      try {
        this.#thing = await connect();
        return;
      } catch (error) {
        // A schema that the registry refuses will not be accepted on the next try; the process must not pretend.
        if (error instanceof HuitongError && error.code === 'SCHEMA_UNREADABLE') throw error;
        logger.info({ upstream: this.#name, err: error }, 'not reachable, trying again');
        await sleep(retryMs, undefined, { signal }).catch(() => undefined);
      }
    }
  }
}
