import { HuitongError } from '@huitong/change-event';
import kafkajs, { type ISocketFactory, type Kafka as KafkaClient, type KafkaConfig } from 'kafkajs';
import { connect } from 'node:net';
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
  /** Called whenever a connection to a broker ends that had stood. */
  readonly onBroken?: () => void;
}

// Departments choose their own compression; kafkajs brings only gzip and dies of an unknown codec.
CompressionCodecs[CompressionTypes.ZSTD] = () => ({
  compress: ({ buffer }: { buffer: Buffer }) => promisify(zstdCompress)(buffer),
  decompress: (buffer: Buffer) => promisify(zstdDecompress)(buffer),
});

/** As kafkajs has it. */
const keepAliveMs = 60_000;

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
    ...(options.onBroken ? { socketFactory: watchedSockets(options.onBroken) } : {}),
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

/** kafkajs tells nobody that a connection ended, and takes the next one as if it were the same. */
function watchedSockets(onBroken: () => void): ISocketFactory {
  return ({ host, port, onConnect }) => {
    const socket = connect({ host, port }, onConnect);
    socket.setKeepAlive(true, keepAliveMs);
    socket.once('connect', () => socket.once('close', onBroken));
    return socket;
  };
}

/** Turns an error of kafkajs into ours, once; what is not of kafkajs or the network stays what it is. */
export function translateKafkaError(error: unknown, attempting: string): unknown {
  if (error instanceof HuitongError) return error;
  if (error instanceof KafkaJSError || (error instanceof Error && 'syscall' in error))
    return new HuitongError('BROKER_UNAVAILABLE', attempting, { cause: error });
  return error;
}
