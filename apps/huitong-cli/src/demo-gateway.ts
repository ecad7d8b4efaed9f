import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'undici';
import { datasetNames, datasets, HuitongError, type DatasetName, type SourceRequest } from '@huitong/change-event';
import type { DepartmentPort } from '@huitong/department-register';
import type { CityEvent, JsonEvent } from '@huitong/demo-city';
import type { Logger } from '@huitong/service-kit';

/** The gateway takes this many events in one request at most. */
const batchMax = 1_000;
/** Requests under way at once; one dataset's follow each other, so that its order of delivery is kept. */
const inFlightMax = 4;
const retryMs = { first: 250, longest: 5_000 };
const answerWithinMs = 30_000;

/** What the gateway answers to events. */
interface Answer {
  readonly accepted?: number;
  readonly rejected?: readonly { index: number; eventId?: string; code: string; field?: string }[];
  readonly code?: string;
}

interface Options {
  readonly port: number;
  readonly queryPort: number;
  readonly certs: string;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

/** Sends events to the department gateway as each department does, with that department's client certificate. */
export class GatewayClient implements DepartmentPort {
  /** Events that the gateway refused: the city's mistake or ours, never to be expected. */
  rejected = 0;
  readonly #options: Options;
  readonly #pools = new Map<string, Pool>();

  constructor(options: Options) {
    this.#options = options;
  }

  /**
   * Resolves once the gateway has confirmed every event: the same events are sent again, for ever, while it is away, busy
   * or without its broker. Rejects when it will never take them (PART_FAILED) or when the signal ends it.
   */
  async send(events: readonly CityEvent[]): Promise<void> {
    const groups = Map.groupBy(events, ({ dataset }) => dataset);
    const queue = [...groups].sort(([, a], [, b]) => b.length - a.length);
    const work = async (): Promise<void> => {
      for (let next = queue.shift(); next; next = queue.shift()) {
        const [dataset, group] = next;
        for (let at = 0; at < group.length; at += batchMax)
          await this.#sendBatch(
            dataset,
            group.slice(at, at + batchMax).map(({ event }) => event),
          );
      }
    };
    await Promise.all(Array.from({ length: inFlightMax }, work));
  }

  /** Says for every dataset that its department has told all that it recorded until `atMs`. Not repeated: the next follows. */
  async heartbeats(atMs: number): Promise<void> {
    const body = JSON.stringify({ at: new Date(atMs).toISOString() });
    const results = await Promise.allSettled(datasetNames.map((dataset) => this.#post(dataset, 'heartbeats', body)));
    const failed = results.filter((result) => result.status === 'rejected' || result.value.status >= 300).length;
    if (failed > 0) this.#options.logger.info({ failed }, 'heartbeats were not taken');
  }

  async events(dataset: DatasetName, events: readonly unknown[]): Promise<void> {
    await this.#sendBatch(dataset, events as JsonEvent[]);
  }

  checkpoint(dataset: DatasetName, body: object): Promise<void> {
    return this.#state(dataset, 'checkpoints', body);
  }

  inventory(dataset: DatasetName, body: object): Promise<void> {
    return this.#state(dataset, 'inventories', body);
  }

  /** What the subject databases want of all departments; nothing while the query API is away. */
  async requests(): Promise<SourceRequest[]> {
    const departments = [...new Set(datasetNames.map((name) => datasets[name].department))];
    const answers = await Promise.allSettled(
      departments.map(async (department): Promise<SourceRequest[]> => {
        const { statusCode, body } = await this.#poolOf(department, this.#options.queryPort).request({
          method: 'GET',
          path: '/v1/source-requests',
          signal: this.#options.signal,
        });
        const { requests = [] } = (await body.json()) as { requests?: SourceRequest[] };
        return statusCode === 200 ? requests : [];
      }),
    );
    return answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
  }

  async close(): Promise<void> {
    await Promise.all([...this.#pools.values()].map((pool) => pool.destroy()));
  }

  async #state(dataset: DatasetName, what: 'checkpoints' | 'inventories', body: object): Promise<void> {
    const { status, answer } = await this.#post(dataset, what, JSON.stringify(body));
    if (status !== 202)
      throw new HuitongError('PART_FAILED', 'stating what a register holds', {
        context: { dataset, status, code: answer.code },
      });
  }

  async #sendBatch(dataset: DatasetName, events: readonly JsonEvent[]): Promise<void> {
    const body = JSON.stringify(events);
    const { logger, signal } = this.#options;
    for (let attempt = 0; ; attempt++) {
      signal.throwIfAborted();
      const result = await this.#post(dataset, 'events', body).catch((error: unknown) => ({ error }));
      if ('status' in result && (result.status === 202 || result.status === 422)) {
        this.#report(dataset, result.answer);
        return;
      }
      if ('status' in result && [400, 401, 403, 404, 413].includes(result.status))
        throw new HuitongError('PART_FAILED', 'sending events that the gateway will never take', {
          context: { dataset, status: result.status, code: result.answer.code },
        });
      signal.throwIfAborted();
      const waitMs =
        'status' in result && result.waitMs ? result.waitMs : Math.min(retryMs.first * 2 ** attempt, retryMs.longest);
      // The first of many alike is enough: an outage may last.
      if (attempt === 3) logger.info({ dataset, ...describe(result) }, 'the gateway takes no events now, trying on');
      await sleep(waitMs * (0.8 + Math.random() * 0.4), undefined, { signal });
    }
  }

  #report(dataset: DatasetName, { rejected = [] }: Answer): void {
    this.rejected += rejected.length;
    for (const { eventId, code, field } of rejected.slice(0, 5))
      this.#options.logger.error({ dataset, eventId, code, field }, 'the gateway refused an event of the city');
  }

  async #post(dataset: DatasetName, what: 'events' | 'heartbeats' | 'checkpoints' | 'inventories', body: string) {
    const {
      statusCode,
      headers,
      body: answer,
    } = await this.#poolOf(datasets[dataset].department, this.#options.port).request({
      method: 'POST',
      path: `/v1/datasets/${dataset}/${what}`,
      headers: { 'content-type': 'application/json' },
      body,
      signal: this.#options.signal,
    });
    const text = await answer.text();
    const retryAfter = Number(headers['retry-after']);
    return {
      status: statusCode,
      answer: (text.startsWith('{') ? JSON.parse(text) : {}) as Answer,
      waitMs: retryAfter > 0 ? Math.min(retryAfter * 1_000, 2 * retryMs.longest) : undefined,
    };
  }

  #poolOf(department: string, port: number): Pool {
    let pool = this.#pools.get(`${department}:${port}`);
    if (pool) return pool;
    const { certs } = this.#options;
    const [ca, cert, key] = ['ca.pem', `${department}.pem`, `${department}-key.pem`].map((file) =>
      readFileSync(join(certs, file)),
    );
    pool = new Pool(`https://127.0.0.1:${port}`, {
      connect: { ca, cert, key, timeout: 5_000 },
      connections: inFlightMax,
      headersTimeout: answerWithinMs,
      bodyTimeout: answerWithinMs,
    });
    this.#pools.set(`${department}:${port}`, pool);
    return pool;
  }
}

function describe(result: { error: unknown } | { status: number; answer: Answer }): object {
  if ('status' in result) return { status: result.status, code: result.answer.code };
  return { code: (result.error as { code?: string }).code ?? (result.error as Error).name };
}
