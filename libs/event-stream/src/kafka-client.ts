import { HuitongError } from '@huitong/change-event';
import kafkajs, { type Kafka as KafkaClient, type KafkaConfig } from 'kafkajs';
import { promisify } from 'node:util';
import { zstdCompress, zstdDecompress } from 'node:zlib';

const { Kafka, CompressionCodecs, CompressionTypes, KafkaJSError, logLevel } = kafkajs;

/** One line of the Kafka client: a level, what happened, and names and numbers only, never a key or a value. */
export type StreamLog = (level: 'info' | 'warn' | 'error', message: string, context: Record<string, unknown>) => void;

/** How to reach the brokers; one client is made for each user, since kafkajs keeps committed offsets per client. */
export interface BrokerOptions {
  readonly brokers: readonly string[];
  readonly clientId: string;
  readonly log?: StreamLog;
}

// Departments choose their own compression; kafkajs brings only gzip and dies of an unknown codec.
CompressionCodecs[CompressionTypes.ZSTD] = () => ({
  compress: ({ buffer }: { buffer: Buffer }) => promisify(zstdCompress)(buffer),
  decompress: (buffer: Buffer) => promisify(zstdDecompress)(buffer),
});

const levels: Record<number, 'error' | 'warn' | 'info'> = { 1: 'error', 2: 'warn', 4: 'info' };

/** A new kafkajs client with our defaults: bounded waits, no automatic topics, its log in our form. */
export function kafkaClient(options: BrokerOptions): KafkaClient {
  const config: KafkaConfig = {
    clientId: options.clientId,
    brokers: [...options.brokers],
    connectionTimeout: 3_000,
    requestTimeout: 30_000,
    retry: { initialRetryTime: 100, maxRetryTime: 2_000, retries: 8 },
    logLevel: logLevel.WARN,
    logCreator:
      () =>
      ({ level, log }) => {
        // kafkajs puts request payloads nowhere, yet only its named fields are passed on.
        const { message, groupId, topic, partition, error } = log as Record<string, unknown> & { message: string };
        options.log?.(levels[level] ?? 'info', `kafka client: ${message}`, {
          groupId,
          topic,
          partition,
          reason: error,
        });
      },
  };
  return new Kafka(config);
}

/** Turns an error of kafkajs into ours, once; what is not of kafkajs or the network stays what it is. */
export function translateKafkaError(error: unknown, attempting: string): unknown {
  if (error instanceof HuitongError) return error;
  if (error instanceof KafkaJSError || (error instanceof Error && 'syscall' in error))
    return new HuitongError('BROKER_UNAVAILABLE', attempting, { cause: error });
  return error;
}
