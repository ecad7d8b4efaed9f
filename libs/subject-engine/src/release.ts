import type { DatasetName, EventCodec } from '@huitong/change-event';
import { inTransaction, translateDatabaseError, type Connection, type Database } from '@huitong/postgres';
import { isRefusal, type SubjectEngine } from './engine.ts';
import { readMessages, type Incoming } from './incoming.ts';
import type { EventOutcome } from './parked.ts';

interface Request {
  readonly id: number;
  readonly parked_id: number;
  readonly action: 'release' | 'discard';
  readonly requested_by: string;
}

interface ParkedRow {
  readonly id: number;
  readonly lane: number;
  readonly dataset: DatasetName;
  readonly topic: string;
  readonly kafka_offset: number;
  readonly event_id: string | null;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Record<string, string>;
}

/**
 * Does what operators asked for with parked events of these lanes, each request in one transaction that holds its lane:
 * `release` reads the kept bytes with the present schemas and applies them, together with the later events that were held
 * back behind them; `discard` closes the event for good. Asking twice changes nothing. Returns the number of requests done.
 */
export async function doReleaseRequests(
  database: Database,
  engine: SubjectEngine,
  codec: EventCodec,
  lanes: readonly number[],
): Promise<number> {
  const { rows } = await database.query<Request>(
    `select r.id, r.parked_id, r.action, r.requested_by from release_request r left join parked p on p.id = r.parked_id
     where r.done_at is null and (p.lane = any($1::smallint[]) or p.id is null) order by r.id limit 100`,
    [lanes],
  );
  for (const request of rows)
    await inTransaction(database, async (connection) => {
      // Releasing may link subjects, so it takes all lanes; it is rare and short.
      await connection.query('select lane from lane order by lane for update');
      const open = await connection.query(
        'select 1 from release_request where id = $1 and done_at is null for update',
        [request.id],
      );
      if (open.rowCount === 0) return;
      const outcome =
        request.action === 'discard'
          ? await discard(connection, request)
          : await releaseOrSay(connection, request, engine, codec);
      await connection.query('update release_request set done_at = now(), outcome = $2 where id = $1', [
        request.id,
        outcome,
      ]);
    });
  return rows.length;
}

async function discard(connection: Connection, request: Request): Promise<string> {
  const { rows } = await connection.query<{ event_id: string | null }>(
    `update parked set state = 'discarded', settled_at = now(), settled_by = $2 where id = $1 and state = 'parked'
     returning event_id`,
    [request.parked_id, request.requested_by],
  );
  if (rows.length === 0) return 'nothing to do';
  await connection.query(`update event_log set outcome = 'discarded' where event_id = $1 and outcome = 'parked'`, [
    rows[0]!.event_id,
  ]);
  return 'discarded';
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
    return await release(connection, request, engine, codec);
  } catch (error) {
    if (!isRefusal(translateDatabaseError(error))) throw error;
    await connection.query('rollback to savepoint release');
    return 'parked again: RECORD_REFUSED';
  }
}

async function release(
  connection: Connection,
  request: Request,
  engine: SubjectEngine,
  codec: EventCodec,
): Promise<string> {
  const { rows } = await connection.query<ParkedRow>(
    `select p.* from parked asked join parked p on p.state = 'parked' and (p.id = asked.id
       or p.code = 'EVENT_HELD_BACK' and p.dataset = asked.dataset and p.subject_id = asked.subject_id
         and p.source_record_id = asked.source_record_id and p.kafka_offset > asked.kafka_offset)
     where asked.id = $1 and asked.state = 'parked' order by p.kafka_offset`,
    [request.parked_id],
  );
  if (rows.length === 0) return 'nothing to do';
  const outcomes = await engine.applyReleased(connection, await reread(codec, rows));
  for (const { message, ...entry } of outcomes) {
    const row = rows.find(({ kafka_offset }) => kafka_offset === message.offset)!;
    if (entry.outcome === 'parked')
      await connection.query('update parked set code = $2 where id = $1', [row.id, entry.code]);
    else {
      await connection.query(
        `update parked set state = 'released', settled_at = now(), settled_by = $2 where id = $1`,
        [row.id, request.requested_by],
      );
      await connection.query('update event_log set outcome = $2, applied_at = now() where event_id = $1', [
        row.event_id,
        entry.outcome,
      ]);
    }
  }
  return describe(
    outcomes.find(({ message }) => message.offset === rows.find(({ id }) => id === request.parked_id)?.kafka_offset),
  );
}

async function reread(codec: EventCodec, rows: readonly ParkedRow[]): Promise<Incoming[]> {
  const { dataset, topic, lane } = rows[0]!;
  const messages = rows.map(({ kafka_offset, key, value, headers }) => ({
    offset: kafka_offset,
    key,
    value,
    headers: () => headers,
  }));
  return readMessages(codec, { dataset, topic, lane, messages });
}

function describe(outcome: EventOutcome | undefined): string {
  if (!outcome) return 'nothing to do';
  return outcome.outcome === 'parked' ? `parked again: ${outcome.code}` : outcome.outcome;
}
