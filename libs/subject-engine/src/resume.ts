import { inTransaction, translateDatabaseError, type Database } from '@huitong/postgres';
import type { Lane, LostPosition } from './lanes.ts';

/** A lane that stands still in one topic, and why. */
export interface LostLane {
  readonly lane: number;
  readonly topic: string;
  readonly position: LostPosition;
}

/**
 * Writes down that lanes stand still, so that no restart forgets it and whatever grows in the log afterwards is not taken
 * for what was lost. Lanes that another member has claimed meanwhile are left alone.
 */
export async function keepLost(
  database: Database,
  lanes: ReadonlyMap<number, Lane>,
  lost: readonly LostLane[],
): Promise<void> {
  try {
    for (const { lane, topic, position } of lost)
      await database.query(
        'update lane set lost = lost || jsonb_build_object($1::text, $2::jsonb) where lane = $3 and epoch = $4',
        [topic, JSON.stringify(position), lane, lanes.get(lane)?.epoch],
      );
  } catch (error) {
    throw translateDatabaseError(error);
  }
}

interface Request {
  readonly id: number;
  readonly lane: number;
  readonly topic: string;
  readonly at_offset: number;
}

/**
 * Lets lanes go on where operators decided, each request in one transaction that holds its lane; what is given up is kept
 * with the request. A lane goes on no later than at the first message that the log still has and the lane has not applied,
 * so nothing that exists is ever skipped. Asking twice changes nothing. Returns the number of lanes that must be claimed
 * anew.
 */
export async function doResumeRequests(database: Database, lanes: ReadonlyMap<number, Lane>): Promise<number> {
  const { rows } = await database.query<Request>(
    `select id, lane, topic, at_offset from resume_request
     where done_at is null and lane = any($1::smallint[]) order by id limit 100`,
    [[...lanes.keys()]],
  );
  let resumed = 0;
  for (const request of rows) if (await resume(database, lanes.get(request.lane)!.epoch, request)) resumed += 1;
  return resumed;
}

function resume(database: Database, epoch: number, { id, lane, topic, at_offset }: Request): Promise<boolean> {
  return inTransaction(database, async (connection) => {
    const owned = await connection.query<{ lost: LostPosition | null }>(
      'select lost -> $1 as lost from lane where lane = $2 and epoch = $3 for update',
      [topic, lane, epoch],
    );
    const open = await connection.query('select 1 from resume_request where id = $1 and done_at is null for update', [
      id,
    ]);
    if (!owned.rows[0] || open.rowCount === 0) return false;
    const { lost } = owned.rows[0];
    const outcome = !lost
      ? 'nothing to do'
      : at_offset < lost.beginning || at_offset > lost.goOnAt
        ? 'refused: the log has changed'
        : 'resumed';
    await connection.query(
      `update resume_request set done_at = now(), outcome = $2, from_offset = $3, recorded_after = $4, recorded_before = $5
       where id = $1`,
      [id, outcome, lost?.next ?? null, lost?.appliedUntil ?? null, lost?.since ?? null],
    );
    if (outcome !== 'resumed') return false;
    await connection.query(
      `update lane set next_offsets = next_offsets || jsonb_build_object($1::text, $2::bigint), lost = lost - $1, updated_at = now()
       where lane = $3`,
      [topic, at_offset, lane],
    );
    return true;
  });
}
