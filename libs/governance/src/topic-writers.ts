import { schemaIdOf, type ErrorCode } from '@huitong/change-event';
import { readMessages } from '@huitong/subject-engine';
import type { TopicParts } from './topic-look.ts';
import type { TopicPlace } from './topic-places.ts';

/** Messages of one writer's schema among the newest ones of a topic. */
export interface SeenSchema {
  /** Null for what is not in the wire format. */
  readonly schemaId: number | null;
  readonly events: number;
  readonly firstAt: string;
  readonly lastAt: string;
  /** Whether the services can read it, and otherwise the code under which they park it. */
  readonly reading: 'readable' | ErrorCode;
}

/** The writers' schemas of the newest messages of a topic. */
export interface TopicWriters {
  /** The schema as which the services of this version read every event. */
  readonly readerId: number;
  readonly looked: number;
  readonly schemas: readonly SeenSchema[];
}

/** Looked at in each partition; heartbeats are among them. */
const newestMax = 500;

/** Which schemas the newest messages of a dataset's topic were written with, and whether the services can read them. */
export async function topicWriters(
  { admin, reader, codec }: Omit<TopicParts, 'log'>,
  { topic, dataset }: TopicPlace & { readonly dataset: NonNullable<TopicPlace['dataset']> },
): Promise<TopicWriters> {
  const begins = (await admin.beginningOffsets([topic])).get(topic) ?? [];
  const ends = (await admin.endOffsets([topic])).get(topic) ?? [];
  const seen = new Map<number | null, { events: number; firstMs: number; lastMs: number }>();
  let looked = 0;
  for (const [partition, end] of ends.entries()) {
    const from = Math.max(begins[partition] ?? end, end - newestMax);
    const messages = await reader.read(topic, { partition, from, before: end });
    looked += messages.length;
    for (const message of await readMessages(codec, { dataset, topic, lane: partition, messages })) {
      if (message.kind === 'control') continue;
      const id = schemaIdOf(message.value) ?? null;
      const { events, firstMs, lastMs } = seen.get(id) ?? { events: 0, firstMs: Infinity, lastMs: 0 };
      const { timestampMs = 0 } = message;
      seen.set(id, {
        events: events + 1,
        firstMs: Math.min(firstMs, timestampMs),
        lastMs: Math.max(lastMs, timestampMs),
      });
    }
  }
  const schemas = [...seen].map(async ([schemaId, { events, firstMs, lastMs }]): Promise<SeenSchema> => ({
    schemaId,
    events,
    firstAt: new Date(firstMs).toISOString(),
    lastAt: new Date(lastMs).toISOString(),
    reading: schemaId === null ? 'EVENT_UNREADABLE' : await codec.readability(dataset, schemaId),
  }));
  return {
    readerId: codec.idOf(dataset),
    looked,
    schemas: (await Promise.all(schemas)).toSorted((a, b) => (b.schemaId ?? 0) - (a.schemaId ?? 0)),
  };
}
