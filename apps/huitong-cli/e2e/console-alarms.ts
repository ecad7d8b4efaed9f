import { setTimeout as sleep } from 'node:timers/promises';
import { openDatabase } from '@huitong/postgres';
import { expect, it } from '@jest/globals';
import type { AlarmReceivers } from './alarm-receivers.ts';
import { barriers, type ConsoleBrowser } from './console-browser.ts';
import { publishRefusedPayment } from './refused-payment.ts';
import type { RunningCity } from './running-city.ts';

interface Given {
  readonly city: RunningCity;
  readonly browser: ConsoleBrowser;
  readonly citizen: string;
  readonly receivers: AlarmReceivers;
}

/** What people do about alarms: they are told, one sees to it, others see that. */
export function alarmStories(given: () => Given, storyMs: number): void {
  it(
    'tells people of an alarm by webhook and letter, and each at once what another does about it',
    async () => {
      const { city, browser, citizen, receivers } = given();
      await publishRefusedPayment(await city.stack(), citizen);
      const { page: operator, complaints } = await browser.as('operator');
      await operator.goto(`${browser.url}/alarms`);
      const alarm = { name: /待处理事件 养老待遇发放 人口/ };
      await operator.getByRole('row', alarm).getByText('无人确认').first().waitFor();
      await operator
        .getByRole('navigation')
        .getByRole('link', { name: /^告警 \d+ 项告警正在触发$/ })
        .waitFor();
      expect(await barriers(operator)).toEqual([]);
      const { page: auditor } = await browser.as('auditor', { width: 390, colorScheme: 'dark' });
      await auditor.goto(`${browser.url}/alarms`);
      await auditor.getByRole('row', alarm).getByText('无人确认').first().waitFor();
      // From here on the auditor's page asks for nothing by itself: what it shows it was told of.
      await auditor.clock.install();
      await auditor.clock.pauseAt(Date.now() + 60_000);

      await operator.getByRole('button', { name: /^确认: 待处理事件, hrss.pension-payment/ }).click();
      await auditor.getByRole('row', alarm).getByText('operator').waitFor();
      await operator.getByRole('button', { name: /^静默…: 待处理事件, hrss.pension-payment/ }).click();
      expect(new URL(operator.url()).search).toBe('?rule=parked&dataset=hrss.pension-payment&place=population');
      await operator.getByLabel('理由').fill('等待部门更正');
      await operator.getByRole('button', { name: '设置静默' }).click();
      await auditor.getByRole('cell', { name: '等待部门更正' }).waitFor();
      await auditor.getByRole('row', alarm).getByText('静默中').waitFor();
      await operator.getByRole('button', { name: '解除' }).click();
      await auditor.getByText('已解除：', { exact: false }).waitFor();
      await auditor.clock.resume();
      expect(await auditor.getByRole('button', { name: /确认|静默|解除/ }).count()).toBe(0);
      expect(await barriers(auditor)).toEqual([]);
      expect(complaints).toEqual([]);

      const told = (texts: readonly string[]): string | undefined =>
        texts.find((each) => each.includes('养老待遇发放') || each.includes('"hrss.pension-payment"'));
      while (!told(receivers.posts) || !told(receivers.letters)) await sleep(100);
      const post = JSON.parse(told(receivers.posts)!) as { alarms: object[] };
      expect(post.alarms).toContainEqual(
        expect.objectContaining({
          event: 'firing',
          rule: 'parked',
          dataset: 'hrss.pension-payment',
          place: 'population',
        }),
      );
      expect(told(receivers.letters)).toMatch(/^[^]*触发[^]*firing[^]*\/alarms/);
      expect([...receivers.posts, ...receivers.letters].join()).not.toContain(citizen);
    },
    storyMs,
  );

  it(
    'lets operators alone see to alarms and silence them',
    async () => {
      const { city } = given();
      const ask = (as: string, path: string, body?: object) =>
        city.ask(path, as, { service: 'operations-console', ...(body && { body }) });
      const silence = { rule: 'lag', dataset: null, place: 'housing', minutes: 60, reason: '端到端测试' };
      for (const as of ['steward', 'auditor']) {
        expect(await ask(as, '/v1/alarms')).toMatchObject({ status: 200, body: { channels: ['webhook', 'mail'] } });
        expect(await ask(as, '/v1/silences', silence)).toMatchObject({ status: 403 });
        expect(await ask(as, '/v1/alarms/1/acknowledgements', {})).toMatchObject({ status: 403 });
      }
      expect(await ask('officer', '/v1/alarms')).toMatchObject({ status: 403 });
      expect(await ask('operator', '/v1/silences', { ...silence, place: null, rule: null })).toMatchObject({
        status: 400,
      });
      expect(await ask('operator', '/v1/silences', { ...silence, reason: '' })).toMatchObject({ status: 400 });
      expect(await ask('operator', '/v1/alarms/999999/acknowledgements', {})).toMatchObject({ status: 404 });
    },
    storyMs,
  );

  it(
    'shows how each promise of freshness stands, and raises an alarm when one burns',
    async () => {
      const { city, browser } = given();
      const { page, complaints } = await browser.as('operator', { width: 390, colorScheme: 'dark' });
      await page.goto(`${browser.url}/lag?dataset=mca.marriage`);
      const promise = page.getByRole('region', { name: '鲜度承诺' }).getByRole('row', { name: /婚姻登记/ });
      await promise.getByRole('cell', { name: '30秒内 · 99 %' }).waitFor();
      // Forty minutes in which it was older than promised, as an outage leaves behind.
      const exchange = openDatabase({
        url: await city.databaseUrl('exchange'),
        applicationName: 'spec',
        connectionsMax: 1,
      });
      await exchange.query(
        `insert into freshness_minute select date_trunc('minute', now()) - ago * interval '1 minute', 'population', 'mca.marriage', 900
          from generate_series(0, 39) ago on conflict (minute, subject_database, dataset) do update set worst_seconds = 900`,
      );
      await exchange.end();
      await promise.getByText('快速消耗').waitFor();
      expect(await barriers(page)).toEqual([]);
      await page.goto(`${browser.url}/alarms`);
      await page.getByRole('row', { name: /鲜度承诺快速失守 婚姻登记/ }).waitFor();
      expect(complaints).toEqual([]);
    },
    storyMs,
  );
}
