import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openDatabase, type Connection, type Database } from './database.ts';

let database: Database;
let connection: Connection;

beforeAll(async () => {
  const url = process.env['POSTGRES_URL'] ?? 'postgres://none';
  database = openDatabase({ url, applicationName: 'spec', connectionsMax: 1, pipelined: true });
  connection = await database.connect();
});
afterAll(async () => {
  connection.release();
  await database.end();
});

describe('a pipelined connection', () => {
  it('sends what is asked without waiting in one write, and answers each', async () => {
    const { stream } = (connection as unknown as { connection: { stream: { _writev: (...what: unknown[]) => void } } })
      .connection;
    let writes = 0;
    const writev = stream._writev.bind(stream);
    stream._writev = (...what) => {
      writes += 1;
      writev(...what);
    };
    const asked = [1, 2, 3].map((value) =>
      connection.query<{ value: number }>({ name: `echo ${value}`, text: 'select $1::int as value', values: [value] }),
    );
    const answers = await Promise.all([connection.query('begin'), ...asked, connection.query('commit')]);
    expect(answers.flatMap(({ rows }) => rows)).toEqual([{ value: 1 }, { value: 2 }, { value: 3 }]);
    expect(writes).toBe(1);
  });
});
