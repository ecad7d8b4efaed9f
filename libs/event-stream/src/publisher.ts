import type { Message } from '@huitong/change-event';
import type { Producer } from 'kafkajs';
import { endSilentConnections, kafkaClient, translateKafkaError, type BrokerOptions } from './kafka-client.ts';
import { keepingPartitioner, type PlacedMessage } from './partitioner.ts';
import { encodeRequests } from './produce-request.ts';
import { ProducerLine, type Published } from './producer-line.ts';

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
  encodeRequests();
  const sendTimeoutMs = options.sendTimeoutMs ?? 10_000;
  let connected: Producer | undefined;
  const connect = async (): Promise<Producer> => {
    const client = kafkaClient(options);
    const producer = client.producer({
      idempotent: true,
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
      createPartitioner: keepingPartitioner,
      retry: { initialRetryTime: 50, maxRetryTime: 1_000, retries: 6 },
    });
    endSilentConnections(client, producer);
    producer.on(producer.events.DISCONNECT, () => {
      if (connected === producer) connected = undefined;
    });
    await producer.connect();
    return (connected = producer);
  };
  const line = new ProducerLine({ connect, partitionOf: ({ placed }: PlacedMessage) => placed, log: options.log });
  await line.open();
  return {
    async publish(topic, messages) {
      try {
        return await line.send(topic, messages.map(toKafka), sendTimeoutMs);
      } catch (error) {
        throw translateKafkaError(error, 'publishing to kafka');
      }
    },
    isConnected: () => connected !== undefined,
    disconnect: () => line.close(),
  };
}

const toKafka = ({ key, value, headers, partition }: Message): PlacedMessage => ({
  key,
  value,
  headers,
  placed: undefined,
  ...(partition === undefined ? {} : { partition }),
});
