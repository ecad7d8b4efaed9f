import { HuitongError } from '@huitong/change-event';
import kafkajs, { type Admin } from 'kafkajs';
import { setTimeout as sleep } from 'node:timers/promises';
import { allGroups, groupsOf, type ConsumerGroup } from './consumer-groups.ts';
import { endSilentConnections, kafkaClient, translateKafkaError, type BrokerOptions } from './kafka-client.ts';
import { createTopicReader, type TopicReader } from './topic-reader.ts';

const { ConfigResourceTypes } = kafkajs;

/** A topic to exist; every event in it is kept. */
export interface TopicSpec {
  readonly topic: string;
  readonly partitions: number;
}

/** How long a topic keeps its messages; null is without limit. */
export interface TopicRetention {
  /** `delete`, `compact` or both, as the broker has it. */
  readonly cleanupPolicy: string;
  readonly retentionMs: number | null;
  readonly retentionBytes: number | null;
}

/** Asks and arranges what the brokers hold. Every call throws BROKER_UNAVAILABLE when they are away. */
export interface TopicAdmin {
  /**
   * Creates the topics that are missing; existing ones stay as they are. Returns the created ones once every partition of theirs
   * answers: a broker knows a new topic's leaders before it takes anything for it.
   */
  ensureTopics(topics: readonly TopicSpec[]): Promise<string[]>;
  /** The next offset of each partition, by topic; an unknown topic is left out, and so is a partition without a leader. */
  endOffsets(topics: readonly string[]): Promise<Map<string, number[]>>;
  /**
   * For each partition of a topic for which a time is given, epoch milliseconds, the first offset whose message is at least
   * so young, or its next offset; an unknown topic is left out.
   */
  offsetsSince(times: ReadonlyMap<string, ReadonlyMap<number, number>>): Promise<Map<string, number[]>>;
  /** The first offset that each partition still has, by topic. */
  beginningOffsets(topics: readonly string[]): Promise<Map<string, number[]>>;
  /** {@link endOffsets} and {@link beginningOffsets} by one question, for those who ask all the time. */
  edges(topics: readonly string[]): Promise<{ ends: Map<string, number[]>; beginnings: Map<string, number[]> }>;
  /** How each topic keeps its messages; an unknown topic is left out. */
  retentions(topics: readonly string[]): Promise<Map<string, TopicRetention>>;
  /** As {@link TopicReader.highWatermarks}. */
  highWatermarks: TopicReader['highWatermarks'];
  /** Every consumer group on the brokers. */
  groups(): Promise<ConsumerGroup[]>;
  /** The consumer groups that read a topic: those that have committed an offset of it, or have a member that it is assigned to. */
  groupsOf(topic: string): Promise<string[]>;
  isConnected(): boolean;
  disconnect(): Promise<void>;
}

/** A topic admin that connects at its first use and again after a failure. */
export function createTopicAdmin(options: BrokerOptions): TopicAdmin {
  const reader = createTopicReader(options);
  let current: SharedAdmin | undefined;
  let connected = false;
  const use = async <Result>(attempting: string, work: (admin: Admin) => Promise<Result>): Promise<Result> => {
    const shared = (current ??= { admin: connectAdmin(options), users: 0 });
    shared.users += 1;
    try {
      const result = await work(await shared.admin);
      connected = true;
      return result;
    } catch (error) {
      if (current === shared) current = undefined;
      connected = false;
      throw translateKafkaError(error, attempting);
    } finally {
      shared.users -= 1;
      // Whoever still waited on it would connect it again, and nobody would end that.
      if (current !== shared && shared.users === 0)
        void shared.admin.then((admin) => admin.disconnect()).catch(() => {});
    }
  };
  const offsets = <Answer>(topics: readonly string[], ask: AskEach<Answer>): Promise<Map<string, Answer[]>> =>
    use('asking kafka for offsets', (admin) => byTopic(admin, topics, ask));
  return {
    async ensureTopics(topics) {
      const created = new Set<string>();
      for (const endMs = Date.now() + createWithinMs; ; await sleep(500))
        try {
          await use('creating topics', (admin) => createMissing(admin, topics, created));
          if (created.size === 0) return [];
          const served = await offsets([...created], edgesOf);
          const isServed = ({ topic, partitions }: TopicSpec): boolean =>
            !created.has(topic) || served.get(topic)?.length === partitions;
          if (topics.every(isServed)) return [...created];
          throw new HuitongError('BROKER_UNAVAILABLE', 'waiting for new topics');
        } catch (error) {
          // They may take longer than kafkajs waits, on a busy machine or with several brokers.
          if (Date.now() > endMs) throw error;
        }
    },
    endOffsets: async (topics) => mapped(await offsets(topics, edgesOf), 'high'),
    beginningOffsets: async (topics) => mapped(await offsets(topics, edgesOf), 'low'),
    async edges(topics) {
      const edges = await offsets(topics, edgesOf);
      return { ends: mapped(edges, 'high'), beginnings: mapped(edges, 'low') };
    },
    offsetsSince: (times) =>
      offsets([...times.keys()], (admin, topic) => offsetsByTime(admin, topic, times.get(topic)!)),
    retentions: (topics) => use('asking kafka how topics are kept', (admin) => retentionsOf(admin, topics)),
    highWatermarks: (topics) => reader.highWatermarks(topics),
    groups: () => use('asking kafka for consumer groups', allGroups),
    groupsOf: (topic) => use('asking kafka for the readers of a topic', (admin) => groupsOf(admin, topic)),
    isConnected: () => connected,
    async disconnect() {
      const shared = current;
      current = undefined;
      connected = false;
      await reader.disconnect();
      if (shared?.users === 0) await shared.admin.then((admin) => admin.disconnect()).catch(() => {});
    },
  };
}

async function retentionsOf(admin: Admin, topics: readonly string[]): Promise<Map<string, TopicRetention>> {
  const existing = new Set(await admin.listTopics());
  const resources = topics
    .filter((topic) => existing.has(topic))
    .map((name) => ({
      type: ConfigResourceTypes.TOPIC,
      name,
      configNames: ['cleanup.policy', 'retention.ms', 'retention.bytes'],
    }));
  if (resources.length === 0) return new Map();
  const described = await admin.describeConfigs({ resources, includeSynonyms: false });
  return new Map(
    described.resources.map(({ resourceName, configEntries }) => {
      const values = new Map(configEntries.map(({ configName, configValue }) => [configName, configValue]));
      const limit = (name: string): number | null => {
        const value = Number(values.get(name) ?? -1);
        return value < 0 ? null : value;
      };
      const cleanupPolicy = values.get('cleanup.policy') ?? '';
      return [
        resourceName,
        { cleanupPolicy, retentionMs: limit('retention.ms'), retentionBytes: limit('retention.bytes') },
      ];
    }),
  );
}

/** An admin, and how many calls are under way on it. */
interface SharedAdmin {
  readonly admin: Promise<Admin>;
  users: number;
}

async function connectAdmin(options: BrokerOptions): Promise<Admin> {
  const client = kafkaClient(options);
  const admin = client.admin({ retry: { retries: 3 } });
  endSilentConnections(client, admin);
  await admin.connect();
  return admin;
}

/** All results, or the first failure once all have ended: what is left behind would go on by itself. */
async function all<Result>(work: readonly Promise<Result>[]): Promise<Result[]> {
  await Promise.allSettled(work);
  return Promise.all(work);
}

/** Asks for something of each partition of a topic. */
type AskEach<Answer> = (admin: Admin, topic: string) => Promise<(readonly [partition: number, answer: Answer])[]>;

/** The first offset that a partition has, and its next one. */
interface Edges {
  readonly low: number;
  readonly high: number;
}

const edgesOf: AskEach<Edges> = async (admin, topic) =>
  (await admin.fetchTopicOffsets(topic)).map(({ partition, low, high }) => [
    partition,
    { low: Number(low), high: Number(high) },
  ]);

async function byTopic<Answer>(
  admin: Admin,
  topics: readonly string[],
  ask: AskEach<Answer>,
): Promise<Map<string, Answer[]>> {
  const existing = new Set(await admin.listTopics());
  const entries = await all(
    topics
      .filter((topic) => existing.has(topic))
      .map(async (topic): Promise<[string, Answer[]]> => {
        const list: Answer[] = [];
        for (const [partition, answer] of await insist(() => ask(admin, topic))) list[partition] = answer;
        return [topic, list];
      }),
  );
  return new Map(entries);
}

const mapped = (edges: ReadonlyMap<string, readonly Edges[]>, which: keyof Edges): Map<string, number[]> =>
  new Map([...edges].map(([topic, list]) => [topic, list.map((partition) => partition[which])]));

/** Questions in all, and the wait before the second, in milliseconds; it grows. */
const stumblesMax = 5;
const stumbledMs = 100;

/**
 * kafkajs stumbles where it finds no partition of a topic: none has a leader, or, when several topics are new to it at one
 * time, what it learns of one makes it forget another. Then the next question to the same client finds it, and one to another would
 * stumble in the same way.
 */
async function insist<Result>(ask: () => Promise<Result>): Promise<Result> {
  for (let stumbles = 1; ; stumbles += 1)
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      if (stumbles === stumblesMax)
        throw new HuitongError('BROKER_UNAVAILABLE', 'asking for partitions that have no leader now', { cause: error });
      await sleep(stumbledMs * stumbles);
    }
}

/** Kafka is asked once for each time, since kafkajs gives one time to all partitions of a topic. */
async function offsetsByTime(
  admin: Admin,
  topic: string,
  times: ReadonlyMap<number, number>,
): Promise<[partition: number, offset: number][]> {
  const found = await all(
    [...new Set(times.values())].map(async (time) => {
      const offsets = await admin.fetchTopicOffsetsByTimestamp(topic, time);
      return offsets.filter(({ partition }) => times.get(partition) === time);
    }),
  );
  return found.flat().map(({ partition, offset }) => [partition, Number(offset)]);
}

/** A broker that has just started, or three of them on a busy machine, need a while. */
const createWithinMs = 30_000;

async function createMissing(admin: Admin, topics: readonly TopicSpec[], created: Set<string>): Promise<void> {
  const existing = new Set(await admin.listTopics());
  const missing = topics.filter(({ topic }) => !existing.has(topic));
  for (const { topic } of missing) created.add(topic);
  if (missing.length > 0)
    await admin.createTopics({
      waitForLeaders: true,
      timeout: createWithinMs,
      topics: missing.map(({ topic, partitions }) => ({
        topic,
        numPartitions: partitions,
        configEntries: [
          { name: 'cleanup.policy', value: 'delete' },
          { name: 'retention.ms', value: '-1' },
          { name: 'retention.bytes', value: '-1' },
          // Departments choose their own compression, and kafkajs ends at one that it does not know, as LZ4 and Snappy.
          { name: 'compression.type', value: 'uncompressed' },
          // The broker's clock tells what a lane has applied from what came later, whatever a department's clock says.
          { name: 'message.timestamp.type', value: 'LogAppendTime' },
        ],
      })),
    });
}
