import { createHmac, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { inTransaction, migrate, openDatabase, type Database } from '@huitong/postgres';
import { createTestDatabase, type TestDatabase } from '@huitong/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SMTPServer } from 'smtp-server';
import { AlarmBook, type AlarmChannel } from './alarm-book.ts';
import type { Condition } from './alarm-rules.ts';
import { mailChannel, sendNotices, webhookChannel, type Channels } from './alarm-sender.ts';
import { quietMs } from './alarm-state.ts';
import { FreshnessMinutes } from './freshness-minutes.ts';
import { promiseWindows, type PromiseWindow } from './freshness-promise.ts';
import { exchangeGrants } from './grants.ts';
import { exchangeMigrations } from './index.ts';

const minute = 60_000;
const start = Date.parse('2017-01-05T08:00:00Z');
const dataset = 'psb.vehicle';
const subjectDatabase = 'population';

let exchange: TestDatabase;
/** With the role that the console has, and no other. */
let database: Database;

beforeAll(async () => {
  exchange = await createTestDatabase('');
  await migrate(exchange.url, exchangeMigrations);
  for (const role of ['huitong_access', 'huitong_auditor', 'huitong_operator'])
    await exchange.database.query(
      `do $$ begin create role ${role}; exception when duplicate_object or unique_violation then null; end $$`,
    );
  await exchange.database.query(exchangeGrants);
  const url = `${exchange.url}?options=${encodeURIComponent('-c role=huitong_operator')}`;
  database = openDatabase({ url, applicationName: 'spec', connectionsMax: 4 });
}, 120_000);
beforeEach(async () => {
  await exchange.database.query('truncate freshness_minute, alarm, alarm_silence, alarm_notice restart identity');
});
afterAll(async () => {
  await database.end();
  await exchange.drop();
});

describe('the minutes of freshness', () => {
  const promise = { withinSeconds: 30, percent: 99 };
  const minutes = (to = database) => new FreshnessMinutes(to, new Map([[dataset, promise]]));
  const look = (seconds: number | null) => [{ dataset, subjectDatabase, seconds } as const];
  const read = async (nowMs: number) => (await minutes().read(look(0), nowMs))[0]!;

  it('are counted by window as a plain count does, whatever the looks', async () => {
    // Most of it lies in the last hours, where the windows end.
    const ago = fc.oneof(
      fc.integer({ max: 70, min: 0 }),
      fc.integer({ min: 0, max: 400 }),
      fc.integer({ min: 43_100, max: 43_300 }),
    );
    const looks = fc.array(
      fc.record({ ago, second: fc.nat(59), seconds: fc.option(fc.constantFrom(0, 30, 30.001, 900)) }),
      { maxLength: 150 },
    );
    await fc.assert(
      fc.asyncProperty(looks, fc.nat(59), async (all, second) => {
        await exchange.database.query('truncate freshness_minute');
        const nowMs = start + second * 1_000;
        const book = minutes();
        const worst = new Map<number, number>();
        // In the order of time, as a clock has it.
        for (const { ago: before, second: at, seconds } of all.toSorted(
          (a, b) => b.ago - a.ago || a.second - b.second,
        )) {
          const atMs = start - before * minute + at * 1_000;
          if (atMs > nowMs) continue;
          await book.record(look(seconds), atMs);
          const of = Math.floor(atMs / minute) * minute;
          if (seconds !== null) worst.set(of, Math.max(worst.get(of) ?? 0, seconds));
        }
        const countIn = (window: PromiseWindow) => {
          const within = [...worst]
            .filter(([of]) => of > nowMs - promiseWindows[window] * minute)
            .map(([, seconds]) => seconds);
          return { known: within.length, broken: within.filter((seconds) => seconds > 30).length };
        };
        const state = await read(nowMs);
        const month = countIn('d30');
        expect({ known: state.knownMinutes, broken: state.brokenMinutes }).toEqual(month);
        for (const window of ['m5', 'm30', 'h1', 'h6'] as const) {
          const { known, broken } = countIn(window);
          const rate = known * 2 < promiseWindows[window] ? null : broken / known / 0.01;
          if (rate === null) expect(state.burn[window]).toBeNull();
          else expect(state.burn[window]).toBeCloseTo(rate, 1);
        }
      }),
      { numRuns: 15 },
    );
  });

  it('keep the worst of several processes, and of one that starts anew', async () => {
    await minutes().record(look(40), start);
    await minutes().record(look(10), start + 5_000);
    expect(await read(start + 5_000)).toMatchObject({ knownMinutes: 1, brokenMinutes: 1 });
  });

  it('are kept for when the database is there again', async () => {
    const away = openDatabase({
      url: 'postgres://nobody@127.0.0.1:1/none',
      applicationName: 'spec',
      connectionsMax: 1,
    });
    const there = { query: away.query.bind(away) };
    const book = minutes(there as Database);
    await expect(book.record(look(40), start)).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
    await expect(book.read(look(0), start)).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
    there.query = database.query.bind(database);
    await book.record(look(0), start + minute);
    expect(await read(start + minute)).toMatchObject({ knownMinutes: 2, brokenMinutes: 1 });
    await away.end();
  });

  it('are forgotten after 30 days', async () => {
    await minutes().record(look(40), start);
    await minutes().record(look(0), start + 30 * 24 * 60 * minute);
    expect((await database.query('select minute from freshness_minute')).rows).toHaveLength(1);
  });
});

const condition = (more: Partial<Condition> = {}): Condition => ({
  ...{ rule: 'parked', dataset, place: 'population', holds: true, severity: 'notice', detail: '3', afterMs: 0 },
  ...more,
});

describe('the book of alarms', () => {
  const book = (channels: AlarmChannel[] = ['webhook']) => new AlarmBook(database, channels);

  it('neither forgets nor repeats an alarm when a process starts anew', async () => {
    for (const second of [0, 5, 10]) expect(await book().take([condition()], start + second * 1_000)).toBe(true);
    expect(await book().list(start)).toMatchObject([
      { state: 'firing', rule: 'parked', since: new Date(start).toISOString() },
    ]);
    expect(await book().notices()).toMatchObject([{ firing: 1, resolved: 0, sentAt: null }]);
    await book().take([condition({ holds: false })], start + minute);
    await book().take([condition({ holds: false })], start + minute + quietMs);
    await book().take([condition({ holds: false })], start + minute + 2 * quietMs);
    expect(await book().notices()).toMatchObject([{ firing: 0, resolved: 1 }, { firing: 1 }]);
    expect(await book().counts(start)).toMatchObject({ firing: 0, pending: 0 });
    expect(await book().list(start)).toMatchObject([{ state: 'resolved' }]);
  });

  it('has one alarm and one notice where several processes look at once', async () => {
    await Promise.all(Array.from({ length: 8 }, () => book().take([condition()], start)));
    expect(await book().list(start)).toHaveLength(1);
    expect(await book().notices()).toHaveLength(1);
  });

  it('leaves a look out while another process judges one', async () => {
    await inTransaction(exchange.database, async (other) => {
      await other.query(`select pg_advisory_xact_lock(hashtext('huitong alarms'))`);
      expect(await book().take([condition()], start)).toBe(false);
    });
    expect(await book().list(start)).toEqual([]);
  });

  it('tells of all that one look raised in one notice, and makes none where no channel is set up', async () => {
    const conditions = [condition(), condition({ place: 'housing' }), condition({ afterMs: 1, place: 'legal-person' })];
    await book([]).take(conditions, start);
    expect(await book().notices()).toEqual([]);
    await exchange.database.query('truncate alarm');
    await book(['webhook', 'mail']).take(conditions, start);
    expect(await book().notices()).toMatchObject([
      { channel: 'mail', firing: 2 },
      { channel: 'webhook', firing: 2 },
    ]);
  });

  it('keeps who saw to an alarm first, and who silenced what, until when and why', async () => {
    await book().take([condition(), condition({ place: 'housing' })], start);
    const [first] = await book().list(start);
    await book().acknowledge(first!.id, 'operator');
    await book().acknowledge(first!.id, 'another');
    await expect(book().acknowledge(99, 'operator')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const asked = {
      rule: 'parked',
      dataset: null,
      place: 'housing',
      untilMs: start + minute,
      reason: '系统升级',
      by: 'operator',
    } as const;
    await book().silence(asked);
    expect(await book().list(start)).toMatchObject([
      { acknowledgedBy: 'operator', isSilenced: false },
      { acknowledgedBy: null, isSilenced: true },
    ]);
    expect(await book().counts(start)).toEqual({ pending: 0, firing: 2, acknowledged: 1, silenced: 1 });
    const [silence] = await book().silences(start);
    expect(silence).toMatchObject({ by: 'operator', reason: '系统升级', place: 'housing', endedBy: null });
    await book().endSilence(silence!.id, 'another', start);
    await expect(book().endSilence(silence!.id, 'another', start)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await book().silences(start)).toMatchObject([{ endedBy: 'another' }]);
    expect((await book().counts(start)).silenced).toBe(0);
  });

  it('is kept by a role that can change neither what was said nor what was read', async () => {
    for (const sql of [
      `update alarm_silence set reason = ''`,
      'delete from alarm_notice',
      `update alarm_notice set alarms = '[]'`,
      'select * from access_log',
    ])
      await expect(database.query(sql)).rejects.toThrow('permission denied');
  });
});

describe('notices', () => {
  const secret = `whsec_${randomBytes(32).toString('base64')}`;
  let hook: Server;
  let url: string;
  let got: { request: IncomingMessage; body: string }[];
  let answer = 204;
  let waits: Promise<void> | undefined;
  beforeAll(async () => {
    hook = createServer((request, response) => {
      void (async () => {
        got.push({ request, body: await text(request) });
        await waits;
        response.writeHead(answer).end('what the other side writes');
      })();
    });
    await once(hook.listen(0, '127.0.0.1'), 'listening');
    url = `http://127.0.0.1:${(hook.address() as AddressInfo).port}/alarms`;
  });
  beforeEach(() => {
    [got, answer, waits] = [[], 204, undefined];
  });
  afterAll(() => void hook.close());

  const channels = (): Channels =>
    new Map([['webhook', webhookChannel({ url, secret, address: 'https://127.0.0.1:8080' })]]);
  const raise = (at = start, more: Partial<Condition> = {}) =>
    new AlarmBook(database, ['webhook']).take([condition(more)], at);

  it('reach a webhook once, signed over id, time and body, and name no person', async () => {
    await raise();
    expect(await sendNotices(database, channels(), start)).toBe(1);
    expect(await sendNotices(database, channels(), start + minute)).toBe(0);
    const [{ request, body }] = got as [(typeof got)[0]];
    const { 'webhook-id': id, 'webhook-timestamp': at, 'webhook-signature': signature } = request.headers;
    const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
    expect(signature).toBe(
      `v1,${createHmac('sha256', key)
        .update(`${String(id)}.${String(at)}.${body}`)
        .digest('base64')}`,
    );
    expect(JSON.parse(body)).toEqual({
      id: 1,
      at: '2017-01-05T08:00:00.000Z',
      console: 'https://127.0.0.1:8080/alarms',
      alarms: [
        {
          ...{ id: 1, event: 'firing', rule: 'parked', severity: 'notice', dataset, place: 'population' },
          ...{ since: '2017-01-05T08:00:00.000Z', at: '2017-01-05T08:00:00.000Z' },
          sentence: { zh: expect.stringContaining('3 个事件'), en: expect.stringContaining('3 parked events') },
        },
      ],
    });
  });

  it('are sent once by several processes at once', async () => {
    await raise();
    const release = Promise.withResolvers<void>();
    waits = release.promise;
    const first = sendNotices(database, channels(), start);
    while (got.length === 0) await new Promise((resolve) => setImmediate(resolve));
    expect(await sendNotices(database, channels(), start)).toBe(0);
    release.resolve();
    expect(await first).toBe(1);
    expect(got).toHaveLength(1);
  });

  it('are tried again, ever later, in their order, until they are too old', async () => {
    await raise();
    await raise(start + 1_000, { place: 'housing' });
    answer = 503;
    expect(await sendNotices(database, channels(), start + 1_000)).toBe(0);
    expect(await sendNotices(database, channels(), start + 2_999)).toBe(0);
    expect(got).toHaveLength(1);
    expect(await new AlarmBook(database, []).notices()).toMatchObject([
      { attempts: 0 },
      { attempts: 1, problem: 'HTTP 503' },
    ]);
    await sendNotices(database, channels(), start + 3_000);
    answer = 200;
    expect(await sendNotices(database, channels(), start + 6_999)).toBe(0);
    for (const at of [7_000, 7_001]) expect(await sendNotices(database, channels(), start + at)).toBe(1);
    expect(got.map(({ request }) => request.headers['webhook-id'])).toEqual(['1', '1', '1', '2']);
    await raise(start + 8_000, { place: 'legal-person' });
    answer = 500;
    await sendNotices(database, channels(), start + 86_410_000);
    expect((await new AlarmBook(database, []).notices())[0]).toMatchObject({
      sentAt: null,
      givenUpAt: expect.any(String),
    });
    expect(await sendNotices(database, channels(), start + 2 * 86_400_000)).toBe(0);
  });

  it('are letters, Chinese first', async () => {
    const letters: string[] = [];
    const server = new SMTPServer({
      disabledCommands: ['STARTTLS', 'AUTH'],
      onData: (stream, session, taken) =>
        void text(stream).then((letter) => (letters.push(letter), taken(null, session.id))),
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.server.address() as AddressInfo;
    const mail = mailChannel({
      smtpUrl: `smtp://127.0.0.1:${port}`,
      from: 'huitong@example.org',
      to: ['operators@example.org'],
      address: undefined,
    });
    await new AlarmBook(database, ['mail']).take(
      [condition({ rule: 'lag', detail: 'STOP', severity: 'urgent' })],
      start,
    );
    expect(await sendNotices(database, new Map([['mail', mail]]), start)).toBe(1);
    await new Promise<void>((resolve) => server.close(resolve));
    const [head] = letters[0]!.split(/\r?\n\r?\n/, 1) as [string];
    expect(head).toContain('To: operators@example.org');
    expect(head).toContain('Auto-Submitted: auto-generated');
    const decoded = Buffer.from(letters[0]!.slice(head.length), 'base64').toString();
    expect(decoded.indexOf('汇通告警：1 项触发')).toBeLessThan(decoded.indexOf('Huitong alarms: 1 firing'));
    expect(decoded).toContain('data wait and nobody works on them');
    await raise();
    await expect(mail({ id: 2, at: new Date(start).toISOString(), alarms: [] })).rejects.toMatchObject({
      code: 'ESOCKET',
    });
  });
});
