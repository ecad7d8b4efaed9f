import { setTimeout as sleep } from 'node:timers/promises';

/** Longer than a member's session, so that the group gives its lanes away. */
const awayMs = 13_000;

const network = (name, part, strike) => ({
  name: `${part}-${name}`,
  async strike({ city, random }) {
    const between = city.networkOf(part);
    try {
      return await strike(between, random);
    } finally {
      between.heal();
    }
  },
});

/** What may happen to the network between the services and a part. */
export const networkFaults = ['kafka', 'postgres'].flatMap((part) => [
  network('slow', part, async (between, random) => {
    between.latencyMs = Math.round(random.between(80, 250));
    await sleep(awayMs);
    return `${between.latencyMs} ms each way`;
  }),
  network('cut', part, async (between) => {
    between.cut();
    await sleep(awayMs);
  }),
  // Whoever waits for an answer on such a connection waits for ever, unless it has a limit of its own.
  network('half-open', part, async (between) => {
    const connections = between.swallow();
    await sleep(5_000);
    return `${connections} connections, of which nobody heard again`;
  }),
]);

/** The answer to a COMMIT is lost, again and again: whether the transaction is there must be looked up. */
export const lostCommits = {
  name: 'lost-commits',
  async strike({ city }) {
    const between = city.networks.postgres;
    const until = Date.now() + 10_000;
    let lost = 0;
    between.cutBehind('commit\0', () => {
      lost += 1;
      return Date.now() < until;
    });
    await sleep(until - Date.now());
    between.heal();
    if (lost === 0) throw new Error('no COMMIT was met');
    return `${lost} answers to COMMIT lost`;
  },
};

/** PostgreSQL dies by force in the moment in which it gets a COMMIT. */
export const killAtCommit = {
  name: 'kill-postgres-at-commit',
  async strike({ city }) {
    const times = 3;
    let killed = 0;
    for (let time = 0; time < times; time += 1) {
      await new Promise((resolve) => {
        city.networks.postgres.cutBehind('commit\0', () => {
          city.signal('postgres', 'SIGKILL');
          killed += 1;
          resolve();
          return false;
        });
      });
      const { seconds } = await city.recovered(Date.now());
      if (seconds === undefined) break;
    }
    return `${killed} times`;
  },
};
