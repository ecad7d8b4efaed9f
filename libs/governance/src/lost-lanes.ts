import { datasets, HuitongError, type DatasetName } from '@huitong/change-event';
import type { LostPosition } from '@huitong/subject-engine';
import { setTimeout as sleep } from 'node:timers/promises';
import { rowsOf, type SubjectDatabase } from './subject-database.ts';

/**
 * A lane that stands still in one dataset, since the broker no longer has what comes next, and what going on would give
 * up: all from `next` on that the source recorded after `appliedUntil` and before `since`. `next` lies before `beginning`
 * where retention removed it; otherwise the log is another one than was read, and how many are gone is not known.
 */
export interface LostLane extends LostPosition {
  readonly database: string;
  readonly dataset: DatasetName;
  readonly lane: number;
}

/** Where an operator let a lane go on, and what was given up by it. Instants are ISO 8601. */
export interface Gap {
  readonly lane: number;
  /** The first offset given up, and the one at which the lane went on. */
  readonly fromOffset: number;
  readonly atOffset: number;
  /** What is gone came to the broker after this, null where that is not known, and before that. */
  readonly recordedAfter: string | null;
  readonly recordedBefore: string;
  readonly by: string;
  readonly at: string;
  readonly grounds: string;
}

/** Which lanes stand still, in the given datasets or all. */
export async function listLostLanes(
  databases: readonly SubjectDatabase[],
  of: readonly DatasetName[] | undefined,
): Promise<LostLane[]> {
  const found = await Promise.all(
    databases.map(async (database) => {
      const rows = await rowsOf<{ lane: number; topic: string; position: LostPosition }>(database.reader, {
        text: 'select lane, topic, position from lane, jsonb_each(lost) as each(topic, position) order by topic, lane',
      });
      return rows.flatMap(({ lane, topic, position }) => {
        const dataset = database.plan.factTables.find((fact) => fact.topic === topic)?.dataset;
        if (!dataset || (of && !of.includes(dataset))) return [];
        return [{ database: database.name, dataset, lane, ...position }];
      });
    }),
  );
  return found.flat();
}

/** What was given up in a database's topics so far, by topic, newest first. */
export async function gapsOf(database: SubjectDatabase): Promise<Map<string, Gap[]>> {
  const rows = await rowsOf<
    Omit<Gap, 'recordedAfter' | 'recordedBefore' | 'at'> & { topic: string; after: Date | null; before: Date; at: Date }
  >(database.reader, {
    name: 'gaps',
    text: `select topic, lane, from_offset as "fromOffset", at_offset as "atOffset", recorded_after as "after",
        recorded_before as "before", requested_by as "by", done_at as "at", grounds
      from resume_request where outcome = 'resumed' order by id desc`,
  });
  const gaps = rows.map(({ after, before, at, topic, ...row }): [string, Gap] => [
    topic,
    {
      ...row,
      recordedAfter: after?.toISOString() ?? null,
      recordedBefore: before.toISOString(),
      at: at.toISOString(),
    },
  ]);
  return new Map(
    [...Map.groupBy(gaps, ([topic]) => topic)].map(([topic, list]) => [topic, list.map(([, gap]) => gap)]),
  );
}

/** What became of an operator's request; `outcome` is null while the lane's owner has not done it yet. */
export interface Resumption extends LostLane {
  readonly requestId: number;
  readonly atOffset: number;
  readonly outcome: string | null;
}

const askEveryMs = 100;

/**
 * Asks the owner of a lane that stands still to go on: at the first message that the log still has and the lane has not
 * applied, or, with `fromBeginning`, at the beginning of the log, which repeats what was applied and skips nothing either.
 * Waits `waitMs` for it. NOT_FOUND where the lane does not stand still.
 */
export async function resumeLane(
  database: SubjectDatabase,
  request: {
    dataset: DatasetName;
    lane: number;
    fromBeginning: boolean;
    by: string;
    grounds: string;
    waitMs?: number;
  },
): Promise<Resumption> {
  const { dataset, lane, by, grounds } = request;
  const lost = (await listLostLanes([database], [dataset])).find((each) => each.lane === lane);
  if (!lost) throw new HuitongError('NOT_FOUND', '该通道并未停顿 / this lane does not stand still');
  const atOffset = request.fromBeginning ? lost.beginning : lost.goOnAt;
  const [row] = await rowsOf<{ id: number }>(database.operator, {
    text: 'insert into resume_request (lane, topic, at_offset, requested_by, grounds) values ($1, $2, $3, $4, $5) returning id',
    values: [lane, datasets[dataset].topic, atOffset, by, grounds],
  });
  const requestId = row!.id;
  for (const endMs = Date.now() + (request.waitMs ?? 10_000); Date.now() < endMs; await sleep(askEveryMs)) {
    const [done] = await rowsOf<{ outcome: string }>(database.reader, {
      name: 'resume request',
      text: 'select outcome from resume_request where id = $1 and done_at is not null',
      values: [requestId],
    });
    if (done) return { ...lost, requestId, atOffset, outcome: done.outcome };
  }
  return { ...lost, requestId, atOffset, outcome: null };
}
