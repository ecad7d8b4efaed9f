import { envelopePlaces, EventLayout, HuitongError, type DatasetName, type EventBytes } from '@huitong/change-event';
import { binaryArrays, binaryNumbers, isBinary, type BinaryColumn } from './binary-arrays.ts';
import { arrayLiteral } from './parameters.ts';
import type { FactTable } from './plan.ts';
import type { EventIncoming } from './rounds.ts';

/**
 * The arrays that {@link FactStatements} take: one for each envelope column, then one for each data column. Nearly all are made from the
 * events' own bytes, without a value in between. Throws EVENT_INVALID for an event that its schema does not allow, as none is that was
 * read from bytes.
 */
export function factParameters(fact: FactTable, round: readonly EventIncoming[]): (string | Buffer)[] {
  const layout = EventLayout.of(fact.dataset);
  const events = inBytes(fact.dataset, round);
  // An annulled fact keeps its version and nothing else, so that no order of arrival leaves values behind.
  const stating = events.map((event) => (event.verb === 'ANNULLED' ? undefined : event));
  return binaryArrays([
    ...keyColumns(fact.dataset, round, events),
    { type: 'bigint', place: envelopePlaces.source_version, events },
    { type: 'uuid', place: envelopePlaces.event_id, events },
    arrayLiteral(events.map(({ verb }) => verb)),
    { type: 'text', place: envelopePlaces.reason, events },
    { type: 'timestamptz', place: envelopePlaces.recorded_at, events },
    { type: 'date', place: envelopePlaces.valid_from, events },
    { type: 'date', place: envelopePlaces.valid_to, events },
    lanesOf(round),
    ...fact.columns.map(({ name, type }) => {
      const place = layout.placeOf(name);
      if (isBinary(type)) return { type, place, events: stating };
      return arrayLiteral(stating.map((event) => event?.text(place) ?? null));
    }),
  ]);
}

/** The keys of events' facts: arrays of subject ids and of source record ids. */
export function keyParameters(dataset: DatasetName, messages: readonly EventIncoming[]): (string | Buffer)[] {
  return binaryArrays(keyColumns(dataset, messages, inBytes(dataset, messages)));
}

/** What is logged of applied events: arrays of event ids, subject ids, lanes and offsets. */
export function logParameters(dataset: DatasetName, messages: readonly EventIncoming[]): (string | Buffer)[] {
  const events = inBytes(dataset, messages);
  return binaryArrays([
    { type: 'uuid', place: envelopePlaces.event_id, events },
    subjectColumn(dataset, messages, events),
    lanesOf(messages),
    binaryNumbers(
      'bigint',
      messages.map(({ offset }) => offset),
    ),
  ]);
}

type Events = readonly EventBytes[];

const keyColumns = (
  dataset: DatasetName,
  messages: readonly EventIncoming[],
  events: Events,
): (string | BinaryColumn)[] => [
  subjectColumn(dataset, messages, events),
  { type: 'text', place: envelopePlaces.source_record_id, events },
];

/** Subject ids stand in the data too, where there are any. */
function subjectColumn(
  dataset: DatasetName,
  messages: readonly EventIncoming[],
  events: Events,
): string | BinaryColumn {
  const place = EventLayout.of(dataset).subjectPlace;
  if (events.every((event) => event.start(place) >= 0)) return { type: 'text', place, events };
  return arrayLiteral(messages.map(({ subjectId }) => subjectId));
}

const lanesOf = (messages: readonly EventIncoming[]): Buffer =>
  binaryNumbers(
    'smallint',
    messages.map(({ lane }) => lane),
  );

function inBytes(dataset: DatasetName, messages: readonly EventIncoming[]): EventBytes[] {
  const layout = EventLayout.of(dataset);
  return messages.map(({ event }) => layout.encoded(event) ?? refuse(dataset));
}

function refuse(dataset: DatasetName): never {
  throw new HuitongError('EVENT_INVALID', 'applying an event that its schema does not allow', { context: { dataset } });
}
