import { EventLayout } from '@huitong/change-event';
import { copyRows, type Connection, type Send } from '@huitong/postgres';
import { logApplied } from './event-outcomes.ts';
import { eventKeyParameters, factParameters, factRows, keyParameters } from './fact-parameters.ts';
import type { FactStatements } from './facts-sql.ts';
import type { Relinked } from './identity.ts';
import { arrayLiteral } from './parameters.ts';
import { parkedKeyOf, type EventOutcome } from './parked.ts';
import type { FactTable } from './plan.ts';
import { intoRounds, type EventIncoming } from './rounds.ts';
import { setAside } from './set-aside.ts';

/** A fact table with its compiled statements. */
export interface FactWriting extends FactStatements {
  readonly fact: FactTable;
  readonly setAside: string;
}

/** The fact that an event finds at its key: its version, its place in the table, and the former id of the subject that it states. */
export interface Standing {
  readonly version: number;
  readonly place: string;
  readonly alias: string | null;
}

/** What events find at their keys; those that find nothing are not among `standing`. */
export interface Found {
  readonly standing: ReadonlyMap<EventIncoming, Standing>;
  /** When the generation that is replaced applied each, or else now, microseconds from 2000-01-01; undefined where there is none. */
  readonly known: ReadonlyMap<EventIncoming, number> | undefined;
}

/** PostgreSQL copies a row in two thirds of the time that it takes to insert one, but plans a COPY anew each time. */
const copiedMin = 100;

/** What became of a chunk's events of one dataset. */
export interface WrittenFacts {
  readonly fact: FactTable;
  /** `logged`: that it was applied is written down already. */
  readonly outcomes: readonly (EventOutcome & { readonly logged?: true })[];
  readonly applied: readonly EventIncoming[];
  /** Those of the applied ones that state, change or withdraw a former id. */
  readonly relinked: readonly Relinked[];
}

/** Looks up what stands at the keys of a dataset's events. */
export async function lookUpStanding(
  connection: Connection,
  { fact, lookUp, looksBack }: FactWriting,
  events: readonly EventIncoming[],
): Promise<Found> {
  const { rows } = await connection.query<{
    standing: string | null;
    aliases?: Record<string, string> | null;
    known?: string;
  }>({
    name: `look up ${fact.table}`,
    text: lookUp,
    values: (looksBack ? eventKeyParameters : keyParameters)(fact.dataset, events),
  });
  const { standing, aliases, known } = rows[0]!;
  const found = new Map<EventIncoming, Standing>();
  for (const one of standing?.split(';') ?? []) {
    const [ord, version, place] = one.split(':') as [string, string, string];
    found.set(events[Number(ord) - 1]!, { version: Number(version), place, alias: aliases?.[ord] ?? null });
  }
  const times = known?.split(' ');
  return { standing: found, known: times && new Map(events.map((message, at) => [message, Number(times[at])])) };
}

/**
 * Writes those of a dataset's events that are newer than what stands, and says what became of each. `isWanted` tells events that a
 * repair has asked their source for: what stands in the way of these was altered by hand, and is set aside. Nothing that is sent is
 * waited for, unless an event has the version of what stands: then their contents are compared. What is applied is logged as such.
 */
export async function writeFacts(
  connection: Connection,
  writing: FactWriting,
  events: readonly EventIncoming[],
  { found, isWanted, send }: { found: Found; isWanted: (message: EventIncoming) => boolean; send: Send },
): Promise<WrittenFacts> {
  const { fact } = writing;
  const { rounds, superseded } = intoRounds(events);
  const outcomes: WrittenFacts['outcomes'][number][] = superseded.map((message) => ({
    message,
    outcome: 'superseded',
  }));
  const applied: EventIncoming[] = [];
  const relinked: Relinked[] = [];
  const replaced = new Set<string>();
  for (const [at, round] of rounds.entries()) {
    const look = at === 0 ? found : await lookUpStanding(connection, writing, round);
    let { standing } = look;
    const fresh: EventIncoming[] = [];
    const newer: EventIncoming[] = [];
    const older: EventIncoming[] = [];
    const same: EventIncoming[] = [];
    for (const message of round) {
      const version = standing.get(message)?.version;
      if (version === undefined) fresh.push(message);
      else if (version < message.event.source_version) newer.push(message);
      else if (version > message.event.source_version) older.push(message);
      else same.push(message);
    }
    const { conflicts, repeated } = same.length > 0 ? await compare(connection, writing, same) : nothingSame;
    const again = [...older, ...conflicts].filter(
      (message) => isWanted(message) && !replaced.has(parkedKeyOf(message)),
    );
    if (again.length > 0) {
      await setAside(connection, writing.setAside, again);
      const { standing: aside } = await lookUpStanding(connection, writing, again);
      standing = new Map([...standing, ...aside]);
      for (const message of again) {
        replaced.add(parkedKeyOf(message));
        (aside.has(message) ? newer : fresh).push(message);
      }
    }
    const isAgain = new Set(again);
    for (const message of older) if (!isAgain.has(message)) outcomes.push({ message, outcome: 'superseded' });
    for (const message of same) {
      if (isAgain.has(message)) continue;
      if (conflicts.has(message)) outcomes.push({ message, outcome: 'parked', code: 'VERSION_CONFLICT' });
      else outcomes.push({ message, outcome: 'duplicate', ...(repeated.has(message) ? { logged: true } : {}) });
    }
    if (fresh.length > 0) send(insertFacts(connection, writing, fresh, look.known));
    if (newer.length > 0) send(replaceFacts(connection, writing, newer, standing));
    for (const message of [...fresh, ...newer]) applied.push(message);
    if (fact.aliasColumn)
      for (const message of [...fresh, ...newer]) {
        const aliases = [standing.get(message)?.alias, aliasOf(fact, message)].filter((id) => typeof id === 'string');
        if (aliases.length > 0) relinked.push({ message, aliases });
      }
  }
  const untimed = new Set(logApplied(connection, fact.dataset, applied, send));
  for (const message of applied)
    outcomes.push({ message, outcome: 'applied', ...(untimed.has(message) ? {} : { logged: true }) });
  return { fact, outcomes, applied, relinked };
}

function insertFacts(
  connection: Connection,
  { fact, insert, copy }: FactWriting,
  messages: readonly EventIncoming[],
  known: Found['known'],
): Promise<unknown> {
  const times = known && messages.map((message) => known.get(message)!);
  const rows = messages.length >= copiedMin ? factRows(fact, messages, times) : undefined;
  if (rows) return copyRows(connection, copy, rows);
  return connection.query({ name: `insert ${fact.table}`, text: insert, values: factParameters(fact, messages) });
}

function replaceFacts(
  connection: Connection,
  { fact, replace }: FactWriting,
  messages: readonly EventIncoming[],
  standing: Found['standing'],
): Promise<unknown> {
  const places = arrayLiteral(messages.map((message) => standing.get(message)!.place));
  return connection.query({
    name: `replace ${fact.table}`,
    text: replace,
    values: [...factParameters(fact, messages), places],
  });
}

/** Of events that have the version of what stands at their keys: those with other content, and those that brought what stands. */
interface Compared {
  readonly conflicts: ReadonlySet<EventIncoming>;
  readonly repeated: ReadonlySet<EventIncoming>;
}

const nothingSame: Compared = { conflicts: new Set(), repeated: new Set() };

async function compare(
  connection: Connection,
  { fact, differing }: FactWriting,
  events: readonly EventIncoming[],
): Promise<Compared> {
  const { rows } = await connection.query<{ ord: number; differs: boolean; same_event: boolean }>({
    name: `differing ${fact.table}`,
    text: differing,
    values: factParameters(fact, events),
  });
  const those = (some: typeof rows): Set<EventIncoming> => new Set(some.map(({ ord }) => events[ord - 1]!));
  return {
    conflicts: those(rows.filter(({ differs }) => differs)),
    repeated: those(rows.filter((row) => row.same_event)),
  };
}

/** The former id of the subject that a fact states, once the event is applied. */
function aliasOf({ dataset, aliasColumn }: FactTable, { event }: EventIncoming): string | null {
  if (aliasColumn === undefined || event.verb === 'ANNULLED') return null;
  const layout = EventLayout.of(dataset);
  return layout.encoded(event)?.text(layout.placeOf(aliasColumn)) ?? null;
}
