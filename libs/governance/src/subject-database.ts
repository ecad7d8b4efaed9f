import { HuitongError } from '@huitong/change-event';
import { translateDatabaseError, type Database } from '@huitong/postgres';
import type { DatabasePlan, SubjectPlan } from '@huitong/subject-engine';

/** One database of subjects as readers have it: its plan, a pool of the read-only role, and one of the operator's role. */
export interface SubjectDatabase {
  /** As addresses name it: `legal-person` for the PostgreSQL database `legal_person`. */
  readonly name: string;
  readonly plan: DatabasePlan;
  readonly reader: Database;
  readonly operator: Database;
}

/** With a pool of the role that sees what is in parked events. */
export interface StewardDatabase extends SubjectDatabase {
  readonly steward: Database;
}

/** A subject database and where it lives. */
export interface SubjectPlace {
  readonly subject: SubjectPlan;
  readonly database: SubjectDatabase;
}

/** Every subject database with its place, by name. */
export function placesOf(databases: readonly SubjectDatabase[]): ReadonlyMap<string, SubjectPlace> {
  return new Map(
    databases.flatMap((database) =>
      database.plan.subjects.map((subject): [string, SubjectPlace] => [subject.name, { subject, database }]),
    ),
  );
}

/** The database of a name, with hyphens or underscores; NOT_FOUND where there is none. */
export function databaseOf<One extends SubjectDatabase>(databases: readonly One[], name: string): One {
  const database = databases.find((known) => known.name === name.replaceAll('_', '-'));
  if (!database) throw new HuitongError('NOT_FOUND', '没有这个库 / there is no such database');
  return database;
}

/** The name of a database in addresses. */
export const databaseName = (plan: DatabasePlan): string => plan.database.replaceAll('_', '-');

/** Runs a query; whatever it throws is ours, DATABASE_UNAVAILABLE for faults of the environment. */
export async function rowsOf<Row extends object>(
  database: Database,
  query: { name?: string; text: string; values?: unknown[] },
): Promise<Row[]> {
  return (await translated(database.query<Row>(query))).rows;
}

/** What a database answers; whatever it throws is ours. */
export async function translated<Answer>(asking: Promise<Answer>): Promise<Answer> {
  try {
    return await asking;
  } catch (error) {
    throw translateDatabaseError(error);
  }
}

/** What a database answers; undefined while it is away. */
export async function unlessAway<Answer>(asking: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await translated(asking);
  } catch (error) {
    if (error instanceof HuitongError && error.code === 'DATABASE_UNAVAILABLE') return undefined;
    throw error;
  }
}
