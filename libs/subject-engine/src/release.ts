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
  readonly batch: string;
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

/** What came of requests, by the parked event that each is about. */
type Outcomes = ReadonlyMap<number, string>;

/** Requests of one look, and of one transaction: all lanes wait for one of these, and go on between two. */
const requestsAtOnce = 200;
const requestsTogether = 50;

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
        `select id, parked_id, action, batch, requested_by, reason, corrected, agreed from release_request
         where id = any($1) and done_at is null order by id for update`,
        [ids.slice(from, from + requestsTogether)],
      );
      for (const some of Map.groupBy(open.rows, ({ batch }) => batch).values()) {
        const outcomes = await settle(connection, some, engine, codec);
        await connection.query(
          `update release_request r set done_at = now(), outcome = o.outcome
           from unnest($1::bigint[], $2::text[]) as o(id, outcome) where r.id = o.id`,
          [some.map(({ id }) => id), some.map(({ parked_id }) => outcomes.get(parked_id) ?? 'nothing to do')],
        );
      }
    });
  return ids.length;
}

/** What came of each request of a batch, by parked event; those of one batch ask for the same. */
async function settle(
  connection: Connection,
  requests: readonly Request[],
  engine: SubjectEngine,
  codec: EventCodec,
): Promise<Outcomes> {
  const { action } = requests[0]!;
  if (action === 'try' || action === 'release') return releaseOrSay(connection, requests, engine, codec);
  const outcomes = new Map<number, string>();
  for (const request of requests)
    outcomes.set(
      request.parked_id,
      action === 'discard' && !request.agreed
        ? 'refused'
        : await close(connection, request, action === 'discard' ? 'discarded' : 'sent-back'),
    );
  return outcomes;
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

/** What the database refuses stays parked, and its request is done: it must not stand in the way of the others. */
async function releaseOrSay(
  connection: Connection,
  requests: readonly Request[],
  engine: SubjectEngine,
  codec: EventCodec,
): Promise<Outcomes> {
  await connection.query('savepoint release');
  try {
    const outcomes = await release(connection, requests, engine, codec);
    await connection.query(`${requests[0]!.action === 'try' ? 'rollback to' : 'release'} savepoint release`);
    return outcomes;
  } catch (error) {
    if (!isRefusal(translateDatabaseError(error))) throw error;
    await connection.query('rollback to savepoint release');
    if (requests.length === 1) return new Map([[requests[0]!.parked_id, 'parked again: RECORD_REFUSED']]);
    const middle = Math.ceil(requests.length / 2);
    const outcomes = new Map<number, string>();
    for (const half of [requests.slice(0, middle), requests.slice(middle)])
      for (const [id, outcome] of await releaseOrSay(connection, half, engine, codec)) outcomes.set(id, outcome);
    return outcomes;
  }
}

const parkedRowsSql = `select * from (
    select p.* from parked p where p.id = any($1) and p.state = 'parked'
    union
    select p.* from parked asked join parked p on p.lane = asked.lane and p.dataset = asked.dataset and p.subject_id = asked.subject_id
      and p.source_record_id = asked.source_record_id and p.state = 'parked' and p.code = 'EVENT_HELD_BACK' and p.kafka_offset > asked.kafka_offset
    where asked.id = any($1) and asked.state = 'parked'
  ) both_of_them order by kafka_offset, id`;

async function release(
  connection: Connection,
  requests: readonly Request[],
  engine: SubjectEngine,
  codec: EventCodec,
): Promise<Outcomes> {
  const { rows } = await connection.query<ParkedRow>({
    name: 'parked to release',
    text: parkedRowsSql,
    values: [requests.map(({ parked_id }) => parked_id)],
  });
  const rowOf = await reread(codec, rows);
  // A correction is a batch of its own.
  const { parked_id, corrected, requested_by, reason } = requests[0]!;
  const asked = [...rowOf].find(([, { id }]) => id === parked_id);
  if (corrected && asked) {
    const [message, row] = asked;
    const reading = readCorrected(row, corrected);
    if (!reading.ok) return new Map([[parked_id, `refused: ${reading.problem.code}`]]);
    rowOf.delete(message);
    rowOf.set(withCorrection(message, reading), row);
  }
  const incoming = [...rowOf.keys()].toSorted((a, b) => a.offset - b.offset);
  const settled = (await engine.applyReleased(connection, incoming)).map((entry) => ({
    entry,
    row: rowOf.get(entry.message)!,
  }));
  await connection.query(
    `with what as (select * from unnest($1::bigint[], $2::text[]) as w(id, code)),
      done as (
        update parked p set state = 'released', settled_at = now(), settled_by = $3,
          settled_reason = $4, corrected = case when p.id = $5 then $6::jsonb end
        from what where what.id = p.id and what.code is null
      )
      update parked p set code = what.code from what where what.id = p.id and what.code is not null and p.code <> what.code`,
    [
      settled.map(({ row }) => row.id),
      settled.map(({ entry }) => (entry.outcome === 'parked' ? entry.code : null)),
      ...[requested_by, reason, parked_id, corrected],
    ],
  );
  await connection.query(
    `update event_log l set outcome = o.outcome, applied_at = now() from unnest($1::uuid[], $2::text[]) as o(event_id, outcome)
     where l.event_id = o.event_id and o.outcome <> 'parked'`,
    [settled.map(({ row }) => row.event_id), settled.map(({ entry }) => entry.outcome)],
  );
  return new Map(settled.map(({ row, entry }) => [row.id, describe(entry)]));
}

/** The kept messages as they read now; by the message itself, since one place of two logs may be two messages. */
async function reread(codec: EventCodec, rows: readonly ParkedRow[]): Promise<Map<Incoming, ParkedRow>> {
  const rowOf = new Map<Incoming, ParkedRow>();
  for (const some of Map.groupBy(rows, ({ topic, lane }) => `${topic}/${lane}`).values()) {
    const { dataset, topic, lane } = some[0]!;
    const messages = some.map(({ kafka_offset, key, value, headers }) => ({
      offset: kafka_offset,
      key,
      value,
      headers: () => headers,
    }));
    (await readMessages(codec, { dataset, topic, lane, messages })).forEach((read, at) => rowOf.set(read, some[at]!));
  }
  return rowOf;
}

const describe = (entry: EventOutcome): string =>
  entry.outcome === 'parked' ? `parked again: ${entry.code}` : entry.outcome;
