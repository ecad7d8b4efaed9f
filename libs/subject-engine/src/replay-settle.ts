import { setTimeout as sleep } from 'node:timers/promises';
import { HuitongError, type DatasetName } from '@huitong/change-event';
import { allEnded, inTransaction, type Connection, type Queryable } from '@huitong/postgres';
import { countRows, lockLanes, type DifferenceCounts } from './compare.ts';
import type { DatabasePlan, SubjectPlan } from './plan.ts';
import { announce, assertAddsUp, differencesBetween, isLockTimeout } from './rebuild-differences.ts';
import { factDifferences, keepAppliedAt, supersede, type FactDifference } from './replay-facts.ts';
import { filling, generationTables, settledSince } from './replay-schema.ts';
import { mergeOutcomes, swapGenerations, unheardEvents, unknownEvents } from './replay-swap.ts';
import type { Offsets, Replay, Touched } from './replay.ts';

/** How a replay ends. */
export interface ReplayOptions {
  /** Compares, says what would change, and changes nothing. */
  readonly dryRun?: boolean;
  /** More differing records or facts than this are not swapped in. */
  readonly differencesMax?: number;
  /** For no longer than this the replay waits for the live lanes to pass it, and they for it. */
  readonly reachWithinMs?: number;
}

/** What one subject's records came to; differences are of the live records, held against the new ones. */
export interface ReplayedSubject {
  readonly records: { readonly live: number; readonly next: number };
  readonly differences: DifferenceCounts;
}

/** What a replay came to. */
export interface ReplayOutcome {
  /** `refused`: more differ than was allowed; nothing was swapped. */
  readonly status: 'swapped' | 'compared' | 'refused';
  readonly subjects: Readonly<Record<string, ReplayedSubject>>;
  /** Differing facts by dataset and kind, of the live ones held against the new ones. */
  readonly facts: Readonly<Record<string, Readonly<Record<FactDifference['kind'], number>>>>;
  /** Events of the log of which the live generation knew nothing. */
  readonly unknownEvents: number;
  /** How long the live lanes stood still at the end. */
  readonly pauseMs: number;
}

/** What a look without locks found: only this, and what was touched since, can differ. */
interface Suspects {
  readonly facts: ReadonlyMap<DatasetName, readonly FactDifference[]>;
  readonly records: ReadonlyMap<SubjectPlan, readonly string[]>;
  readonly events: readonly string[];
}

const differencesMaxDefault = 10_000;
const swapTriesMax = 5;
/** What is touched while so many events come in is looked at under the locks; else the lanes would stand still for it. */
const fewEvents = 1_000;
const looksMax = 5;
const reachWithinDefaultMs = 10_000;

const replayed = (subject: SubjectPlan): { subject: SubjectPlan; table: string } => ({
  subject,
  table: `${filling}.${subject.table}`,
});

/**
 * Ends a replay that is close behind the live lanes, while its consumer goes on: derives its records where that was not done, compares both generations without locks, then, in one
 * transaction that holds the live lanes until the replay has reached them, compares again what differed or was touched since, and swaps. Facts that both
 * hold keep the time at which they were first applied, and past versions, history and operators' decisions stay, so reads as of earlier answer what they did.
 * Throws REQUEST_INVALID where operators settled parked events meanwhile, which it has read as open; the next replay then starts over.
 */
export async function concludeReplay(replay: Replay, options: ReplayOptions = {}): Promise<ReplayOutcome> {
  const { database, plan } = replay;
  const { dryRun = false, differencesMax = differencesMaxDefault, reachWithinMs = reachWithinDefaultMs } = options;
  await replay.deriveRecords();
  const passed = (): Promise<void> => livePasses(replay, reachWithinMs);
  let touched = await replay.watch(passed);
  await keepAppliedAt(database, replay);
  for (const table of generationTables(plan)) await database.query(`vacuum (analyze) ${filling}.${table}`);
  const records = new Map<SubjectPlan, readonly string[]>();
  const subjects: Record<string, ReplayedSubject> = {};
  const compareRecords = async (): Promise<void> => {
    for (const subject of plan.subjects) {
      const { counts, ids } = await differencesBetween(database, replayed(subject));
      records.set(subject, ids);
      subjects[subject.name] = { records: await countBoth(database, subject), differences: counts };
    }
  };
  // Side by side: each reads all that there is, on one core.
  const [facts, events] = await allEnded([
    factDifferences(database, plan),
    unknownEvents(database, plan),
    compareRecords(),
  ]);
  let suspects: Suspects = { facts, records, events };
  const most = Math.max(...[...facts.values(), ...records.values()].map((list) => list.length), 0);
  if (most > differencesMax)
    return {
      ...{ status: dryRun ? 'compared' : 'refused', subjects, facts: countFacts(facts) },
      ...{ unknownEvents: events.length, pauseMs: 0 },
    };
  for (let tries = 1; ; tries += 1) {
    for (let looks = 0, few = false; looks < looksMax && !few; looks += 1) {
      const before = touched;
      touched = await replay.watch(passed);
      suspects = await lookAgain(replay, suspects, before);
      few = before.events.size <= fewEvents;
    }
    const outcome = await settleOnce(replay, suspects, touched, options).catch((error: unknown) => {
      if (!isLockTimeout(error) || tries === swapTriesMax) throw error;
    });
    if (outcome) return outcome;
    await sleep(500 * tries);
  }
}

/** What of the suspects and of what was touched differs; the rest is settled. The live lanes go on. */
async function lookAgain(replay: Replay, suspects: Suspects, touched: Touched): Promise<Suspects> {
  const { database, plan } = replay;
  const ids = idsOf(plan, suspects, touched);
  // Both write to these rows, each in an order of its own.
  const letGo = await replay.hold();
  await keepAppliedAt(database, replay, ids).finally(letGo);
  const facts = await factDifferences(database, plan, ids);
  const stable = await stableIds(database, [...ids.values()]);
  const records = new Map<SubjectPlan, readonly string[]>();
  for (const subject of plan.subjects) {
    const some = [...new Set([...stable, ...suspects.records.get(subject)!])];
    records.set(subject, (await differencesBetween(database, replayed(subject), some)).ids);
  }
  return { facts, records, events: await unheardEvents(database, [...suspects.events, ...touched.events]) };
}

async function settleOnce(
  replay: Replay,
  suspects: Suspects,
  touched: Touched,
  { dryRun = false, reachWithinMs = reachWithinDefaultMs }: ReplayOptions,
): Promise<ReplayOutcome> {
  let letGo = await replay.hold();
  try {
    await livePasses(replay, reachWithinMs);
    const outcome = await inTransaction(replay.database, async (connection) => {
      const lanes = await lockLanes(connection);
      const startedMs = Date.now();
      const live = await replay.offsets('public', connection);
      replay.limit(live);
      letGo();
      await reach(replay, filling, live, reachWithinMs);
      letGo = await replay.hold();
      if (await settledSince(connection, replay.begunAt))
        throw new HuitongError(
          'REQUEST_INVALID',
          'rebuilding while parked events were released or discarded: run it again',
        );
      const found = await settle(connection, replay, { suspects, touched, lanes, dryRun });
      return {
        ...found,
        status: dryRun ? ('compared' as const) : ('swapped' as const),
        pauseMs: Date.now() - startedMs,
      };
    });
    if (!dryRun) replay.end();
    return outcome;
  } finally {
    replay.limit();
    letGo();
  }
}

/**
 * The replay may be ahead by a chunk: what the live lanes have not applied yet is no difference, and when they apply it is not
 * known. Where they do not move at all, what is ahead is settled as any difference.
 */
async function livePasses(replay: Replay, withinMs: number): Promise<void> {
  await reach(replay, 'public', await replay.offsets(filling), withinMs).catch(() => {});
}

/** Waits until the lanes of one generation are where those of the other were. */
async function reach(replay: Replay, schema: string, goal: Offsets, withinMs: number): Promise<void> {
  for (const since = Date.now(); ; await sleep(20)) {
    const at = await replay.offsets(schema);
    const isThere = [...goal].every(([lane, topics]) =>
      Object.entries(topics).every(([topic, offset]) => (at.get(lane)?.[topic] ?? 0) >= offset),
    );
    if (isThere) return;
    if (Date.now() - since > withinMs)
      throw new HuitongError('DATABASE_UNAVAILABLE', 'waiting for one generation to reach the other', {
        context: { sqlState: '55P03' },
      });
  }
}

/** The end of it, with both generations at rest. */
async function settle(
  connection: Connection,
  replay: Replay,
  { suspects, touched, lanes, dryRun }: { suspects: Suspects; touched: Touched; lanes: number; dryRun: boolean },
): Promise<Omit<ReplayOutcome, 'status' | 'pauseMs'>> {
  const { plan } = replay;
  const ids = idsOf(plan, suspects, touched);
  await keepAppliedAt(connection, replay, ids);
  const facts = await factDifferences(connection, plan, ids);
  const stable = await stableIds(connection, [...ids.values()]);
  const events = [...new Set([...suspects.events, ...touched.events])];
  const unknown = await unknownEvents(connection, plan, events);
  const subjects: Record<string, ReplayedSubject> = {};
  for (const subject of plan.subjects) {
    const some = [...new Set([...stable, ...suspects.records.get(subject)!])];
    const { counts, ids: differing } = await differencesBetween(connection, replayed(subject), some);
    const records = await countBoth(connection, subject);
    assertAddsUp(subject, records, counts);
    subjects[subject.name] = { records, differences: counts };
    if (!dryRun) await announce(connection, replayed(subject), differing, lanes);
  }
  if (!dryRun) {
    await connection.query(
      `create temp table open_before on commit drop as select * from public.parked where state = 'parked'`,
    );
    await supersede(connection, plan, facts);
    await mergeOutcomes(connection, events);
    await swapGenerations(connection, plan, 'open_before');
  }
  return { subjects, facts: countFacts(facts), unknownEvents: unknown.length };
}

/** The subjects, by dataset, of which facts may differ. */
function idsOf(plan: DatabasePlan, suspects: Suspects, touched: Touched): Map<DatasetName, Set<string>> {
  return new Map(
    plan.factTables.map(({ dataset }) => [
      dataset,
      new Set([
        ...(touched.ids.get(dataset) ?? []),
        ...(suspects.facts.get(dataset) ?? []).map(({ subject_id }) => subject_id),
      ]),
    ]),
  );
}

/** The ids that records of the given ones may stand or have stood under: all of their subjects, in either generation. */
async function stableIds(connection: Queryable, ids: readonly ReadonlySet<string>[]): Promise<string[]> {
  const all = [...new Set(ids.flatMap((some) => [...some]))];
  const { rows } = await connection.query<{ id: string }>(
    ['public', filling]
      .map(
        (schema) => `select id from ${schema}.identity
    where subject_id in (select n.subject_id from ${schema}.identity n where n.id = any($1))`,
      )
      .join(' union '),
    [all],
  );
  return [...all, ...rows.map(({ id }) => id)];
}

async function countBoth(database: Parameters<typeof countRows>[0], subject: SubjectPlan) {
  return {
    live: await countRows(database, `public.${subject.table}`),
    next: await countRows(database, `${filling}.${subject.table}`),
  };
}

function countFacts(facts: ReadonlyMap<DatasetName, readonly FactDifference[]>): ReplayOutcome['facts'] {
  return Object.fromEntries(
    [...facts].map(([dataset, found]) => {
      const counts = { missing: 0, extra: 0, differing: 0 };
      for (const { kind } of found) counts[kind] += 1;
      return [dataset, counts];
    }),
  );
}
