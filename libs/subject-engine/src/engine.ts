import type { DatasetName } from '@huitong/change-event';
import { HuitongError } from '@huitong/change-event';
import { allEnded, inTransaction, sending, type Connection, type Database, type Send } from '@huitong/postgres';
import { logOutcomes } from './event-outcomes.ts';
import { compileFactStatements } from './facts-sql.ts';
import { lockIdentities, relinkIdentities } from './identity.ts';
import { partsOf, subjectIdOf, type Incoming } from './incoming.ts';
import { advanceLanes, stepsOf, type Lane } from './lanes.ts';
import { recordParameters } from './parameters.ts';
import { outcomeNames, park, parkedKeyOf, specialKeys, type EventOutcome, type SpecialKeys } from './parked.ts';
import type { DatabasePlan, SubjectPlan } from './plan.ts';
import { anyDataset, bitOf, presentOf } from './present-datasets.ts';
import { compileRecordStatements, type RecordStatements } from './record-sql.ts';
import type { Cause, EventIncoming } from './rounds.ts';
import { compileSetAside, settleWanted } from './set-aside.ts';
import { keepStatements } from './statements.ts';
import { lookUpStanding, writeFacts, type FactWriting, type Found, type WrittenFacts } from './write-facts.ts';

/** Some lanes' next messages of any datasets, in order within each lane and dataset; applied in one transaction. */
export interface Chunk {
  /** The claimed lanes of the messages, by number. */
  readonly lanes: ReadonlyMap<number, Lane>;
  readonly incoming: readonly Incoming[];
}

/** What became of a chunk. */
export type ApplyResult =
  | { readonly status: 'applied'; readonly outcomes: Readonly<Record<EventOutcome['outcome'], number>> }
  | { readonly status: 'fenced' | 'stale' };

/** All compiled SQL of one database. */
interface Statements {
  readonly facts: ReadonlyMap<DatasetName, FactWriting>;
  readonly records: ReadonlyMap<string, RecordStatements>;
}

/**
 * What a chunk is applied on: source records out of the ordinary, ids of subjects with several, the facts and records that its events
 * find, and what is locked.
 */
interface Ground extends SpecialKeys {
  readonly several: ReadonlySet<string>;
  readonly found: ReadonlyMap<DatasetName, Found>;
  /** The datasets that the records of a subject may have facts of, all taken together. */
  readonly present: ReadonlyMap<SubjectPlan, bigint>;
  readonly allLanes: boolean;
}

/** A crash of PostgreSQL takes the last chunks back together with their offsets, and they are read again. */
const commitsLater = { commitsLater: true };

/** A new event's alias column can merge subjects of other lanes: the chunk is then done again with all lanes locked. */
class NeedsAllLanes extends Error {}

/** A chunk turned out to be fenced or stale after its transaction began; carries the status out of it. */
class NotMine extends Error {
  readonly status: 'fenced' | 'stale';
  constructor(status: 'fenced' | 'stale') {
    super(status);
    this.status = status;
  }
}

/**
 * Applies chunks of change events to one database. The engine holds no state of its own beside compiled SQL: facts,
 * records, history, parked events and the lanes' offsets commit together or not at all.
 */
export class SubjectEngine {
  readonly plan: DatabasePlan;
  readonly #database: Database;
  readonly #statements: Statements;
  readonly #hasAliases: boolean;
  readonly #factsOnly: boolean;

  /**
   * `factsOnly` leaves records and their history out: for a generation whose records are derived at once when its facts are there.
   * `liveSchema` is where the live generation is, from which facts take the time at which they were first applied.
   */
  constructor(
    database: Database,
    plan: DatabasePlan,
    { factsOnly = false, liveSchema }: { factsOnly?: boolean; liveSchema?: string } = {},
  ) {
    this.plan = plan;
    this.#factsOnly = factsOnly;
    this.#database = database;
    this.#hasAliases = plan.subjects.some(({ hasAliases }) => hasAliases);
    this.#statements = {
      facts: new Map(
        plan.factTables.map((fact) => [
          fact.dataset,
          { fact, ...compileFactStatements(fact, liveSchema), setAside: compileSetAside(fact) },
        ]),
      ),
      records: new Map(plan.subjects.map((subject) => [subject.name, compileRecordStatements(subject)])),
    };
  }

  /**
   * Applies one chunk, each event at most once. Returns `fenced` or `stale` instead of throwing when the lanes have
   * another owner or moved on. What is applied is on disk some tenths of a second later. An event that the database itself refuses is
   * found by halving the chunk and parked (RECORD_REFUSED); environment faults throw DATABASE_UNAVAILABLE or DISK_FULL and change nothing.
   */
  async apply(chunk: Chunk): Promise<ApplyResult> {
    try {
      return await this.#applyOnce(chunk, false).catch((error: unknown) => {
        // Somebody put a fact, by hand, where none was found a moment ago, or changed one that was: the next look finds it.
        if (!hasMoved(error) && sqlStateOf(error) !== '23505') throw error;
        return this.#applyOnce(chunk, false);
      });
    } catch (error) {
      if (error instanceof NotMine) return { status: error.status };
      if (hasMoved(error)) throw new HuitongError('DATABASE_UNAVAILABLE', 'replacing facts that somebody moves');
      if (!isRefusal(error)) throw error;
      return this.#applyHalves(chunk, error);
    }
  }

  async #applyOnce(chunk: Chunk, allLanes: boolean): Promise<ApplyResult> {
    try {
      const steps = stepsOf(chunk.lanes, chunk.incoming);
      const incoming = bySubject(chunk.incoming);
      const outcomes = await inTransaction(
        this.#database,
        async (connection, send) => {
          if (allLanes) await connection.query('select lane from lane order by lane for update');
          const [advanced, ground] = await Promise.all([
            advanceLanes(connection, steps),
            this.#ground(connection, incoming),
          ]);
          if (advanced !== 'advanced') throw new NotMine(advanced);
          return this.#applyOn(connection, incoming, { ...ground, allLanes }, send);
        },
        commitsLater,
      );
      for (const step of steps) {
        const lane = chunk.lanes.get(step.lane)!;
        Object.assign(lane.nextOffsets, step.next);
        Object.assign(lane.asOf, step.asOf);
        Object.assign(lane.youngest, step.youngest);
      }
      return { status: 'applied', outcomes: countOutcomes(outcomes) };
    } catch (error) {
      if (error instanceof NeedsAllLanes) return this.#applyOnce(chunk, true);
      throw error;
    }
  }

  /**
   * Applies parked events that are tried again, inside a transaction that holds all lanes: what they held back goes with
   * them. Throws what the database refuses.
   */
  async applyReleased(connection: Connection, released: readonly Incoming[]): Promise<EventOutcome[]> {
    const incoming = bySubject(released);
    const ground = await this.#ground(connection, incoming);
    return sending((send) => this.#applyOn(connection, incoming, { ...ground, held: new Set(), allLanes: true }, send));
  }

  /** What must be known before anything is written; asked for in one go with the lanes' locks. */
  async #ground(connection: Connection, incoming: readonly Incoming[]): Promise<Omit<Ground, 'allLanes'>> {
    const lanes = [...new Set(incoming.map(({ lane }) => lane))];
    const events = incoming.filter((message) => message.kind === 'event');
    const ids = [...new Set(events.map(({ subjectId }) => subjectId))];
    const [special, several, present, ...found] = await Promise.all([
      specialKeys(connection, lanes),
      this.#hasAliases ? lockIdentities(connection, ids) : new Set<string>(),
      this.#factsOnly ? new Map<SubjectPlan, bigint>() : presentOf(connection, this.plan.subjects, ids),
      ...[...byDataset(events)].map(
        async ([dataset, some]) =>
          [dataset, await lookUpStanding(connection, this.#statements.facts.get(dataset)!, some)] as const,
      ),
    ]);
    return { ...special, several, found: new Map(found), present };
  }

  async #applyOn(
    connection: Connection,
    incoming: readonly Incoming[],
    ground: Ground,
    send: Send,
  ): Promise<EventOutcome[]> {
    const { toApply, parked } = heldBack(incoming, ground.held);
    const isWanted = (message: EventIncoming): boolean => {
      const version = ground.wanted.size > 0 ? ground.wanted.get(parkedKeyOf(message)) : undefined;
      return version !== undefined && message.event.source_version >= version;
    };
    // Datasets go side by side over the one connection; all have ended, or were sent, when this returns or throws.
    const written = await allEnded(
      [...byDataset(toApply)].map(([dataset, events]) =>
        writeFacts(connection, this.#statements.facts.get(dataset)!, events, {
          found: ground.found.get(dataset)!,
          isWanted,
          send,
        }),
      ),
    );
    if (!ground.allLanes && written.some(({ relinked }) => relinked.length > 0)) throw new NeedsAllLanes();
    const outcomes = [...parked, ...written.flatMap((of) => of.outcomes)];
    if (!this.#factsOnly || ground.allLanes) await this.#derive(connection, written, ground, send);
    park(connection, outcomes, send);
    logOutcomes(
      connection,
      outcomes.filter((outcome) => !('logged' in outcome)),
      send,
    );
    await keepStatements(connection, incoming);
    if (ground.wanted.size > 0) await settleWanted(connection, outcomes, ground.wanted);
    return outcomes;
  }

  /** Derives the records of all subjects whose facts changed, each once, whatever the number of its events and datasets. */
  async #derive(connection: Connection, written: readonly WrittenFacts[], ground: Ground, send: Send): Promise<void> {
    const derive = (subject: SubjectPlan): Promise<void> => {
      const ofSubject = written.filter(({ fact, applied }) => applied.length > 0 && subject.factTables.includes(fact));
      return this.#deriveRecords(connection, subject, ofSubject, { ...ground, send });
    };
    // Subjects share the table of links.
    if (ground.allLanes) for (const subject of this.plan.subjects) await derive(subject);
    else await allEnded(this.plan.subjects.map(derive));
  }

  async #deriveRecords(
    connection: Connection,
    subject: SubjectPlan,
    written: readonly WrittenFacts[],
    ground: Ground & { readonly send: Send },
  ): Promise<void> {
    const relinked = subject.hasAliases ? written.flatMap((of) => of.relinked) : [];
    const touched = relinked.length > 0 ? await relinkIdentities(connection, subject, relinked) : [];
    const changed: Cause[] = [...written.flatMap(({ applied }) => applied), ...touched];
    if (this.#factsOnly || changed.length === 0) return;
    const annulled = written.flatMap(({ applied }) => applied.filter(({ event }) => event.verb === 'ANNULLED'));
    const { remove, recompute, recomputeAliased } = this.#statements.records.get(subject.name)!;
    // Where links may have changed since the chunk began, they are looked up again.
    const several =
      ground.allLanes && subject.hasAliases
        ? await lockIdentities(connection, [...new Set(changed.map(({ subjectId }) => subjectId))])
        : ground.several;
    // Removed first, so that a subject that was annulled as a whole has one change in its history, not two.
    if (annulled.length + touched.length > 0)
      ground.send(connection.query(remove, recordParameters([...annulled, ...touched])));
    const [aliased, single] = [
      changed.filter(({ subjectId }) => several.has(subjectId)),
      changed.filter(({ subjectId }) => !several.has(subjectId)),
    ];
    const derive = (statement: { name: string; text: string }, events: readonly Cause[]): void => {
      if (events.length > 0) ground.send(connection.query({ ...statement, values: recordParameters(events) }));
    };
    // An id that was linked a moment ago has no record that tells of its facts.
    const before = ground.allLanes ? anyDataset : ground.present.get(subject)!;
    const bits = written.reduce((all, { fact }) => all | bitOf(fact.dataset), before);
    derive(recompute(bits), single);
    derive(recomputeAliased, aliased);
  }

  /** Halves a refused chunk until the refused message is alone, and parks it; offsets advance with each half. */
  async #applyHalves(chunk: Chunk, refusal: unknown): Promise<ApplyResult> {
    const { incoming } = chunk;
    if (incoming.length === 1) return this.apply({ ...chunk, incoming: [withLess(incoming[0]!, refusal)] });
    const middle = Math.ceil(incoming.length / 2);
    const total = countOutcomes([]);
    for (const half of [incoming.slice(0, middle), incoming.slice(middle)]) {
      const result = await this.apply({ ...chunk, incoming: half });
      if (result.status !== 'applied') return result;
      for (const name of outcomeNames) total[name] += result.outcomes[name];
    }
    return { status: 'applied', outcomes: total };
  }
}

/** Splits off the messages that are parked: those that are unreadable, and what comes behind them for the same source record. */
function heldBack(
  incoming: readonly Incoming[],
  heldBefore: ReadonlySet<string>,
): { toApply: EventIncoming[]; parked: EventOutcome[] } {
  const held = new Set(heldBefore);
  const parked: EventOutcome[] = [];
  const toApply: EventIncoming[] = [];
  for (const message of incoming) {
    if (message.kind === 'control') continue;
    const key = message.kind === 'event' && held.size === 0 ? '' : parkedKeyOf(message);
    if (message.kind === 'event' && !held.has(key)) {
      toApply.push(message);
      continue;
    }
    if (key) held.add(key);
    parked.push({ message, outcome: 'parked', code: message.kind === 'event' ? 'EVENT_HELD_BACK' : message.code });
  }
  return { toApply, parked };
}

/** In the order of an index, where neighbours lie on one page; those of one subject stay in theirs. */
const bySubject = (incoming: readonly Incoming[]): Incoming[] =>
  [...incoming].sort((one, other) => {
    const id = subjectIdOf(one);
    const otherId = subjectIdOf(other);
    return id < otherId ? -1 : id > otherId ? 1 : 0;
  });

const byDataset = (events: readonly EventIncoming[]): Map<DatasetName, EventIncoming[]> =>
  Map.groupBy(events, ({ dataset }) => dataset);

/**
 * A refused message in a form that asks less of the database: an event is parked, a parked event is kept by its bytes
 * alone. Throws the refusal when nothing is left to leave out, so that halving always ends.
 */
function withLess(message: Incoming, refusal: unknown): Incoming {
  if (message.kind === 'event') {
    const { event } = message;
    return { ...partsOf(message, message), kind: 'unreadable', code: 'RECORD_REFUSED', schemaId: undefined, event };
  }
  if (message.kind === 'unreadable' && message.event) return { ...message, event: undefined };
  throw refusal;
}

/**
 * Whether an event is not taken for what it holds: by its schema, or by PostgreSQL, whose classes for that are data exception, integrity
 * constraint and a limit exceeded.
 */
export function isRefusal(error: unknown): boolean {
  return (
    (/^(22|23|54)/.test(sqlStateOf(error)) && !hasMoved(error)) ||
    (error instanceof HuitongError && error.code === 'EVENT_INVALID')
  );
}

/** Whether a fact was not where it had been found: no event lacks what the tables want. */
const hasMoved = (error: unknown): boolean => sqlStateOf(error) === '23502';

const sqlStateOf = (error: unknown): string =>
  error instanceof HuitongError ? String(error.context['sqlState'] ?? '') : '';

function countOutcomes(outcomes: readonly EventOutcome[]): Record<EventOutcome['outcome'], number> {
  const counts = Object.fromEntries(outcomeNames.map((name) => [name, 0])) as Record<EventOutcome['outcome'], number>;
  for (const { outcome } of outcomes) counts[outcome] += 1;
  return counts;
}
