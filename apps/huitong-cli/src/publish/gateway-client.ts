import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, request } from 'undici';
import { HuitongError, type ErrorCode, type SourceRequest } from '@huitong/change-event';

/** What the gateway says of one event that it refused. */
interface Rejection {
  readonly index: number;
  readonly code: string;
  readonly field: string;
  readonly message: string;
}

/** The gateway's answer to one batch: how many it has on disk, and what it refused. */
export interface Answer {
  readonly accepted: number;
  readonly rejected: readonly Rejection[];
}

/** A batch has to wait: why (a status and code, or the network's error), and when it is tried again. */
interface Waiting {
  readonly why: string;
  readonly retryInMs: number;
}

interface ClientOptions {
  readonly url: string;
  readonly dataset: string;
  readonly certsDir: string;
  readonly certificate: string;
  readonly connections: number;
  /** How long one batch may fail before all is given up. */
  readonly patienceMs: number;
  readonly signal: AbortSignal;
  readonly onWaiting: (waiting: Waiting) => void;
}

const answerWithinMs = 60_000;
const firstPauseMs = 500;
const longestPauseMs = 15_000;
/** What a retry does not mend: the wrong authority or host name. */
const hopeless = /^(CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|ERR_TLS|ERR_OSSL)/;

/**
 * Sends batches to the department gateway over kept-alive connections and insists: an absent gateway, 429 and 5xx are
 * tried again for as long as the patience lasts, which is safe because the gateway's readers know an event by its id.
 */
export class GatewayClient {
  readonly #options: ClientOptions;
  readonly #agent: Agent;

  constructor(options: ClientOptions) {
    this.#options = options;
    const { certsDir, certificate, connections } = options;
    this.#agent = new Agent({
      connections,
      connect: {
        ca: pem(certsDir, 'ca'),
        cert: pem(certsDir, certificate),
        key: pem(certsDir, `${certificate}-key`),
        timeout: 10_000,
      },
      headersTimeout: answerWithinMs,
      bodyTimeout: answerWithinMs,
    });
  }

  /**
   * Resolves once the gateway has answered for every event. Throws BROKER_UNAVAILABLE when the patience is over, the
   * gateway's own code where a retry cannot help, and the signal's reason when aborted.
   */
  async send(events: readonly string[]): Promise<Answer> {
    const body = `[${events.join(',')}]`;
    return this.#insist(
      'events',
      body,
      (json, status): json is Answer & object => (status === 202 || status === 422) && isAnswer(json, events.length),
    );
  }

  /** States what the register holds; resolves and throws as {@link send}. */
  async state(what: 'checkpoints' | 'inventories', body: object): Promise<void> {
    await this.#insist(what, JSON.stringify(body), (_json, status): _json is object => status === 202);
  }

  async #insist<Good extends object>(
    what: string,
    body: string,
    isGood: (json: object, status: number) => json is Good,
  ): Promise<Good> {
    const { signal, patienceMs, onWaiting } = this.#options;
    const since = Date.now();
    for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
      const outcome = await this.#post(what, body, isGood);
      if ('good' in outcome) return outcome.good;
      const retryInMs = Math.max(pauseMs, outcome.retryAfterMs);
      if (Date.now() + retryInMs - since > patienceMs) throw this.#givenUp(outcome.why);
      onWaiting({ why: outcome.why, retryInMs });
      await sleep(retryInMs, undefined, { signal });
    }
  }

  /** What the subject databases want to know of the dataset; undefined where the query API does not say. */
  async requests(queryUrl: string): Promise<SourceRequest[] | undefined> {
    const { signal, dataset } = this.#options;
    const answer = await request(`${queryUrl}/v1/source-requests`, { dispatcher: this.#agent, signal }).catch(
      () => undefined,
    );
    if (!answer || answer.statusCode === 429 || answer.statusCode >= 500) return undefined;
    const { requests, code } = parsed(await answer.body.text()) as { requests?: SourceRequest[]; code?: ErrorCode };
    if (requests) return requests.filter((one) => one.dataset === dataset);
    throw new HuitongError(
      code ?? 'REQUEST_INVALID',
      `查询服务不答 / the query API does not tell what is asked: ${answer.statusCode}`,
    );
  }

  async close(): Promise<void> {
    await this.#agent.destroy();
  }

  async #post<Good extends object>(
    what: string,
    body: string,
    isGood: (json: object, status: number) => json is Good,
  ): Promise<{ good: Good } | { why: string; retryAfterMs: number }> {
    const { url, dataset, signal } = this.#options;
    let status: number;
    let text: string;
    let retryAfter: number;
    try {
      const answer = await request(`${url}/v1/datasets/${dataset}/${what}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
        dispatcher: this.#agent,
        signal,
      });
      status = answer.statusCode;
      retryAfter = Number(answer.headers['retry-after']) || 0;
      text = await answer.body.text();
    } catch (cause) {
      signal.throwIfAborted();
      const code = codeOf(cause);
      if (hopeless.test(code))
        throw new HuitongError(
          'REQUEST_INVALID',
          `网关的证书不受信任 / the gateway's certificate is not trusted: ${code}`,
          { cause },
        );
      return { why: code, retryAfterMs: 0 };
    }
    const json = parsed(text);
    if (isGood(json, status)) return { good: json };
    const code = typeof json['code'] === 'string' ? json['code'] : '';
    if (status === 429 || status >= 500) return { why: `${status} ${code}`.trim(), retryAfterMs: retryAfter * 1_000 };
    throw new HuitongError(
      (code || 'REQUEST_INVALID') as ErrorCode,
      `网关拒收整批 / the gateway refused the whole batch: ${status}${typeof json['detail'] === 'string' ? ` ${json['detail']}` : ''}`,
    );
  }

  #givenUp(why: string): HuitongError {
    const { url, patienceMs } = this.#options;
    const seconds = patienceMs / 1_000;
    return new HuitongError(
      'BROKER_UNAVAILABLE',
      `网关 ${url} 在 ${seconds} 秒内未能收下数据（${why}）；进度已保存，恢复后用同一命令继续 / the gateway ${url} could not take the data within ${seconds} s (${why}); the progress is kept: run the same command again to go on`,
    );
  }
}

function pem(certsDir: string, name: string): string {
  const file = join(certsDir, `${name}.pem`);
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new HuitongError(
      'REQUEST_INVALID',
      `没有证书文件，请先运行 npx huitong up，或用 --certificate 指明 / there is no certificate file: run npx huitong up first, or name one with --certificate: ${file}`,
      { cause },
    );
  }
}

/** The network's code: undici wraps it, and several addresses tried make an AggregateError. */
function codeOf(error: unknown): string {
  for (let one: unknown = error; one instanceof Error; one = one.cause) {
    if ('code' in one && typeof one.code === 'string') return one.code;
    if (one instanceof AggregateError && one.errors.length > 0) return codeOf(one.errors[0]);
  }
  return error instanceof Error ? error.name : 'unknown';
}

function parsed(text: string): Record<string, unknown> {
  try {
    const json: unknown = JSON.parse(text);
    return typeof json === 'object' && json !== null ? (json as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/** Only an answer that accounts for every event is one. */
function isAnswer(json: object, events: number): json is Answer {
  const { accepted, rejected } = json as Partial<Answer>;
  return typeof accepted === 'number' && Array.isArray(rejected) && accepted + rejected.length === events;
}
