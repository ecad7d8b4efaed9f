import { datasets, HuitongError, laneOf, type EventCodec } from '@huitong/change-event';
import {
  TopicScan,
  type ScanOrder,
  type ScanPartition,
  type StoredMessage,
  type TopicAdmin,
  type TopicReader,
} from '@huitong/event-stream';
import { checkIdentifier } from '@huitong/identifiers';
import { checkPurpose, type AccessLog } from './access-log.ts';
import type { Reader } from './subject-reader.ts';
import { readTopicMessages, type ReadMessage, type TopicMessage } from './topic-messages.ts';
import type { TopicPlace } from './topic-places.ts';

/** Where one begins to look: at a time, at an offset of one partition, or where an earlier look stopped. */
export type LookFrom =
  | { readonly timeMs: number }
  | { readonly offset: number }
  | { readonly edges: readonly { readonly partition: number; readonly edge: number }[] };

/** What one looks for in a topic. */
export interface TopicQuestion {
  readonly place: TopicPlace;
  readonly order: ScanOrder;
  readonly from?: LookFrom | undefined;
  readonly partition?: number | undefined;
  /** Only messages of this key, which all lie in one partition. */
  readonly key?: string | undefined;
  readonly kinds?: readonly TopicMessage['kind'][] | undefined;
  /** Who sees values; without one they are masked. */
  readonly reader?: Reader | undefined;
  /** Who asks by a key, which is a read of its subject even where values are masked. */
  readonly asker: Omit<Reader, 'purpose'> & { readonly purpose?: string | undefined };
}

/** One partition as far as it was looked at: the messages from `from` on and before `before`. */
export interface LookedAt extends ScanPartition {
  readonly from: number;
  readonly before: number;
}

/** What was found, and how far was looked: where it is not the end, {@link LookFrom} `edges` goes on there. */
export interface TopicPage {
  readonly messages: readonly TopicMessage[];
  /** Messages decoded to find them. */
  readonly scanned: number;
  readonly looked: readonly LookedAt[];
  readonly isEnd: boolean;
}

/** What a look may cost at most. */
export interface LookBounds {
  readonly messages: number;
  readonly scanned: number;
  readonly ms: number;
}

/** What is needed to look into topics. */
export interface TopicParts {
  readonly admin: Pick<TopicAdmin, 'beginningOffsets' | 'endOffsets' | 'offsetsSince'>;
  readonly reader: TopicReader;
  readonly codec: EventCodec;
  readonly log: AccessLog;
}

/**
 * A look into a topic, page by page, over what is there when it begins. Values are only for a reader with a purpose; that,
 * and whose messages they are, is in the access log before a page is answered, and so is who looked for a key
 * (PURPOSE_REQUIRED, DATABASE_UNAVAILABLE). Who may be a reader is for the caller to say.
 */
export class TopicLook {
  readonly #parts: TopicParts;
  readonly #question: TopicQuestion;
  readonly #key: Buffer | undefined;
  readonly #partitions: readonly ScanPartition[];
  readonly #scan: TopicScan;

  private constructor(parts: TopicParts, question: TopicQuestion, key: string | undefined, found: ScanPartition[]) {
    this.#parts = parts;
    this.#question = question;
    this.#key = key === undefined ? undefined : Buffer.from(key);
    this.#partitions = found;
    this.#scan = new TopicScan((range) => parts.reader.read(question.place.topic, range), found, question.order);
  }

  /** NOT_FOUND where the brokers do not have the topic, REQUEST_INVALID for a partition that it does not have. */
  static async begin(parts: TopicParts, question: TopicQuestion): Promise<TopicLook> {
    const { place, reader, asker } = question;
    if (reader) checkPurpose(reader.purpose);
    const key = question.key === undefined ? undefined : canonicalKey(place, question.key);
    if (key !== undefined) {
      const purpose = asker.purpose ?? '';
      checkPurpose(purpose);
      await parts.log.write(entryOf(place, { ...asker, purpose }, key, []));
    }
    return new TopicLook(parts, question, key, await partitionsOf(parts, question, key));
  }

  /** The next page; empty at the end, or where nothing was found within the bounds. */
  async page(bounds: LookBounds): Promise<TopicPage> {
    const endMs = Date.now() + bounds.ms;
    const before = new Map(this.#scan.edges.map(({ partition, edge }) => [partition, edge]));
    const found: ReadMessage[] = [];
    let scanned = 0;
    let isOver = false;
    while (found.length < bounds.messages && !isOver) {
      const batch: StoredMessage[] = [];
      while (batch.length < bounds.messages - found.length && !isOver) {
        const message = await this.#scan.next();
        if (message) scanned += 1;
        if (message && (!this.#key || message.key?.equals(this.#key))) batch.push(message);
        isOver = !message || scanned >= bounds.scanned || Date.now() >= endMs;
      }
      found.push(...(await this.#read(batch)));
    }
    if (this.#question.reader) await this.#log(found, this.#question.reader);
    const looked = this.#looked(before);
    const until = this.#question.order === 'newest' ? 'begin' : 'end';
    return {
      messages: found.map(({ message }) => message),
      scanned,
      looked,
      isEnd: looked.every((partition) => partition.edge === partition[until]),
    };
  }

  async #read(batch: readonly StoredMessage[]): Promise<ReadMessage[]> {
    const { place, reader, kinds } = this.#question;
    const read = await readTopicMessages(place, this.#parts.codec, batch, reader !== undefined);
    return kinds ? read.filter(({ message }) => kinds.includes(message.kind)) : read;
  }

  /** One entry for each subject; what cannot be decoded may speak of anybody. */
  async #log(found: readonly ReadMessage[], reader: Reader): Promise<void> {
    const { place } = this.#question;
    const entries = [...Map.groupBy(found, ({ key }) => key)].map(([key, messages]) => {
      const names = messages.flatMap(({ message: { fields, bytes } }) => [
        ...fields.map(({ name }) => name),
        ...(bytes.shown === null ? [] : ['bytes']),
      ]);
      return entryOf(place, reader, key, [...new Set(names)]);
    });
    await Promise.all(entries.filter(({ fields }) => fields.length > 0).map((entry) => this.#parts.log.write(entry)));
  }

  #looked(before: ReadonlyMap<number, number>): LookedAt[] {
    const edges = new Map(this.#scan.edges.map(({ partition, edge }) => [partition, edge]));
    return this.#partitions.map((one) => {
      const [first, edge] = [before.get(one.partition)!, edges.get(one.partition)!];
      return { ...one, edge, from: Math.min(first, edge), before: Math.max(first, edge) };
    });
  }
}

const entryOf = (place: TopicPlace, reader: Reader, subjectId: string | null, fields: readonly string[]) => ({
  ...reader,
  subject: place.subject?.name ?? null,
  subjectId,
  fields,
  validAt: null,
  knownAt: null,
  outcome: 'answered' as const,
});

/** The gateway keys by the canonical form; what is no id at all may be a key as it is. */
function canonicalKey({ dataset, subject }: TopicPlace, key: string): string {
  const result = checkIdentifier(dataset ? datasets[dataset].subjectCheck : subject!.subjectCheck, key);
  return result.ok ? result.canonical : key;
}

async function partitionsOf(
  { admin }: TopicParts,
  { place: { topic }, order, from, partition }: TopicQuestion,
  key: string | undefined,
): Promise<ScanPartition[]> {
  const begins = (await admin.beginningOffsets([topic])).get(topic);
  const ends = (await admin.endOffsets([topic])).get(topic);
  if (!begins || !ends)
    throw new HuitongError('NOT_FOUND', 'Kafka 中没有这个主题 / the brokers do not have this topic');
  const only = key === undefined ? partition : laneOf(key, ends.length);
  if (only !== undefined && !(only in ends))
    throw new HuitongError('REQUEST_INVALID', '该主题没有这个分区 / the topic has no such partition', {
      context: { field: 'partition' },
    });
  const since =
    from && 'timeMs' in from
      ? (await admin.offsetsSince(new Map([[topic, new Map(ends.map((_, at) => [at, from.timeMs]))]]))).get(topic)
      : undefined;
  return ends.flatMap((end, at) => {
    if (only !== undefined && at !== only) return [];
    const begin = begins[at] ?? end;
    const asked =
      from && 'edges' in from
        ? from.edges.find((one) => one.partition === at)?.edge
        : from && 'offset' in from
          ? from.offset + (order === 'newest' ? 1 : 0)
          : since?.[at];
    return [{ partition: at, begin, end, edge: asked ?? (order === 'newest' ? end : begin) }];
  });
}
