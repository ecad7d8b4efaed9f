import { setTimeout as sleep } from 'node:timers/promises';
import { databases } from '@huitong/subjects';

/** Longer than a member's session (10 s): the group gives its lanes away. */
const longerThanSessionMs = 13_000;

const kill = (name) => ({ name: `kill-${name}`, strike: async ({ city }) => city.signal(name, 'SIGKILL') });

const stop = (name, ms) => ({
  name: `stop-${name}`,
  async strike({ city }) {
    city.signal(name, 'SIGSTOP');
    await sleep(ms);
    city.signal(name, 'SIGCONT');
  },
});

export const serviceKills = [
  'population-sync',
  'legal-person-sync',
  'housing-sync',
  'department-gateway',
  'query-api',
  'demo-city',
].map(kill);

export const partKills = ['kafka', 'postgres', 'redis', 'registry'].map(kill);

export const stops = [
  stop('kafka', longerThanSessionMs),
  stop('postgres', 8_000),
  stop('department-gateway', 5_000),
  stop('registry', 5_000),
];

/** Ends connections at any statement, COMMIT included, so that what became of a transaction is unknown to who asked for it. */
export const cutConnections = {
  name: 'cut-connections',
  async strike({ city, random }) {
    const server = city.database('postgres', 'postgres');
    let cut = 0;
    for (const until = Date.now() + 5_000; Date.now() < until; await sleep(random.between(5, 60))) {
      const { rows } = await server.query(
        `select count(*) filter (where pg_terminate_backend(pid)) as cut from pg_stat_activity
         where backend_type = 'client backend' and pid <> pg_backend_pid() and application_name <> 'huitong-faults'`,
      );
      cut += rows[0].cut;
    }
    return `${cut} connections`;
  },
};

/** One backend dies by force: PostgreSQL ends all others, recovers from its log, and goes on. */
export const killBackend = {
  name: 'kill-postgres-backend',
  async strike({ city, random }) {
    const { rows } = await city
      .database('postgres', 'postgres')
      .query(`select pid from pg_stat_activity where application_name = 'population-sync' order by pid`);
    if (rows.length === 0) throw new Error('population-sync has no connection that could be killed');
    process.kill(random.pick(rows).pid, 'SIGKILL');
  },
};

/** Locks all lanes for longer than statements are used to wait: an operator's careless session. */
export const lockLanes = {
  name: 'lock-lanes',
  async strike({ city }) {
    const connection = await city.database([...databases.keys()][0]).connect();
    try {
      await connection.query('begin');
      await connection.query('select lane from lane order by lane for update');
      await sleep(6_000);
      await connection.query('rollback');
    } finally {
      connection.release();
    }
  },
};

/** Two or three at one time, as when a machine dies. */
export const mixed = {
  name: 'mixed',
  async strike({ city, random }) {
    const chosen = random.shuffled([...serviceKills, ...partKills, cutConnections]).slice(0, random.pick([2, 3]));
    const outcomes = await Promise.allSettled(chosen.map(({ strike }) => strike({ city, random })));
    const failed = outcomes.filter(({ status }) => status === 'rejected').map(({ reason }) => reason);
    // Connections cannot be cut any more when the database was killed beside it.
    if (failed.length > 0 && !chosen.some(({ name }) => name === 'kill-postgres')) throw failed[0];
    return chosen.map(({ name }) => name).join(' + ');
  },
};
