import { bucketsPerLane, HuitongError, laneOf, toHex, type Checkpoint, type DatasetName } from '@huitong/change-event';
import { inTransaction, translateDatabaseError, type Connection, type Database } from '@huitong/postgres';
import pTimeout from 'p-timeout';
import { narrow } from './narrow.ts';
import { arrayLiteral } from './parameters.ts';
import type { DatabasePlan, FactTable } from './plan.ts';
import { compileProof, writeProofs, type ProofStatements } from './proof-sql.ts';

/** A place in a lane at which its facts can be held against what their source states: right behind a control record. */
export interface ProofPoint {
  readonly dataset: DatasetName;
  readonly topic: string;
  readonly lane: number;
  /** Of the control record, and of the first of those that stand directly before it. */
  readonly offset: number;
  readonly from: number;
}

/** What a prover tells of itself; no value of a record. */
export interface ProverEvents {
  proved(
    dataset: DatasetName,
    outcome: { readonly buckets: number; readonly differing: number; readonly seconds: number },
  ): void;
  /** `busy`: as many snapshots as may wait are waiting; the next checkpoint will do. `broken`: there is no proof of it. */
  skipped(points: readonly ProofPoint[], why: 'busy' | 'broken', error?: unknown): void;
}

/** Snapshots that wait for the one being computed. An open snapshot keeps PostgreSQL from clearing away old rows. */
const waitingMax = 8;
/** Lanes stand still for no longer than this, in milliseconds, while a snapshot is opened. */
const openWithinMs = 5_000;
/** Connections that a prover's pool needs: those of the snapshots, and one to write with. */
export const proverConnections = waitingMax + 2;

/** An open snapshot. */
interface Cut {
  readonly connection: Connection;
  points: readonly ProofPoint[];
  /** Why the connection is of no more use. */
  broken?: Error;
}

/** How one bucket stands. */
interface BucketProof {
  readonly lane: number;
  readonly bucket: number;
  readonly point: ProofPoint;
  readonly asOf: string;
  readonly stated: Tally;
  readonly held: Tally;
}

interface Tally {
  readonly count: number;
  readonly sum: bigint;
}

/**
 * Holds the facts of a database against the checkpoints of their sources, at the same point of the stream and beside
 * traffic: a snapshot is opened while the lane stands behind the control record, and read when the lane has long gone on. One
 * is computed at a time. A proof that is broken off leaves nothing; what was proved of a lane before stands until the next.
 */
export class Prover {
  readonly #database: Database;
  readonly #facts: ReadonlyMap<DatasetName, { readonly fact: FactTable; readonly statements: ProofStatements }>;
  readonly #events: ProverEvents;
  readonly #waiting: Cut[] = [];
  #opening = 0;
  #running: Promise<void> | undefined;
  #stopping = false;

  /** The pool is the prover's own, of {@link proverConnections}, not pipelined; `stop` ends it. */
  constructor(database: Database, plan: DatabasePlan, events: ProverEvents) {
    this.#database = database;
    this.#events = events;
    this.#facts = new Map(plan.factTables.map((fact) => [fact.dataset, { fact, statements: compileProof(fact) }]));
  }

  /**
   * Opens a snapshot of the database as it is. To be called when the events up to these points are committed, and none behind
   * them; the lanes may go on when it resolves, which takes milliseconds, and no longer than 5 s where nobody answers. Never rejects: a
   * point that is missed is not proved.
   */
  async cut(points: readonly ProofPoint[]): Promise<void> {
    if (this.#stopping || this.#waiting.length + this.#opening >= waitingMax)
      return this.#events.skipped(points, 'busy');
    this.#opening += 1;
    try {
      const cut: Cut = { connection: await this.#database.connect(), points };
      cut.connection.on('error', (error) => (cut.broken = error));
      try {
        cut.points = await pTimeout(openSnapshot(cut.connection, points), {
          milliseconds: openWithinMs,
          message: new HuitongError('DATABASE_UNAVAILABLE', 'opening a snapshot that nobody answers for'),
        });
        this.#waiting.push(cut);
      } catch (error) {
        letGo(cut, error as Error);
        throw error;
      }
      this.#wake();
    } catch (error) {
      this.#events.skipped(points, 'broken', translateDatabaseError(error));
    } finally {
      this.#opening -= 1;
    }
  }

  /** Resolves when nothing is computed and nothing waits. */
  async idle(): Promise<void> {
    while (this.#running) await this.#running;
  }

  /** Gives up what waits, lets the one that is computed end, and ends the pool. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#giveUp();
    await this.#running;
    await this.#database.end().catch(() => {});
  }

  #giveUp(): void {
    for (const cut of this.#waiting.splice(0)) letGo(cut, new Error('stopped'));
  }

  #wake(): void {
    if (this.#stopping) return this.#giveUp();
    this.#running ??= this.#work().finally(() => {
      this.#running = undefined;
      if (this.#waiting.length > 0) this.#wake();
    });
  }

  async #work(): Promise<void> {
    for (let cut = this.#waiting.shift(); cut; cut = this.#waiting.shift()) {
      const { connection, points } = cut;
      let failure: Error | undefined;
      try {
        for (const [dataset, some] of Map.groupBy(points, (point) => point.dataset))
          await this.#prove(connection, dataset, some);
        await connection.query('rollback');
      } catch (error) {
        failure = error as Error;
        if (!this.#stopping) this.#events.skipped(points, 'broken', translateDatabaseError(error));
      } finally {
        letGo(cut, failure);
      }
    }
  }

  async #prove(snapshot: Connection, dataset: DatasetName, points: readonly ProofPoint[]): Promise<void> {
    const since = performance.now();
    const known = this.#facts.get(dataset);
    if (!known)
      throw new HuitongError('DATASET_UNKNOWN', 'proving a dataset of another database', { context: { dataset } });
    const { statements } = known;
    const { rows: lanes } = await snapshot.query<{ lanes: number; now: Date }>(
      'select count(*) as lanes, now() as now from lane',
    );
    const checkpoints = await checkpointsAt(snapshot, dataset, points);
    if (checkpoints.length > 0) {
      const at = points.filter(({ lane }) => checkpoints.some((one) => one.lane === lane && one.isHere));
      const proofs = bucketProofs(at, checkpoints, await heldSums(snapshot, statements, at, lanes[0]!.lanes));
      if (proofs.length > 0) {
        await this.#write(dataset, proofs, lanes[0]!.now);
        const differing = proofs.filter(
          ({ stated, held }) => stated.count !== held.count || stated.sum !== held.sum,
        ).length;
        const seconds = (performance.now() - since) / 1_000;
        this.#events.proved(dataset, { buckets: proofs.length, differing, seconds });
      }
    }
    await narrow({ snapshot, database: this.#database, dataset, statements, points, lanes: lanes[0]!.lanes });
  }

  async #write(dataset: DatasetName, proofs: readonly BucketProof[], checkedAt: Date): Promise<void> {
    await inTransaction(this.#database, async (connection) => {
      await connection.query(writeProofs, [
        dataset,
        ...[
          proofs.map(({ lane }) => lane),
          proofs.map(({ bucket }) => bucket),
          proofs.map(({ point }) => point.offset),
          proofs.map(({ asOf }) => asOf),
          proofs.map(({ stated }) => stated.count),
          proofs.map(({ stated }) => toHex(stated.sum)),
          proofs.map(({ held }) => held.count),
          proofs.map(({ held }) => toHex(held.sum)),
        ].map(arrayLiteral),
        checkedAt,
      ]);
      const lanes = [...new Set(proofs.map(({ lane }) => lane))];
      for (const table of ['proof_difference', 'inventory'])
        await connection.query(
          `delete from ${table} d using proof p where p.dataset = $1 and p.lane = any($2::smallint[]) and p.equal
           and d.dataset = p.dataset and d.lane = p.lane and d.bucket = p.bucket`,
          [dataset, lanes],
        );
    });
  }
}

function letGo({ connection, broken }: Cut, failure: Error | undefined): void {
  connection.removeAllListeners('error');
  connection.release(broken ?? failure);
}

/** Opens a snapshot. Answers those of the points at which it stands: the lane's next message is the one behind the control record. */
async function openSnapshot(snapshot: Connection, points: readonly ProofPoint[]): Promise<ProofPoint[]> {
  await snapshot.query('begin isolation level repeatable read read only');
  const { rows } = await snapshot.query<{ lane: number; next_offsets: Record<string, number> }>(
    'select lane, next_offsets from lane where lane = any($1::smallint[])',
    [points.map(({ lane }) => lane)],
  );
  const next = new Map(rows.map((row) => [row.lane, row.next_offsets]));
  return points.filter(({ lane, topic, offset }) => next.get(lane)?.[topic] === offset + 1);
}

/** What a register stated of a lane, `isHere` where it did so at the point itself. */
type LaneStatement = Pick<Checkpoint, 'buckets'> & {
  readonly lane: number;
  readonly as_of: Date;
  readonly isHere: boolean;
};

/**
 * The newest statements of all registers. One that was made earlier in the stream holds as long as its register is silent: a
 * file that was published once.
 */
async function checkpointsAt(
  snapshot: Connection,
  dataset: DatasetName,
  points: readonly ProofPoint[],
): Promise<LaneStatement[]> {
  const { rows } = await snapshot.query<LaneStatement>(
    `select c.lane, c.as_of, c.buckets, c.kafka_offset >= w.first as "isHere"
     from checkpoint c join unnest($2::smallint[], $3::bigint[]) as w(lane, first) using (lane) where c.dataset = $1`,
    [dataset, points.map(({ lane }) => lane), points.map(({ from }) => from)],
  );
  return rows;
}

async function heldSums(
  snapshot: Connection,
  { sums }: ProofStatements,
  points: readonly ProofPoint[],
  lanes: number,
): Promise<Map<number, Tally>> {
  const mine = new Set(points.map(({ lane }) => lane));
  const { rows } = await snapshot.query<{
    lane: number | null;
    subject_id: string | null;
    bucket: number;
    count: number;
    sum: string;
  }>(sums, [[...mine]]);
  const held = new Map<number, Tally>();
  for (const { lane, subject_id, bucket, count, sum } of rows) {
    const where = lane ?? laneOf(subject_id!, lanes);
    if (mine.has(where)) add(held, where * bucketsPerLane + bucket, { count, sum: BigInt(sum) });
  }
  return held;
}

/** Every bucket of the lanes, those without a record too: nothing stated and nothing held is equal. */
function bucketProofs(
  points: readonly ProofPoint[],
  statements: readonly LaneStatement[],
  held: ReadonlyMap<number, Tally>,
): BucketProof[] {
  const stated = new Map<number, Tally>();
  const asOf = new Map<number, number>();
  for (const { lane, as_of, buckets } of statements) {
    asOf.set(lane, Math.max(asOf.get(lane) ?? 0, as_of.getTime()));
    for (const { bucket, count, sum } of buckets)
      add(stated, lane * bucketsPerLane + bucket, { count, sum: BigInt(`0x${sum}`) });
  }
  return points.flatMap((point) =>
    Array.from({ length: bucketsPerLane }, (_, bucket) => {
      const key = point.lane * bucketsPerLane + bucket;
      return {
        lane: point.lane,
        bucket,
        point,
        asOf: new Date(asOf.get(point.lane)!).toISOString(),
        stated: stated.get(key) ?? nothing,
        held: held.get(key) ?? nothing,
      };
    }),
  );
}

const nothing: Tally = { count: 0, sum: 0n };

function add(tallies: Map<number, Tally>, key: number, { count, sum }: Tally): void {
  const known = tallies.get(key) ?? nothing;
  tallies.set(key, { count: known.count + count, sum: BigInt.asUintN(64, known.sum + sum) });
}
