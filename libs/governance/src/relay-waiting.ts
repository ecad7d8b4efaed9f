import { rowsOf, type SubjectDatabase } from './subject-database.ts';

/** Changes of one subject database that its subscribers have not been sent yet. */
export interface RelayWaiting {
  readonly subject: string;
  readonly waiting: number;
}

/** A lane's backlog is not counted beyond this: so many are as telling as more, and cheaper to count. */
const laneMax = 10_000;

/**
 * How many changes of each subject database wait for the relay; at most 10,000 are counted in a lane. Throws
 * DATABASE_UNAVAILABLE rather than answer 0.
 */
export async function relayWaiting(database: SubjectDatabase): Promise<RelayWaiting[]> {
  return Promise.all(
    database.plan.subjects.map(async ({ name, historyTable }) => {
      const [row] = await rowsOf<{ waiting: number }>(database.reader, {
        name: `relay waiting ${name}`,
        text: `select count(*) as waiting from lane l cross join lateral (
            select 1 from ${historyTable} h
            where h.lane = l.lane and h.id > coalesce((select r.history_id from relay r where r.subject = $1 and r.lane = l.lane), 0)
            limit ${laneMax}) h`,
        values: [name],
      });
      return { subject: name, waiting: row!.waiting };
    }),
  );
}
