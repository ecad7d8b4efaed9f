import type { Database, Queryable } from '@huitong/postgres';
import type { Incoming } from './incoming.ts';

/** A lane as its owner knows it. Offsets and times are by topic; `asOf` is epoch milliseconds. */
export interface Lane {
  readonly lane: number;
  readonly epoch: number;
  readonly nextOffsets: Record<string, number>;
  readonly asOf: Record<string, number>;
  /** The youngest message applied of each topic, epoch milliseconds: tells a log from one that was made anew. */
  readonly youngest: Record<string, number>;
  /** The topics that stand still here until an operator lets them go on. */
  readonly lost: Readonly<Record<string, LostPosition>>;
}

/** Why a lane stands still in a topic, and where it would go on. Offsets are of the topic; times are ISO 8601. */
export interface LostPosition {
  /** The next offset to apply, which the log no longer has, or has with other content. */
  readonly next: number;
  /** The log as it was when the loss was last looked at. */
  readonly beginning: number;
  readonly end: number;
  /** All that the log still has and the lane has not applied lies at or behind this offset. */
  readonly goOnAt: number;
  /** When the youngest message that was applied came to the broker; null where that is not known. */
  readonly appliedUntil: string | null;
  /** When the loss was found. */
  readonly since: string;
}

/**
 * A step of one lane within a chunk: for each topic that it holds where the owner believes the lane to be, and the chunk's
 * first and next offset.
 */
export interface LaneAdvance {
  readonly lane: number;
  readonly epoch: number;
  readonly believed: Record<string, number>;
  readonly first: Record<string, number>;
  readonly next: Record<string, number>;
  readonly asOf: Record<string, number>;
  readonly youngest: Record<string, number>;
}

/** Creates the lanes of a database; existing ones stay. */
export async function createLanes(database: Queryable, lanes: number): Promise<void> {
  await database.query('insert into lane (lane) select generate_series(0, $1 - 1) on conflict do nothing', [lanes]);
}

/** For so long a process that is frozen inside a transaction may keep what others wait for, in milliseconds. */
export const frozenOwnerMs = 20_000;

/**
 * Claims lanes for a new owner. Each row's lock waits for a former owner's transaction in hand; the raised epoch fences
 * whatever it tries afterwards. The answer says where each topic goes on: PostgreSQL is the truth, not Kafka's offsets.
 * A former owner whose rows PostgreSQL has waited for longer than `frozenMs` is cut off: no timeout of PostgreSQL's ends a COPY.
 */
export async function claimLanes(
  database: Database,
  owner: string,
  lanes: readonly number[],
  frozenMs = frozenOwnerMs,
): Promise<Lane[]> {
  await database.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and usename = current_user
      and state = 'active' and wait_event = 'ClientRead' and query_start < now() - $1 * interval '1 ms'`,
    [frozenMs],
  );
  const result = await database.query<{
    lane: number;
    epoch: number;
    next_offsets: Record<string, number>;
    as_of: Record<string, number>;
    youngest: Record<string, number>;
    lost: Record<string, LostPosition>;
  }>(
    `with mine as materialized (select lane from lane where lane = any($2::smallint[]) order by lane for update)
    update lane l set epoch = epoch + 1, owner = $1, updated_at = now() from mine where l.lane = mine.lane
    returning l.lane, l.epoch, l.next_offsets, l.as_of, l.youngest, l.lost`,
    [owner, lanes],
  );
  return result.rows.map((row) => ({
    lane: row.lane,
    epoch: row.epoch,
    nextOffsets: row.next_offsets,
    asOf: row.as_of,
    youngest: row.youngest,
    lost: row.lost,
  }));
}

/**
 * Whether lanes that are still their owner's stand behind where it left them: a crash of PostgreSQL took chunks back, and nobody would
 * bring them again before the next event of the same lane and topic. Their owner is to claim them anew.
 */
export async function wereTakenBack(database: Database, lanes: Iterable<Lane>): Promise<boolean> {
  // As they are before the question: they move on with each COMMIT.
  const left = new Map([...lanes].map((lane) => [lane.lane, { epoch: lane.epoch, next: { ...lane.nextOffsets } }]));
  const { rows } = await database.query<{ lane: number; epoch: number; next_offsets: Record<string, number> }>({
    name: 'where lanes stand',
    text: 'select lane, epoch, next_offsets from lane where lane = any($1::smallint[])',
    values: [[...left.keys()]],
  });
  return rows.some(({ lane, epoch, next_offsets: at }) => {
    const { epoch: own, next } = left.get(lane)!;
    return epoch === own && Object.entries(next).some(([topic, offset]) => (at[topic] ?? 0) < offset);
  });
}

/**
 * Keeps, of those lanes that another has claimed since, that their former owner was refused. Until the new one writes, nobody
 * works on them, although Kafka has given them to somebody.
 */
export async function keepFenced(database: Database, lanes: Iterable<Lane>): Promise<void> {
  const known = [...lanes];
  await database.query(
    `update lane l set fenced_at = now() from unnest($1::smallint[], $2::bigint[]) as s(lane, epoch)
     where l.lane = s.lane and l.epoch > s.epoch`,
    [known.map(({ lane }) => lane), known.map(({ epoch }) => epoch)],
  );
}

/** Where each topic of claimed lanes goes on, as a lane consumer wants it told; times are epoch milliseconds. */
export function positionsOf(
  lanes: readonly Lane[],
): Map<number, Record<string, { next: number; youngestMs?: number; lostSinceMs?: number }>> {
  return new Map(
    lanes.map(({ lane, nextOffsets, youngest, lost }) => [
      lane,
      Object.fromEntries(
        Object.entries(nextOffsets).map(([topic, next]) => [
          topic,
          {
            next,
            ...(youngest[topic] ? { youngestMs: youngest[topic] } : {}),
            ...(lost[topic] ? { lostSinceMs: Date.parse(lost[topic].since) } : {}),
          },
        ]),
      ),
    ]),
  );
}

/**
 * For a database that was restored: no sync service that claimed lanes before, here or elsewhere, may write to it, since it
 * knows other offsets. The epochs go on at the present microsecond, so none that was ever given out comes again.
 */
export async function forbidFormerOwners(database: Queryable): Promise<void> {
  await database.query(
    `update lane set owner = null, epoch = greatest(epoch, (extract(epoch from clock_timestamp()) * 1e6)::bigint)`,
  );
}

/** The lanes' steps that a chunk of messages makes. A lane is complete as of the latest time that any of them states. */
export function stepsOf(lanes: ReadonlyMap<number, Lane>, incoming: readonly Incoming[]): LaneAdvance[] {
  const steps = new Map<number, LaneAdvance>();
  for (const message of incoming) {
    const lane = lanes.get(message.lane)!;
    let step = steps.get(message.lane);
    if (!step)
      steps.set(
        message.lane,
        (step = { lane: lane.lane, epoch: lane.epoch, believed: {}, first: {}, next: {}, asOf: {}, youngest: {} }),
      );
    const { topic } = message;
    step.believed[topic] ??= lane.nextOffsets[topic] ?? 0;
    step.first[topic] ??= message.offset;
    step.next[topic] = message.offset + 1;
    const asOfMs =
      message.kind === 'control' ? message.asOfMs : message.kind === 'event' ? message.event.recorded_at : 0;
    step.youngest[topic] = Math.max(step.youngest[topic] ?? lane.youngest[topic] ?? 0, message.timestampMs ?? 0);
    step.asOf[topic] = Math.max(step.asOf[topic] ?? lane.asOf[topic] ?? 0, asOfMs ?? 0);
  }
  return [...steps.values()];
}

/** What advancing gave: done, or why the chunk must not be applied. */
export type AdvanceResult = 'advanced' | 'fenced' | 'stale';

/**
 * Locks and advances the chunk's lanes, in lane order: the first statement of every chunk. `fenced`: another owner has
 * claimed one of them. `stale`: a message of the chunk was already applied, or the lane is not where its owner believes it to
 * be, as when a commit's answer was lost or the database was restored from an older copy. Either way the caller rolls back.
 */
export async function advanceLanes(connection: Queryable, advances: readonly LaneAdvance[]): Promise<AdvanceResult> {
  const result = await connection.query<{ lane: number; old_offsets: Record<string, number> }>({
    name: 'advance lanes',
    text: `with step as materialized (
      select * from unnest($1::smallint[], $2::bigint[], $3::jsonb[], $4::jsonb[], $5::jsonb[]) as s(lane, epoch, next, as_of, youngest)
    ), mine as materialized (
      select l.lane from lane l join step s on s.lane = l.lane and s.epoch = l.epoch order by l.lane for update of l
    )
    update lane l set next_offsets = l.next_offsets || s.next, as_of = l.as_of || s.as_of, youngest = l.youngest || s.youngest, updated_at = now()
    from step s join mine using (lane) where l.lane = s.lane and l.epoch = s.epoch
    returning l.lane, old.next_offsets as old_offsets`,
    values: [
      advances.map(({ lane }) => lane),
      advances.map(({ epoch }) => epoch),
      advances.map(({ next }) => JSON.stringify(next)),
      advances.map(({ asOf }) => JSON.stringify(asOf)),
      advances.map(({ youngest }) => JSON.stringify(youngest)),
    ],
  });
  if (result.rows.length < advances.length) return isBehind(connection, advances);
  const byLane = new Map(advances.map((advance) => [advance.lane, advance]));
  const stale = result.rows.some(({ lane, old_offsets }) => {
    const { believed, first } = byLane.get(lane)!;
    return Object.entries(believed).some(([topic, position]) => {
      const next = old_offsets[topic] ?? 0;
      return next !== position || next > first[topic]!;
    });
  });
  return stale ? 'stale' : 'advanced';
}

/** An epoch that is older than the owner's own was not raised by another member: the database was restored. */
async function isBehind(connection: Queryable, advances: readonly LaneAdvance[]): Promise<'fenced' | 'stale'> {
  const { rows } = await connection.query(
    `select 1 from unnest($1::smallint[], $2::bigint[]) as s(lane, epoch) join lane l using (lane) where l.epoch > s.epoch limit 1`,
    [advances.map(({ lane }) => lane), advances.map(({ epoch }) => epoch)],
  );
  return rows.length > 0 ? 'fenced' : 'stale';
}
