import type { LaneConsumer } from '@huitong/event-stream';
import type { ApplyResult } from '@huitong/subject-engine';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** What a sync service tells Prometheus: counts, times and names of datasets, never a value of a record. */
export class SyncMetrics {
  readonly #events: Counter<'outcome'>;
  readonly #chunkSeconds: Histogram;
  readonly #chunkMessages: Histogram;
  readonly relayed: Counter;
  readonly #proofs: Counter<'outcome'>;
  readonly #registry: Registry;

  constructor(registry: Registry) {
    this.#registry = registry;
    const registers = [registry];
    this.#events = new Counter({
      name: 'sync_events_total',
      help: 'change events by what became of them',
      labelNames: ['outcome'],
      registers,
    });
    this.#chunkSeconds = new Histogram({
      name: 'sync_chunk_seconds',
      help: 'time of one chunk, from its first statement to its commit',
      buckets: [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5],
      registers,
    });
    this.#chunkMessages = new Histogram({
      name: 'sync_chunk_messages',
      help: 'messages in one chunk',
      buckets: [1, 2, 5, 10, 50, 100, 500, 1000, 2000, 5000],
      registers,
    });
    this.relayed = new Counter({
      name: 'sync_changes_relayed_total',
      help: 'changes of subjects published',
      registers,
    });
    this.#proofs = new Counter({
      name: 'sync_proofs_total',
      help: 'checkpoints held against the facts, by what was found; busy and broken ones are proved by the next',
      labelNames: ['outcome'],
      registers,
    });
    // From the start, or Prometheus would not see the first one as an increase.
    for (const outcome of ['equal', 'differs', 'busy', 'broken']) this.#proofs.inc({ outcome }, 0);
  }

  proved(outcome: 'equal' | 'differs' | 'busy' | 'broken'): void {
    this.#proofs.inc({ outcome });
  }

  applied(result: ApplyResult, messages: number, seconds: number): void {
    this.#chunkSeconds.observe(seconds);
    this.#chunkMessages.observe(messages);
    if (result.status !== 'applied') return;
    for (const [outcome, count] of Object.entries(result.outcomes)) this.#events.inc({ outcome }, count);
  }

  watch(consumer: LaneConsumer): void {
    const gauge = (name: string, help: string, read: () => number): void => {
      new Gauge({
        name,
        help,
        registers: [this.#registry],
        collect() {
          this.set(read());
        },
      });
    };
    gauge('sync_lanes', 'lanes that this member owns', () => consumer.state().lanes.length);
    gauge('sync_buffered_messages', 'messages fetched and waiting', () => consumer.state().bufferedMessages);
    gauge('sync_rebalances', 'changes of assignment since the start', () => consumer.state().rebalances);
    gauge('sync_fenced', 'chunks refused because another member had claimed the lane', () => consumer.state().fenced);
    gauge(
      'sync_data_lost',
      'topic partitions whose next events the broker no longer has',
      () => consumer.state().dataLost.length,
    );
    gauge('sync_last_progress_timestamp_seconds', 'when a chunk was last applied, or nothing was found to apply', () =>
      Math.round(consumer.state().lastProgressMs / 1_000),
    );
  }
}
