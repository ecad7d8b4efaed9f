import { setTimeout as sleep } from 'node:timers/promises';
import { isRunning, processIdOf } from '@huitong/local-stack';

const brokers = ['kafka', 'kafka-2', 'kafka-3'];
const awayMs = 15_000;

/** Kills brokers, keeps them down for a while, and answers how many events the gateway took meanwhile, from when they were missed. */
async function without(city, names, look) {
  city.signalSupervisor('SIGSTOP');
  try {
    const ids = names.map((name) => processIdOf(city.stack.pids[name]));
    for (const name of names) city.signal(name, 'SIGKILL');
    while (ids.some(isRunning)) await sleep(20);
    await sleep(5_000);
    const before = city.eventsSent;
    const seen = await look?.();
    await sleep(awayMs);
    return { taken: city.eventsSent - before, seen };
  } finally {
    city.signalSupervisor('SIGCONT');
  }
}

/** Whether a heartbeat is taken within a while: it goes to all partitions of its topic, so each has a leader and a second copy. */
async function takenAgain(city) {
  for (const untilMs = Date.now() + 30_000; Date.now() < untilMs; await sleep(1_000))
    if ((await city.publishHeartbeat()).status < 300) return true;
  return false;
}

/** Three brokers, every message on three, two needed to take one. */
export const brokerFaults = [
  {
    name: 'one-of-three-brokers',
    brokers: 3,
    async strike({ city, random }) {
      const name = random.pick(brokers);
      const { taken, seen } = await without(city, [name], () => takenAgain(city));
      if (!seen) throw new Error(`no heartbeat was taken without ${name}`);
      return `${taken} events, and a heartbeat in every partition, were taken without ${name}`;
    },
  },
  {
    name: 'two-of-three-brokers',
    brokers: 3,
    async strike({ city, random }) {
      const names = random.shuffled(brokers).slice(0, 2);
      const { taken, seen } = await without(city, names, () => city.publishHeartbeat());
      if (taken > 0) throw new Error(`${taken} events were said to be safe on one broker`);
      if (seen.status !== 503 || !(seen.retryAfter > 0))
        throw new Error(`the gateway answered ${seen.status}, Retry-After ${seen.retryAfter}`);
      return `503, Retry-After ${seen.retryAfter} s, without ${names.join(' and ')}`;
    },
  },
];
