import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { kafkaClient } from './kafka-client.ts';
import { createTopicAdmin, type TopicAdmin } from './topic-admin.ts';

const options = { brokers: (process.env['KAFKA_BROKERS'] ?? '').split(','), clientId: 'spec' };
const topic = `spec.${randomUUID()}`;
const client = kafkaClient(options);
let admin: TopicAdmin;

beforeAll(async () => {
  admin = createTopicAdmin(options);
  await admin.ensureTopics([{ topic, partitions: 2 }]);
});
afterAll(async () => {
  await admin.disconnect();
});

describe('what the brokers know beside topics', () => {
  it('is each consumer group with what it has committed, and nothing of what it has not', async () => {
    const groupId = `spec-${randomUUID()}`;
    const kafka = client.admin();
    await kafka.connect();
    await kafka.setOffsets({ groupId, topic, partitions: [{ partition: 1, offset: '7' }] });
    await kafka.disconnect();
    const group = (await admin.groups()).find((group) => group.groupId === groupId);
    const committed = new Map([[topic, new Map([[1, 7]])]]);
    expect(group).toEqual({ groupId, state: 'Empty', members: 0, topics: [topic], committed });
  });

  it('is how far an open transaction has written, where nobody may read yet', async () => {
    const producer = client.producer({ transactionalId: `spec-${randomUUID()}`, maxInFlightRequests: 1 });
    await producer.connect();
    const transaction = await producer.transaction();
    await transaction.send({ topic, messages: [{ value: 'a', partition: 0 }] });
    expect((await admin.highWatermarks([topic])).get(topic)).toEqual([1, 0]);
    expect((await admin.endOffsets([topic])).get(topic)).toEqual([0, 0]);
    await transaction.abort();
    await producer.disconnect();
    // The abort is a message of its own, and written when the broker comes to it.
    while ((await admin.endOffsets([topic])).get(topic)![0] !== 2) await sleep(20);
  });
});
