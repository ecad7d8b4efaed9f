import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '@huitong/local-stack';
import { isReady } from '../apps/huitong-cli/dist/health.js';
import { commonEnvironment, services } from '../apps/huitong-cli/dist/services.js';
import { twoWriters } from './audit.mjs';

const sync = services.find(({ name }) => name === 'population-sync');
/** A member's session lasts 10 s, a transaction of one that is frozen 20 s. */
const takenOverWithinMs = 40_000;
const heldAtLeastMs = 13_000;
const joinWithinMs = 60_000;

/** One more population-sync of the same group, with the environment that the supervisor gives, on a port of its own. */
async function startMember(city) {
  const { stack } = city;
  const port = await freePort();
  const log = createWriteStream(join(city.home, 'logs', 'population-sync-second.log'), { flags: 'a' });
  const child = spawn(
    process.execPath,
    ['--enable-source-maps', join(import.meta.dirname, '..', sync.entry), ...sync.args],
    {
      env: { ...process.env, ...commonEnvironment(stack), ...sync.env(stack), [sync.port.env]: String(port) },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const end = async (signal) => {
    child.kill(signal);
    await ended;
  };
  const sinceMs = Date.now();
  while (!(await isReady(port, stack.certsDir))) {
    if (child.exitCode !== null || Date.now() - sinceMs > joinWithinMs) {
      await end('SIGKILL');
      throw new Error('the second population-sync did not get lanes');
    }
    await sleep(100);
  }
  return { pid: child.pid, seconds: Math.round((Date.now() - sinceMs) / 100) / 10, end };
}

const ownersOf = async (city) => {
  const { rows } = await city.database('population').query('select owner, count(*) as lanes from lane group by owner');
  return new Map(rows.map(({ owner, lanes }) => [Number(owner?.split('@')[1]), lanes]));
};

/** Members join and leave the group while events flow: by themselves, and by force. */
export const secondMember = {
  name: 'second-member',
  async strike({ city, random }) {
    const notes = [];
    for (const signal of ['SIGTERM', 'SIGKILL']) {
      const member = await startMember(city);
      try {
        await sleep(random.between(2_000, 4_000));
        const lanes = (await ownersOf(city)).get(member.pid) ?? 0;
        if (lanes === 0) throw new Error('the second member wrote to no lane');
        notes.push(`${lanes} lanes after ${member.seconds} s, ${signal}`);
      } finally {
        await member.end(signal);
      }
      await sleep(random.between(1_000, 3_000));
    }
    await twoWriters(city, 'population');
    return notes.join('; ');
  },
};

/**
 * A member is held still for longer than its session while another takes over, then goes on with what it has in hand. With
 * `inTransaction`, it is held while a transaction of its own is open.
 */
const zombie = (name, inTransaction) => ({
  name,
  async strike({ city, random }) {
    const member = await startMember(city);
    try {
      await sleep(random.between(1_000, 3_000));
      const pid = city.stack.pids['population-sync'];
      const held = inTransaction ? await stopInTransaction(city, pid) : process.kill(pid, 'SIGSTOP');
      const sinceMs = Date.now();
      let takenOverMs;
      try {
        while (Date.now() - sinceMs < (takenOverMs ? heldAtLeastMs : takenOverWithinMs)) {
          const owners = await ownersOf(city);
          if (!owners.has(pid) && (owners.get(member.pid) ?? 0) > 0) takenOverMs ??= Date.now() - sinceMs;
          await sleep(200);
        }
      } finally {
        process.kill(pid, 'SIGCONT');
      }
      if (takenOverMs === undefined) throw new Error('the lanes were not taken over while their owner was held still');
      await sleep(5_000);
      const fenced = (await city.logOf('population-sync')).filter((line) => line.includes('FENCED')).length;
      await twoWriters(city, 'population');
      return [
        `taken over after ${Math.round(takenOverMs / 100) / 10} s`,
        ...(inTransaction ? [held ? 'held in a transaction' : 'no open transaction was met'] : []),
        ...(fenced > 0 ? [`FENCED ${fenced}`] : []),
      ].join(', ');
    } finally {
      await member.end('SIGTERM');
    }
  },
});

/** Stops a member at a moment when it has a transaction open and PostgreSQL waits for it; false when none was met. */
async function stopInTransaction(city, pid) {
  const server = city.database('population', 'postgres');
  for (let attempt = 0; attempt < 600; attempt += 1) {
    process.kill(pid, 'SIGSTOP');
    await sleep(15);
    const { rows } = await server.query(
      `select count(*) as open from pg_stat_activity a
       where a.application_name = 'population-sync' and a.state = 'idle in transaction'
         and exists (select from pg_locks l where l.pid = a.pid and l.relation = 'lane'::regclass and l.mode = 'RowExclusiveLock')`,
    );
    if (rows[0].open > 0) return true;
    process.kill(pid, 'SIGCONT');
    await sleep(7 + (attempt % 13));
  }
  process.kill(pid, 'SIGSTOP');
  return false;
}

export const zombies = [zombie('zombie-writer', false), zombie('zombie-in-transaction', true)];
