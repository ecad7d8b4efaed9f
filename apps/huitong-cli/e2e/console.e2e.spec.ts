import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { openDatabase } from '@huitong/postgres';
import { outcomesOf } from '@huitong/subject-engine';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { openAlarmReceivers, type AlarmReceivers } from './alarm-receivers.ts';
import { alarmStories } from './console-alarms.ts';
import { barriers, ConsoleBrowser } from './console-browser.ts';
import { completenessStories } from './console-completeness.ts';
import { subjectsStories } from './console-subjects.ts';
import { verdictStories } from './console-verdicts.ts';
import { topicsStories } from './console-topics.ts';
import { deployStories } from './deploy-queries.ts';
import { publishRefusedPayment } from './refused-payment.ts';
import { RunningCity } from './running-city.ts';
import { publishTooEarly } from './schema-too-early.ts';

let city: RunningCity;
let browser: ConsoleBrowser;
let receivers: AlarmReceivers;
/** A citizen of the demo city, as the start prints one. */
let citizen: string;

/** A loaded machine is slow, not wrong; what is waited for comes within seconds on an idle one. */
const storyMs = 600_000;

beforeAll(async () => {
  receivers = await openAlarmReceivers();
  city = await RunningCity.up({ DEMO_PEOPLE: '200', DEMO_LIVE_RATE: '20', ...receivers.settings });
  browser = await ConsoleBrowser.open(city);
  const printed = (await city.huitong('up')).output;
  citizen = /subjects\/population\/(\w{18})/.exec(printed)![1]!;
}, 600_000);
afterEach(() => browser.closePages());
afterAll(async () => {
  await browser.close();
  expect(await city.down()).toBe(0);
  await receivers.close();
}, 600_000);

describe('the operations console', () => {
  verdictStories(() => ({ city, browser }), storyMs);
  completenessStories(() => ({ city, browser }), storyMs);

  it(
    'tells who may not come in why, and what to do',
    async () => {
      const { page: strangers } = await browser.as(undefined);
      expect((await strangers.goto(browser.url))!.status()).toBe(401);
      expect(await strangers.textContent('main')).toContain('npx huitong certificate export operator');
      expect(await barriers(strangers)).toEqual([]);
      const { page: officers } = await browser.as('officer');
      expect((await officers.goto(`${browser.url}/lag`))!.status()).toBe(403);
      expect(await officers.textContent('main')).toContain('您的证书没有使用运行控制台的角色');
      expect((await officers.goto(`${browser.url}/v1/session`))!.status()).toBe(403);
      expect((await officers.goto(`${browser.url}/v1/live`))!.status()).toBe(403);
    },
    storyMs,
  );

  it(
    'shows the way of an event, in either language, and leads to what is behind',
    async () => {
      const { page, complaints } = await browser.as('operator');
      await page.goto(browser.url);
      const help = await page.getByRole('link', { name: '帮助' }).getAttribute('href');
      await page.goto(new URL(help!, browser.url).href);
      await page.getByRole('heading', { name: '总览' }).waitFor();
      expect(await barriers(page)).toEqual([]);
      await page.goto(browser.url);
      await page.getByRole('heading', { name: '变更事件的路径' }).waitFor();
      expect(await page.title()).toBe('总览 · 汇通运行控制台');
      expect(await barriers(page)).toEqual([]);
      await page.getByText('English', { exact: true }).click();
      await page.getByRole('heading', { name: 'The way of a change event' }).waitFor();
      await page.getByText('Dark', { exact: true }).click();
      expect(await page.locator('html').getAttribute('data-theme')).toBe('dark');
      expect(await barriers(page)).toEqual([]);
      await page
        .getByRole('link', { name: /^Population [A-Z]/ })
        .first()
        .press('Enter');
      await page.getByRole('heading', { name: 'Lag', exact: true }).waitFor();
      expect(new URL(page.url()).search).toBe('?subjectDatabase=population');
      expect(await page.getByRole('cell', { name: 'Housing', exact: true }).count()).toBe(0);
      await page.getByRole('link', { name: 'Overview' }).click();
      await page.getByRole('link', { name: /^Housing, Lane 7: / }).click();
      expect(new URL(page.url()).search).toBe('?subjectDatabase=housing&lane=7');
      expect(new Set(await page.locator('.lanes tbody th').allTextContents())).toContain('7');
      expect(await page.getByRole('rowheader', { name: '6', exact: true }).count()).toBe(0);
      expect(complaints).toEqual([]);
    },
    storyMs,
  );

  it(
    'shows every verdict with its sentence, and by keyboard how each lane stands',
    async () => {
      const { page, complaints } = await browser.as('auditor', { width: 390, colorScheme: 'dark' });
      await page.goto(`${browser.url}/lag?dataset=psb.household-register`);
      const lanes = page.getByRole('button', { name: /^各通道/ });
      await lanes.focus();
      await page.keyboard.press('Enter');
      await page.getByRole('rowheader', { name: '11', exact: true }).waitFor();
      await page.getByText('以表格查看').click();
      expect(await page.getByRole('table').count()).toBeGreaterThanOrEqual(3);
      expect(await barriers(page)).toEqual([]);
      expect(complaints).toEqual([]);
    },
    storyMs,
  );

  it(
    'follows an event and a person, for a purpose, and tells no value and no id in an address',
    async () => {
      const { page } = await browser.as('steward');
      await page.goto(`${browser.url}/follow`);
      const what = page.getByLabel('事件号、公民身份号码', { exact: false });
      await what.fill(citizen);
      await what.press('Enter');
      await page.getByText('请说明查询目的', { exact: false }).waitFor();
      await page.getByLabel('查询目的').fill('端到端测试');
      await page.getByRole('button', { name: '查询' }).click();
      await page.getByRole('heading', { name: /人口.*最新变更/ }).waitFor();
      expect(await barriers(page)).toEqual([]);
      const timeline = (await page.locator('.timeline').first().textContent())!;
      expect(timeline).not.toContain(citizen);
      expect([page.url(), await page.title()].join()).not.toContain(citizen);
      const eventId = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/.exec(timeline)![0];
      await what.fill(eventId);
      await what.press('Enter');
      await page.getByRole('heading', { name: '事件', exact: true }).waitFor();
      expect(await page.locator('.facts').textContent()).toMatch(/已入库|已被更新的版本取代/);
      const { body } = await city.ask(`/v1/access-log?subject=population&id=${citizen}`, 'auditor');
      expect(body['entries']).toMatchObject([{ caller: 'steward', purpose: '端到端测试', route: '/v1/follow' }]);
      const { stdout } = await promisify(execFile)('sh', [
        '-c',
        `cat ${join(city.home, 'logs')}/operations-console.log`,
      ]);
      expect(stdout).toContain('/v1/follow');
      expect(stdout).not.toContain(citizen);
    },
    storyMs,
  );

  it(
    'says of an address that there is no such page, and to programs so in JSON',
    async () => {
      const { page } = await browser.as('auditor', { width: 390 });
      expect((await page.goto(`${browser.url}/no/such?page`))!.status()).toBe(404);
      await page.getByRole('heading', { name: '没有此页' }).waitFor();
      expect(await barriers(page)).toEqual([]);
      await page.getByRole('link', { name: '返回总览' }).click();
      await page.getByRole('heading', { name: '变更事件的路径' }).waitFor();
      expect(await city.ask('/v1/no/such', 'auditor', { service: 'operations-console' })).toMatchObject({
        status: 404,
        body: { code: 'NOT_FOUND' },
      });
    },
    storyMs,
  );

  it(
    'answers its own pages, and no page of another site that a browser shows the certificate to',
    async () => {
      const follow = (as: string, headers?: Record<string, string>) =>
        city.ask('/v1/follow', as, {
          service: 'operations-console',
          body: { text: citizen, purpose: '端到端测试' },
          ...(headers && { headers }),
        });
      expect(await follow('operator', { 'sec-fetch-site': 'cross-site' })).toMatchObject({ status: 403 });
      expect(await follow('operator', { 'sec-fetch-site': 'same-origin' })).toMatchObject({ status: 200 });
      expect(await follow('officer')).toMatchObject({ status: 403 });
    },
    storyMs,
  );

  it(
    'shows a thousand events that a schema change parked, what the fix would do, and applies them by one click, none twice',
    async () => {
      const { page, complaints } = await browser.as('operator');
      const { eventIds, register } = await publishTooEarly(await city.stack(), 1_000);
      await page.goto(`${browser.url}/parked`);
      const cause = page.getByRole('row', { name: /SCHEMA_UNKNOWN/ });
      await cause.getByRole('cell', { name: '1,000' }).waitFor();
      await page.goto(browser.url);
      const attention = page.getByRole('region', { name: '需要关注' });
      await attention.getByText('注册中心没有其模式', { exact: false }).waitFor();
      expect(await attention.getByText('PARKED', { exact: true }).count()).toBe(1);
      await attention.getByRole('link', { name: /1,000/ }).click();
      const dryRun = page.getByRole('button', { name: '试运行', exact: true });
      await dryRun.click();
      await page.locator('.tried').getByText('仍不能入库 (SCHEMA_UNKNOWN) 1,000').waitFor();
      await register();
      // The sync service asks the registry again for a schema that it did not know after 5 s.
      while (!(await page.locator('.tried').textContent())!.includes('入库 1,000')) {
        await dryRun.click();
        await page.locator('.tried progress').waitFor();
        await page.locator('.tried progress').waitFor({ state: 'detached' });
      }
      await page.getByRole('button', { name: '全部重新入库 (1,000)' }).click();
      await page.getByRole('heading', { name: '事件 0', exact: false }).waitFor();
      expect(await barriers(page)).toEqual([]);
      expect(complaints).toEqual([]);
      const population = openDatabase({
        url: await city.databaseUrl('population'),
        applicationName: 'spec',
        connectionsMax: 1,
      });
      const { rows } = await population.query(
        `select (select count(*) from ${outcomesOf('$1::uuid[]')} o where outcome = 'applied') as applied,
          (select count(*) from fact_psb_vehicle where event_id = any($1)) as facts,
          (select count(*) from population_history where event_ids && $1) as changes`,
        [eventIds],
      );
      await population.end();
      expect(rows).toEqual([{ applied: 1_000, facts: 1_000, changes: 1_000 }]);
    },
    storyMs,
  );

  it(
    'opens a parked event without its values, to a steward with them, and gives it up only by two people',
    async () => {
      const eventId = await publishRefusedPayment(await city.stack(), citizen);
      const { page: operator, complaints } = await browser.as('operator', { width: 390, colorScheme: 'dark' });
      await operator.goto(`${browser.url}/lag?dataset=hrss.pension-payment`);
      await operator.locator('td .verdict-parked').first().waitFor();
      await operator.goto(`${browser.url}/parked`);
      await operator
        .getByRole('row', { name: /RECORD_REFUSED/ })
        .getByRole('link')
        .click();
      await operator.getByRole('link', { name: eventId }).click();
      await operator.getByText('data.amount', { exact: false }).waitFor();
      expect(await barriers(operator)).toEqual([]);
      const seen = await operator.content();
      expect([seen, operator.url(), await operator.title()].join()).not.toContain(citizen);
      expect(seen).not.toContain('一百二十');
      const { body: refusal } = await city.ask('/v1/parked/open', 'operator', {
        service: 'operations-console',
        body: { database: 'population', id: 1, purpose: '端到端测试' },
      });
      expect(refusal).toMatchObject({ code: 'NOT_PERMITTED' });
      await operator.getByRole('textbox', { name: '理由' }).fill('来源已注销该记录');
      await operator.getByRole('button', { name: '申请放弃' }).click();
      await operator.getByText('等待第二人同意').waitFor();
      expect(await operator.getByRole('button', { name: '同意放弃' }).count()).toBe(0);

      const { page: steward } = await browser.as('steward');
      await steward.goto(operator.url());
      await steward.getByRole('textbox', { name: '查询目的' }).fill('端到端核对');
      await steward.getByRole('button', { name: '查看内容' }).click();
      await steward.getByRole('cell', { name: '一百二十' }).waitFor();
      expect(await barriers(steward)).toEqual([]);
      const { body } = await city.ask(`/v1/access-log?subject=population&id=${citizen}`, 'auditor');
      expect(body['entries']).toContainEqual(
        expect.objectContaining({ caller: 'steward', purpose: '端到端核对', route: '/v1/parked/open' }),
      );
      await steward.getByRole('button', { name: '同意放弃' }).click();
      await operator.locator('dd').getByText('已放弃').waitFor();
      expect(complaints).toEqual([]);
    },
    storyMs,
  );

  topicsStories(() => ({ city, browser, citizen }));
  subjectsStories(() => ({ city, browser, citizen }), storyMs);
  alarmStories(() => ({ city, browser, citizen, receivers }), storyMs);
  deployStories(() => ({ city }), storyMs);

  it(
    'says that what is away is not known, live, and comes back by itself',
    async () => {
      const { page } = await browser.as('operator');
      await page.goto(`${browser.url}/lag?subjectDatabase=housing`);
      const verdicts = page.locator('td .verdict');
      await verdicts.first().waitFor();
      await city.hold('kafka', true);
      try {
        await page.locator('td .verdict-unknown').first().waitFor();
        const waiting = await page.getByRole('region', { name: '积压' }).locator('td:nth-child(6)').allTextContents();
        expect(new Set(waiting)).toEqual(new Set(['不明']));
      } finally {
        await city.hold('kafka', false);
      }
      await page.locator('td .verdict-ok').first().waitFor();
      await city.kill('operations-console');
      await page.getByText('与控制台的连接已中断', { exact: false }).waitFor();
      await page.getByText('与控制台的连接已中断', { exact: false }).waitFor({ state: 'detached' });
    },
    storyMs,
  );
});
