import { z } from 'zod';
import type { EventCodec, SchemaRegistry } from '@huitong/change-event';
import type { TopicAdmin, TopicReader } from '@huitong/event-stream';
import {
  checkMaySee,
  TopicLook,
  topicPlaceOf,
  type AccessLog,
  type TopicPlace,
  type TopicQuestion,
} from '@huitong/governance';

/** Where what is shown of topics comes from. */
export class TopicSources {
  readonly places: readonly TopicPlace[];
  readonly admin: TopicAdmin;
  readonly reader: TopicReader;
  readonly registry: SchemaRegistry;
  readonly codec: () => Promise<EventCodec>;
  readonly log: AccessLog;

  constructor(parts: {
    places: readonly TopicPlace[];
    admin: TopicAdmin;
    reader: TopicReader;
    registry: SchemaRegistry;
    codec: () => Promise<EventCodec>;
    log: AccessLog;
  }) {
    this.places = parts.places;
    this.admin = parts.admin;
    this.reader = parts.reader;
    this.registry = parts.registry;
    this.codec = parts.codec;
    this.log = parts.log;
  }
}

/** What one looks for in a topic, as a page or an export asks for it. */
export const lookQuestion = z.strictObject({
  topic: z.string().max(249),
  order: z.enum(['newest', 'oldest']).default('newest'),
  partition: z.int().min(0).max(10_000).optional(),
  /** In each partition that is looked at. */
  offset: z.int().min(0).optional(),
  time: z.iso.datetime({ offset: true }).optional(),
  key: z.string().trim().min(1).max(200).optional(),
  kinds: z
    .array(z.enum(['event', 'change', 'control', 'unreadable']))
    .min(1)
    .optional(),
  /** Whether values are to be seen; that, and a key, need a purpose. */
  unmask: z.boolean().default(false),
  purpose: z.string().trim().optional(),
});

/** Begins to look; values are only for a steward (NOT_PERMITTED). */
export async function lookInto(
  sources: TopicSources,
  asked: z.output<typeof lookQuestion> & { edges?: { partition: number; edge: number }[] },
  asker: Omit<TopicQuestion['asker'], 'purpose'>,
): Promise<TopicLook> {
  const { topic, order, partition, offset, time, key, kinds, unmask, edges, purpose = '' } = asked;
  if (unmask) checkMaySee(asker.role, 'what messages say');
  const from = edges
    ? { edges }
    : time !== undefined
      ? { timeMs: Date.parse(time) }
      : offset !== undefined
        ? { offset }
        : undefined;
  return TopicLook.begin(
    { ...sources, codec: await sources.codec() },
    {
      ...{ place: topicPlaceOf(sources.places, topic), order, partition, key, kinds, from },
      asker: { ...asker, purpose },
      reader: unmask ? { ...asker, purpose } : undefined,
    },
  );
}
