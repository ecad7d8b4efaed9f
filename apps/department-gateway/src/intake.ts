import { randomUUID } from 'node:crypto';
import {
  controlTypes,
  datasets,
  defaultPartitions,
  HuitongError,
  toControlMessage,
  type DatasetName,
  type EventCodec,
  type Message,
} from '@huitong/change-event';
import type { Published, Publisher } from '@huitong/event-stream';
import pTimeout from 'p-timeout';
import { checkEvents, type Rejection } from './check-events.ts';
import type { GatewayMetrics } from './gateway-metrics.ts';
import type { PublishedIndex } from './published-index.ts';
import type { RateLimit } from './rate-limit.ts';
import { readBody } from './read-body.ts';
import type { Upstream } from './upstream.ts';

/** What the intake works with. */
export interface IntakeParts {
  readonly codec: Upstream<EventCodec>;
  readonly publisher: Upstream<Publisher>;
  readonly rateLimit: RateLimit;
  readonly index: PublishedIndex;
  readonly metrics: GatewayMetrics;
  readonly publishTimeoutMs: number;
}

/** Who sends to which dataset; that the department owns it has been made sure of. */
export interface Delivery {
  readonly dataset: DatasetName;
  readonly department: string;
  readonly traceparent: string;
}

/** What became of a request's events. */
export interface IntakeResult {
  readonly accepted: number;
  readonly rejected: readonly Rejection[];
}

/** Takes in a department's events: counts them against its limit, checks each, publishes the good ones together. */
export class Intake {
  readonly #parts: IntakeParts;

  constructor(parts: IntakeParts) {
    this.#parts = parts;
  }

  /**
   * Resolves once Kafka has all accepted events on disk. BROKER_UNAVAILABLE or REGISTRY_UNAVAILABLE mean that nothing
   * is promised and the same events may be sent again: an event that did arrive is recognised by its id.
   */
  async takeEvents({ dataset, department, traceparent }: Delivery, body: unknown): Promise<IntakeResult> {
    const { codec, rateLimit, index, metrics } = this.#parts;
    const items = readBody(body);
    await rateLimit.take(department, items.length);
    const checked = checkEvents({
      dataset,
      items,
      codec: codec.get(),
      source: sourceOf(department),
      traceparent,
      now: new Date(),
    });
    for (const { code } of checked.rejected) metrics.rejected.inc({ dataset, code });
    for (const flag of checked.flags) metrics.flagged.inc({ dataset, flag });
    if (checked.messages.length > 0) {
      const published = await this.#publish(dataset, checked.messages);
      metrics.accepted.inc({ dataset }, checked.messages.length);
      index.remember(dataset, checked.events, published, Date.now());
    }
    return { accepted: checked.messages.length, rejected: checked.rejected };
  }

  /**
   * Says on every partition that the source had nothing more to tell up to this instant; the answer is the number of
   * partitions. The instant may not lie ahead of our clock, or silence would look fresh.
   */
  async takeHeartbeat(delivery: Delivery, at: Date): Promise<number> {
    const beats = Array.from({ length: defaultPartitions }, (_, partition) => ({
      partition,
      content: { at: at.toISOString() },
    }));
    await this.takeStatements(delivery, controlTypes.heartbeat, beats, at);
    return beats.length;
  }

  /** Publishes control records, each to the partition of the events that it speaks of; resolves as {@link takeEvents}. */
  async takeStatements(
    { dataset, department }: Delivery,
    type: string,
    statements: readonly { readonly partition: number; readonly content: object }[],
    at: Date,
  ): Promise<void> {
    const id = randomUUID();
    const messages = statements.map(({ partition, content }, index) =>
      toControlMessage({
        type,
        id: `${id}-${index}`,
        source: sourceOf(department),
        partition,
        atMs: at.getTime(),
        content,
      }),
    );
    await this.#publish(dataset, messages);
  }

  async #publish(dataset: DatasetName, messages: Message[]): Promise<Published[]> {
    const { publisher, metrics, publishTimeoutMs } = this.#parts;
    const end = metrics.publishSeconds.startTimer({ dataset });
    try {
      return await pTimeout(publisher.get().publish(datasets[dataset].topic, messages), {
        milliseconds: publishTimeoutMs,
        fallback() {
          const context = { timeoutMs: publishTimeoutMs };
          throw new HuitongError('BROKER_UNAVAILABLE', 'publishing took too long', { context });
        },
      });
    } catch (cause) {
      if (!(cause instanceof HuitongError && cause.code === 'BROKER_UNAVAILABLE')) throw cause;
      const message =
        'Kafka 暂不可用，未确认任何事件；原样重发是安全的 / the broker is away and has confirmed none of these events; sending the same events again is safe';
      throw new HuitongError('BROKER_UNAVAILABLE', message, { context: { dataset }, cause });
    } finally {
      end();
    }
  }
}

const sourceOf = (department: string): string => `/departments/${department}`;
