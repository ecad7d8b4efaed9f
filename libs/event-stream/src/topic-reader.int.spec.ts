import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import kafkajs from 'kafkajs';
import { fetchInSessions } from './fetch-session.ts';
import { kafkaClient } from './kafka-client.ts';
import { createPublisher, type Publisher } from './publisher.ts';
import { createTopicAdmin, type TopicAdmin } from './topic-admin.ts';
import { createTopicReader, type TopicReader } from './topic-reader.ts';
import { TopicScan } from './topic-scan.ts';

const options = { brokers: (process.env['KAFKA_BROKERS'] ?? '').split(','), clientId: 'spec' };
const readerId = `spec-${randomUUID()}`;
const partitions = 3;
const sent = 2_000;
const topic = `spec.${randomUUID()}`;
let admin: TopicAdmin;
let publisher: Publisher;
let reader: TopicReader;

beforeAll(async () => {
  admin = createTopicAdmin(options);
  publisher = await createPublisher(options);
  reader = createTopicReader({ ...options, clientId: readerId });
  await admin.ensureTopics([{ topic, partitions }]);
  for (let first = 0; first < sent; first += 500)
    await publisher.publish(
      topic,
      Array.from({ length: 500 }, (_, at) => ({
        key: `k${(first + at) % 50}`,
        value: Buffer.from(String(first + at)),
        headers: { ce_id: String(first + at) },
      })),
    );
});
afterAll(async () => {
  await publisher.disconnect();
  await reader.disconnect();
  await admin.disconnect();
});

async function scanOf(order: 'newest' | 'oldest'): Promise<TopicScan> {
  const ends = (await admin.endOffsets([topic])).get(topic)!;
  const edges = ends.map((end, partition) => ({ partition, begin: 0, end, edge: order === 'newest' ? end : 0 }));
  return new TopicScan((range) => reader.read(topic, range), edges, order);
}

describe('a topic reader, with a real broker', () => {
  it('reads every message of every partition once, with its headers, and leaves no group behind', async () => {
    // Other specs come and go on the same broker: a group of the reader's would have a member of its name.
    const joined = async (): Promise<string[]> => {
      const client = kafkaClient(options).admin();
      await client.connect();
      const ids = (await client.listGroups()).groups.map(({ groupId }) => groupId);
      const { groups } = await client.describeGroups(ids);
      await client.disconnect();
      return groups
        .filter(({ members }) => members.some(({ clientId }) => clientId === readerId))
        .map(({ groupId }) => groupId);
    };
    for (const order of ['newest', 'oldest'] as const) {
      const scan = await scanOf(order);
      const values: number[] = [];
      for (let message = await scan.next(); message; message = await scan.next()) {
        values.push(Number(message.value));
        if (values.length === sent / 2) expect(await joined()).toEqual([]);
        expect(String(message.headers()['ce_id'])).toBe(String(message.value));
      }
      expect(values.toSorted((a, b) => a - b)).toEqual(Array.from({ length: sent }, (_, at) => at));
    }
    expect(await admin.groupsOf(topic)).toEqual([]);
    expect(await joined()).toEqual([]);
  });

  it('begins and ends in the midst of what was published together', async () => {
    const [found] = await Promise.all([
      reader.read(topic, { partition: 1, from: 101, before: 133 }),
      reader.read(topic, { partition: 2, from: 7, before: 8 }),
    ]);
    expect(found.map(({ offset }) => offset)).toEqual(Array.from({ length: 32 }, (_, at) => 101 + at));
  });

  it('reads the same in a process that reads record batches itself', async () => {
    const range = { partition: 0, from: 5, before: 300 };
    const plain = async (): Promise<object[]> =>
      (await reader.read(topic, range)).map(({ headers, ...message }) => ({ ...message, headers: headers() }));
    const before = await plain();
    fetchInSessions();
    expect(await plain()).toEqual(before);
    expect(before).toHaveLength(295);
  });

  it('tells how a topic is kept, and nothing of one that is not there', async () => {
    const kept = { cleanupPolicy: 'delete', retentionMs: null, retentionBytes: null };
    expect(await admin.retentions([topic, 'spec.none'])).toEqual(new Map([[topic, kept]]));
  });

  it('reads what was compressed in a way that kafkajs does not know, since the broker keeps it plain', async () => {
    // One block of an LZ4 frame, stored as it is.
    const frame = (data: Buffer): Buffer => {
      const size = Buffer.alloc(4);
      size.writeUInt32LE((data.length | 0x8000_0000) >>> 0);
      return Buffer.concat([Buffer.from('04224d18604082', 'hex'), size, data, Buffer.alloc(4)]);
    };
    kafkajs.CompressionCodecs[kafkajs.CompressionTypes.LZ4] = () => ({
      compress: ({ buffer }: { buffer: Buffer }) => Promise.resolve(frame(buffer)),
      decompress: () => Promise.reject(new Error('the broker handed out what was compressed')),
    });
    const compressed = `spec.${randomUUID()}`;
    await admin.ensureTopics([{ topic: compressed, partitions: 1 }]);
    const producer = kafkaClient(options).producer();
    await producer.connect();
    await producer.send({ topic: compressed, compression: kafkajs.CompressionTypes.LZ4, messages: [{ value: 'a' }] });
    await producer.disconnect();
    const [message] = await reader.read(compressed, { partition: 0, from: 0, before: 1 });
    expect(String(message!.value)).toBe('a');
  });

  it('throws BROKER_UNAVAILABLE where the topic or the broker is away', async () => {
    const range = { partition: 0, from: 0, before: 1 };
    await expect(reader.read('spec.none', range)).rejects.toMatchObject({ code: 'BROKER_UNAVAILABLE' });
    const lost = createTopicReader({ brokers: ['127.0.0.1:1'], clientId: 'spec' });
    await expect(lost.read(topic, range)).rejects.toMatchObject({ code: 'BROKER_UNAVAILABLE' });
    expect(await reader.read(topic, range)).toHaveLength(1);
  });
});
