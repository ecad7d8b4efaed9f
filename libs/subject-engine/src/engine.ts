import type { DatasetName } from '@huitong/change-event';
import { HuitongError } from '@huitong/change-event';
import { inTransaction, translateDatabaseError, type Connection, type Database } from '@huitong/postgres';
import { compileFactStatements, type FactStatements } from './facts-sql.ts';
import { lockIdentities, relinkIdentities } from './identity.ts';
import type { Incoming } from './incoming.ts';
import { advanceLanes, stepsOf, type Lane } from './lanes.ts';
import { factParameters, literalsOf, recordParameters, wholeRecordParameters } from './parameters.ts';
import {
  logOutcomes,
  outcomeNames,
  park,
  parkedKeyOf,
  specialKeys,
  type EventOutcome,
  type SpecialKeys,
} from './parked.ts';
import type { DatabasePlan, FactTable, SubjectPlan } from './plan.ts';
import { compileRecordStatements, type RecordStatements } from './record-sql.ts';
import { intoRounds, type EventIncoming } from './rounds.ts';
import { compileSetAside, setAside, settleWanted } from './set-aside.ts';
import { keepStatements } from './statements.ts';

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
  readonly facts: ReadonlyMap<DatasetName, FactStatements & { readonly setAside: string }>;
  readonly records: ReadonlyMap<string, RecordStatements>;
}

/** What a chunk is applied on: source records out of the ordinary, ids of subjects with several, and what is locked. */
interface Ground extends SpecialKeys {
  readonly several: ReadonlySet<string>;
  readonly allLanes: boolean;
}

/** What became of a chunk's events of one dataset. */
interface Upserted {
  readonly fact: FactTable;
  readonly outcomes: readonly EventOutcome[];
  readonly applied: readonly EventIncoming[];
  /** Those of the applied ones that state, change or withdraw a former id. */
  readonly relinked: readonly { readonly message: EventIncoming; readonly oldAlias: string | null }[];
}

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
  readonly #facts: ReadonlyMap<DatasetName, FactTable>;
  readonly #hasAliases: boolean;
  readonly #factsOnly: boolean;

  /** `factsOnly` leaves records and their history out: for a generation whose records are derived at once when its facts are there. */
  constructor(database: Database, plan: DatabasePlan, { factsOnly = false }: { factsOnly?: boolean } = {}) {
    this.plan = plan;
    this.#factsOnly = factsOnly;
    this.#database = database;
    this.#facts = new Map(plan.factTables.map((fact) => [fact.dataset, fact]));
    this.#hasAliases = plan.subjects.some(({ hasAliases }) => hasAliases);
    this.#statements = {
      facts: new Map(
        plan.factTables.map((fact) => [
          fact.dataset,
          { ...compileFactStatements(fact), setAside: compileSetAside(fact) },
        ]),
      ),
      records: new Map(plan.subjects.map((subject) => [subject.name, compileRecordStatements(subject)])),
    };
  }

  /**
   * Applies one chunk, each event at most once. Returns `fenced` or `stale` instead of throwing when the lanes have
   * another owner or moved on. An event that the database itself refuses is found by halving the chunk and parked
   * (RECORD_REFUSED); environment faults throw DATABASE_UNAVAILABLE or DISK_FULL and change nothing.
   */
  async apply(chunk: Chunk): Promise<ApplyResult> {
    try {
      return await this.#applyOnce(chunk, false);
    } catch (error) {
      if (error instanceof NotMine) return { status: error.status };
      if (!isRefusal(error)) throw error;
      return this.#applyHalves(chunk, error);
    }
  }

  async #applyOnce(chunk: Chunk, allLanes: boolean): Promise<ApplyResult> {
    try {
      const steps = stepsOf(chunk.lanes, chunk.incoming);
      const outcomes = await inTransaction(this.#database, async (connection) => {
        if (allLanes) await connection.query('select lane from lane order by lane for update');
        const [advanced, ground] = await Promise.all([
          advanceLanes(connection, steps),
          this.#ground(connection, chunk.incoming),
        ]);
        if (advanced !== 'advanced') throw new NotMine(advanced);
        return this.#applyOn(connection, chunk.incoming, { ...ground, allLanes });
      });
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
  async applyReleased(connection: Connection, incoming: readonly Incoming[]): Promise<EventOutcome[]> {
    const { wanted, several } = await this.#ground(connection, incoming);
    return this.#applyOn(connection, incoming, { held: new Set(), wanted, several, allLanes: true });
  }

  /** What must be known before anything is applied; asked for in one go with the lanes' locks. */
  async #ground(connection: Connection, incoming: readonly Incoming[]): Promise<Omit<Ground, 'allLanes'>> {
    const lanes = [...new Set(incoming.map(({ lane }) => lane))];
    const ids = incoming.flatMap((message) => (message.kind === 'event' ? [message.subjectId] : []));
    const [special, several] = await Promise.all([
      specialKeys(connection, lanes),
      this.#hasAliases ? lockIdentities(connection, ids) : new Set<string>(),
    ]);
    return { ...special, several };
  }

  async #applyOn(connection: Connection, incoming: readonly Incoming[], ground: Ground): Promise<EventOutcome[]> {
    const held = new Set(ground.held);
    const outcomes: EventOutcome[] = [];
    const toApply = new Map<DatasetName, EventIncoming[]>();
    for (const message of incoming) {
      if (message.kind === 'control') continue;
      const key = message.kind === 'event' && held.size === 0 ? '' : parkedKeyOf(message);
      if (message.kind === 'event' && !held.has(key)) {
        const list = toApply.get(message.dataset);
        if (list) list.push(message);
        else toApply.set(message.dataset, [message]);
        continue;
      }
      const code = message.kind === 'event' ? 'EVENT_HELD_BACK' : message.code;
      if (key) held.add(key);
      outcomes.push({ message, outcome: 'parked', code });
    }
    const upserted = await this.#upsertFacts(connection, toApply, ground);
    for (const { outcomes: some } of upserted) for (const outcome of some) outcomes.push(outcome);
    if (!this.#factsOnly || ground.allLanes) await this.#derive(connection, upserted, ground);
    await park(connection, outcomes);
    await logOutcomes(connection, outcomes);
    await keepStatements(connection, incoming);
    if (ground.wanted.size > 0) await settleWanted(connection, outcomes, ground.wanted);
    return outcomes;
  }

  /** Datasets go side by side over the one connection; all have ended when this returns or throws. */
  async #upsertFacts(
    connection: Connection,
    toApply: ReadonlyMap<DatasetName, EventIncoming[]>,
    ground: Ground,
  ): Promise<Upserted[]> {
    const upserted = await allEnded(
      [...toApply].map(([dataset, events]) => this.#upsertDataset(connection, dataset, events, ground)),
    );
    if (!ground.allLanes && upserted.some(({ relinked }) => relinked.length > 0)) throw new NeedsAllLanes();
    return upserted;
  }

  async #upsertDataset(
    connection: Connection,
    dataset: DatasetName,
    events: EventIncoming[],
    ground: Ground,
  ): Promise<Upserted> {
    const fact = this.#facts.get(dataset)!;
    const { rounds, superseded } = intoRounds(events);
    const outcomes: EventOutcome[] = superseded.map((message) => ({ message, outcome: 'superseded' }));
    const applied: EventIncoming[] = [];
    const relinked: { message: EventIncoming; oldAlias: string | null }[] = [];
    const replaced = new Set<string>();
    for (const round of rounds) {
      const { rows } = await connection.query<{ ord: number; outcome: string; old_alias: string | null }>({
        name: `upsert ${fact.table}`,
        text: this.#statements.facts.get(dataset)!.upsert,
        values: factParameters(fact, round),
      });
      const exceptions = new Map(rows.filter((row) => row.outcome !== 'relinked').map((row) => [row.ord, row.outcome]));
      const again: EventIncoming[] = [];
      round.forEach((message, at) => {
        const exception = exceptions.get(at + 1);
        if (exception === undefined) applied.push(message);
        else if (exception !== 'duplicate' && isWanted(message, ground) && !replaced.has(parkedKeyOf(message))) {
          again.push(message);
          return;
        }
        outcomes.push(
          exception === 'conflict'
            ? { message, outcome: 'parked', code: 'VERSION_CONFLICT' }
            : { message, outcome: (exception ?? 'applied') as 'applied' },
        );
      });
      if (again.length > 0) {
        // Its source was asked for just this: what stands in its way was altered by hand.
        await setAside(connection, this.#statements.facts.get(dataset)!.setAside, again);
        again.forEach((message) => replaced.add(parkedKeyOf(message)));
        rounds.push(again);
      }
      for (const row of rows)
        if (row.outcome === 'relinked') relinked.push({ message: round[row.ord - 1]!, oldAlias: row.old_alias });
    }
    return { fact, outcomes, applied, relinked };
  }

  /** Derives the records of all subjects whose facts changed, each once, whatever the number of its events and datasets. */
  async #derive(connection: Connection, upserted: readonly Upserted[], ground: Ground): Promise<void> {
    const derive = (subject: SubjectPlan): Promise<void> => {
      const ofSubject = upserted.filter(({ fact, applied }) => applied.length > 0 && subject.factTables.includes(fact));
      return this.#deriveRecords(connection, subject, ofSubject, ground);
    };
    // Subjects share the table of links.
    if (ground.allLanes) for (const subject of this.plan.subjects) await derive(subject);
    else await allEnded(this.plan.subjects.map(derive));
  }

  async #deriveRecords(
    connection: Connection,
    subject: SubjectPlan,
    upserted: readonly Upserted[],
    ground: Ground,
  ): Promise<void> {
    const relinked = subject.hasAliases ? upserted.flatMap((of) => of.relinked) : [];
    const touched = relinked.length > 0 ? await relinkIdentities(connection, subject, relinked) : [];
    if (this.#factsOnly) return;
    const annulled = upserted.flatMap(({ applied }) => applied.filter(({ event }) => event.verb === 'ANNULLED'));
    const { remove, recompute, recomputeWhole } = this.#statements.records.get(subject.name)!;
    const byHow = await this.#byHow(connection, subject, upserted, touched, ground);
    const queries: Promise<unknown>[] = [];
    // Removed first, so that a subject that was annulled as a whole has one change in its history, not two.
    if (annulled.length + touched.length > 0)
      queries.push(connection.query(remove, wholeRecordParameters([...annulled, ...touched])));
    for (const [how, events] of byHow) {
      const isWhole = how === 'single' || how === 'aliased';
      queries.push(
        connection.query({
          name: `recompute ${subject.name} ${how}`,
          text: isWhole ? recomputeWhole[how] : recompute.get(how)!,
          values: isWhole ? wholeRecordParameters(events) : recordParameters(literalsOf(events), how),
        }),
      );
    }
    await allEnded(queries);
  }

  /**
   * Which statement derives whose record. Nearly all subjects have one id and were changed by one dataset, and only the
   * fields that it is a source of can have changed; the others are derived as a whole.
   */
  async #byHow(
    connection: Connection,
    subject: SubjectPlan,
    upserted: readonly Upserted[],
    touched: readonly EventIncoming[],
    ground: Ground,
  ): Promise<ReadonlyMap<DatasetName | 'single' | 'aliased', readonly EventIncoming[]>> {
    const events = [...upserted.flatMap(({ applied }) => applied), ...touched];
    // Where links may have changed since the chunk began, they are looked up again.
    const several =
      ground.allLanes && subject.hasAliases
        ? await lockIdentities(connection, [...new Set(events.map(({ subjectId }) => subjectId))])
        : ground.several;
    const alone = new Map<string, DatasetName | 'single'>(touched.map(({ subjectId }) => [subjectId, 'single']));
    for (const { subjectId, dataset } of events) {
      const known = alone.get(subjectId);
      if (known === undefined) alone.set(subjectId, dataset);
      else if (known !== dataset) alone.set(subjectId, 'single');
    }
    return Map.groupBy(events, ({ subjectId }) => (several.has(subjectId) ? 'aliased' : alone.get(subjectId)!));
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

/**
 * What all of these answer, once all have ended. Throws the first failure that tells something: behind it PostgreSQL
 * refuses whatever follows in the transaction.
 */
async function allEnded<Result>(work: readonly Promise<Result>[]): Promise<Result[]> {
  const settled = await Promise.allSettled(work);
  const failed = settled.filter((result) => result.status === 'rejected').map(({ reason }) => reason as unknown);
  if (failed.length > 0) throw failed.find((error) => !isAborted(error)) ?? failed[0];
  return settled.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
}

/** Whether a repair asked for this event, or one before it, of its source record. */
function isWanted(message: EventIncoming, { wanted }: Ground): boolean {
  const version = wanted.get(parkedKeyOf(message));
  return version !== undefined && message.event.source_version >= version;
}

/**
 * A refused message in a form that asks less of the database: an event is parked, a parked event is kept by its bytes
 * alone. Throws the refusal when nothing is left to leave out, so that halving always ends.
 */
function withLess(message: Incoming, refusal: unknown): Incoming {
  if (message.kind === 'event') return { ...message, kind: 'unreadable', code: 'RECORD_REFUSED', schemaId: undefined };
  if (message.kind === 'unreadable' && message.event) return { ...message, event: undefined };
  throw refusal;
}

/** PostgreSQL's classes for values that it does not take: data exception, integrity constraint, a limit exceeded. */
export function isRefusal(error: unknown): boolean {
  return error instanceof HuitongError && /^(22|23|54)/.test(String(error.context['sqlState']));
}

/** `current transaction is aborted`: said of every statement behind the one that failed. */
function isAborted(error: unknown): boolean {
  return (translateDatabaseError(error) as Partial<HuitongError>).context?.['sqlState'] === '25P02';
}

function countOutcomes(outcomes: readonly EventOutcome[]): Record<EventOutcome['outcome'], number> {
  const counts = Object.fromEntries(outcomeNames.map((name) => [name, 0])) as Record<EventOutcome['outcome'], number>;
  for (const { outcome } of outcomes) counts[outcome] += 1;
  return counts;
}
