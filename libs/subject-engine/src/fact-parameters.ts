import { envelopePlaces, EventLayout, HuitongError, type DatasetName, type EventBytes } from '@huitong/change-event';
import { binaryArrays, binaryRows, isBinary, isPlainDecimal, type BinaryColumn } from './binary-arrays.ts';
import { arrayLiteral } from './parameters.ts';
import type { FactTable } from './plan.ts';
import type { EventIncoming } from './rounds.ts';

/**
 * The arrays that {@link FactStatements} take: one for each envelope column, then one for each data column. Nearly all are made from the
 * events' own bytes, without a value in between. Throws EVENT_INVALID for an event that its schema does not allow, as none is that was
 * read from bytes.
 */
export function factParameters(fact: FactTable, round: readonly EventIncoming[]): (string | Buffer)[] {
  return binaryArrays(factColumns(fact, round));
}

/**
 * The same facts as the rows that {@link FactStatements} copy; undefined where some value is left to PostgreSQL to read. `known` are the
 * times at which they were applied, microseconds from 2000-01-01, where these are not to be now.
 */
export function factRows(
  fact: FactTable,
  round: readonly EventIncoming[],
  known?: readonly number[],
): Buffer | undefined {
  const columns = factColumns(fact, round);
  if (known) columns.push({ type: 'timestamptz', values: known });
  return columns.every((column) => typeof column !== 'string') ? binaryRows(columns, round.length) : undefined;
}

/** The keys of events' facts: arrays of subject ids and of source record ids. */
export function keyParameters(dataset: DatasetName, messages: readonly EventIncoming[]): (string | Buffer)[] {
  return binaryArrays(keyColumns(dataset, messages, inBytes(dataset, messages)));
}

/** The same, with an array of event ids behind them. */
export function eventKeyParameters(dataset: DatasetName, messages: readonly EventIncoming[]): (string | Buffer)[] {
  const events = inBytes(dataset, messages);
  const ids = { type: 'uuid', place: envelopePlaces.event_id, events };
  return binaryArrays([...keyColumns(dataset, messages, events), ids]);
}

/** What is logged of applied events: arrays of event ids, subject ids, lanes and offsets. */
export function logParameters(dataset: DatasetName, messages: readonly EventIncoming[]): (string | Buffer)[] {
  const events = inBytes(dataset, messages);
  return binaryArrays([
    { type: 'uuid', place: envelopePlaces.event_id, events },
    subjectColumn(dataset, messages, events),
    lanesOf(messages),
    { type: 'bigint', values: messages.map(({ offset }) => offset) },
  ]);
}

type Events = readonly EventBytes[];

/** A column for each of the fact table's; a literal of an array where PostgreSQL has to say whether it takes the values. */
function factColumns(fact: FactTable, round: readonly EventIncoming[]): (BinaryColumn | string)[] {
  const layout = EventLayout.of(fact.dataset);
  const events = inBytes(fact.dataset, round);
  // An annulled fact keeps its version and nothing else, so that no order of arrival leaves values behind.
  const stating = events.map((event) => (event.verb === 'ANNULLED' ? undefined : event));
  return [
    ...keyColumns(fact.dataset, round, events),
    { type: 'bigint', place: envelopePlaces.source_version, events },
    { type: 'uuid', place: envelopePlaces.event_id, events },
    { type: 'text', values: events.map(({ verb }) => verb) },
    { type: 'text', place: envelopePlaces.reason, events },
    { type: 'timestamptz', place: envelopePlaces.recorded_at, events },
    { type: 'date', place: envelopePlaces.valid_from, events },
    { type: 'date', place: envelopePlaces.valid_to, events },
    lanesOf(round),
    ...fact.columns.map(({ name, type }) => {
      const place = layout.placeOf(name);
      const isWritten = (event: EventBytes | undefined): boolean =>
        !event || event.start(place) < 0 || isPlainDecimal(event.bytes, event.start(place));
      if (isBinary(type) && (type !== 'numeric' || stating.every(isWritten))) return { type, place, events: stating };
      return arrayLiteral(stating.map((event) => event?.text(place) ?? null));
    }),
  ];
}

const keyColumns = (dataset: DatasetName, messages: readonly EventIncoming[], events: Events): BinaryColumn[] => [
  subjectColumn(dataset, messages, events),
  { type: 'text', place: envelopePlaces.source_record_id, events },
];

/** Subject ids stand in the data too, where there are any. */
function subjectColumn(dataset: DatasetName, messages: readonly EventIncoming[], events: Events): BinaryColumn {
  const place = EventLayout.of(dataset).subjectPlace;
  if (events.every((event) => event.start(place) >= 0)) return { type: 'text', place, events };
  return { type: 'text', values: messages.map(({ subjectId }) => subjectId) };
}

const lanesOf = (messages: readonly EventIncoming[]): BinaryColumn => ({
  type: 'smallint',
  values: messages.map(({ lane }) => lane),
});

function inBytes(dataset: DatasetName, messages: readonly EventIncoming[]): EventBytes[] {
  const layout = EventLayout.of(dataset);
  return messages.map(({ event }) => layout.encoded(event) ?? refuse(dataset));
}

function refuse(dataset: DatasetName): never {
  throw new HuitongError('EVENT_INVALID', 'applying an event that its schema does not allow', { context: { dataset } });
}
