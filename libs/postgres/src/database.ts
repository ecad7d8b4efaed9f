import { HuitongError } from '@huitong/change-event';
import pg from 'pg';
import { gatheringSocket } from './gathering-socket.ts';

// Dates are ISO strings and bigints are numbers wherever they are safe: no time zone moves a date, no version is a string.
pg.types.setTypeParser(pg.types.builtins.DATE, (text) => text);
pg.types.setTypeParser(pg.types.builtins.INT8, Number);

/** A connection or a pool that can run a query. */
export type Queryable = Pick<pg.ClientBase, 'query'>;

/** A pool of connections to one database. */
export type Database = pg.Pool;

/** A dedicated connection, as a transaction has it. */
export type Connection = pg.PoolClient;

/**
 * Opens a pool. `applicationName` shows in `pg_stat_activity`; an idle connection that breaks is dropped silently, since
 * the next query gets a new one or fails by itself.
 */
export function openDatabase(options: {
  url: string;
  applicationName: string;
  connectionsMax: number;
  statementTimeoutMs?: number;
  /** Whoever has no answer by then takes the connection for dead: packets may vanish without an end or a reset. */
  answerWithinMs?: number;
  /** A process that is frozen inside a transaction for longer loses it, and with it the locks that others wait for. */
  idleInTransactionMs?: number;
  /** Sends statements without waiting for the answers to earlier ones; such a connection takes no cursors, and no COPY but by `copyRows`. */
  pipelined?: boolean;
  /** The schema that names without one are in; `public` where none is given. */
  schema?: string;
  /** Its statements find rows by key: a plan made while a table is small, and kept as it grows, reads no table whole. */
  byKey?: boolean;
  /** Answers a COMMIT before it is on disk: only where what a crash takes back is derived again, and its offsets with it. */
  commitsLater?: boolean;
}): Database {
  const pool = new pg.Pool({
    connectionString: options.url,
    application_name: options.applicationName,
    max: options.connectionsMax,
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    // Compiled statements are planned once a connection: planning one anew for its parameters costs more than running it.
    options: [
      ...[
        '-c plan_cache_mode=force_generic_plan',
        `-c idle_in_transaction_session_timeout=${options.idleInTransactionMs ?? 0}`,
      ],
      ...(options.schema ? [`-c search_path=${options.schema}`] : []),
      ...(options.byKey ? ['-c enable_seqscan=off', '-c enable_bitmapscan=off'] : []),
      ...(options.commitsLater ? ['-c synchronous_commit=off'] : []),
    ].join(' '),
    ...(options.pipelined ? { pipeline: true, stream: gatheringSocket } : {}),
    ...(options.answerWithinMs ? { query_timeout: options.answerWithinMs } : {}),
    ...(options.statementTimeoutMs ? { statement_timeout: options.statementTimeoutMs } : {}),
  });
  pool.on('error', () => {});
  return pool;
}

/** Takes a statement that is under way and whose answer nobody needs. */
export type Send = (statement: Promise<unknown>) => void;

/**
 * Runs `work` in one transaction and commits it. `work` must not end while statements of its own are under way, but for those that it
 * gave to `send`: behind these the COMMIT goes without waiting, and it commits only if none of them failed. Whatever `work` or a
 * sent statement throws rolls back and is thrown on; a connection that
 * broke is not returned to the pool. A COMMIT whose answer was lost throws too: the caller must look before it repeats. With `commitsLater`
 * it is answered before it is on disk, by some tenths of a second: only where what a crash takes back is done again.
 */
export async function inTransaction<Result>(
  database: Database,
  work: (connection: Connection, send: Send) => Promise<Result>,
  { commitsLater = false }: { readonly commitsLater?: boolean } = {},
): Promise<Result> {
  const connection = await connect(database);
  let broken: Error | undefined;
  connection.on('error', (error) => (broken = error));
  try {
    // Not waited for, so that a pipelined connection sends it together with what follows; if it fails, so does that.
    const { result, command } = await sending(async (send) => {
      send(connection.query(commitsLater ? 'begin; set local synchronous_commit = off' : 'begin'));
      const result = await work(connection, send);
      return { result, command: (await connection.query('commit')).command };
    });
    // PostgreSQL answers the COMMIT of a failed transaction with ROLLBACK, and no error.
    if (command !== 'COMMIT') throw new HuitongError('INTERNAL', 'committing a transaction that had failed');
    return result;
  } catch (error) {
    if (!broken) await connection.query('rollback').catch((failure: unknown) => (broken = failure as Error));
    throw translateDatabaseError(error);
  } finally {
    connection.removeAllListeners('error');
    connection.release(broken);
  }
}

/**
 * Runs `work`, which sends statements without waiting for their answers, and waits for all of them. Throws the first failure that
 * tells something, of what was sent or of `work` itself.
 */
export async function sending<Result>(work: (send: Send) => Promise<Result>): Promise<Result> {
  const sent: Promise<unknown>[] = [];
  const working = work((statement) => {
    statement.catch(() => {});
    sent.push(statement);
  });
  await working.catch(() => {});
  const [result] = await allEnded([working, ...sent]);
  return result;
}

/**
 * What all of these answer, once all have ended. Throws the first failure that tells something: behind it PostgreSQL
 * refuses whatever follows in the transaction.
 */
export async function allEnded<Results extends readonly Promise<unknown>[]>(
  work: readonly [...Results],
): Promise<{ -readonly [At in keyof Results]: Awaited<Results[At]> }> {
  const settled: PromiseSettledResult<unknown>[] = await Promise.allSettled(work);
  const failed = settled.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
  if (failed.length > 0) throw failed.find((error) => !isAborted(error)) ?? failed[0];
  return settled.map((result) => (result as PromiseFulfilledResult<unknown>).value) as never;
}

/** `current transaction is aborted`: said of every statement behind the one that failed. */
function isAborted(error: unknown): boolean {
  return (translateDatabaseError(error) as Partial<HuitongError>).context?.['sqlState'] === '25P02';
}

async function connect(database: Database): Promise<Connection> {
  try {
    return await database.connect();
  } catch (error) {
    throw translateDatabaseError(error);
  }
}

/** SQLSTATE classes of faults of the environment: connection, login, database, rollback, resources, locks, operator, system. */
const environmentClasses = new Set(['08', '28', '3D', '40', '53', '55', '57', '58', 'XX']);

/**
 * Turns an error of `pg` into ours, once: environment faults become DATABASE_UNAVAILABLE (DISK_FULL for 53100), to be
 * retried; an answer of the database about the statement keeps its SQLSTATE in the context. The cause is left out where
 * PostgreSQL quotes values in it.
 */
export function translateDatabaseError(error: unknown): unknown {
  if (error instanceof HuitongError) return error;
  const sqlState = error instanceof pg.DatabaseError ? error.code : undefined;
  const context = { sqlState, constraint: error instanceof pg.DatabaseError ? error.constraint : undefined };
  if (sqlState === '53100') return new HuitongError('DISK_FULL', 'writing to a database without room', { context });
  if (sqlState === '25P03' || (sqlState && environmentClasses.has(sqlState.slice(0, 2))))
    return new HuitongError('DATABASE_UNAVAILABLE', 'working with a database that is away or busy', { context });
  // Class 42 is about the statement's own text, so its message names columns and tables, never values.
  const cause = sqlState?.startsWith('42') ? new Error((error as pg.DatabaseError).message) : undefined;
  if (sqlState)
    return new HuitongError('INTERNAL', 'running a statement that the database refused', { context, cause });
  if (Error.isError(error) && (isConnectionFault(error) || 'errno' in error || 'syscall' in error))
    return new HuitongError('DATABASE_UNAVAILABLE', 'reaching the database', { cause: error });
  return error;
}

function isConnectionFault(error: Error): boolean {
  return /connection|timeout|socket|terminat|client was closed|not queryable/i.test(error.message);
}
