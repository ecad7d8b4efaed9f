import { createRequire } from 'node:module';
import { fetchVersion, readFetchAnswer } from './fetch-answer.ts';

/** A partition as kafkajs asks for it. */
interface AskedPartition {
  readonly partition: number;
  readonly fetchOffset: string;
  readonly maxBytes: number;
}

/** Some partitions of one topic. */
export interface AskedTopic {
  readonly topic: string;
  readonly partitions: readonly AskedPartition[];
}

/** What a request says of a session: who it is of, what is new since the last one, and what is no longer asked for. */
export interface SessionRequest {
  readonly sessionId: number;
  readonly sessionEpoch: number;
  readonly topics: readonly AskedTopic[];
  readonly forgottenTopics: readonly { readonly topic: string; readonly partitions: readonly number[] }[];
}

const epochMax = 2 ** 31 - 1;

/**
 * What a broker keeps of one consumer's partitions between fetches (KIP-227, incremental fetch sessions): a request names those that changed,
 * and an answer those that have something. One that went wrong in any way is thrown away, and the next one begins with all.
 */
export class FetchSession {
  #id = 0;
  #epoch = 0;
  /** By topic and partition, the offset that the broker was told last. */
  readonly #told = new Map<string, Map<number, string>>();

  /** The next request, where these are all partitions that are wanted now. */
  ask(wanted: readonly AskedTopic[]): SessionRequest {
    const topics = wanted
      .map(({ topic, partitions }) => ({ topic, partitions: this.#newOf(topic, partitions) }))
      .filter(({ partitions }) => partitions.length > 0);
    return { sessionId: this.#id, sessionEpoch: this.#epoch, topics, forgottenTopics: this.#forget(wanted) };
  }

  /** Takes the id that a broker answered with; whether it keeps the session. */
  goOn(id: number | undefined): boolean {
    if (!id || (this.#id !== 0 && id !== this.#id)) return false;
    this.#id = id;
    this.#epoch = this.#epoch === epochMax ? 1 : this.#epoch + 1;
    return true;
  }

  #newOf(topic: string, partitions: readonly AskedPartition[]): AskedPartition[] {
    let told = this.#told.get(topic);
    if (!told) this.#told.set(topic, (told = new Map<number, string>()));
    const changed = partitions.filter(({ partition, fetchOffset }) => told.get(partition) !== fetchOffset);
    for (const { partition, fetchOffset } of changed) told.set(partition, fetchOffset);
    return changed;
  }

  #forget(wanted: readonly AskedTopic[]): { topic: string; partitions: number[] }[] {
    const still = new Map(wanted.map(({ topic, partitions }) => [topic, partitions]));
    const forgotten: { topic: string; partitions: number[] }[] = [];
    for (const [topic, told] of this.#told) {
      const kept = still.get(topic) ?? [];
      if (told.size === kept.length) continue;
      const keep = new Set(kept.map(({ partition }) => partition));
      const partitions = [...told.keys()].filter((partition) => !keep.has(partition));
      for (const partition of partitions) told.delete(partition);
      forgotten.push({ topic, partitions });
    }
    return forgotten;
  }
}

/** What kafkajs asks of a broker, and is answered. */
interface FetchRequest {
  readonly topics: readonly AskedTopic[];
}
interface FetchAnswer {
  readonly errorCode?: number;
  readonly sessionId?: number;
  readonly responses: readonly {
    readonly topicName: string;
    readonly partitions: readonly { readonly messages: readonly unknown[]; readonly preferredReadReplica?: number }[];
  }[];
}
/** A request, and how its answer is read. */
interface Exchange {
  readonly request: { readonly apiVersion: number };
  readonly response: { readonly decode: (bytes: Buffer) => Promise<unknown> };
}
interface Broker {
  readonly connectionPool: { send(exchange: Exchange): Promise<FetchAnswer> };
  lookupRequest(apiKey: number, definition: unknown): (request: object) => Exchange;
  disconnect(): Promise<void>;
  fetch(request: FetchRequest): Promise<FetchAnswer>;
}

// Both are private to kafkajs, whose version is pinned.
const kafkajs = createRequire(import.meta.url);
const { prototype: broker } = kafkajs('kafkajs/src/broker/index.js') as { prototype: Broker };
const { requests } = kafkajs('kafkajs/src/protocol/requests/index.js') as { requests: { Fetch: unknown } };
const { Fetch: apiKey } = kafkajs('kafkajs/src/protocol/requests/apiKeys.js') as { Fetch: number };

/** The session of each broker that nobody is asking right now. */
const sessions = new WeakMap<Broker, FetchSession>();

async function fetchInSession(this: Broker, request: FetchRequest): Promise<FetchAnswer> {
  const session = sessions.get(this) ?? new FetchSession();
  sessions.delete(this);
  const fetch = this.lookupRequest(apiKey, requests.Fetch);
  try {
    const exchange = fetch({ ...request, ...session.ask(request.topics) });
    const answer = await this.connectionPool.send(withRecordsUnread(exchange));
    if (!answer.errorCode && session.goOn(answer.sessionId)) sessions.set(this, session);
    return { ...answer, responses: answer.responses.map(withoutEmpty) };
  } catch (error) {
    if ((error as Error).name === 'KafkaJSConnectionClosedError') await this.disconnect();
    throw error;
  }
}

/** Of a broker too old for the version that is read here, kafkajs reads the answer. */
const withRecordsUnread = (exchange: Exchange): Exchange =>
  exchange.request.apiVersion === fetchVersion
    ? { ...exchange, response: { ...exchange.response, decode: readFetchAnswer } }
    : exchange;

/** kafkajs makes a batch, a worker's turn and ten numbers of text of a partition that has nothing, to do nothing with it. */
const withoutEmpty = (topic: FetchAnswer['responses'][number]): FetchAnswer['responses'][number] => ({
  ...topic,
  partitions: topic.partitions.filter(
    ({ messages, preferredReadReplica = -1 }) => messages.length > 0 || preferredReadReplica !== -1,
  ),
});

/**
 * Lets all consumers of this process fetch in sessions. kafkajs knows the fields of the request and leaves them empty: it names every
 * partition in every fetch, and is answered with every one, a hundred times a second. And lets them have record batches for messages, which
 * `messagesOf` reads: kafkajs would make some twenty objects of each record.
 */
export function fetchInSessions(): void {
  broker.fetch = fetchInSession;
}
