import type { DatasetName, EventCodec } from '@huitong/change-event';
import { inTransaction, translateDatabaseError, type Connection, type Database } from '@huitong/postgres';
import { readCorrected, withCorrection } from './correct.ts';
import { isRefusal, type SubjectEngine } from './engine.ts';
import { readMessages, type Incoming } from './incoming.ts';
import type { EventOutcome } from './parked.ts';

interface Request {
  readonly id: number;
  readonly parked_id: number;
  readonly action: 'try' | 'release' | 'discard' | 'send-back';
  readonly requested_by: string;
  readonly reason: string | null;
  readonly corrected: object | null;
  readonly agreed: boolean | null;
}

interface ParkedRow {
  readonly id: number;
  readonly lane: number;
  readonly dataset: DatasetName;
  readonly topic: string;
  readonly kafka_offset: number;
  readonly event_id: string | null;
  readonly source_record_id: string | null;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Record<string, string>;
}

/** Requests of one look, and of one transaction: all lanes wait for one of these, and go on between two. */
const requestsAtOnce = 100;
const requestsTogether = 20;

/**
 * Does what operators asked for with parked events of these lanes, some requests in each transaction, which holds all lanes.
 * `release` reads the kept bytes with the present schemas, or takes the correction in their place, and applies them together
 * with the later events that were held back behind them; `try` does the same, says what would become of it, and takes it back;
 * `discard` closes the event for good, once a second person agreed; `send-back` closes it for its department to send anew.
 * Asking twice changes nothing. Returns the number of requests done.
 */
export async function doReleaseRequests(
  database: Database,
  engine: SubjectEngine,
  codec: EventCodec,
  lanes: readonly number[],
): Promise<number> {
  const { rows } = await database.query<{ id: number }>(
    `select r.id from release_request r left join parked p on p.id = r.parked_id
     where r.done_at is null and (r.action <> 'discard' or r.agreed is not null)
       and (p.lane = any($1::smallint[]) or p.id is null) order by r.id limit $2`,
    [lanes, requestsAtOnce],
  );
  const ids = rows.map(({ id }) => id);
  for (let from = 0; from < ids.length; from += requestsTogether)
    await inTransaction(database, async (connection) => {
      // Releasing may link subjects, so it takes all lanes; it is rare and short.
      await connection.query('select lane from lane order by lane for update');
      const open = await connection.query<Request>(
        `select id, parked_id, action, requested_by, reason, corrected, agreed from release_request
         where id = any($1) and done_at is null order by id for update`,
        [ids.slice(from, from + requestsTogether)],
      );
      for (const request of open.rows) {
        const outcome = await settle(connection, request, engine, codec);
        await connection.query('update release_request set done_at = now(), outcome = $2 where id = $1', [
          request.id,
          outcome,
        ]);
      }
    });
  return ids.length;
}

function settle(
  connection: Connection,
  request: Request,
  engine: SubjectEngine,
  codec: EventCodec,
): Promise<string> | string {
  switch (request.action) {
    case 'discard':
      return request.agreed ? close(connection, request, 'discarded') : 'refused';
    case 'send-back':
      return close(connection, request, 'sent-back');
    default:
      return releaseOrSay(connection, request, engine, codec);
  }
}

async function close(
  connection: Connection,
  { parked_id, requested_by, reason }: Request,
  state: 'discarded' | 'sent-back',
): Promise<string> {
  const { rows } = await connection.query<{ event_id: string | null }>(
    `update parked set state = $2, settled_at = now(), settled_by = $3, settled_reason = $4
     where id = $1 and state = 'parked' returning event_id`,
    [parked_id, state, requested_by, reason],
  );
  if (rows.length === 0) return 'nothing to do';
  await connection.query(`update event_log set outcome = $2 where event_id = $1 and outcome = 'parked'`, [
    rows[0]!.event_id,
    state,
  ]);
  return state;
}

/** What the database refuses stays parked, and the request is done: it must not stand in the way of the next. */
async function releaseOrSay(
  connection: Connection,
  request: Request,
  engine: SubjectEngine,
  codec: EventCodec,
): Promise<string> {
  await connection.query('savepoint release');
  try {
    const outcome = await release(connection, request, engine, codec);
    await connection.query(`${request.action === 'try' ? 'rollback to' : 'release'} savepoint release`);
    return outcome;
  } catch (error) {
    if (!isRefusal(translateDatabaseError(error))) throw error;
    await connection.query('rollback to savepoint release');
    return 'parked again: RECORD_REFUSED';
  }
}

const parkedRowsSql = `select * from (
    select p.* from parked p where p.id = $1 and p.state = 'parked'
    union all
    select p.* from parked asked join parked p on p.lane = asked.lane and p.dataset = asked.dataset and p.subject_id = asked.subject_id
      and p.source_record_id = asked.source_record_id and p.state = 'parked' and p.code = 'EVENT_HELD_BACK' and p.kafka_offset > asked.kafka_offset
    where asked.id = $1 and asked.state = 'parked'
  ) both_of_them order by kafka_offset`;

async function release(
  connection: Connection,
  request: Request,
  engine: SubjectEngine,
  codec: EventCodec,
): Promise<string> {
  const { rows } = await connection.query<ParkedRow>({
    name: 'parked to release',
    text: parkedRowsSql,
    values: [request.parked_id],
  });
  if (rows.length === 0) return 'nothing to do';
  const asked = rows.find(({ id }) => id === request.parked_id)!;
  const incoming = await reread(codec, rows);
  if (request.corrected) {
    const reading = readCorrected(asked, request.corrected);
    if (!reading.ok) return `refused: ${reading.problem.code}`;
    const at = rows.indexOf(asked);
    incoming[at] = withCorrection(incoming[at]!, reading);
  }
  const outcomes = await engine.applyReleased(connection, incoming);
  for (const { message, ...entry } of outcomes) {
    const row = rows.find(({ kafka_offset }) => kafka_offset === message.offset)!;
    if (entry.outcome === 'parked')
      await connection.query('update parked set code = $2 where id = $1', [row.id, entry.code]);
    else {
      await connection.query(
        `update parked set state = 'released', settled_at = now(), settled_by = $2, settled_reason = $3, corrected = $4 where id = $1`,
        [row.id, request.requested_by, ...(row === asked ? [request.reason, request.corrected] : [null, null])],
      );
      await connection.query('update event_log set outcome = $2, applied_at = now() where event_id = $1', [
        row.event_id,
        entry.outcome,
      ]);
    }
  }
  return describe(outcomes.find(({ message }) => message.offset === asked.kafka_offset));
}

async function reread(codec: EventCodec, rows: readonly ParkedRow[]): Promise<Incoming[]> {
  const { dataset, topic, lane } = rows[0]!;
  const messages = rows.map(({ kafka_offset, key, value, headers }) => ({ offset: kafka_offset, key, value, headers }));
  return readMessages(codec, { dataset, topic, lane, messages });
}

function describe(outcome: EventOutcome | undefined): string {
  if (!outcome) return 'nothing to do';
  return outcome.outcome === 'parked' ? `parked again: ${outcome.code}` : outcome.outcome;
}
