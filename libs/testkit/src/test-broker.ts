import { randomUUID } from 'node:crypto';
import kafkajs, { type IHeaders, type Kafka, type Transaction } from 'kafkajs';

const { Kafka: KafkaClient, logLevel } = kafkajs;

/** A place in a topic. */
interface Place {
  readonly topic: string;
  readonly partition: number;
}

/** Does to a real broker what people and programs outside the exchange may do to it. */
export class TestBroker {
  readonly #client: Kafka;

  constructor(brokers: readonly string[]) {
    this.#client = new KafkaClient({ clientId: 'spec', brokers: [...brokers], logLevel: logLevel.NOTHING });
  }

  /** Publishes a message in a transaction that stays open until the answer is called, which takes it back. */
  async openTransaction({
    topic,
    partition,
    ...message
  }: Place & { key: Buffer | null; value: Buffer; headers: IHeaders }): Promise<() => Promise<void>> {
    const producer = this.#client.producer({
      transactionalId: `spec-${randomUUID()}`,
      maxInFlightRequests: 1,
      idempotent: true,
      transactionTimeout: 60_000,
    });
    await producer.connect();
    const transaction: Transaction = await producer.transaction();
    await transaction.send({ topic, messages: [{ ...message, partition }] });
    return async () => {
      await transaction.abort();
      await producer.disconnect();
    };
  }

  /** Removes all messages of a partition before an offset, as retention does. */
  async deleteBefore({ topic, partition }: Place, offset: number): Promise<void> {
    const admin = this.#client.admin();
    await admin.connect();
    // Only then kafkajs knows where the partition is.
    await admin.fetchTopicOffsets(topic);
    await admin.deleteTopicRecords({ topic, partitions: [{ partition, offset: String(offset) }] });
    await admin.disconnect();
  }

  /** Moves a consumer group that has no member. */
  async commit(groupId: string, { topic, partition }: Place, offset: number): Promise<void> {
    const admin = this.#client.admin();
    await admin.connect();
    await admin.setOffsets({ groupId, topic, partitions: [{ partition, offset: String(offset) }] });
    await admin.disconnect();
  }
}
