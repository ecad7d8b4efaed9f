import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { copyRows } from './copy-rows.ts';
import { openDatabase, type Connection, type Database } from './database.ts';

const copy = 'copy copied (value) from stdin';
const rowsOf = (values: readonly (number | string)[]): Buffer =>
  Buffer.from(values.map((value) => `${value}\n`).join(''));

let database: Database;
let connection: Connection;

describe.each([true, false])('rows copied on a connection (pipelined: %s)', (pipelined) => {
  beforeAll(async () => {
    const url = process.env['POSTGRES_URL'] ?? 'postgres://none';
    database = openDatabase({ url, applicationName: 'spec', connectionsMax: 1, pipelined });
    connection = await database.connect();
    await connection.query('create temp table copied (value int unique)');
  });
  afterAll(async () => {
    connection.release();
    await database.end();
  });
  beforeEach(() => connection.query('truncate copied'));

  const counted = async (): Promise<number> =>
    (await connection.query<{ count: number }>('select count(*)::int as count from copied')).rows[0]!.count;
  const codeOf = (error: unknown): unknown => (error as { code: unknown }).code;

  it('are there for the next statement, whose answer is its own', async () => {
    const many = rowsOf(Array.from({ length: 200_000 }, (_, value) => value));
    const copied = copyRows(connection, copy, many);
    const answer = connection.query<{ sum: number }>('select sum(value)::bigint as sum from copied');
    await copied;
    expect((await answer).rows).toEqual([{ sum: (200_000 * 199_999) / 2 }]);
  });

  it('are none where one is refused, and the statements behind go on', async () => {
    const copied = copyRows(connection, copy, rowsOf([1, 'two', 3])).catch(codeOf);
    const twice = copyRows(connection, copy, rowsOf([4, 5, 4])).catch(codeOf);
    const nowhere = copyRows(connection, 'copy nowhere from stdin', rowsOf([1])).catch(codeOf);
    expect(await Promise.all([copied, twice, nowhere])).toEqual(['22P02', '23505', '42P01']);
    expect(await counted()).toBe(0);
  });

  it('begin no COPY where they are no bytes', async () => {
    const none = undefined as unknown as Buffer;
    await expect(copyRows(connection, copy, none)).rejects.toThrow(TypeError);
    expect(await counted()).toBe(0);
  });

  it('are refused in a transaction that has failed', async () => {
    const asked = [
      connection.query('begin'),
      connection.query('select 1/0').catch(codeOf),
      copyRows(connection, copy, rowsOf([1])).catch(codeOf),
      connection.query('rollback'),
    ];
    expect((await Promise.all(asked)).slice(1, 3)).toEqual(['22012', '25P02']);
    expect(await counted()).toBe(0);
  });
});
