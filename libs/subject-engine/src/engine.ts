import type { DatasetName } from '@huitong/change-event';
import { HuitongError } from '@huitong/change-event';
import { inTransaction, type Connection, type Database } from '@huitong/postgres';
import { compileFactStatements, type FactStatements } from './facts-sql.ts';
import { lockIdentities, relinkIdentities } from './identity.ts';
import type { Incoming } from './incoming.ts';
import { advanceLanes, stepsOf, type Lane } from './lanes.ts';
import { factParameters, recordParameters } from './parameters.ts';
import { logOutcomes, openParkedKeys, outcomeNames, park, parkedKeyOf, type EventOutcome } from './parked.ts';
import type { DatabasePlan, FactTable, SubjectPlan } from './plan.ts';
import { compileRecordStatements, type RecordStatements } from './record-sql.ts';
import { intoRounds, type EventIncoming } from './rounds.ts';

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
  readonly facts: ReadonlyMap<DatasetName, FactStatements>;
  readonly records: ReadonlyMap<string, RecordStatements>;
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

  constructor(database: Database, plan: DatabasePlan) {
    this.plan = plan;
    this.#database = database;
    this.#facts = new Map(plan.factTables.map((fact) => [fact.dataset, fact]));
    this.#statements = {
      facts: new Map(plan.factTables.map((fact) => [fact.dataset, compileFactStatements(fact)])),
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
      return this.#applyHalves(chunk);
    }
  }

  async #applyOnce(chunk: Chunk, allLanes: boolean): Promise<ApplyResult> {
    try {
      const steps = stepsOf(chunk.lanes, chunk.incoming);
      const outcomes = await inTransaction(this.#database, async (connection) => {
        if (allLanes) await connection.query('select lane from lane order by lane for update');
        const advanced = await advanceLanes(connection, steps);
        if (advanced !== 'advanced') throw new NotMine(advanced);
        return this.applyWithin(connection, chunk.incoming, { allLanes });
      });
      for (const step of steps) {
        const lane = chunk.lanes.get(step.lane)!;
        Object.assign(lane.nextOffsets, step.next);
        Object.assign(lane.asOf, step.asOf);
      }
      return { status: 'applied', outcomes: countOutcomes(outcomes) };
    } catch (error) {
      if (error instanceof NeedsAllLanes) return this.#applyOnce(chunk, true);
      throw error;
    }
  }

  /**
   * Applies messages inside a transaction that already holds their lanes. With `allLanes` false it throws when subjects
   * must be linked, before anything is committed, so that the caller starts over with every lane locked. `releasing` is for
   * parked events that are tried again: what they themselves held back goes with them.
   */
  async applyWithin(
    connection: Connection,
    incoming: readonly Incoming[],
    { allLanes, releasing = false }: { allLanes: boolean; releasing?: boolean },
  ): Promise<EventOutcome[]> {
    const lanes = [...new Set(incoming.map(({ lane }) => lane))];
    const held = releasing ? new Set<string>() : await openParkedKeys(connection, lanes);
    const outcomes: EventOutcome[] = [];
    const toApply = new Map<DatasetName, EventIncoming[]>();
    for (const message of incoming) {
      if (message.kind === 'control') continue;
      const key = parkedKeyOf(message);
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
    for (const [dataset, events] of toApply)
      for (const outcome of await this.#applyDataset(connection, dataset, events, allLanes)) outcomes.push(outcome);
    await park(connection, outcomes);
    await logOutcomes(connection, outcomes);
    return outcomes;
  }

  async #applyDataset(
    connection: Connection,
    dataset: DatasetName,
    events: EventIncoming[],
    allLanes: boolean,
  ): Promise<EventOutcome[]> {
    const fact = this.#facts.get(dataset)!;
    const { rounds, superseded } = intoRounds(events);
    const outcomes: EventOutcome[] = superseded.map((message) => ({ message, outcome: 'superseded' }));
    for (const round of rounds) {
      const { rows } = await connection.query<{ ord: number; outcome: string; old_alias: string | null }>({
        name: `upsert ${fact.table}`,
        text: this.#statements.facts.get(dataset)!.upsert,
        values: factParameters(fact, round),
      });
      const exceptions = new Map(rows.filter((row) => row.outcome !== 'relinked').map((row) => [row.ord, row.outcome]));
      const applied: EventIncoming[] = [];
      round.forEach((message, at) => {
        const exception = exceptions.get(at + 1);
        if (exception === undefined) applied.push(message);
        outcomes.push(
          exception === 'conflict'
            ? { message, outcome: 'parked', code: 'VERSION_CONFLICT' }
            : { message, outcome: (exception ?? 'applied') as 'applied' },
        );
      });
      const relinked = rows
        .filter((row) => row.outcome === 'relinked')
        .map((row) => ({ message: round[row.ord - 1]!, oldAlias: row.old_alias }));
      if (relinked.length > 0 && !allLanes) throw new NeedsAllLanes();
      if (applied.length > 0) await this.#recompute(connection, fact, applied, relinked);
    }
    return outcomes;
  }

  async #recompute(
    connection: Connection,
    fact: FactTable,
    applied: readonly EventIncoming[],
    relinked: readonly { message: EventIncoming; oldAlias: string | null }[],
  ): Promise<void> {
    const annulled = applied.filter(({ event }) => event.verb === 'ANNULLED');
    for (const subject of this.plan.subjects) {
      if (!subject.factTables.includes(fact)) continue;
      const touched =
        relinked.length > 0 && subject.hasAliases ? await relinkIdentities(connection, subject, relinked) : [];
      // Removed first, so that a subject that was annulled as a whole has one change in its history, not two.
      if (annulled.length + touched.length > 0)
        await this.#removeRecords(connection, subject, fact.dataset, [...annulled, ...touched]);
      await this.#writeRecords(connection, subject, fact.dataset, applied);
      // Subjects that were merged or split are derived anew from all that their ids hold.
      if (touched.length > 0)
        for (const { dataset } of subject.factTables) await this.#writeRecords(connection, subject, dataset, touched);
    }
  }

  async #writeRecords(
    connection: Connection,
    subject: SubjectPlan,
    dataset: DatasetName,
    applied: readonly EventIncoming[],
  ): Promise<void> {
    const ids = applied.map(({ subjectId }) => subjectId);
    const several = subject.hasAliases ? await lockIdentities(connection, ids) : new Set<string>();
    const statements = this.#statements.records.get(subject.name)!.recompute.get(dataset)!;
    for (const form of ['single', 'aliased'] as const) {
      const events = applied.filter(({ subjectId }) => several.has(subjectId) === (form === 'aliased'));
      if (events.length === 0) continue;
      await connection.query({
        name: `recompute ${subject.name} ${dataset} ${form}`,
        text: statements[form],
        values: recordParameters(events, dataset),
      });
    }
  }

  async #removeRecords(
    connection: Connection,
    subject: SubjectPlan,
    dataset: DatasetName,
    applied: readonly EventIncoming[],
  ): Promise<void> {
    await connection.query(this.#statements.records.get(subject.name)!.remove, recordParameters(applied, dataset));
  }

  /** Halves a refused chunk until the refused event is alone, and parks it; offsets advance with each half. */
  async #applyHalves(chunk: Chunk): Promise<ApplyResult> {
    const events = chunk.incoming.filter(({ kind }) => kind === 'event');
    if (events.length <= 1) {
      const incoming = chunk.incoming.map((message): Incoming =>
        message.kind === 'event'
          ? { ...message, kind: 'unreadable', code: 'RECORD_REFUSED', schemaId: undefined }
          : message,
      );
      return this.apply({ ...chunk, incoming });
    }
    const middle = chunk.incoming.indexOf(events[Math.ceil(events.length / 2)]!);
    const total = countOutcomes([]);
    for (const incoming of [chunk.incoming.slice(0, middle), chunk.incoming.slice(middle)]) {
      const result = await this.apply({ ...chunk, incoming });
      if (result.status !== 'applied') return result;
      for (const name of outcomeNames) total[name] += result.outcomes[name];
    }
    return { status: 'applied', outcomes: total };
  }
}

/** PostgreSQL's classes for values that it does not take: data exception, integrity constraint, a limit exceeded. */
export function isRefusal(error: unknown): boolean {
  return error instanceof HuitongError && /^(22|23|54)/.test(String(error.context['sqlState']));
}

function countOutcomes(outcomes: readonly EventOutcome[]): Record<EventOutcome['outcome'], number> {
  const counts = Object.fromEntries(outcomeNames.map((name) => [name, 0])) as Record<EventOutcome['outcome'], number>;
  for (const { outcome } of outcomes) counts[outcome] += 1;
  return counts;
}
