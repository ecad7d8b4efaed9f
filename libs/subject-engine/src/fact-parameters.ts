import { envelopePlaces, EventLayout, HuitongError } from '@huitong/change-event';
import { binaryArrays, isBinary, type BinaryColumn } from './binary-arrays.ts';
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
  const events = round.map(({ event }) => layout.encoded(event) ?? refuse(fact));
  // An annulled fact keeps its version and nothing else, so that no order of arrival leaves values behind.
  const stating = events.map((event) => (event.verb === 'ANNULLED' ? undefined : event));
  const columns: (string | BinaryColumn)[] = [
    arrayLiteral(round.map(({ subjectId }) => subjectId)),
    { type: 'text', place: envelopePlaces.source_record_id, events },
    { type: 'bigint', place: envelopePlaces.source_version, events },
    { type: 'uuid', place: envelopePlaces.event_id, events },
    arrayLiteral(events.map(({ verb }) => verb)),
    { type: 'text', place: envelopePlaces.reason, events },
    { type: 'timestamptz', place: envelopePlaces.recorded_at, events },
    { type: 'date', place: envelopePlaces.valid_from, events },
    { type: 'date', place: envelopePlaces.valid_to, events },
    arrayLiteral(round.map(({ lane }) => lane)),
    ...fact.columns.map(({ name, type }) => {
      const place = layout.placeOf(name);
      if (isBinary(type)) return { type, place, events: stating };
      return arrayLiteral(stating.map((event) => event?.text(place) ?? null));
    }),
  ];
  const arrays = binaryArrays(columns.filter((column) => typeof column !== 'string'));
  return columns.map((column) => (typeof column === 'string' ? column : arrays.shift()!));
}

function refuse({ dataset }: FactTable): never {
  throw new HuitongError('EVENT_INVALID', 'applying an event that its schema does not allow', { context: { dataset } });
}
