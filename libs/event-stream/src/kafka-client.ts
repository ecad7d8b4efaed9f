import { HuitongError } from '@huitong/change-event';
import kafkajs, {
  type Admin,
  type Consumer,
  type ISocketFactory,
  type Kafka as KafkaClient,
  type KafkaConfig,
  type Producer,
} from 'kafkajs';
import { connect, type Socket } from 'node:net';
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
  /** Who has no answer by then takes the connection for dead; 30 s by default. */
  readonly requestTimeoutMs?: number;
  /** How often a request is made again; 8 times by default. */
  readonly retries?: number;
  /** Called whenever a connection to a broker ends that had stood. */
  readonly onBroken?: () => void;
}

// Departments choose their own compression; kafkajs brings only gzip and dies of an unknown codec.
CompressionCodecs[CompressionTypes.ZSTD] = () => ({
  compress: ({ buffer }: { buffer: Buffer }) => promisify(zstdCompress)(buffer),
  decompress: (buffer: Buffer) => promisify(zstdDecompress)(buffer),
});

const socketsOf = new WeakMap<KafkaClient, Set<Socket>>();

/** As kafkajs has it. */
const keepAliveMs = 60_000;

const levels: Record<number, 'error' | 'warn' | 'info'> = { 1: 'error', 2: 'warn', 4: 'info' };

/** A new kafkajs client with our defaults: bounded waits, no automatic topics, its log in our form. */
export function kafkaClient(options: BrokerOptions): KafkaClient {
  const sockets = new Set<Socket>();
  const config: KafkaConfig = {
    clientId: options.clientId,
    brokers: [...options.brokers],
    connectionTimeout: 3_000,
    requestTimeout: options.requestTimeoutMs ?? 30_000,
    retry: { initialRetryTime: 100, maxRetryTime: 2_000, retries: options.retries ?? 8 },
    logLevel: logLevel.WARN,
    socketFactory: watchedSockets(sockets, options.onBroken),
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
  const client = new Kafka(config);
  socketsOf.set(client, sockets);
  return client;
}

/** kafkajs tells nobody that a connection ended, and takes the next one as if it were the same. */
function watchedSockets(sockets: Set<Socket>, onBroken: (() => void) | undefined): ISocketFactory {
  return ({ host, port, onConnect }) => {
    const socket = connect({ host, port }, onConnect);
    socket.setKeepAlive(true, keepAliveMs);
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    socket.once('connect', () => socket.once('close', () => onBroken?.()));
    return socket;
  };
}

/**
 * Ends a client's connections whenever one of its requests got no answer in time: packets may vanish without an end or a
 * reset, and kafkajs would try again on the same connection, for minutes.
 */
export function endSilentConnections(client: KafkaClient, user: Admin | Consumer | Producer): void {
  // Each kind of user has the event, under a type of its own.
  const { on, events } = user as Consumer;
  on(events.REQUEST_TIMEOUT, () => {
    for (const socket of socketsOf.get(client) ?? []) socket.destroy(new Error('a request got no answer in time'));
  });
}

/** What kafkajs says, as a plain error, of a broker whose connection ended between being chosen and being used. */
const notConnected = 'Broker not connected';

/** Turns an error of kafkajs into ours, once; what is not of kafkajs or the network stays what it is. */
export function translateKafkaError(error: unknown, attempting: string): unknown {
  if (error instanceof HuitongError) return error;
  if (
    error instanceof KafkaJSError ||
    (error instanceof Error && ('syscall' in error || error.message === notConnected))
  )
    return new HuitongError('BROKER_UNAVAILABLE', attempting, { cause: error });
  return error;
}
