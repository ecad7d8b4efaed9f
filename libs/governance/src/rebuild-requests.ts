import { HuitongError } from '@huitong/change-event';
import { placesOf, rowsOf, type SubjectDatabase } from './subject-database.ts';

/** What may be asked for: to compare a new generation with the live one, to swap it in, to swap the last one back. */
export const rebuildActions = ['compare', 'swap', 'swap-back'] as const;

/** What a rebuild came to; `failed` has the code of what kept it from being done. */
export type RebuildResult =
  | {
      readonly status: 'swapped' | 'compared' | 'refused';
      readonly records: { readonly live: number; readonly next: number };
      readonly differences: {
        readonly missing: number;
        readonly extra: number;
        readonly differing: number;
        /** Differing records by the field that differs. */
        readonly fields: Readonly<Record<string, number>>;
      };
      readonly caughtUp: number;
      readonly fillSeconds: number;
      readonly pauseMs: number;
    }
  | { readonly status: 'failed'; readonly code: string; readonly message: string };

/** Something asked for with a subject database's generations; instants are ISO 8601. */
export interface AskedRebuild {
  readonly database: string;
  readonly id: number;
  readonly subject: string;
  readonly action: (typeof rebuildActions)[number];
  /** More differing records than this are not swapped in. */
  readonly differencesMax: number;
  readonly by: string;
  readonly reason: string | null;
  readonly at: string;
  readonly startedAt: string | null;
  readonly doneAt: string | null;
  /** Subjects derived anew, of about how many; null before it is known. */
  readonly done: number;
  readonly total: number | null;
  readonly outcome: RebuildResult | null;
}

/** Asks for it; the row is for the sync service, which owns the tables. NOT_FOUND where there is no such subject. */
export async function requestRebuild(
  databases: readonly SubjectDatabase[],
  request: Pick<AskedRebuild, 'subject' | 'action' | 'differencesMax' | 'by'> & { reason: string | undefined },
): Promise<{ database: string; id: number }> {
  const { subject, action, differencesMax, by, reason } = request;
  const place = placesOf(databases).get(subject);
  if (!place) throw new HuitongError('NOT_FOUND', '没有这个专题库 / there is no such subject database');
  const [row] = await rowsOf<{ id: number }>(place.database.operator, {
    text: 'insert into rebuild_request (subject, action, differences_max, requested_by, reason) values ($1, $2, $3, $4, $5) returning id',
    values: [subject, action, differencesMax, by, reason ?? null],
  });
  return { database: place.database.name, id: row!.id };
}

/** The newest of what was asked for, that of all databases together. */
export async function listRebuilds(databases: readonly SubjectDatabase[], limit: number): Promise<AskedRebuild[]> {
  type Row = Omit<AskedRebuild, 'database' | 'at' | 'startedAt' | 'doneAt'> &
    Record<'at', Date> &
    Record<'startedAt' | 'doneAt', Date | null>;
  const found = await Promise.all(
    databases.map(async (database) => {
      const rows = await rowsOf<Row>(database.reader, {
        name: 'rebuild requests',
        text: `select id, subject, action, differences_max as "differencesMax", requested_by as by, reason, requested_at as at,
          started_at as "startedAt", done_at as "doneAt", done, total, outcome from rebuild_request order by id desc limit $1`,
        values: [limit],
      });
      return rows.map(({ at, startedAt, doneAt, ...row }): AskedRebuild => ({
        ...row,
        database: database.name,
        at: at.toISOString(),
        startedAt: startedAt?.toISOString() ?? null,
        doneAt: doneAt?.toISOString() ?? null,
      }));
    }),
  );
  return found
    .flat()
    .toSorted((a, b) => (a.at < b.at ? 1 : -1))
    .slice(0, limit);
}
