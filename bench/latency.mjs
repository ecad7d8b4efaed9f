// Events at a steady rate, and how long each took from the publisher to the commit that makes it visible.
import { createPublisher } from '@huitong/event-stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { quantile, rounded } from './alone.mjs';

/**
 * Publishes `items` at `rate` a second, in steps of 5 ms; `messageOf` answers topic, message and the key under which its
 * commit is looked up. Answers when each key was handed to the publisher, epoch milliseconds.
 */
export async function publishSteadily(brokers, items, { rate, messageOf }) {
  const publisher = await createPublisher({ brokers: brokers.split(','), clientId: 'bench' });
  const sentAt = new Map();
  const inFlight = [];
  const started = performance.now();
  for (let next = 0; next < items.length;) {
    const due = Math.min(items.length, Math.floor(((performance.now() - started) / 1_000) * rate));
    const now = performance.timeOrigin + performance.now();
    const made = items.slice(next, due).map(messageOf);
    for (const { key } of made) sentAt.set(key, now);
    for (const [topic, list] of Map.groupBy(made, ({ topic }) => topic)) {
      const messages = list.map(({ message }) => message);
      inFlight.push(publisher.publish(topic, messages));
    }
    next = Math.max(next, due);
    await sleep(5);
  }
  await Promise.all(inFlight);
  await publisher.disconnect();
  return sentAt;
}

/**
 * Waits until `committed(keys)` gives a row `{key, at}` for each key, `at` being PostgreSQL's commit time, epoch milliseconds;
 * answers the distribution of the time from publish to visible.
 */
export async function visibleAfter(sentAt, { rate, committed, alive = () => true }) {
  const keys = [...sentAt.keys()];
  for (;;) {
    const rows = await committed(keys);
    if (rows.length >= keys.length) {
      const ms = rows.map(({ key, at }) => Number(at) - sentAt.get(key));
      const share = (part) => rounded(quantile(ms, part));
      return {
        eventsPerSecond: rate,
        events: ms.length,
        p50Ms: share(0.5),
        p95Ms: share(0.95),
        p99Ms: share(0.99),
        maxMs: share(1),
      };
    }
    if (!alive()) throw new Error('the process under measurement has ended, see its log');
    await sleep(500);
  }
}

/** SQL: when the row's last writer committed, epoch milliseconds. */
export const committedAtSql = 'extract(epoch from pg_xact_commit_timestamp(xmin)) * 1000';
