import { datasets, isDatasetName, type DatasetName } from '@huitong/change-event';
import { outcomesOf, type DatabasePlan } from '@huitong/subject-engine';
import type { Gap } from './lost-lanes.ts';
import { rowsOf, type SubjectDatabase } from './subject-database.ts';

/** Where the gateway put an event that it accepted; partition and offset where Kafka's answer told them. */
export interface PublishedPlace {
  readonly dataset: DatasetName;
  readonly partition: number | undefined;
  readonly offset: number | undefined;
  readonly atMs: number;
}

/** Remembers for a while where published events went; what it does not know, or cannot be asked, is undefined. */
export interface PublishedEvents {
  find(eventId: string): Promise<PublishedPlace | undefined>;
}

/**
 * What can be said of an event: not known here; accepted, its place not known; accepted, with others before it; gone from
 * the broker before it was applied, so that its source must send it again; and then what became of it. `discarded` is a parked event
 * that two people gave up, with a reason; `sent-back` one that its department is to send anew.
 */
export const traceStates = [
  'unknown',
  'published',
  'waiting',
  'lost',
  'parked',
  'sent-back',
  'discarded',
  'duplicate',
  'superseded',
  'applied',
] as const;

/** One of {@link traceStates}. */
export type TraceState = (typeof traceStates)[number];

/** Where one event is now. It holds no value of any record and no subject. */
export interface EventTrace {
  readonly eventId: string;
  readonly state: TraceState;
  readonly dataset?: DatasetName;
  readonly department?: string;
  /** The subject databases that it goes into; the first one stands for the database that holds them. */
  readonly subjectDatabase?: string;
  readonly subjectDatabases?: readonly string[];
  readonly publishedAt?: string;
  readonly lane?: number;
  readonly offset?: number;
  /** Why the lane went on without it, where an operator decided that. */
  readonly gap?: Pick<Gap, 'by' | 'at' | 'grounds'>;
  /** Messages of the same dataset and lane that are applied before it. */
  readonly ahead?: number;
  readonly appliedAt?: string;
  readonly parked?: {
    readonly database: string;
    readonly id: number;
    readonly code: string;
    readonly state: string;
    readonly parkedAt: string;
  };
}

interface TraceRow {
  readonly dataset: DatasetName | null;
  readonly lane: number | null;
  readonly kafka_offset: number | null;
  readonly outcome: Exclude<TraceState, 'unknown' | 'published' | 'waiting' | 'lost'> | null;
  readonly applied_at: Date | null;
  readonly next_offset: number | null;
  readonly is_lost: boolean;
  readonly gap: { by: string; at: string; grounds: string } | null;
  readonly parked_id: number | null;
  readonly parked_dataset: DatasetName | null;
  readonly code: string | null;
  readonly parked_state: string | null;
  readonly parked_at: Date | null;
}

/**
 * Finds one event, by what each database says of it and, until it is applied, by where the gateway remembers to have put
 * it. Log and lane are read in one statement, so an event is never between the two.
 */
export async function traceEvent(
  databases: readonly SubjectDatabase[],
  published: PublishedEvents,
  eventId: string,
): Promise<EventTrace> {
  const place = await published.find(eventId);
  const traces = await Promise.all(databases.map((database) => traceIn(database, place, eventId)));
  const rank = ({ state }: EventTrace): number => traceStates.indexOf(state);
  // Where a dataset feeds several databases the one that is least far speaks, if it knows the event at all.
  const known = traces.filter((trace) => trace.state !== 'unknown').toSorted((a, b) => rank(a) - rank(b));
  return known[0] ?? { eventId, state: 'unknown' };
}

async function traceIn(
  database: SubjectDatabase,
  place: PublishedPlace | undefined,
  eventId: string,
): Promise<EventTrace> {
  const fact = database.plan.factTables.find(({ dataset }) => dataset === place?.dataset);
  const [row] = await rowsOf<TraceRow>(database.reader, {
    name: 'trace event',
    text: `select e.dataset, e.lane, e.kafka_offset, e.outcome, e.applied_at,
        (select (l.next_offsets ->> $2::text)::bigint from lane l where l.lane = $3::smallint) as next_offset,
        exists (select from lane l, jsonb_to_record(l.lost -> $2) as lost(next bigint, beginning bigint, since timestamptz)
          where l.lane = $3 and $4::bigint >= next
            and ($4 < beginning or next >= beginning and $5::timestamptz <= since)) as is_lost,
        (select jsonb_build_object('by', requested_by, 'at', done_at, 'grounds', grounds) from resume_request
          where topic = $2 and lane = $3 and outcome = 'resumed' and $4 >= from_offset
            and ($4 < at_offset or at_offset <= from_offset and $5 <= recorded_before) order by id limit 1) as gap,
        p.id as parked_id, p.dataset as parked_dataset, p.code, p.state as parked_state, p.parked_at
      from (select 1) one
      left join ${outcomesOf('array[$1::uuid]')} e on true
      left join lateral (select * from (
        select id, dataset, code, state, parked_at from parked where event_id = $1::uuid order by id desc limit 1) newest) p on true`,
    values: [
      eventId,
      fact?.topic ?? null,
      place?.partition ?? null,
      place?.offset ?? null,
      place ? new Date(place.atMs) : null,
    ],
  });
  const { outcome, applied_at, next_offset, parked_id, code, parked_at, parked_state } = row!;
  const dataset = row!.dataset ?? row!.parked_dataset ?? (fact ? place?.dataset : undefined);
  if (!dataset || !isDatasetName(dataset)) return { eventId, state: 'unknown' };
  const offset = row!.kafka_offset ?? place?.offset;
  const lane = row!.lane ?? place?.partition;
  const settled = outcome ?? (parked_id === null ? null : 'parked');
  const isLost = settled === null && (row!.is_lost || row!.gap !== null);
  const waits = settled === null && !isLost && offset !== undefined && (next_offset ?? 0) <= offset;
  const parked = { id: parked_id!, code: code!, state: parked_state!, parkedAt: parked_at?.toISOString() ?? '' };
  return {
    eventId,
    state: settled ?? (isLost ? 'lost' : waits ? 'waiting' : offset === undefined ? 'published' : 'unknown'),
    dataset,
    department: datasets[dataset].department,
    ...subjectsOf(database.plan, dataset),
    ...(place ? { publishedAt: new Date(place.atMs).toISOString() } : {}),
    ...(lane === undefined ? {} : { lane }),
    ...(offset === undefined ? {} : { offset }),
    ...(isLost && row!.gap ? { gap: { ...row!.gap, at: new Date(row!.gap.at).toISOString() } } : {}),
    ...(waits ? { ahead: offset - (next_offset ?? 0) } : {}),
    ...(applied_at && !['parked', 'discarded', 'sent-back'].includes(outcome ?? '')
      ? { appliedAt: applied_at.toISOString() }
      : {}),
    ...(parked_id === null ? {} : { parked: { database: database.name, ...parked } }),
  };
}

function subjectsOf(plan: DatabasePlan, dataset: DatasetName): { subjectDatabase: string; subjectDatabases: string[] } {
  const names = plan.subjects
    .filter((subject) => subject.factTables.some((fact) => fact.dataset === dataset))
    .map(({ name }) => name);
  return { subjectDatabase: names[0]!, subjectDatabases: names };
}
