import type { Message } from '@huitong/change-event';
import kafkajs, { type Producer } from 'kafkajs';
import { endSilentConnections, kafkaClient, translateKafkaError, type BrokerOptions } from './kafka-client.ts';
import { ProducerLine } from './producer-line.ts';
import { sendUntilAnswered } from './send-until-answered.ts';

const { Partitioners, CompressionTypes } = kafkajs;

/** Where a message went. */
export interface Published {
  readonly partition: number;
  /** The offset of the partition's first message of this call. */
  readonly baseOffset: number;
}

/** Publishes messages so that a message that was acknowledged is on the disks of all in-sync replicas. */
export interface Publisher {
  /** Resolves once Kafka has all messages; throws BROKER_UNAVAILABLE when it cannot, and then some may be there. */
  publish(topic: string, messages: readonly Message[]): Promise<Published[]>;
  isConnected(): boolean;
  disconnect(): Promise<void>;
}

/**
 * Connects an idempotent, non-transactional producer (acks all). Within one producer a retry never doubles a message;
 * after a failure the producer is made anew, and a message sent again is told by its event id.
 */
export async function createPublisher(
  options: BrokerOptions & { readonly sendTimeoutMs?: number },
): Promise<Publisher> {
  const sendTimeoutMs = options.sendTimeoutMs ?? 10_000;
  /** Which partition each message under way was placed in. */
  const placed = new WeakMap<kafkajs.Message, number>();
  let connected: Producer | undefined;
  const connect = async (): Promise<Producer> => {
    const client = kafkaClient(options);
    const producer = client.producer({
      idempotent: true,
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
      createPartitioner: () => {
        const partitionOf = Partitioners.DefaultPartitioner();
        return (args) => {
          const partition = partitionOf(args);
          placed.set(args.message, partition);
          return partition;
        };
      },
      retry: { initialRetryTime: 50, maxRetryTime: 1_000, retries: 6 },
    });
    endSilentConnections(client, producer);
    producer.on(producer.events.DISCONNECT, () => {
      if (connected === producer) connected = undefined;
    });
    await producer.connect();
    return (connected = producer);
  };
  const line = new ProducerLine(connect);
  await line.open();
  return {
    async publish(topic, messages) {
      const deadlineMs = performance.now() + sendTimeoutMs;
      const sending = line.alone(deadlineMs, (producer) => {
        const send = (some: kafkajs.Message[]): Promise<kafkajs.RecordMetadata[]> => {
          if (some.length < messages.length)
            options.log?.('warn', 'no broker answered for some messages, sending them again', {
              topic,
              count: some.length,
            });
          return producer.send({ topic, acks: -1, compression: CompressionTypes.None, messages: some });
        };
        const answered = sendUntilAnswered(messages.map(toKafka), send, (message) => placed.get(message));
        return withTimeout(answered, deadlineMs - performance.now());
      });
      try {
        const metadata = await withTimeout(sending, sendTimeoutMs);
        return metadata.map(({ partition, baseOffset }) => ({ partition, baseOffset: Number(baseOffset) }));
      } catch (error) {
        throw translateKafkaError(error, 'publishing to kafka');
      }
    },
    isConnected: () => connected !== undefined,
    disconnect: () => line.close(),
  };
}

const toKafka = ({ key, value, headers, partition }: Message): kafkajs.Message => ({
  key,
  value,
  headers,
  ...(partition === undefined ? {} : { partition }),
});

async function withTimeout<Result>(work: Promise<Result>, timeoutMs: number): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new kafkajs.KafkaJSError(`no answer within ${timeoutMs} ms`)), timeoutMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
