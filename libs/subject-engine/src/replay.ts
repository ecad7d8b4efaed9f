import { setTimeout as sleep } from 'node:timers/promises';
import { HuitongError, type DatasetName } from '@huitong/change-event';
import type { Database, Queryable } from '@huitong/postgres';
import { chunksOf, eachChunk, Generation } from './compare.ts';
import { readCorrected, withCorrection, type Correctable } from './correct.ts';
import { SubjectEngine, type ApplyResult } from './engine.ts';
import { partsOf, type Incoming } from './incoming.ts';
import { claimLanes, positionsOf, type Lane } from './lanes.ts';
import type { DatabasePlan } from './plan.ts';
import { beginReplay, filling, noteRecords, type ReplayFrom, type ReplayState } from './replay-schema.ts';

/** Chunks of records derived at once: one for each core that PostgreSQL can count on. */
const parallel = 2;

/** Offsets by lane, then by topic. */
export type Offsets = ReadonlyMap<number, Readonly<Record<string, number>>>;

/** How far a replay is, in messages, held against the live lanes. */
export interface ReplayPosition {
  readonly done: number;
  readonly total: number;
  readonly behind: number;
}

/** A parked event that an operator settled: given up, or applied with a correction in its place. */
type Decided = Correctable & { readonly corrected: object | null };

/** What chunks applied since somebody asked to be told: ids by dataset, and event ids. */
export interface Touched {
  readonly ids: Map<DatasetName, Set<string>>;
  readonly events: Set<string>;
}

/**
 * A second generation of a whole subject database, in a schema beside the live tables, filled from the log's beginning by the
 * engine itself. It has lanes of its own, so a replay that was killed goes on where it was; the live lanes are not touched until the end.
 */
export class Replay {
  readonly database: Database;
  readonly plan: DatabasePlan;
  readonly begunAt: string;
  readonly #next: Database;
  #engine: SubjectEngine;
  #hasRecords: boolean;
  readonly #decided: ReadonlyMap<string, Decided>;
  #lanes: ReadonlyMap<number, Lane> = new Map();
  #touched: Touched | undefined;
  #inHand = 0;
  #gate: PromiseWithResolvers<void> | undefined;
  #limit: Offsets | undefined;
  /** The claim under which messages beyond a limit were left out; once that limit is gone, whatever comes under it is out of order. */
  #leftOut: { readonly claim: ReadonlyMap<number, Lane>; readonly limit: Offsets } | undefined;
  #over = false;

  private constructor(parts: {
    database: Database;
    next: Database;
    plan: DatabasePlan;
    state: ReplayState;
    decided: ReadonlyMap<string, Decided>;
  }) {
    this.database = parts.database;
    this.plan = parts.plan;
    this.begunAt = parts.state.begunAt;
    this.#hasRecords = parts.state.hasRecords;
    this.#next = parts.next;
    this.#decided = parts.decided;
    this.#engine = new SubjectEngine(parts.next, parts.plan, {
      factsOnly: !this.#hasRecords,
      liveSchema: 'public',
    });
  }

  /**
   * Begins a replay, or goes on with one that was interrupted. `database` is the owner's pool, `next` another whose names mean
   * the schema `replay`. Events that an operator discarded or sent back stay so, corrected ones stay corrected. Throws REQUEST_INVALID as {@link beginReplay} does.
   */
  static async begin(database: Database, next: Database, plan: DatabasePlan, from: ReplayFrom): Promise<Replay> {
    const state = await beginReplay(database, plan, from);
    const { rows } = await database.query<Decided & { place: string }>(
      `select dataset, key, event_id, source_record_id, corrected, topic || '/' || lane || '/' || kafka_offset as place from parked
       where state in ('discarded', 'sent-back') or state = 'released' and corrected is not null`,
    );
    const decided = new Map(rows.map((row) => [row.place, row]));
    return new Replay({ database, next, plan, state, decided });
  }

  /** Claims the replay's own lanes; answers where each goes on, as a lane consumer wants it. */
  async claim(lanes: readonly number[]): Promise<ReturnType<typeof positionsOf>> {
    if (this.#over) return new Map();
    const claimed = await claimLanes(this.#next, 'replay', lanes);
    this.#lanes = new Map(claimed.map((lane) => [lane.lane, lane]));
    return positionsOf(claimed);
  }

  /**
   * Applies a chunk to the new generation, as {@link SubjectEngine.apply} does; waits while {@link hold} is in force. What lies beyond the
   * {@link limit} is left out, since live lanes wait for the rest; when that limit is gone the answer is `stale`, for all of it to be brought
   * again. To be called at once when the chunk is taken, though it is still being read: it belongs to the claim of that moment.
   */
  async apply(reading: readonly Incoming[] | Promise<readonly Incoming[]>): Promise<ApplyResult> {
    const claim = this.#lanes;
    const incoming = await reading;
    while (this.#gate) await this.#gate.promise;
    const limit = this.#limit;
    const hasGap = claim === this.#leftOut?.claim && limit !== this.#leftOut.limit;
    if (this.#over || claim !== this.#lanes || hasGap) return { status: 'stale' };
    this.#inHand += 1;
    try {
      const within = limit
        ? incoming.filter(({ lane, topic, offset }) => offset < (limit.get(lane)?.[topic] ?? 0))
        : incoming;
      if (limit && within.length < incoming.length) this.#leftOut = { claim, limit };
      this.#note(within);
      const kept = within.map((message) => this.#asDecided(message));
      return await this.#engine.apply({ lanes: claim, incoming: kept });
    } finally {
      this.#inHand -= 1;
    }
  }

  /**
   * Derives all records from the facts that are there, at once, which takes a fraction of deriving them event by event; what comes
   * after changes them too. Does nothing where that was done. Nothing is applied meanwhile. Killed in the middle, it is done again.
   */
  async deriveRecords(): Promise<void> {
    if (this.#hasRecords) return;
    const letGo = await this.hold();
    try {
      for (const subject of this.plan.subjects) {
        await this.#next.query(`truncate ${subject.table}`);
        for (const { table } of subject.factTables) await this.#next.query(`analyze ${table}`);
        const generation = new Generation(subject, subject.table);
        await eachChunk(chunksOf(this.#next, subject, {}), parallel, (ids) => generation.fill(this.#next, ids));
      }
      await noteRecords(this.database);
      this.#hasRecords = true;
      this.#engine = new SubjectEngine(this.#next, this.plan, { liveSchema: 'public' });
    } finally {
      letGo();
    }
  }

  /**
   * From now on, what every chunk touches is in the answer; the one before is complete, and its chunks are in the tables. No chunk
   * begins until `caughtUp` is done, either.
   */
  async watch(caughtUp: () => Promise<unknown>): Promise<Touched> {
    const letGo = await this.hold();
    const touched = { ids: new Map(), events: new Set<string>() };
    this.#touched = touched;
    await caughtUp().finally(letGo);
    return touched;
  }

  /** Waits for the chunks in hand and lets no other begin until the answer is called. */
  async hold(): Promise<() => void> {
    const gate = Promise.withResolvers<void>();
    this.#gate = gate;
    while (this.#inHand > 0) await sleep(5);
    return () => {
      this.#gate = undefined;
      gate.resolve();
    };
  }

  /** Lets nothing beyond these offsets be applied, until it is called without any. */
  limit(offsets?: Offsets): void {
    this.#limit = offsets;
  }

  /** How far the replay is; where the live lanes stand is where it has to get to. */
  async position(): Promise<ReplayPosition> {
    const [live, next] = [await this.offsets('public'), await this.offsets(filling)];
    let [done, total] = [0, 0];
    for (const [lane, topics] of live)
      for (const [topic, offset] of Object.entries(topics)) {
        total += offset;
        done += Math.min(offset, next.get(lane)?.[topic] ?? 0);
      }
    return { done, total, behind: total - done };
  }

  /** Where the lanes of a schema stand. */
  async offsets(schema: string, connection: Queryable = this.database): Promise<Offsets> {
    const { rows } = await connection.query<{ lane: number; next_offsets: Record<string, number> }>(
      `select lane, next_offsets from ${schema}.lane order by lane`,
    );
    return new Map(rows.map((row) => [row.lane, row.next_offsets]));
  }

  /** Says that the schema is gone: whatever a consumer still brings is dropped. */
  end(): void {
    this.#over = true;
  }

  /** Throws away what was filled; the live tables were never touched. */
  async discard(): Promise<void> {
    await this.database.query(`drop schema if exists ${filling} cascade`);
  }

  /** A message as operators decided on it: left out, or with their correction. */
  #asDecided(message: Incoming): Incoming {
    if (this.#decided.size === 0) return message;
    const decided = this.#decided.get(`${message.topic}/${message.lane}/${message.offset}`);
    if (!decided) return message;
    if (!decided.corrected)
      return { ...partsOf(message, message), kind: 'control', asOfMs: undefined, statement: undefined };
    const correction = readCorrected(decided, decided.corrected);
    return correction.ok ? withCorrection(message, correction) : message;
  }

  #note(incoming: readonly Incoming[]): void {
    if (!this.#touched) return;
    for (const message of incoming) {
      if (message.kind === 'control' || !message.event) continue;
      const id = message.key?.toString() ?? '';
      const ids = this.#touched.ids.get(message.dataset) ?? new Set();
      this.#touched.ids.set(message.dataset, ids.add(id));
      this.#touched.events.add(message.event.event_id);
    }
  }
}

/** Throws DATA_LOST where the log lacks its beginning: what is gone from it cannot be replayed. */
export function assertWholeLog(beginnings: ReadonlyMap<string, readonly number[]>, plan: DatabasePlan): void {
  for (const { topic } of plan.factTables)
    if (beginnings.get(topic)?.some((offset) => offset > 0) ?? true)
      throw new HuitongError('DATA_LOST', 'rebuilding from a log that no longer has its beginning', {
        context: { topic },
      });
}
