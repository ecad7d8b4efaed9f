import { setTimeout as sleep } from 'node:timers/promises';
import type { LagRow } from '@huitong/governance';
import { freePort } from '@huitong/local-stack';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { filter, firstValueFrom } from 'rxjs';
import type { Changed } from './contract.ts';
import { LiveFeed } from './live-feed.ts';
import { SharedLooks } from './shared-looks.ts';

const redisUrl = process.env['REDIS_URL']!;
const rows = (records: number) => [{ subjectDatabase: 'population', records }] as LagRow[];

/** A console's feed, and how often it looked for itself or was made to look again. */
interface Console {
  readonly feed: LiveFeed;
  readonly shared: SharedLooks;
  judged: number;
  again: number;
}
let consoles: Console[] = [];

async function open(url = redisUrl): Promise<Console> {
  const shared = new SharedLooks(url);
  const counts = { judged: 0, again: 0 };
  const alarms = {
    take: () => {
      counts.judged += 1;
      return Promise.resolve({ promises: null, alarms: null });
    },
  };
  const feed = new LiveFeed({ databases: [], alarms, shared, lookAgain: () => (counts.again += 1) });
  const opened = Object.assign(counts, { feed, shared });
  consoles.push(opened);
  return opened;
}

/** Two consoles of which the first leads, and the second has heard it. */
async function two(): Promise<[Console, Console]> {
  const redis = new Redis(redisUrl);
  await redis.del('huitong:console:leader');
  redis.disconnect();
  const [first, second] = [await open(), await open()];
  while ((await first.shared.part()) !== 'lead') await sleep(10);
  // Nobody follows whom it has not heard.
  while ((await second.shared.part()) !== 'follow') {
    await first.feed.show(rows(1));
    await sleep(10);
  }
  first.judged = 0;
  return [first, second];
}

const look = ({ feed }: Console, records: number) =>
  firstValueFrom(feed.looks.pipe(filter(({ lag }) => lag[0]?.records === records)));

afterEach(async () => {
  await Promise.all(consoles.map(({ feed }) => feed.end()));
  consoles = [];
});

describe('two consoles', () => {
  it('show the same look, which one of them makes', async () => {
    const [first, second] = await two();
    const shown = look(second, 7);
    await second.feed.show(rows(3));
    await first.feed.show(rows(7));
    expect(await shown).toEqual(await look(first, 7));
    expect([first.judged, second.judged]).toEqual([1, 0]);
  });

  it('tell each other what people have changed, and look again once for many changes', async () => {
    const [first, second] = await two();
    const here: Changed[] = [];
    const there: Changed[] = [];
    second.feed.changes.subscribe((changed) => here.push(changed));
    first.feed.changes.subscribe((changed) => there.push(changed));
    for (let times = 0; times < 3; times += 1) second.feed.changed('alarms');
    while (there.length < 3) await sleep(10);
    // Redis keeps the order: when this has come, so would have what one told oneself.
    first.feed.changed('parked');
    while (!here.includes('parked')) await sleep(10);
    expect([here, there]).toEqual(Array(2).fill(['alarms', 'alarms', 'alarms', 'parked']));
    while (first.again === 0 || second.again === 0) await sleep(10);
    // Three at one moment are one look; that of the other console may be one more.
    expect(second.again).toBeLessThanOrEqual(2);
  });

  it('change the lead when the one that has it ends, and the course goes on', async () => {
    const [first, second] = await two();
    const shown = look(second, 7);
    await first.feed.show(rows(7));
    const before = await shown;
    await first.feed.end();
    await second.feed.show(rows(9));
    expect(second.judged).toBe(1);
    const { course } = await look(second, 9);
    expect(before.course.length).toBeGreaterThan(0);
    expect(course.slice(0, before.course.length)).toEqual(before.course);
  });

  it('go on by themselves while Redis is away', async () => {
    const alone = await open(`redis://127.0.0.1:${await freePort()}`);
    const heard = firstValueFrom(alone.feed.changes);
    await alone.feed.show(rows(5));
    alone.feed.changed('parked');
    expect((await look(alone, 5)).lag).toEqual(rows(5));
    expect(await heard).toBe('parked');
  });
});
