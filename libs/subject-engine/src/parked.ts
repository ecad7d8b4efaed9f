import type { ErrorCode } from '@huitong/change-event';
import type { Queryable, Send } from '@huitong/postgres';
import { arrayLiteral } from './parameters.ts';
import { headerText, idLengthMax, subjectIdOf, textOfHeader, uuidPattern, type Incoming } from './incoming.ts';

/** What can become of an event; every event gets exactly one. */
export const outcomeNames = ['applied', 'superseded', 'duplicate', 'parked'] as const;

/** What became of one message. */
export type EventOutcome =
  | { readonly message: Incoming; readonly outcome: 'applied' | 'superseded' | 'duplicate' }
  | { readonly message: Incoming; readonly outcome: 'parked'; readonly code: ErrorCode };

/**
 * The source record that a message speaks of, under which parked events hold back later ones; empty where the bytes do
 * not say it, or say one that no event could be applied under.
 */
export function parkedKeyOf(message: Incoming): string {
  if (message.kind === 'control' || !message.event) return '';
  const subjectId = subjectIdOf(message);
  if (textOf(subjectId) === null || textOf(message.event.source_record_id) === null) return '';
  return `${message.dataset}\n${subjectId}\n${message.event.source_record_id}`;
}

/** Source records that are not applied as any other: by key, and those asked for again with the version to come. */
export interface SpecialKeys {
  readonly held: ReadonlySet<string>;
  readonly wanted: ReadonlyMap<string, number>;
}

/** The source records with an open parked event in these lanes, and those that a repair has asked their source for. */
export async function specialKeys(connection: Queryable, lanes: readonly number[]): Promise<SpecialKeys> {
  const { rows } = await connection.query<{ key: string; version: number | null }>({
    name: 'special keys',
    text: `select distinct dataset || E'\\n' || subject_id || E'\\n' || source_record_id as key, null::bigint as version from parked
      where state = 'parked' and lane = any($1::smallint[]) and source_record_id is not null
      union all
      select dataset || E'\\n' || subject_id || E'\\n' || source_record_id, stated_version from proof_difference
      where request_id is not null and lane = any($1::smallint[])`,
    values: [lanes],
  });
  return {
    held: new Set(rows.filter(({ version }) => version === null).map(({ key }) => key)),
    wanted: new Map(rows.flatMap(({ key, version }) => (version === null ? [] : [[key, version]]))),
  };
}

/**
 * Keeps parked messages with all that applying them later needs, by one statement; a message already kept stays as it is.
 * A dataset whose schema broke parks every event that it has.
 */
export function park(connection: Queryable, outcomes: readonly EventOutcome[], send: Send): void {
  const parked = outcomes.flatMap((entry) =>
    entry.outcome === 'parked' && entry.message.kind !== 'control'
      ? [{ message: entry.message, event: entry.message.event, code: entry.code }]
      : [],
  );
  if (parked.length === 0) return;
  const statement = {
    name: 'park',
    text: `insert into parked (lane, dataset, topic, kafka_offset, event_id, subject_id, source_record_id, code, schema_id, key, value, headers)
      select * from unnest($1::smallint[], $2::text[], $3::text[], $4::bigint[], $5::uuid[], $6::text[], $7::text[], $8::text[], $9::bigint[],
        $10::bytea[], $11::bytea[], $12::jsonb[])
      on conflict (topic, lane, kafka_offset, md5(value)) do nothing`,
    values: [
      parked.map(({ message }) => message.lane),
      parked.map(({ message }) => message.dataset),
      parked.map(({ message }) => message.topic),
      parked.map(({ message }) => message.offset),
      parked.map(({ message }) => uuidOf(message)),
      parked.map(({ message, event }) => (event ? textOf(message.key?.toString()) : null)),
      parked.map(({ event }) => (event ? textOf(event.source_record_id) : null)),
      parked.map(({ code }) => code),
      parked.map(({ message }) => (message.kind === 'unreadable' ? (message.schemaId ?? null) : null)),
      parked.map(({ message }) => bytesOf(message.key)),
      parked.map(({ message }) => bytesOf(message.value)),
      parked.map(({ message }) => JSON.stringify(headersAsText(message))),
    ].map(arrayLiteral),
  };
  send(connection.query(statement));
}

/** The event's id, from the event or, where its bytes are unreadable, from the CloudEvents header. */
export function uuidOf(message: Incoming): string | null {
  // A readable event's id was checked when it was read.
  if (message.kind === 'event') return message.event.event_id;
  const id = (message.kind === 'control' ? undefined : message.event?.event_id) ?? headerText(message, 'ce_id');
  return id && uuidPattern.test(id) ? id : null;
}

function headersAsText(message: Incoming): Record<string, string> {
  const headers = Object.entries(message.headers()).filter(([name]) => !name.includes('\u0000'));
  return Object.fromEntries(
    headers.map(([name, value]) => [name, (textOfHeader(value) ?? '').replaceAll('\u0000', '')]),
  );
}

/** Bytes as PostgreSQL reads them. */
const bytesOf = (bytes: Buffer | null): string | null => bytes && `\\x${bytes.toString('hex')}`;

/** Text that PostgreSQL can hold and index: no NUL, and no longer than an id may be. */
export function textOf(text: string | undefined): string | null {
  return text === undefined || text.length > idLengthMax || text.includes('\u0000') ? null : text;
}
