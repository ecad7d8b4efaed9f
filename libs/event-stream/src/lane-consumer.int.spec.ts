import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { FetchSession } from './fetch-session.ts';
import { kafkaClient } from './kafka-client.ts';
import type { LaneBatch } from './lane-buffer.ts';
import { consumeLanes, type LaneConsumer } from './lane-consumer.ts';
import type { LanePosition, LanePositions, LostEvents } from './lost-events.ts';
import { createPublisher, type Publisher } from './publisher.ts';
import { createTopicAdmin, type TopicAdmin } from './topic-admin.ts';

const brokers = (process.env['KAFKA_BROKERS'] ?? '').split(',');
const lanes = 4;
let admin: TopicAdmin;
let publisher: Publisher;

beforeAll(async () => {
  admin = createTopicAdmin({ brokers, clientId: 'spec' });
  publisher = await createPublisher({ brokers, clientId: 'spec' });
});
afterAll(async () => {
  await publisher.disconnect();
  await admin.disconnect();
});

async function topics(count: number): Promise<string[]> {
  const names = Array.from({ length: count }, () => `spec.${randomUUID()}`);
  await admin.ensureTopics(names.map((topic) => ({ topic, partitions: lanes })));
  return names;
}

/** Stands where the database stands: offsets and epochs by lane, moved only together with what was applied. */
class Ledger {
  readonly next = new Map<number, Record<string, number>>();
  readonly epochs = new Map<number, string>();
  readonly applied: string[] = [];
  readonly lost = new Map<string, LostEvents>();
  youngestMs = 0;

  keepLost(lost: readonly LostEvents[]): Promise<void> {
    for (const each of lost) this.lost.set(`${each.topic}/${each.lane}`, each);
    return Promise.resolve();
  }

  /** As an operator does it. */
  resume(): void {
    for (const { topic, lane, goOnAt } of this.lost.values()) this.next.set(lane, { [topic]: goOnAt });
    this.lost.clear();
  }

  claimBy(member: string): (claimed: readonly number[]) => Promise<LanePositions> {
    return async (claimed) => {
      for (const lane of claimed) this.epochs.set(lane, member);
      const positions = (lane: number): [string, LanePosition][] =>
        Object.entries(this.next.get(lane) ?? {}).map(([topic, next]) => [
          topic,
          { next, youngestMs: this.youngestMs || undefined, lostSinceMs: this.lost.get(`${topic}/${lane}`)?.sinceMs },
        ]);
      return new Map(claimed.map((lane) => [lane, Object.fromEntries(positions(lane))]));
    };
  }

  applyBy(member: string, delayMs = 0): (batches: readonly LaneBatch[]) => Promise<'applied' | 'fenced' | 'stale'> {
    return async (batches) => {
      await sleep(delayMs);
      if (batches.some(({ lane }) => this.epochs.get(lane) !== member)) return 'fenced';
      const first = new Map<string, number>();
      for (const { topic, lane, messages } of batches)
        if (!first.has(`${topic}/${lane}`)) first.set(`${topic}/${lane}`, messages[0]!.offset);
      if ([...first].some(([key, offset]) => offset < this.#position(key))) return 'stale';
      for (const { topic, lane, messages } of batches) {
        const offsets = this.next.get(lane) ?? {};
        offsets[topic] = messages.at(-1)!.offset + 1;
        this.next.set(lane, offsets);
        for (const { key, timestampMs } of messages) {
          this.applied.push(key!.toString());
          this.youngestMs = Math.max(this.youngestMs, timestampMs);
        }
      }
      return 'applied';
    };
  }

  #position(key: string): number {
    const at = key.lastIndexOf('/');
    return this.next.get(Number(key.slice(at + 1)))?.[key.slice(0, at)] ?? 0;
  }
}

function member(name: string, ledger: Ledger, of: readonly string[], groupId: string): Promise<LaneConsumer> {
  return consumeLanes({
    brokers,
    clientId: name,
    groupId,
    topics: of,
    chunkMax: { messages: 50, bytes: 1 << 20 },
    writers: 2,
    sessionTimeoutMs: 6_000,
    claim: ledger.claimBy(name),
    keepLost: (lost) => ledger.keepLost(lost),
    apply: ledger.applyBy(name, 5),
    onFatal: (error) => {
      throw error;
    },
  });
}

async function until(condition: () => boolean, what: string): Promise<void> {
  for (let at = 0; at < 400; at += 1) {
    if (condition()) return;
    await sleep(100);
  }
  throw new Error(`waiting in vain: ${what}`);
}

describe('consuming lanes', () => {
  it('gives partition p of all topics to one member, and loses and doubles nothing while members come and go', async () => {
    const of = await topics(2);
    const ledger = new Ledger();
    const groupId = randomUUID();
    const sent: string[] = [];
    const publishMore = async (count: number): Promise<void> => {
      const keys = Array.from({ length: count }, () => randomUUID());
      sent.push(...keys);
      const messages = keys.map((key) => ({ key, value: Buffer.from(key), headers: {} }));
      await publisher.publish(of[0]!, messages.slice(0, count / 2));
      await publisher.publish(of[1]!, messages.slice(count / 2));
    };
    await publishMore(2_000);
    const first = await member('first', ledger, of, groupId);
    await until(() => ledger.applied.length > 200, 'the first member applies');
    const second = await member('second', ledger, of, groupId);
    await until(() => second.state().lanes.length > 0, 'the second member has lanes');
    await publishMore(2_000);
    expect([...first.state().lanes, ...second.state().lanes].toSorted()).toEqual([0, 1, 2, 3]);
    await until(() => ledger.applied.length > 2_500, 'both members apply');
    await first.stop();
    await publishMore(400);
    await until(() => ledger.applied.length >= sent.length, 'the second member applies the rest');
    await second.stop();
    expect(ledger.applied.toSorted()).toEqual(sent.toSorted());
  }, 120_000);

  it('begins its fetch session anew where the broker forgot it, and loses and doubles nothing', async () => {
    const [topic] = (await topics(1)) as [string];
    const ledger = new Ledger();
    const consumer = await member('one', ledger, [topic], `spec-${randomUUID()}`);
    const ask = FetchSession.prototype.ask;
    const told: string[] = [];
    const asked = jest.spyOn(FetchSession.prototype, 'ask').mockImplementation(function (this: FetchSession, wanted) {
      const request = ask.call(this, wanted);
      const forget = asked.mock.calls.length % 5 === 0;
      told.push(forget ? 'unknown' : request.sessionEpoch === 0 ? 'begun' : 'gone on');
      return forget ? { ...request, sessionId: 1, sessionEpoch: 9 } : request;
    });
    const keys = Array.from({ length: 60 }, (_, at) => `key-${at}`);
    for (let at = 0; at < keys.length; at += 6) {
      await publisher.publish(
        topic,
        keys.slice(at, at + 6).map((key) => ({ key, value: Buffer.from('value'), headers: {} })),
      );
      await sleep(100);
    }
    await until(() => ledger.applied.length >= keys.length, 'all applied');
    await consumer.stop();
    jest.restoreAllMocks();
    expect(ledger.applied.toSorted()).toEqual(keys.toSorted());
    const sessions = told.join(' ');
    expect(sessions).toContain('gone on unknown begun gone on');
  });

  it('applies what two topics were told at one time together while it catches up, and waits for no open transaction', async () => {
    const of = await topics(3);
    const [one, other, open] = of as [string, string, string];
    // One topic's messages are so much smaller that a fetch brings many more of them.
    const rounds = 100;
    for (let round = 0; round < rounds; round += 1) {
      for (const [topic, bytes] of [
        [one, 2_000],
        [other, 500],
      ] as const)
        await publisher.publish(
          topic,
          Array.from({ length: 80 }, (_, at) => ({
            key: `${round}`,
            value: Buffer.alloc(bytes),
            headers: {},
            partition: at % lanes,
          })),
        );
      await sleep(2);
    }
    const producer = kafkaClient({ brokers, clientId: 'spec' }).producer({
      transactionalId: randomUUID(),
      maxInFlightRequests: 1,
      idempotent: true,
    });
    await producer.connect();
    const before = Array.from({ length: 20 }, () => ({ key: 'committed', value: 'x', partition: 0 }));
    await producer.send({ topic: open, messages: before });
    const transaction = await producer.transaction();
    const within = Array.from({ length: 200 }, () => ({ key: 'open', value: 'x', partition: 0 }));
    await transaction.send({ topic: open, messages: within });

    const ledger = new Ledger();
    const apart: number[] = [];
    // As slow as a database: writers that are faster than the fetches take what there is.
    const apply = ledger.applyBy('one', 60);
    const consumer = await consumeLanes({
      ...{ brokers, clientId: 'one', groupId: randomUUID(), topics: of, writers: 2, sessionTimeoutMs: 6_000 },
      chunkMax: { messages: 400, bytes: 1 << 20 },
      claim: ledger.claimBy('one'),
      apply: (batches) => {
        for (const [, ofLane] of Map.groupBy(batches, ({ lane }) => lane)) {
          const roundsOf = (topic: string): Set<string> =>
            new Set(
              ofLane
                .filter((batch) => batch.topic === topic)
                .flatMap(({ messages }) => messages.map(({ key }) => key!.toString())),
            );
          apart.push(roundsOf(one).symmetricDifference(roundsOf(other)).size);
        }
        return apply(batches);
      },
      onFatal: (error) => {
        throw error;
      },
    });
    const total = rounds * 160 + before.length;
    await until(() => ledger.applied.length >= total, 'all but the open transaction is applied');
    expect(ledger.applied).toHaveLength(total);
    await transaction.commit();
    await until(() => ledger.applied.length >= total + within.length, 'the transaction is applied');
    await consumer.stop();
    await producer.disconnect();
    // Apart, each round would be in one chunk with one topic and in another chunk with the other: twice for each lane.
    expect(apart.reduce((sum, count) => sum + count)).toBeLessThan(1.4 * rounds * lanes);
  }, 120_000);

  it('stands still, and says so, when the broker no longer has the next events of a lane', async () => {
    const of = await topics(1);
    const ledger = new Ledger();
    for (let lane = 0; lane < lanes; lane += 1) ledger.next.set(lane, { [of[0]!]: 10 });
    const consumer = await member('late', ledger, of, randomUUID());
    await until(() => consumer.state().dataLost.length === lanes, 'the loss is seen');
    const message = (partition: number) => ({ key: 'a', value: Buffer.from('a'), headers: {}, partition });
    await publisher.publish(
      of[0]!,
      Array.from({ length: lanes * 15 }, (_, at) => message(at % lanes)),
    );
    await sleep(1_000);
    expect(ledger.applied).toEqual([]);
    await consumer.stop();
    // The log has grown past the positions, and looks as if nothing had been.
    const again = await member('again', ledger, of, randomUUID());
    await until(() => again.state().dataLost.length === lanes, 'the loss is remembered');
    await sleep(500);
    expect(ledger.applied).toEqual([]);
    await again.stop();
  }, 120_000);

  it('goes on in a log that is the same, and stands still in one that was made anew and has grown past it', async () => {
    const of = await topics(1);
    const ledger = new Ledger();
    const fill = async (count: number): Promise<void> => {
      const messages = Array.from({ length: count }, () => ({
        key: randomUUID(),
        value: Buffer.from('x'),
        headers: {},
      }));
      await publisher.publish(of[0]!, messages);
    };
    await fill(40);
    const first = await member('first', ledger, of, randomUUID());
    await until(() => ledger.applied.length === 40, 'all is applied');
    await first.stop();
    await fill(40);
    const again = await member('again', ledger, of, randomUUID());
    await until(() => ledger.applied.length === 80, 'the rest is applied too');
    await again.stop();

    const kafka = kafkaClient({ brokers, clientId: 'spec' }).admin();
    await kafka.connect();
    await kafka.deleteTopics({ topics: of });
    await sleep(1_000);
    await kafka.disconnect();
    await admin.ensureTopics([{ topic: of[0]!, partitions: lanes }]);
    await publisher.disconnect();
    publisher = await createPublisher({ brokers, clientId: 'spec' });
    await fill(400);
    const late = await member('late', ledger, of, randomUUID());
    await until(() => late.state().dataLost.length === lanes, 'the loss is seen');
    await sleep(500);
    expect(ledger.applied).toHaveLength(80);

    ledger.resume();
    late.claimAnew();
    await until(() => ledger.applied.length === 480, 'all of the new log is applied once an operator has decided');
    expect(late.state().dataLost).toEqual([]);
    await late.stop();
  }, 120_000);

  it('stands still where retention was faster, also after a restart, and goes on at the first message left', async () => {
    const of = await topics(1);
    const ledger = new Ledger();
    const keys = Array.from({ length: 40 }, () => randomUUID());
    const publish = (some: readonly string[]) =>
      publisher.publish(
        of[0]!,
        some.map((key, at) => ({ key, value: Buffer.from('x'), headers: {}, partition: at % lanes })),
      );
    await publish(keys.slice(0, 16));
    const groupId = randomUUID();
    const first = await member('first', ledger, of, groupId);
    await until(() => ledger.applied.length === 16, 'all is applied');
    await first.stop();
    await publish(keys.slice(16));
    const kafka = kafkaClient({ brokers, clientId: 'spec' }).admin();
    await kafka.connect();
    await kafka.fetchTopicOffsets(of[0]!);
    await kafka.deleteTopicRecords({ topic: of[0]!, partitions: [{ partition: 1, offset: '6' }] });
    await kafka.disconnect();

    const late = await member('late', ledger, of, groupId);
    await until(() => ledger.applied.length === 34, 'the other lanes go on');
    expect(late.state().dataLost).toEqual([`${of[0]!}/1`]);
    expect([...ledger.lost.values()]).toMatchObject([{ lane: 1, next: 4, beginning: 6, end: 10, goOnAt: 6 }]);
    await late.stop();
    const again = await member('again', ledger, of, groupId);
    await until(() => again.state().dataLost.length === 1, 'the loss is remembered');
    ledger.resume();
    again.claimAnew();
    await until(() => ledger.applied.length === 38, 'what is left is applied');
    await again.stop();
    expect(new Set(keys).difference(new Set(ledger.applied)).size).toBe(2);
  }, 120_000);

  it('reads nothing on silently after the log was put back to an older state and has grown past the position', async () => {
    const of = await topics(1);
    const ledger = new Ledger();
    const fill = (count: number) =>
      publisher.publish(
        of[0]!,
        Array.from({ length: count }, (_, at) => ({
          key: randomUUID(),
          value: Buffer.from('x'),
          headers: {},
          partition: at % lanes,
        })),
      );
    await fill(40);
    // The lanes had 15 messages each when the log was put back to its first 10; what follows came later.
    ledger.youngestMs = Date.now();
    for (let lane = 0; lane < lanes; lane += 1) ledger.next.set(lane, { [of[0]!]: 15 });
    await sleep(20);
    await fill(40);
    const late = await member('late', ledger, of, randomUUID());
    await until(() => late.state().dataLost.length === lanes, 'the loss is seen');
    expect(ledger.applied).toEqual([]);
    ledger.resume();
    late.claimAnew();
    await until(() => ledger.applied.length >= 40, 'what is new in it is applied');
    await late.stop();
  }, 120_000);
});
