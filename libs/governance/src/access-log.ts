import { HuitongError } from '@huitong/change-event';
import { translateDatabaseError, type Database } from '@huitong/postgres';

/** The purpose of a read: 2 to 200 characters, none of them a control character. */
export const purposePattern = /^\P{Cc}{2,200}$/u;

/** Throws PURPOSE_REQUIRED for a purpose that says nothing. */
export function checkPurpose(purpose: string): void {
  if (!purposePattern.test(purpose))
    throw new HuitongError(
      'PURPOSE_REQUIRED',
      '请说明查询目的, 2 至 200 字 / say what the read is for, in 2 to 200 characters',
      { context: { field: 'purpose' } },
    );
}

/** One read of personal or business data: who, in which role, of what, for which purpose, and what came of it. */
export interface AccessEntry {
  readonly caller: string;
  readonly role: string;
  /** The subject database; null where a read was not of one, as of this log itself. */
  readonly subject: string | null;
  readonly subjectId: string | null;
  /** The fields that the answer holds. */
  readonly fields: readonly string[];
  readonly purpose: string;
  readonly validAt: string | null;
  readonly knownAt: string | null;
  readonly route: string;
  readonly traceId: string;
  readonly outcome: 'answered' | 'not-found';
}

/** An entry as the auditor sees it. */
export interface LoggedAccess extends AccessEntry {
  readonly id: number;
  readonly at: string;
}

/** Rows of one insert; what waits beyond it goes with the next. */
const batchMax = 500;

interface Waiting {
  readonly entry: AccessEntry;
  resolve(): void;
  reject(error: HuitongError): void;
}

/**
 * Writes the access log with a role that may insert and nothing else. What is written while an insert is on its way goes
 * together with the next one, so that many reads share one commit.
 */
export class AccessLog {
  readonly #database: Database;
  readonly #waiting: Waiting[] = [];
  #writing = false;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Returns once the entry is on disk; DATABASE_UNAVAILABLE whenever it is not, whatever the reason: then nothing may be answered. */
  write(entry: AccessEntry): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ entry, resolve, reject });
      if (!this.#writing) void this.#drain();
    });
  }

  async #drain(): Promise<void> {
    this.#writing = true;
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, batchMax);
      try {
        await this.#database.query({
          name: 'log access',
          text: insert,
          values: [JSON.stringify(batch.map(({ entry }) => entry))],
        });
        for (const { resolve } of batch) resolve();
      } catch (error) {
        const cause = translateDatabaseError(error);
        for (const { reject } of batch)
          reject(
            new HuitongError('DATABASE_UNAVAILABLE', 'writing the access log, without which nothing is answered', {
              cause,
            }),
          );
      }
    }
    this.#writing = false;
  }
}

const insert = `insert into access_log
    (caller, role, subject, subject_id, fields, purpose, valid_at, known_at, route, trace_id, outcome)
  select caller, role, subject, "subjectId", fields, purpose, "validAt", "knownAt", route, "traceId", outcome
  from jsonb_to_recordset($1::jsonb) as entry(caller text, role text, subject text, "subjectId" text, fields text[],
    purpose text, "validAt" date, "knownAt" timestamptz, route text, "traceId" text, outcome text)`;

/** Which entries to show: of these ids of one subject, of one subject database, or all; newest first. */
export interface AccessFilter {
  readonly subject?: string | undefined;
  readonly subjectIds?: readonly string[] | undefined;
  readonly limit: number;
  /** The id of the last entry of the page before. */
  readonly before?: number | undefined;
}

/** The access log's entries, newest first, read with the auditor's role. */
export async function readAccessLog(database: Database, filter: AccessFilter): Promise<LoggedAccess[]> {
  try {
    const { rows } = await database.query<Omit<LoggedAccess, 'at' | 'knownAt'> & { at: Date; knownAt: Date | null }>({
      text: `select id, at, caller, role, subject, subject_id as "subjectId", fields, purpose, valid_at as "validAt",
          known_at as "knownAt", route, trace_id as "traceId", outcome
        from access_log
        where ($1::text is null or subject = $1) and ($2::text[] is null or subject_id = any($2)) and ($3::bigint is null or id < $3)
        order by id desc limit $4`,
      values: [filter.subject ?? null, filter.subjectIds ?? null, filter.before ?? null, filter.limit],
    });
    return rows.map((row) => ({ ...row, at: row.at.toISOString(), knownAt: row.knownAt?.toISOString() ?? null }));
  } catch (error) {
    throw translateDatabaseError(error);
  }
}
