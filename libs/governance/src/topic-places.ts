import { changedTopicOf, datasetNames, datasets, HuitongError, type DatasetName } from '@huitong/change-event';
import type { TopicAdmin, TopicRetention } from '@huitong/event-stream';
import type { DatabasePlan, SubjectPlan } from '@huitong/subject-engine';

/** A topic of the exchange: of a dataset's events, or of a subject database's changes. */
export interface TopicPlace {
  readonly topic: string;
  /** Whose events it has; none where it has changes. */
  readonly dataset: DatasetName | undefined;
  /** The first subject database that its messages speak of, under which a read of them is logged; none where nobody derives one. */
  readonly subject: SubjectPlan | undefined;
}

/** Every topic that the exchange has, and no other that may be on the brokers. */
export function topicPlaces(plans: readonly DatabasePlan[]): readonly TopicPlace[] {
  const subjects = plans.flatMap((plan) => plan.subjects);
  return [
    ...datasetNames.map((dataset) => ({
      topic: datasets[dataset].topic,
      dataset,
      subject: subjects.find(({ factTables }) => factTables.some((fact) => fact.dataset === dataset)),
    })),
    ...subjects.map((subject) => ({ topic: changedTopicOf(subject.name), dataset: undefined, subject })),
  ];
}

/** The place of a topic; NOT_FOUND where the exchange has none of this name. */
export function topicPlaceOf(places: readonly TopicPlace[], topic: string): TopicPlace {
  const place = places.find((known) => known.topic === topic);
  if (!place) throw new HuitongError('NOT_FOUND', '没有这个主题 / there is no such topic');
  return place;
}

/** What the brokers hold of a topic; offsets are of the next message, and of the first that is still there. */
export interface TopicState {
  readonly topic: string;
  readonly dataset: DatasetName | null;
  readonly subject: string | null;
  /** Null where the brokers do not have it. */
  readonly partitions: readonly { readonly begin: number; readonly end: number }[] | null;
  /** Messages of the last minute, by the brokers' clock. */
  readonly lastMinute: number | null;
  readonly kept: TopicRetention | null;
}

const minuteMs = 60_000;

/** How every topic stands now; BROKER_UNAVAILABLE when Kafka is away. */
export async function topicStates(admin: TopicAdmin, places: readonly TopicPlace[]): Promise<TopicState[]> {
  const topics = places.map(({ topic }) => topic);
  // The begin first: what retention removes meanwhile must not look like fewer than none.
  const begins = await admin.beginningOffsets(topics);
  const [ends, kept] = await Promise.all([admin.endOffsets(topics), admin.retentions(topics)]);
  const sinceMs = Date.now() - minuteMs;
  const since = await admin.offsetsSince(
    new Map([...ends].map(([topic, offsets]) => [topic, new Map([...offsets.keys()].map((at) => [at, sinceMs]))])),
  );
  return places.map(({ topic, dataset, subject }) => {
    const [begin, end, minuteAgo] = [begins.get(topic), ends.get(topic), since.get(topic)];
    return {
      topic,
      dataset: dataset ?? null,
      subject: dataset ? null : subject!.name,
      partitions: begin && end ? end.map((next, at) => ({ begin: begin[at] ?? next, end: next })) : null,
      lastMinute:
        end && minuteAgo ? end.reduce((sum, next, at) => sum + Math.max(0, next - (minuteAgo[at] ?? next)), 0) : null,
      kept: kept.get(topic) ?? null,
    };
  });
}
