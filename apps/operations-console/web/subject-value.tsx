import type { TypedField } from '../src/contract.ts';
import { Link } from './address.tsx';
import { useSurroundings } from './surroundings.tsx';

/** The first part of an event's id, which leads to what became of it. */
export const EventLink = ({ eventId }: { eventId: string }) => (
  <Link className="id" title={eventId} href={`/follow?event=${eventId}`}>
    {eventId.slice(0, 8)}…
  </Link>
);

/** A value as people read it; a list row by row, under the names of its columns. */
export function Value({ field: { value, isSet, type, columns } }: { field: TypedField }) {
  const { say, language } = useSurroundings();
  if (value === null) return <span className="hint">{isSet ? say('masked') : say('isEmpty')}</span>;
  if (type === 'boolean') return <>{say(value === 'true' ? 'yes' : 'no')}</>;
  if (type !== 'jsonb') return <>{value}</>;
  const rows = JSON.parse(value) as Record<string, unknown>[];
  return (
    <ul className="list">
      {rows.map((row, at) => (
        <li key={at}>
          {columns
            .filter(({ name }) => row[name] !== null && row[name] !== undefined)
            .map(({ name, title }) => `${title[language]}: ${String(row[name])}`)
            .join(language === 'zh' ? '；' : '; ')}
        </li>
      ))}
    </ul>
  );
}
