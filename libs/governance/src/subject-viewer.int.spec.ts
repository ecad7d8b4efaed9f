import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { datasets, HuitongError, laneOf, type ChangeEvent, type DatasetName } from '@huitong/change-event';
import { migrate, openDatabase, type Database } from '@huitong/postgres';
import {
  claimLanes,
  createLanes,
  createTablesSql,
  linksMax,
  searchedMax,
  SubjectEngine,
  type DatabasePlan,
  type Incoming,
} from '@huitong/subject-engine';
import { createTestDatabase, requiredData, type TestDatabase } from '@huitong/testkit';
import { AccessLog } from './access-log.ts';
import { exchangeGrants, subjectDatabaseGrants } from './grants.ts';
import { exchangeMigrations } from './index.ts';
import { LagWatch } from './lag-watch.ts';
import { placesOf, type SubjectDatabase } from './subject-database.ts';
import { SubjectReader, type Reader } from './subject-reader.ts';
import { links, plans } from './test-subjects.spec.ts';
import { SubjectViewer } from './subject-viewer.ts';
import { Unmasking } from './unmasking.ts';

const lanes = 4;

const ids = { 甲: '340204199001011234', 乙: '340204199001011242', 丙: '340204199001011250' };
const unit = '340202001001GB00001F00010001';
const otherUnit = '340202001002GB00001F00010001';
const road = '镜湖区拟江路77号';
/** All that no masked answer may hold. */
const secrets = ['甲一', '乙一', '拟江路', ids.甲, ids.乙, unit, '男'];

const stores = new Map<string, TestDatabase>();
const engines = new Map<string, SubjectEngine>();
const pools: Database[] = [];
let exchange: TestDatabase;
let viewer: SubjectViewer;
let unmasking: Unmasking;
let now = Date.now();
let nextOffset = 0;

const roles = ['huitong_reader', 'huitong_operator', 'huitong_steward', 'huitong_access', 'huitong_auditor'];

beforeAll(async () => {
  exchange = await createTestDatabase('');
  await migrate(exchange.url, exchangeMigrations);
  for (const role of roles)
    await exchange.database.query(
      `do $$ begin create role ${role}; exception when duplicate_object or unique_violation then null; end $$`,
    );
  await exchange.database.query(exchangeGrants);
  const databases = await Promise.all(plans.map(storeOf));
  const log = new AccessLog(as('huitong_access', exchange));
  // The broker is away: subjects are read all the same, their freshness is not known.
  const away = (): Promise<never> => Promise.reject(new HuitongError('BROKER_UNAVAILABLE', 'asking for offsets'));
  const watch = new LagWatch({
    databases,
    offsets: { edges: away, highWatermarks: away },
  });
  const places = placesOf(databases);
  const reader = new SubjectReader({ places, watch, log });
  viewer = new SubjectViewer({ places, log, reader, links, now: () => now });
  unmasking = new Unmasking(log, () => now);
  await live();
}, 120_000);
afterAll(async () => {
  await Promise.all(pools.map((pool) => pool.end()));
  for (const store of [...stores.values(), exchange]) await store.drop();
});

function as(role: string, { url }: TestDatabase): Database {
  const options = `options=${encodeURIComponent(`-c role=${role}`)}`;
  const pool = openDatabase({ url: `${url}?${options}`, applicationName: 'spec', connectionsMax: 2 });
  pools.push(pool);
  return pool;
}

async function storeOf(plan: DatabasePlan): Promise<SubjectDatabase> {
  const store = await createTestDatabase(createTablesSql(plan));
  await createLanes(store.database, lanes);
  await store.database.query(subjectDatabaseGrants);
  stores.set(plan.database, store);
  engines.set(plan.database, new SubjectEngine(store.database, plan));
  return { name: plan.database, plan, reader: as('huitong_reader', store), operator: as('huitong_operator', store) };
}

/** Applies an event as the sync service does. */
async function apply(dataset: DatasetName, subjectId: string, data: object, changes: Partial<ChangeEvent> = {}) {
  const plan = plans.find(({ factTables }) => factTables.some((fact) => fact.dataset === dataset))!;
  const { topic, subjectKey } = datasets[dataset];
  const event: ChangeEvent = {
    event_id: randomUUID(),
    verb: 'CREATED',
    previous_event_id: null,
    reason: 'INITIAL_LOAD',
    source_record_id: `r-${subjectId}`,
    source_version: 1,
    valid_from: '2020-01-01',
    valid_to: null,
    recorded_at: Date.now(),
    data: { ...requiredData(dataset), ...data, [subjectKey]: subjectId } as never,
    ...changes,
  };
  const lane = laneOf(subjectId, lanes);
  const claimed = await claimLanes(stores.get(plan.database)!.database, 'spec', [0, 1, 2, 3]);
  const message = { offset: nextOffset++, key: Buffer.from(subjectId), value: Buffer.from([0]), lane, dataset, topic };
  const incoming: Incoming = { ...message, headers: () => ({}), kind: 'event', event, subjectId };
  const result = await engines.get(plan.database)!.apply({
    lanes: new Map(claimed.map((row) => [row.lane, row])),
    incoming: [incoming],
  });
  expect(result).toMatchObject({ status: 'applied', outcomes: { parked: 0 } });
}

/** When 甲 had bought the dwelling and not yet sold it to 丙. */
let beforeSale: string;

/** 甲 and 乙 are married; 甲 owned the dwelling and sold it to 丙, and has moved. */
async function live(): Promise<void> {
  const register = (name: string, householdAddress: string) => ({ name, sex: '1', householdAddress });
  await apply('psb.household-register', ids.甲, register('甲一', '弋江区旧街1号'));
  await apply('psb.household-register', ids.乙, register('乙一', road));
  await apply('psb.household-register', ids.丙, register('甲一百', '鸠江区3号'));
  await apply('mca.marriage', ids.甲, { spouseId: ids.乙, maritalStatus: '20' });
  await apply('mca.marriage', ids.乙, { spouseId: ids.甲, maritalStatus: '20' });
  const title = { location: road, ownerName: '甲一', ownerId: ids.甲 };
  await apply('nrb.real-estate-title', unit, title, { source_record_id: 'old' });
  await sleep(5);
  beforeSale = new Date().toISOString();
  await sleep(5);
  const ended = { source_record_id: 'old', source_version: 2, verb: 'CEASED', valid_to: '2024-05-31' } as const;
  await apply('nrb.real-estate-title', unit, title, ended);
  const sold = { source_record_id: 'new', valid_from: '2024-06-01' };
  await apply('nrb.real-estate-title', unit, { ...title, ownerName: '丙', ownerId: ids.丙 }, sold);
  const moved = { verb: 'CORRECTED', source_version: 2, valid_from: '2023-01-01' } as const;
  await apply('psb.household-register', ids.甲, register('甲一', road), moved);
}

const readerOf = (role: string, purpose = '端到端核对'): Reader => ({
  caller: role,
  role,
  purpose,
  route: '/v1/subjects/spec',
  traceId: '0af7651916cd43dd8448eb211c80319c',
});
const masked = (role = 'operator') => unmasking.sightOf(readerOf(role), undefined);
const unmasked = async () => {
  const { grant } = await unmasking.grant(readerOf('steward'));
  return unmasking.sightOf(readerOf('steward', ''), grant);
};
const handleOf = async (id: string): Promise<string> =>
  (await viewer.search({ by: 'id', text: id }, masked())).hits[0]!.handle;

/** What the log says of the reads that `read` made. */
async function loggedBy<Answer>(read: () => Promise<Answer>): Promise<{ answer: Answer; entries: object[] }> {
  const last = await exchange.database.query<{ id: number }>('select coalesce(max(id), 0) as id from access_log');
  const answer = await read();
  const { rows } = await exchange.database.query<object>('select * from access_log where id > $1 order by id', [
    last.rows[0]!.id,
  ]);
  return { answer, entries: rows };
}

describe('looking for a subject', () => {
  it('finds a person by id, masked, and has logged whom', async () => {
    const { answer, entries } = await loggedBy(() => viewer.search({ by: 'id', text: ` ${ids.甲} ` }, masked()));
    expect(answer).toMatchObject({ hits: [{ subject: 'population', by: null }], more: [], away: [] });
    expect(entries).toMatchObject([
      { caller: 'operator', subject: 'population', subject_id: ids.甲, fields: [], outcome: 'answered' },
    ]);
  });

  it('finds persons by a part of the name, the whole name first, and dwellings and persons by an address', async () => {
    const sight = await unmasked();
    const { answer: byName, entries } = await loggedBy(() => viewer.search({ by: 'name', text: '甲一' }, sight));
    expect(byName.hits.map(({ by, fields }) => [by, fields[0]!.value])).toEqual([
      ['name', '甲一'],
      ['name', '甲一百'],
    ]);
    expect(entries).toMatchObject([
      { subject_id: ids.甲, fields: ['name', 'address'], purpose: '端到端核对' },
      { subject_id: ids.丙 },
    ]);
    const byAddress = await viewer.search({ by: 'address', text: '拟江路77号' }, sight);
    expect(byAddress.hits.map((hit) => hit.subject)).toEqual(['population', 'population', 'housing']);
    expect(await viewer.search({ by: 'address', text: '拟%路77号' }, sight)).toMatchObject({ hits: [] });
  });

  it('logs that nobody was found', async () => {
    const { entries } = await loggedBy(() => viewer.search({ by: 'name', text: '无此人' }, masked()));
    expect(entries).toMatchObject([{ subject: null, subject_id: null, outcome: 'not-found' }]);
  });

  it('refuses what would be in too many names, and what is no id', async () => {
    await expect(viewer.search({ by: 'name', text: '甲' }, masked())).rejects.toMatchObject({
      code: 'REQUEST_INVALID',
    });
    await expect(viewer.search({ by: 'id', text: '甲一' }, masked())).rejects.toMatchObject({
      code: 'IDENTIFIER_INVALID',
    });
  });
});

describe('who may not read values', () => {
  it('is told none, by any answer, and the log names no field', async () => {
    for (const role of ['operator', 'auditor', 'steward']) {
      const sight = masked(role);
      const { answer, entries } = await loggedBy(async () => {
        const hits = await viewer.search({ by: 'address', text: '拟江路77号' }, sight);
        const handle = hits.hits[0]!.handle;
        return [
          hits,
          await viewer.open(handle, {}, sight),
          await viewer.open(handle, { knownAt: beforeSale }, sight),
          await viewer.history(handle, undefined, sight),
          await viewer.links(handle, {}, sight),
        ];
      });
      const text = JSON.stringify(answer);
      expect(text).toContain('"isSet":true');
      for (const secret of secrets) expect(text).not.toContain(secret);
      expect(text).not.toContain('2020-01-01');
      expect(entries.length).toBeGreaterThanOrEqual(8);
      for (const entry of entries) expect(entry).toMatchObject({ fields: [], caller: role });
    }
  });

  it('is refused without a purpose', () => {
    for (const purpose of ['', '查', '查\n查'])
      expect(() => unmasking.sightOf(readerOf('steward', purpose), undefined)).toThrow(
        expect.objectContaining({ code: 'PURPOSE_REQUIRED' }),
      );
  });
});

describe('the right to see values', () => {
  it('is given to a steward with a purpose, and is in the log before', async () => {
    const { entries } = await loggedBy(() => unmasking.grant(readerOf('steward')));
    expect(entries).toMatchObject([{ caller: 'steward', purpose: '端到端核对', subject: null, fields: [] }]);
    for (const role of ['operator', 'auditor', 'officer'])
      await expect(unmasking.grant(readerOf(role))).rejects.toMatchObject({ code: 'NOT_PERMITTED' });
    await expect(unmasking.grant(readerOf('steward', ''))).rejects.toMatchObject({ code: 'PURPOSE_REQUIRED' });
  });

  it('is worth nothing to others, nor after five minutes', async () => {
    const { grant } = await unmasking.grant(readerOf('steward'));
    expect(unmasking.sightOf(readerOf('steward', ''), grant)).toMatchObject({ mayRead: true, purpose: '端到端核对' });
    for (const reader of [
      readerOf('operator'),
      { ...readerOf('steward'), caller: 'another' },
      { ...readerOf('operator'), caller: 'steward' },
    ])
      expect(() => unmasking.sightOf(reader, grant)).toThrow(expect.objectContaining({ code: 'NOT_PERMITTED' }));
    now += 5 * 60_000;
    expect(() => unmasking.sightOf(readerOf('steward'), grant)).toThrow(
      expect.objectContaining({ code: 'NOT_PERMITTED' }),
    );
  });

  it('shows the values and their sources, and the log names them', async () => {
    const [sight, handle] = [await unmasked(), await handleOf(ids.甲)];
    const { answer, entries } = await loggedBy(() => viewer.open(handle, {}, sight));
    expect(answer).toMatchObject({ subject: 'population', id: ids.甲, isMasked: false });
    expect(answer.fields).toMatchObject([
      { name: 'name', value: '甲一', source: { dataset: 'psb.household-register', department: 'psb' } },
      { name: 'sex', value: '1 男' },
      { name: 'address', value: road, differs: false },
    ]);
    expect(entries).toMatchObject([{ subject_id: ids.甲, fields: ['name', 'sex', 'address'] }]);
  });
});

describe('a subject as it was', () => {
  it('is shown as known and as valid then, with what is another now', async () => {
    const [sight, handle] = [await unmasked(), await handleOf(ids.甲)];
    const addressAt = async (at: object) => (await viewer.open(handle, at, sight)).fields[2];
    expect(await addressAt({ knownAt: beforeSale })).toMatchObject({ value: '弋江区旧街1号', differs: true });
    expect(await addressAt({ validAt: '2023-06-01' })).toMatchObject({ value: road, differs: false });
    for (const at of [{ validAt: '2019-01-01' }, { knownAt: '2020-01-01T00:00:00Z' }])
      await expect(viewer.open(handle, at, sight)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('says also to whom no value is told that one differs', async () => {
    const view = await viewer.open(await handleOf(ids.甲), { knownAt: beforeSale }, masked());
    expect(view.fields.map(({ differs }) => differs)).toEqual([false, false, true]);
  });

  it('has its changes, newest first, old and new values beside each other', async () => {
    const { changes, next } = await viewer.history(await handleOf(ids.甲), undefined, await unmasked());
    expect(changes[0]).toMatchObject({
      dataset: 'psb.household-register',
      before: [{ name: 'address', value: '弋江区旧街1号' }],
      after: [{ name: 'address', value: road }],
      validFrom: '2023-01-01',
    });
    expect(changes.at(-1)).toMatchObject({ change: 'created' });
    expect(next).toBeNull();
  });
});

describe('the links of a subject', () => {
  const namesOf = async (id: string, at = {}) => {
    const { linked } = await viewer.links(await handleOf(id), at, await unmasked());
    return linked
      .map(({ kind, ways, known }) => [
        kind,
        known[0]?.fields[0]!.value,
        ways.map(({ title, end }) => `${title.en} ${end}`).sort(),
      ])
      .sort();
  };

  it('lead both ways, to whom each fact in force names', async () => {
    expect(await namesOf(ids.甲)).toEqual([['population', '乙一', ['Spouse stated', 'Spouse stating']]]);
    expect(await namesOf(ids.丙)).toEqual([['housing', road, ['Owner stated']]]);
    expect(await namesOf(unit)).toEqual([['population', '甲一百', ['Owner stating']]]);
  });

  it('are as they were on both axes', async () => {
    expect(await namesOf(unit, { knownAt: beforeSale })).toEqual([['population', '甲一', ['Owner stating']]]);
    expect(await namesOf(unit, { validAt: '2022-01-01' })).toEqual([['population', '甲一', ['Owner stating']]]);
    expect(await namesOf(ids.甲, { validAt: '2022-01-01' })).toContainEqual(['housing', road, ['Owner stated']]);
  });

  it('lead to a person or to a firm, as the id is, known here or not, and to one by a former id', async () => {
    const [firmCode, stranger] = ['91340207PDY03B7A4N', '110101199003070038'];
    const [card, formerCard] = ['340204199001011269', '340204199001011277'];
    await apply('amr.enterprise-registration', firmCode, { name: '样例公司' });
    await apply('psb.residence-permit', card, { name: '丁', formerCardNo: formerCard });
    for (const [at, ownerId] of [firmCode, stranger, formerCard, card].entries())
      await apply('nrb.real-estate-title', otherUnit, { location: road, ownerId }, { source_record_id: `t${at}` });
    expect(await namesOf(otherUnit)).toEqual([
      ['legal-person', '样例公司', ['Owner stating']],
      ['population', undefined, ['Owner stating']],
      ['population', '丁', ['Owner stating', 'Owner stating']],
    ]);
    expect(await namesOf(formerCard)).toEqual([['housing', road, ['Owner stated']]]);
  });

  it('are cut short where there are too many, and say so', async () => {
    for (let at = 0; at <= linksMax; at++)
      await apply('nrb.real-estate-title', `3402020020${at + 10}GB00001F00010001`, {
        location: '同一地址',
        ownerId: ids.乙,
      });
    const answer = await viewer.links(await handleOf(ids.乙), {}, masked());
    expect(answer.linked.filter(({ kind }) => kind === 'housing')).toHaveLength(linksMax);
    expect(answer.more).toEqual([{ zh: '权利人', en: 'Owner' }]);
    const found = await viewer.search({ by: 'address', text: '同一地址' }, masked());
    expect(found.hits).toHaveLength(searchedMax);
    expect(found.more).toEqual(['housing']);
  });

  it('are logged with each whom they lead to', async () => {
    const handle = await handleOf(unit);
    const { entries } = await loggedBy(() => viewer.links(handle, {}, masked()));
    expect(entries).toMatchObject([{ subject_id: unit }, { subject: 'population', subject_id: ids.丙 }]);
  });
});

describe('a subject that is named by a handle', () => {
  it('is opened by nobody when the handle has lapsed', async () => {
    const handle = await handleOf(ids.甲);
    now += 12 * 3_600_000;
    await expect(viewer.open(handle, {}, masked())).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
  });

  it('is not told of when the log cannot be written', async () => {
    const handle = await handleOf(ids.甲);
    await exchange.database.query('revoke insert on access_log from huitong_access');
    try {
      for (const ask of [
        () => viewer.search({ by: 'id', text: ids.甲 }, masked()),
        () => viewer.open(handle, {}, masked()),
        () => viewer.history(handle, undefined, masked()),
        () => viewer.links(handle, {}, masked()),
        () => unmasking.grant(readerOf('steward')),
      ])
        await expect(ask()).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
    } finally {
      await exchange.database.query(exchangeGrants);
    }
  });
});
