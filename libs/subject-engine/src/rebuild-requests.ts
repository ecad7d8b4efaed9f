import { HuitongError } from '@huitong/change-event';
import { translateDatabaseError, type Database } from '@huitong/postgres';
import type { DatabasePlan, SubjectPlan } from './plan.ts';
import { alone } from './rebuild-alone.ts';
import { rebuildSubject, swapBack, type RebuildOutcome } from './rebuild.ts';

interface Request {
  readonly id: number;
  readonly subject: string;
  readonly action: 'compare' | 'swap' | 'swap-back';
  readonly differences_max: number;
}

/** The connections that one rebuild needs, with the one that holds the lock and the one that tells how far it is. */
export const rebuildConnections = 6;

/** How far it is, is told at most so often, in milliseconds. */
const tellEveryMs = 500;

/**
 * Does the oldest thing that an operator asked for with a generation of a subject database of this plan: to compare a new one with
 * the live one, to swap a new one in, or to swap the last one back. One at a time in a database, by whichever member takes it; one that
 * was interrupted is begun anew. What it came to is kept with the request, in numbers, without ids. Answers whether there
 * was anything to do; throws environment faults, after which it is still to be done.
 */
export async function doRebuildRequest(database: Database, plan: DatabasePlan): Promise<boolean> {
  const request = await nextRequest(database, plan);
  if (!request) return false;
  try {
    return await alone(database, 'requests', async () => {
      // What another member has done in the meantime is not done again.
      const still = await nextRequest(database, plan);
      if (still?.id !== request.id) return false;
      await database.query('update rebuild_request set started_at = now(), done = 0 where id = $1', [request.id]);
      const outcome = await outcomeOf(
        database,
        plan.subjects.find(({ name }) => name === request.subject)!,
        request,
      );
      await database.query('update rebuild_request set done_at = now(), outcome = $2 where id = $1', [
        request.id,
        JSON.stringify(outcome),
      ]);
      return true;
    });
  } catch (error) {
    if (error instanceof HuitongError && error.code === 'REQUEST_INVALID') return false;
    throw translateDatabaseError(error);
  }
}

async function nextRequest(database: Database, plan: DatabasePlan): Promise<Request | undefined> {
  const { rows } = await database.query<Request>(
    `select id, subject, action, differences_max from rebuild_request
     where done_at is null and subject = any($1) order by id limit 1`,
    [plan.subjects.map(({ name }) => name)],
  );
  return rows[0];
}

/** What is kept of it: numbers, or the code of what kept it from being done. */
async function outcomeOf(database: Database, subject: SubjectPlan, request: Request): Promise<object> {
  let told = 0;
  let telling = Promise.resolve();
  const onProgress = ({ done, total }: { done: number; total: number }): void => {
    if (Date.now() - told < tellEveryMs) return;
    told = Date.now();
    telling = database
      .query('update rebuild_request set done = $2, total = $3 where id = $1', [request.id, done, total])
      .then(
        () => {},
        () => {},
      );
  };
  try {
    const options = { onProgress, differencesMax: request.differences_max };
    const { differences, ...outcome }: RebuildOutcome =
      request.action === 'swap-back'
        ? await swapBack(database, subject)
        : await rebuildSubject(database, subject, { ...options, dryRun: request.action === 'compare' });
    const { missing, extra, differing, fields } = differences;
    return { ...outcome, differences: { missing, extra, differing, fields } };
  } catch (error) {
    const { code, message } = error instanceof HuitongError ? error : { code: 'INTERNAL', message: '' };
    // Not an environment fault: the same would come of it again.
    if (code === 'REQUEST_INVALID') return { status: 'failed', code, message };
    throw error;
  } finally {
    await telling;
  }
}
