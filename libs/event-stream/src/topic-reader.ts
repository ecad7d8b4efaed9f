import type { Kafka as KafkaClient } from 'kafkajs';
import { FetchedBatch, messagesOf } from './fetched-batch.ts';
import { kafkaClient, translateKafkaError, type BrokerOptions } from './kafka-client.ts';
import type { FetchedMessage } from './lane-buffer.ts';

/** A message where it lies. */
export interface StoredMessage extends FetchedMessage {
  readonly partition: number;
}

/** Which messages of a partition: from an offset on, and before another. */
export interface OffsetRange {
  readonly partition: number;
  readonly from: number;
  readonly before: number;
}

/**
 * Reads messages where they lie, for people who look: no consumer group is joined, so nobody's lanes move, nothing is
 * committed and nothing of the look is left on the broker. Throws BROKER_UNAVAILABLE when Kafka is away.
 */
export interface TopicReader {
  /** The messages of a range, in their order; fewer where compaction or retention took some. */
  read(topic: string, range: OffsetRange): Promise<StoredMessage[]>;
  /**
   * The offset behind the last message of each partition, by topic, those of open transactions included: nobody may read on
   * from the first of these before it has ended.
   */
  highWatermarks(topics: readonly string[]): Promise<Map<string, number[]>>;
  disconnect(): Promise<void>;
}

interface RawPartition {
  readonly partition: number;
  readonly messages: readonly { readonly offset: string }[];
}
// Private to kafkajs, whose version is pinned: its public consumer always joins a group. The spec reads through it.
interface Broker {
  fetch(request: object): Promise<{ responses: readonly { partitions: readonly RawPartition[] }[] }>;
}
interface Cluster {
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  addTargetTopic(topic: string): Promise<void>;
  addMultipleTargetTopics(topics: readonly string[]): Promise<void>;
  findTopicPartitionMetadata(topic: string): readonly { readonly partitionId: number }[];
  fetchTopicsOffset(
    topics: readonly { topic: string; partitions: readonly { partition: number }[]; fromBeginning: boolean }[],
  ): Promise<{ topic: string; partitions: { partition: number; offset: string }[] }[]>;
  findLeaderForPartitions(topic: string, partitions: readonly number[]): Readonly<Record<string, number[]>>;
  findBroker(node: { nodeId: string }): Promise<Broker>;
}
function clusterOf(client: KafkaClient): Cluster {
  const create = Object.getOwnPropertySymbols(client).find(
    ({ description }) => description === 'private:Kafka:createCluster',
  )!;
  const { [create]: createCluster } = client as unknown as Record<symbol, (options: object) => Cluster>;
  return createCluster!({ metadataMaxAge: 60_000, allowAutoTopicCreation: false, isolationLevel: readUncommitted });
}

/** As the sync services read: what a transaction took back is not there. */
const readCommitted = 1;
/** For offsets: behind all that is there. */
const readUncommitted = 0;
/** A look is worth no longer wait on a broker that is away. */
const requestTimeoutMs = 5_000;
/** An answer holds one whole batch of messages at least, whatever its size. */
const fetchBytesMax = 1 << 20;

/** A reader that connects at its first use and again after a failure. */
export function createTopicReader(options: BrokerOptions): TopicReader {
  let current: Promise<Connection> | undefined;
  const end = (connection: Promise<Connection> | undefined): Promise<void> | undefined =>
    connection?.then(({ cluster }) => cluster.disconnect()).catch(() => {});
  // A connection that the broker has closed since, or a leader that moved, is found out by the first attempt.
  const use = async <Result>(
    attempting: string,
    work: (connection: Connection) => Promise<Result>,
  ): Promise<Result> => {
    for (let attempt = 1; ; attempt += 1) {
      const connection = (current ??= connect(options));
      try {
        return await work(await connection);
      } catch (error) {
        if (current === connection) current = undefined;
        void end(connection);
        if (attempt === 2) throw translateKafkaError(error, attempting);
      }
    }
  };
  return {
    read: (topic, range) => use('reading messages of a topic', (connection) => readRange(connection, topic, range)),
    highWatermarks: (topics) =>
      use('asking kafka for high watermarks', (connection) => highWatermarks(connection, topics)),
    async disconnect() {
      const connection = current;
      current = undefined;
      await end(connection);
    },
  };
}

/** kafkajs opens a connection for each who needs one at the same time, and ends but the last: so one question at a time. */
interface Connection {
  readonly cluster: Cluster;
  answered: Promise<unknown>;
}

async function connect(options: BrokerOptions): Promise<Connection> {
  const cluster = clusterOf(kafkaClient({ requestTimeoutMs, retries: 1, ...options }));
  try {
    await cluster.connect();
    return { cluster, answered: Promise.resolve() };
  } catch (error) {
    await cluster.disconnect().catch(() => {});
    throw error;
  }
}

/** A fetch from the leader of the partition, once those before it are answered. */
function fetchFrom(connection: Connection, topic: string, partition: number, offset: number): Promise<RawPartition> {
  const fetched = connection.answered.then(async () => {
    const { cluster } = connection;
    await cluster.addTargetTopic(topic);
    const [nodeId] = Object.keys(cluster.findLeaderForPartitions(topic, [partition]));
    const broker = await cluster.findBroker({ nodeId: nodeId! });
    const { responses } = await broker.fetch({
      isolationLevel: readCommitted,
      maxWaitTime: 0,
      maxBytes: fetchBytesMax,
      topics: [{ topic, partitions: [{ partition, fetchOffset: String(offset), maxBytes: fetchBytesMax }] }],
    });
    return responses[0]?.partitions[0] ?? { partition, messages: [] };
  });
  connection.answered = fetched.catch(() => {});
  return fetched;
}

/** One question for all topics. */
function highWatermarks(connection: Connection, topics: readonly string[]): Promise<Map<string, number[]>> {
  const asked = connection.answered.then(async () => {
    const { cluster } = connection;
    await cluster.addMultipleTargetTopics(topics);
    const known = topics.map((topic) => ({
      topic,
      partitions: cluster.findTopicPartitionMetadata(topic).map(({ partitionId }) => ({ partition: partitionId })),
      fromBeginning: false,
    }));
    const answers = await cluster.fetchTopicsOffset(known.filter(({ partitions }) => partitions.length > 0));
    return new Map(
      answers.map(({ topic, partitions }) => [
        topic,
        partitions.toSorted((a, b) => a.partition - b.partition).map(({ offset }) => Number(offset)),
      ]),
    );
  });
  connection.answered = asked.catch(() => {});
  return asked;
}

async function readRange(connection: Connection, topic: string, range: OffsetRange): Promise<StoredMessage[]> {
  const { partition, from, before } = range;
  const found: StoredMessage[] = [];
  for (let next = from; next < before;) {
    const answered = await fetchFrom(connection, topic, partition, next);
    const messages = messagesOf(new FetchedBatch(topic, String(next), answered));
    found.push(...messages.map((message) => storedOf(partition, message)).filter(({ offset }) => offset < before));
    const last = answered.messages.at(-1);
    // Nothing more is there: what the range ends with was taken by compaction.
    if (!last || Number(last.offset) < next) return found;
    next = Number(last.offset) + 1;
  }
  return found;
}

const storedOf = (partition: number, { offset, timestampMs, key, value, headers }: FetchedMessage): StoredMessage => ({
  partition,
  offset,
  timestampMs,
  key,
  value,
  headers,
});
