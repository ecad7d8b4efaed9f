import { HuitongError } from '@huitong/change-event';

/** One request brings at most this many events; the public interface promises it. */
export const eventsMax = 1_000;

/** One event of a request body: its JSON, or the mark of a line that is none. */
export type BodyItem = { readonly json: unknown } | { readonly unreadable: true };

/**
 * The events of a body: a JSON array, one JSON object, or NDJSON text (blank lines do not count). A line that is not
 * JSON spoils only itself. TOO_MANY_EVENTS beyond {@link eventsMax}, BODY_INVALID where there are none.
 */
export function readBody(body: unknown): BodyItem[] {
  if (typeof body === 'string') {
    // Counted before anything is parsed: eight megabytes hold millions of empty objects.
    const lines = body.split('\n').filter((line) => line.trim() !== '');
    return bounded(lines).map(readLine);
  }
  if (Array.isArray(body)) return bounded(body).map((json: unknown) => ({ json }));
  if (typeof body === 'object' && body !== null) return [{ json: body }];
  throw new HuitongError('BODY_INVALID', 'reading a body that is neither a JSON array of events nor one event');
}

function bounded<Item>(items: Item[]): Item[] {
  if (items.length === 0) throw new HuitongError('BODY_INVALID', 'reading a body without events');
  if (items.length > eventsMax)
    throw new HuitongError('TOO_MANY_EVENTS', `reading more than ${eventsMax} events in one request`, {
      context: { events: items.length, eventsMax },
    });
  return items;
}

function readLine(line: string): BodyItem {
  try {
    return { json: JSON.parse(line) as unknown };
  } catch {
    return { unreadable: true };
  }
}
