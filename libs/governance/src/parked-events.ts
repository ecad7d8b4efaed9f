import { HuitongError, type DatasetName } from '@huitong/change-event';
import { setTimeout as sleep } from 'node:timers/promises';
import { judgeDiscard } from './parked-requests.ts';
import { rowsOf, type SubjectDatabase } from './subject-database.ts';

/** A parked event as people see it: where it is and why, never its key, bytes, subject or source record. */
export interface ParkedEvent {
  readonly database: string;
  readonly id: number;
  readonly code: string;
  readonly dataset: DatasetName;
  readonly lane: number;
  readonly offset: number;
  readonly eventId: string | null;
  readonly schemaId: number | null;
  readonly state: ParkedState;
  readonly parkedAt: string;
  readonly settledAt: string | null;
  readonly settledBy: string | null;
  /** Why it was given up, sent back or corrected. */
  readonly settledReason: string | null;
}

/** Parked events of one cause: the same dataset, code and schema. */
export interface ParkedGroup {
  readonly database: string;
  readonly dataset: DatasetName;
  readonly code: string;
  readonly schemaId: number | null;
  readonly count: number;
  readonly firstAt: string;
  readonly lastAt: string;
}

/** Whether an event waits for someone to look at it, was applied after all, was given up, or given back to its department. */
export const parkedStates = ['parked', 'released', 'discarded', 'sent-back'] as const;

/** One of {@link parkedStates}. */
export type ParkedState = (typeof parkedStates)[number];

/** Which parked events to show; undefined means all. `before` is the `next` of the page before. */
export interface ParkedFilter {
  readonly state: ParkedState | undefined;
  readonly datasets: readonly DatasetName[] | undefined;
  /** Of one cause only. */
  readonly cause?: { readonly code: string; readonly schemaId: number | null } | undefined;
  readonly limit: number;
  readonly before?: string | undefined;
}

type ParkedRow = Omit<ParkedEvent, 'database' | 'parkedAt' | 'settledAt'> & {
  readonly micros: number;
  readonly settledAt: Date | null;
};

/** A place in the list that all databases make up: by time of parking, newest first, then database, then id. */
type Cursor = readonly [micros: number, database: number, id: number];

const cursorPattern = /^(\d{1,17})\.(\d{1,3})\.(\d{1,17})$/;

/** Parked events of all databases, newest first; REQUEST_INVALID for a `before` that no page gave. */
export async function listParked(
  databases: readonly SubjectDatabase[],
  filter: ParkedFilter,
): Promise<{ parked: ParkedEvent[]; next: string | null }> {
  const cursor = filter.before === undefined ? undefined : readCursor(filter.before);
  const found = await Promise.all(
    databases.map(async (database, at) => {
      const rows = await rowsOf<ParkedRow>(database.reader, {
        text: `select id, code, dataset, lane, kafka_offset as "offset", event_id as "eventId", schema_id as "schemaId", state,
            (extract(epoch from parked_at) * 1000000)::bigint as micros, settled_at as "settledAt", settled_by as "settledBy",
            settled_reason as "settledReason"
          from parked
          where ($1::text is null or state = $1) and ($2::text[] is null or dataset = any($2)) and
            (parked_at, id) < (coalesce(timestamptz 'epoch' + $3::bigint * interval '1 microsecond', 'infinity'), $4::bigint) and
            ($6::text is null or code = $6 and schema_id is not distinct from $7::bigint)
          order by parked_at desc, id desc limit $5`,
        values: [
          filter.state ?? null,
          filter.datasets ?? null,
          cursor?.[0] ?? null,
          idBound(cursor, at),
          filter.limit + 1,
          filter.cause?.code ?? null,
          filter.cause?.schemaId ?? null,
        ],
      });
      return rows.map((row) => ({ row, database: database.name, cursor: [row.micros, at, row.id] as const }));
    }),
  );
  const page = found
    .flat()
    .toSorted((a, b) => b.cursor[0] - a.cursor[0] || a.cursor[1] - b.cursor[1] || b.cursor[2] - a.cursor[2]);
  const shown = page.slice(0, filter.limit);
  return {
    parked: shown.map(({ row: { micros, ...row }, database }) => ({
      database,
      ...row,
      parkedAt: new Date(micros / 1_000).toISOString(),
      settledAt: row.settledAt?.toISOString() ?? null,
    })),
    next: page.length > filter.limit ? shown.at(-1)!.cursor.join('.') : null,
  };
}

/** Open parked events of all databases, grouped by what they suffer from, the largest group first. */
export async function groupParked(
  databases: readonly SubjectDatabase[],
  of: readonly DatasetName[] | undefined,
): Promise<ParkedGroup[]> {
  const groups = await Promise.all(
    databases.map(async (database) => {
      const rows = await rowsOf<Omit<ParkedGroup, 'database' | 'firstAt' | 'lastAt'> & { first: Date; last: Date }>(
        database.reader,
        {
          text: `select dataset, code, schema_id as "schemaId", count(*) as count, min(parked_at) as first, max(parked_at) as last
            from parked where state = 'parked' and ($1::text[] is null or dataset = any($1)) group by 1, 2, 3`,
          values: [of ?? null],
        },
      );
      return rows.map(({ first, last, ...row }) => ({
        database: database.name,
        ...row,
        firstAt: first.toISOString(),
        lastAt: last.toISOString(),
      }));
    }),
  );
  return groups.flat().toSorted((a, b) => b.count - a.count);
}

/** What became of an operator's request; `outcome` is null while it waits, for the lane's owner or a second person. */
export interface Settlement {
  readonly requestId: number | null;
  readonly state: ParkedState;
  readonly outcome: string | null;
  readonly waitsFor?: 'lane-owner' | 'second-person';
}

const askEveryMs = 100;

/**
 * Asks the owner of the parked event's lane to apply it again, to give it up, or to give it back to its department, and waits
 * `waitMs` for it: a lane has one writer, so the request is a row that the sync service finds. Giving up waits for the word of a
 * second person, which {@link agreeToDiscard} is. An event that is settled already stays as it is. NOT_FOUND for an id that was
 * never parked.
 */
export async function settleParked(
  database: SubjectDatabase,
  request: {
    id: number;
    action: 'release' | 'discard' | 'send-back';
    by: string;
    reason: string | undefined;
    waitMs?: number;
  },
): Promise<Settlement> {
  const before = await parkedState(database, request.id);
  if (before !== 'parked') return { requestId: null, state: before, outcome: 'settled before' };
  await rowsOf(database.operator, {
    text: `insert into release_request (parked_id, action, requested_by, reason) values ($1, $2, $3, $4) on conflict do nothing returning id`,
    values: [request.id, request.action, request.by, request.reason ?? null],
  });
  // Whoever asked first: asking twice is asking once.
  const newest = await newestRequest(database, request.id, request.action);
  if (request.action === 'discard' && newest.agreed === null)
    return { requestId: newest.id, state: 'parked', outcome: null, waitsFor: 'second-person' };
  return untilDone(database, request, newest.id);
}

/** What a second person says to a discard that somebody asked for; NOT_FOUND where nobody did, NOT_PERMITTED to who did. */
export async function agreeToDiscard(
  database: SubjectDatabase,
  request: { id: number; by: string; waitMs?: number },
): Promise<Settlement> {
  const before = await parkedState(database, request.id);
  if (before !== 'parked') return { requestId: null, state: before, outcome: 'settled before' };
  const { id, batch } = await newestRequest(database, request.id, 'discard');
  await judgeDiscard(database, { batch, by: request.by, agreed: true });
  return untilDone(database, request, id);
}

async function newestRequest(
  database: SubjectDatabase,
  parkedId: number,
  action: string,
): Promise<{ id: number; batch: string; agreed: boolean | null }> {
  const [row] = await rowsOf<{ id: number; batch: string; agreed: boolean | null }>(database.reader, {
    text: 'select id, batch, agreed from release_request where parked_id = $1 and action = $2 order by id desc limit 1',
    values: [parkedId, action],
  });
  if (!row) throw new HuitongError('NOT_FOUND', '没有这样的申请 / nobody has asked for that');
  return row;
}

async function untilDone(
  database: SubjectDatabase,
  request: { id: number; waitMs?: number },
  requestId: number,
): Promise<Settlement> {
  for (const endMs = Date.now() + (request.waitMs ?? 10_000); Date.now() < endMs; await sleep(askEveryMs)) {
    const [done] = await rowsOf<{ outcome: string | null }>(database.reader, {
      name: 'release request',
      text: 'select outcome from release_request where id = $1 and done_at is not null',
      values: [requestId],
    });
    if (done) return { requestId, state: await parkedState(database, request.id), outcome: done.outcome ?? 'done' };
  }
  return { requestId, state: 'parked', outcome: null, waitsFor: 'lane-owner' };
}

async function parkedState(database: SubjectDatabase, id: number): Promise<ParkedState> {
  const [row] = await rowsOf<{ state: ParkedState }>(database.reader, {
    name: 'parked state',
    text: 'select state from parked where id = $1',
    values: [id],
  });
  if (!row) throw new HuitongError('NOT_FOUND', '没有这条待处理事件 / there is no such parked event');
  return row.state;
}

function readCursor(text: string): Cursor {
  const match = cursorPattern.exec(text);
  if (!match)
    throw new HuitongError('REQUEST_INVALID', 'reading a page that no answer named', { context: { field: 'before' } });
  return [Number(match[1]), Number(match[2]), Number(match[3])];
}

/** Of rows parked at the cursor's very microsecond, those of a later database follow it all, those of an earlier one none. */
function idBound(cursor: Cursor | undefined, at: number): number {
  if (!cursor || at < cursor[1]) return 0;
  return at === cursor[1] ? cursor[2] : Number.MAX_SAFE_INTEGER;
}
