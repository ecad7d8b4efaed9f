import { HuitongError } from '@huitong/change-event';
import type { Database } from '@huitong/postgres';

/** Runs one rebuild of a kind at a time, by a lock that ends with its connection. Throws REQUEST_INVALID while another runs. */
export async function alone<Result>(database: Database, what: string, work: () => Promise<Result>): Promise<Result> {
  const connection = await database.connect();
  let broken: Error | undefined;
  connection.on('error', (error) => (broken = error));
  try {
    const name = `huitong rebuild ${what}`;
    const lock = `select pg_try_advisory_lock(hashtext($1)) as mine`;
    const { rows } = await connection.query<{ mine: boolean }>(lock, [name]);
    if (!rows[0]!.mine)
      throw new HuitongError('REQUEST_INVALID', 'rebuilding a subject database that is being rebuilt', {
        context: { what },
      });
    try {
      return await work();
    } finally {
      if (!broken) await connection.query('select pg_advisory_unlock(hashtext($1))', [name]);
    }
  } finally {
    connection.removeAllListeners('error');
    connection.release(broken);
  }
}
