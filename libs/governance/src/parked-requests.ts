import { randomUUID } from 'node:crypto';
import { datasets, HuitongError, type DatasetName, type EventProblem } from '@huitong/change-event';
import { readCorrected, type Correctable } from '@huitong/subject-engine';
import { rowsOf, type StewardDatabase, type SubjectDatabase } from './subject-database.ts';

/** What may be asked for: a dry run, releasing, giving up for good, and giving back to the department. */
export const parkedActions = ['try', 'release', 'discard', 'send-back'] as const;

/** One of {@link parkedActions}. */
export type ParkedAction = (typeof parkedActions)[number];

/** Parked events by number, or all that are open of one cause. */
export type ParkedChoice =
  | { readonly ids: readonly number[] }
  | { readonly dataset: DatasetName; readonly code: string; readonly schemaId: number | null };

/** Events of one batch at most; the rest is asked for once more. */
const atOnceMax = 10_000;

/**
 * Asks the owners of the lanes for the same with many parked events, as one batch of requests in the order of parking. What is asked
 * for already is not asked twice, so `asked` may be less than was chosen. A discard waits for {@link judgeDiscard}.
 */
export async function askForParked(
  database: SubjectDatabase,
  request: { choice: ParkedChoice; action: ParkedAction; by: string; reason: string | undefined },
): Promise<{ batch: string; asked: number }> {
  const { choice, action, by, reason } = request;
  const ids = 'ids' in choice ? choice.ids : await openIds(database, choice);
  const batch = randomUUID();
  const rows = await rowsOf(database.operator, {
    text: `insert into release_request (parked_id, action, batch, requested_by, reason)
      select id, $2, $3, $4, $5 from unnest($1::bigint[]) as id on conflict do nothing returning id`,
    values: [ids, action, batch, by, reason ?? null],
  });
  return { batch, asked: rows.length };
}

async function openIds(
  database: SubjectDatabase,
  choice: { dataset: DatasetName; code: string; schemaId: number | null },
): Promise<number[]> {
  const rows = await rowsOf<{ id: number }>(database.reader, {
    text: `select id from parked where state = 'parked' and dataset = $1 and code = $2 and schema_id is not distinct from $3
      order by id limit $4`,
    values: [choice.dataset, choice.code, choice.schemaId, atOnceMax],
  });
  return rows.map(({ id }) => id);
}

/** What a second person says to a batch of discards; the one who asked may only take it back. Answers how many it settles. */
export async function judgeDiscard(
  database: SubjectDatabase,
  judgement: { batch: string; by: string; agreed: boolean },
): Promise<number> {
  const { batch, by, agreed } = judgement;
  try {
    const rows = await rowsOf(database.operator, {
      text: `update release_request set judged_by = $2, judged_at = now(), agreed = $3
        where batch = $1 and action = 'discard' and done_at is null and agreed is null returning id`,
      values: [batch, by, agreed],
    });
    return rows.length;
  } catch (error) {
    if (error instanceof HuitongError && error.context['constraint'] === 'second_person')
      throw new HuitongError(
        'NOT_PERMITTED',
        '须由申请人以外的人同意 / somebody other than who asked has to agree to a discard',
      );
    throw error;
  }
}

/** Asks for a parked event to be applied as somebody corrected it. A correction that would be refused is answered as a problem. */
export async function askForCorrection(
  database: StewardDatabase,
  request: { id: number; corrected: unknown; by: string; reason: string },
): Promise<{ batch: string; asked: number } | { problem: EventProblem }> {
  const { id, corrected, by, reason } = request;
  const [parked] = await rowsOf<Correctable>(database.steward, {
    text: 'select dataset, key, event_id, source_record_id from parked where id = $1',
    values: [id],
  });
  if (!parked) throw new HuitongError('NOT_FOUND', '没有这条待处理事件 / there is no such parked event');
  const reading = readCorrected(parked, corrected);
  if (!reading.ok) return { problem: reading.problem };
  const batch = randomUUID();
  const rows = await rowsOf(database.operator, {
    text: `insert into release_request (parked_id, action, batch, requested_by, reason, corrected)
      values ($1, 'release', $2, $3, $4, $5) on conflict do nothing returning id`,
    values: [id, batch, by, reason, JSON.stringify(corrected)],
  });
  return { batch, asked: rows.length };
}

/** How a batch of requests stands. `outcomes` counts what was done by what came of it; instants are ISO 8601. */
export interface ParkedBatch {
  readonly database: string;
  readonly batch: string;
  readonly action: ParkedAction;
  /** Of the batch's first event. */
  readonly dataset: DatasetName | null;
  readonly department: string | null;
  readonly by: string;
  readonly reason: string | null;
  readonly at: string;
  readonly judgedBy: string | null;
  readonly agreed: boolean | null;
  readonly total: number;
  readonly done: number;
  readonly doneAt: string | null;
  readonly outcomes: Readonly<Record<string, number>>;
}

type BatchRow = Omit<ParkedBatch, 'database' | 'at' | 'doneAt' | 'department'> & {
  readonly at: Date;
  readonly doneAt: Date | null;
};

/** The newest batches of the last 30 days, those that are not done first. */
export async function listBatches(databases: readonly SubjectDatabase[], limit: number): Promise<ParkedBatch[]> {
  const found = await Promise.all(
    databases.map(async (database) => {
      const rows = await rowsOf<BatchRow>(database.reader, { name: 'batches', text: batchesSql, values: [limit] });
      return rows.map(({ at, doneAt, ...row }): ParkedBatch => ({
        database: database.name,
        ...row,
        department: row.dataset && datasets[row.dataset].department,
        at: at.toISOString(),
        doneAt: doneAt?.toISOString() ?? null,
      }));
    }),
  );
  const isOpen = ({ total, done }: ParkedBatch): number => Number(done < total);
  return found
    .flat()
    .toSorted((a, b) => isOpen(b) - isOpen(a) || (a.at < b.at ? 1 : -1))
    .slice(0, limit);
}

const batchesSql = `with counted as (
    select batch, action, requested_by as by, reason, requested_at as at, outcome, min(parked_id) as first, max(judged_by) as judged_by,
      bool_and(agreed) as agreed, count(*) as total, count(done_at) as done, max(done_at) as done_at
    from release_request where requested_at > now() - interval '30 days' group by 1, 2, 3, 4, 5, 6
  ), whole as (
    select batch, action, by, reason, at, min(first) as first, max(judged_by) as "judgedBy", bool_and(agreed) as agreed,
      sum(total)::bigint as total, sum(done)::bigint as done, max(done_at) as "doneAt",
      coalesce(jsonb_object_agg(outcome, done) filter (where outcome is not null), '{}') as outcomes
    from counted group by 1, 2, 3, 4, 5 order by sum(total) = sum(done), at desc limit $1
  )
  select batch, action, by, reason, at, "judgedBy", agreed, total, done, case when done = total then "doneAt" end as "doneAt", outcomes,
    (select dataset from parked where id = first) as dataset
  from whole`;

/** What came of one event of a batch; null while it waits. */
export interface BatchEvent {
  readonly id: number;
  readonly eventId: string | null;
  readonly outcome: string | null;
  readonly doneAt: string | null;
}

/** The events of a batch in the order of parking, a page of them behind the event `after`. */
export async function batchEvents(
  database: SubjectDatabase,
  page: { batch: string; after: number; limit: number },
): Promise<BatchEvent[]> {
  const rows = await rowsOf<Omit<BatchEvent, 'doneAt'> & { doneAt: Date | null }>(database.reader, {
    text: `select r.parked_id as id, p.event_id as "eventId", r.outcome, r.done_at as "doneAt"
      from release_request r left join parked p on p.id = r.parked_id
      where r.batch = $1 and r.parked_id > $2 order by r.parked_id limit $3`,
    values: [page.batch, page.after, page.limit],
  });
  return rows.map((row) => ({ ...row, doneAt: row.doneAt?.toISOString() ?? null }));
}
