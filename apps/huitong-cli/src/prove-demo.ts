import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import cliProgress from 'cli-progress';
import { Agent, request } from 'undici';
import { HuitongError } from '@huitong/change-event';
import { compare, expectations, timeOfStep } from '@huitong/demo-city';
import { createTopicAdmin } from '@huitong/event-stream';
import { openDatabase, translateDatabaseError, type Database } from '@huitong/postgres';
import { databases } from '@huitong/subjects';
import type { DemoState } from './demo-city.ts';
import { cityOf, readJournal, uncertainCells } from './demo-journal.ts';
import { Tally, type ProofReport } from './prove-report.ts';
import { demoCity } from './services.ts';
import { databaseUrl, readStack, type Stack } from './stack.ts';

/** Cells compared by one query a subject database. */
const cellsPerQuery = 200;
const lookEveryMs = 300;
/** The city itself gives up on a pause after 30 s. */
const pauseWithinMs = 35_000;

/**
 * Holds the demo city still, waits until all that was ever published is applied, and compares every record of every
 * subject database with the truth, field by field. Throws when it cannot tell: no city, no database, not applied in time.
 */
export async function proveDemo(options: {
  home: string;
  waitMs: number;
  showProgress: boolean;
}): Promise<ProofReport> {
  const stack = readStack(options.home);
  if (!stack)
    throw new HuitongError(
      'PART_MISSING',
      '未启动, 请运行 npx huitong up / nothing is up: start it with npx huitong up',
    );
  const since = Date.now();
  const before = await askCity(stack, 'GET', 'state');
  const untilMs = since + options.waitMs;
  const held = before && !before.paused ? await patiently(untilMs, () => askCity(stack, 'POST', 'pause')) : before;
  const pools = new Map([...databases.keys()].map((name) => [name, openReader(stack, name)]));
  try {
    const waitedSeconds = await patiently(untilMs, () => awaitApplied(stack, pools, options.waitMs));
    const outcome = await compareAll(options, pools, held !== undefined);
    const seconds = Math.round((Date.now() - since) / 100) / 10;
    return { ...outcome, waitedSeconds, seconds };
  } catch (error) {
    throw translateDatabaseError(error);
  } finally {
    await Promise.all([...pools.values()].map((pool) => pool.end()));
    if (before && !before.paused) await askCity(stack, 'POST', 'resume').catch(() => undefined);
  }
}

/** Again while the broker is away, as it is for a while after it was killed, and there is time left. */
async function patiently<Result>(untilMs: number, work: () => Promise<Result>): Promise<Result> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      const waits = error instanceof HuitongError && error.code === 'BROKER_UNAVAILABLE';
      if (!waits || Date.now() >= untilMs) throw error;
      await sleep(lookEveryMs);
    }
  }
}

const openReader = (stack: Stack, database: string): Database =>
  openDatabase({
    url: databaseUrl(stack, 'huitong_reader', database),
    applicationName: 'huitong-prove',
    connectionsMax: 2,
  });

/** The running city's answer; undefined where none runs, so that its journal alone tells. */
async function askCity(
  stack: Stack,
  method: 'GET' | 'POST',
  what: 'state' | 'pause' | 'resume',
): Promise<DemoState | undefined> {
  const url = stack.urls[demoCity.name];
  if (!url) return undefined;
  const [ca, cert, key] = ['ca.pem', 'operator.pem', 'operator-key.pem'].map((file) =>
    readFileSync(join(stack.certsDir, file)),
  );
  const dispatcher = new Agent({ connect: { ca, cert, key }, headersTimeout: pauseWithinMs });
  try {
    const { statusCode, body } = await request(`${url}/v1/${what}`, { method, dispatcher });
    const answer = (await body.json()) as DemoState & { code?: string; detail?: string };
    if (statusCode === 200) return answer;
    const code = answer.code === 'BROKER_UNAVAILABLE' ? answer.code : 'PART_FAILED';
    throw new HuitongError(code, answer.detail ?? `演示城市应答 / the demo city answered ${statusCode}`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ECONNREFUSED') return undefined;
    if (error instanceof HuitongError) throw error;
    throw new HuitongError('PART_FAILED', 'asking the demo city to stand still', { cause: error });
  } finally {
    await dispatcher.close();
  }
}

/** Waits until every lane has applied what its topics hold now; answers the seconds that it took. */
async function awaitApplied(stack: Stack, pools: ReadonlyMap<string, Database>, waitMs: number): Promise<number> {
  const admin = createTopicAdmin({ brokers: stack.kafkaBrokers.split(','), clientId: 'huitong-prove' });
  const since = Date.now();
  try {
    const topics = [
      ...new Set([...databases.values()].flatMap(({ factTables }) => factTables.map(({ topic }) => topic))),
    ];
    const ends = await admin.endOffsets(topics);
    for (;;) {
      let waiting = 0;
      for (const [name, pool] of pools) {
        const mine = databases.get(name)!.factTables.map(({ topic }) => topic);
        waiting += await countWaiting(pool, new Map(mine.map((topic) => [topic, ends.get(topic) ?? []])));
      }
      if (waiting === 0) return Math.round((Date.now() - since) / 100) / 10;
      if (Date.now() - since > waitMs)
        throw new HuitongError(
          'PART_FAILED',
          `仍有 ${waiting} 条消息未入库 / ${waiting} messages are still not applied`,
          { context: { waiting } },
        );
      await sleep(lookEveryMs);
    }
  } finally {
    await admin.disconnect();
  }
}

async function countWaiting(pool: Database, ends: ReadonlyMap<string, readonly number[]>): Promise<number> {
  const { rows } = await pool.query<{ lane: number; next_offsets: Record<string, number> }>(
    'select lane, next_offsets from lane',
  );
  const lanes = new Map(rows.map(({ lane, next_offsets }) => [lane, next_offsets]));
  let waiting = 0;
  for (const [topic, offsets] of ends)
    for (const [lane, end] of offsets.entries()) waiting += Math.max(0, end - (lanes.get(lane)?.[topic] ?? 0));
  return waiting;
}

async function compareAll(
  options: { home: string; showProgress: boolean },
  pools: ReadonlyMap<string, Database>,
  isHeld: boolean,
): Promise<Omit<ProofReport, 'waitedSeconds' | 'seconds'>> {
  // Read while the city stands still: then the journal states exactly what was published.
  const journal = readJournal(options.home);
  if (!journal) throw new HuitongError('PART_MISSING', '没有演示城市 / there is no demo city in this folder');
  const city = cityOf(journal);
  const uncertain = isHeld ? new Set<number>() : uncertainCells(journal, city);
  const cells = Array.from({ length: journal.cellsDone }, (_, cell) => cell).filter((cell) => !uncertain.has(cell));
  const timeOf = timeOfStep(journal.segments);
  const subjects = [...databases.values()].flatMap((plan) => plan.subjects.map(({ name }) => name));
  const tally = new Tally(journal.salt, subjects);
  const seen = new Map<string, number>();
  const bar = options.showProgress
    ? new cliProgress.SingleBar({
        format: '核对 comparing [{bar}] {percentage}% {value}/{total}',
        stream: process.stderr,
      })
    : undefined;
  bar?.start(cells.length, 0);
  for (let at = 0; at < cells.length; at += cellsPerQuery) {
    const some = cells.slice(at, at + cellsPerQuery);
    const facts = some.flatMap((cell) => [...city.facts(cell, journal.steps, timeOf).values()]);
    for (const [name, plan] of databases) {
      const held = new Set(plan.factTables.map(({ dataset }) => dataset));
      for (const expectation of expectations(
        plan,
        facts.filter(({ dataset }) => held.has(dataset)),
      )) {
        const { subject, ids, records } = expectation;
        const { rows } = await pools.get(name)!.query(`select * from ${subject.table} where id = any($1)`, [ids]);
        seen.set(subject.name, (seen.get(subject.name) ?? 0) + rows.length);
        tally.add(subject.name, {
          expected: records.size,
          cells: `${some[0]}-${some.at(-1)}`,
          ...compare(expectation, rows as Record<string, unknown>[]),
        });
      }
    }
    bar?.update(Math.min(at + cellsPerQuery, cells.length));
  }
  bar?.stop();
  for (const [name, plan] of databases)
    for (const subject of plan.subjects) {
      const { rows } = await pools
        .get(name)!
        .query<{ count: number }>(`select count(*) as count from ${subject.table}`);
      tally.subjects[subject.name]!.notOfTheCity = rows[0]!.count - (seen.get(subject.name) ?? 0);
    }
  const { subjects: counts, fields, examples, equal } = tally;
  return {
    equal,
    cells: { all: city.cells, compared: cells.length, uncertain: uncertain.size },
    steps: journal.steps,
    subjects: counts,
    fields,
    examples,
  };
}
