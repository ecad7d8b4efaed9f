import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import kafkajs from 'kafkajs';
import { createPublisher, type Publisher } from './publisher.ts';
import { createTopicAdmin, type TopicAdmin } from './topic-admin.ts';
import { createTopicReader } from './topic-reader.ts';

type Produce = (...args: unknown[]) => Promise<unknown>;

const options = { brokers: (process.env['KAFKA_BROKERS'] ?? '').split(','), clientId: 'spec' };
let admin: TopicAdmin;
let publisher: Publisher;
let broker: { produce: Produce };

beforeAll(async () => {
  // What every connection of kafkajs to a broker is made of; it has no types.
  const file = 'kafkajs/src/broker/index.js';
  broker = ((await import(file)) as { default: { prototype: typeof broker } }).default.prototype;
  admin = createTopicAdmin(options);
  publisher = await createPublisher({ ...options, sendTimeoutMs: 5_000 });
});
afterEach(() => {
  jest.restoreAllMocks();
});
afterAll(async () => {
  await publisher.disconnect();
  await admin.disconnect();
});

const newTopic = async (): Promise<string> => {
  const topic = `spec.${randomUUID()}`;
  await admin.ensureTopics([{ topic, partitions: 1 }]);
  return topic;
};

const message = (text: string) => ({ key: 'k', value: Buffer.from(text), headers: {} });

async function published(topic: string): Promise<string[]> {
  const reader = createTopicReader(options);
  try {
    const end = (await admin.endOffsets([topic])).get(topic)![0]!;
    const messages = await reader.read(topic, { partition: 0, from: 0, before: end });
    return messages.map(({ value }) => value!.toString());
  } finally {
    await reader.disconnect();
  }
}

/** How many requests go to the broker from now on. */
function countRequests(): () => number {
  const produce = broker.produce;
  let count = 0;
  jest.spyOn(broker, 'produce').mockImplementation(function (this: unknown, ...args) {
    count += 1;
    return produce.apply(this, args);
  });
  return () => count;
}

/** The broker takes what it is asked to, and its next answers, so many of them, are lost on the way. */
function loseAnswers(count: number): void {
  const produce = broker.produce;
  let left = count;
  jest.spyOn(broker, 'produce').mockImplementation(async function (this: unknown, ...args) {
    const answer = await produce.apply(this, args);
    if (left-- > 0) throw new kafkajs.KafkaJSConnectionError('Closed connection');
    return answer;
  });
}

describe('a publisher', () => {
  it('has on the broker, once, whatever it confirmed, though the answer to what went before was lost', async () => {
    const topic = await newTopic();
    loseAnswers(1);
    await Promise.all([publisher.publish(topic, [message('one')]), publisher.publish(topic, [message('other')])]);
    expect(await published(topic)).toEqual(['one', 'other']);
  });

  it('goes on with another producer where it gave up, and those who wait with it', async () => {
    const topic = await newTopic();
    loseAnswers(7);
    const outcomes = await Promise.allSettled(
      ['one', 'other', 'third'].map((text) => publisher.publish(topic, [message(text)])),
    );
    const texts = await published(topic);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
    expect(texts).toEqual(['one', 'other', 'third']);
  });

  it('sends together what was asked for while it sent, and tells each caller where its own messages are', async () => {
    const [topic, elsewhere] = [await newTopic(), await newTopic()];
    const requests = countRequests();
    const places = await Promise.all([
      publisher.publish(topic, [message('one')]),
      publisher.publish(topic, [message('two'), message('three')]),
      publisher.publish(elsewhere, [message('other')]),
      publisher.publish(topic, [message('four')]),
    ]);
    expect(requests()).toBe(2);
    expect(places.flat().map(({ baseOffset }) => baseOffset)).toEqual([0, 1, 0, 3]);
    expect(await published(topic)).toEqual(['one', 'two', 'three', 'four']);
    expect(await published(elsewhere)).toEqual(['other']);
  });

  it('refuses what the broker does not take, and not what was to go with it', async () => {
    const topic = await newTopic();
    const tooLarge = message('x'.repeat(2 << 20));
    const outcomes = await Promise.allSettled(
      [message('one'), message('two'), tooLarge, message('three')].map((some) => publisher.publish(topic, [some])),
    );
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
    expect(await published(topic)).toEqual(['one', 'two', 'three']);
  });
});
