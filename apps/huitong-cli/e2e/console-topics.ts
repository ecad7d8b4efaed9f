import { readFile } from 'node:fs/promises';
import { datasets, laneOf, SchemaRegistry } from '@huitong/change-event';
import { createPublisher, createTopicAdmin } from '@huitong/event-stream';
import { expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { barriers, type ConsoleBrowser } from './console-browser.ts';
import type { RunningCity } from './running-city.ts';

interface Given {
  readonly city: RunningCity;
  readonly browser: ConsoleBrowser;
  readonly citizen: string;
}

/** A loaded machine is slow, not wrong; what is waited for comes within seconds on an idle one. */
const storyMs = 600_000;
const register = datasets['psb.household-register'].topic;

/** What a person can read, and a log could keep, of a page. */
const seenOn = async (page: Page): Promise<string> =>
  [await page.locator('main').textContent(), page.url(), await page.title()].join();

const accessOf = async ({ city, citizen }: Given, route: string): Promise<unknown[]> => {
  const { body } = await city.ask(`/v1/access-log?subject=population&id=${citizen}`, 'auditor');
  return (body['entries'] as { route: string }[]).filter((entry) => entry.route === route);
};

/** The stories of topics and schemas, and of the tables as files. */
export function topicsStories(given: () => Given): void {
  it(
    'shows what lies on the brokers, decoded and masked, on a telephone too',
    async () => {
      const { browser, citizen } = given();
      const { page, complaints } = await browser.as('auditor', { width: 390, colorScheme: 'dark' });
      await page.goto(`${browser.url}/topics`);
      await page.getByRole('link', { name: register }).click();
      await page.getByText('已解读 50 条消息').waitFor();
      await page.locator('.expand').first().press('Enter');
      await page.getByText('消息头').waitFor();
      expect(await barriers(page)).toEqual([]);
      expect(await seenOn(page)).not.toContain(citizen);
      await page.getByRole('button', { name: '继续查找' }).click();
      await page.getByText('已解读 100 条消息').waitFor();
      expect(await page.getByLabel('显示内容').count()).toBe(0);
      expect(complaints).toEqual([]);
    },
    storyMs,
  );

  it(
    'finds a key in its own partition, for a purpose, and leaves no reader on the broker',
    async () => {
      const { city, browser, citizen } = given();
      const { page } = await browser.as('operator');
      await page.goto(`${browser.url}/topics?topic=${register}&kind=event`);
      await page.getByLabel('消息键').fill(citizen);
      await page.getByLabel('消息键').press('Enter');
      await page.getByText('请说明查询目的', { exact: false }).waitFor();
      await page.getByLabel('查询目的').fill('端到端查键');
      await page.getByRole('button', { name: '查看', exact: true }).click();
      await page.getByText('查看范围').click();
      const stack = await city.stack();
      const admin = createTopicAdmin({ brokers: stack.kafkaBrokers.split(','), clientId: 'spec' });
      const lanes = (await admin.endOffsets([register])).get(register)!.length;
      await page.getByText(new RegExp(`^分区 ${laneOf(citizen, lanes)}: 0–`)).waitFor();
      expect(await page.getByText(/^分区 \d+: /).count()).toBe(1);
      await page.getByText('已到尽头', { exact: false }).waitFor();
      expect(await page.locator('.rows tbody tr').count()).toBeGreaterThan(0);
      expect(await seenOn(page)).not.toContain(citizen);
      await page.getByText('保存的视图').click();
      await page.getByLabel('视图名称', { exact: false }).fill('只看事件');
      await page.getByRole('button', { name: '保存此视图' }).click();
      expect(await page.evaluate('JSON.stringify(localStorage)')).not.toContain(citizen);
      await page.goto(`${browser.url}/topics?topic=${register}`);
      await page.getByRole('link', { name: '只看事件' }).click();
      expect(new URL(page.url()).search).toBe(`?topic=${register}&kind=event`);
      expect(await accessOf(given(), '/v1/topics/messages')).toMatchObject([
        { caller: 'operator', purpose: '端到端查键', fields: [] },
      ]);
      expect((await admin.groupsOf(register)).filter((group) => group.includes('console'))).toEqual([]);
      await admin.disconnect();
    },
    storyMs,
  );

  it(
    'shows to a steward what messages say once that is logged, and what is no message as such',
    async () => {
      const { city, browser, citizen } = given();
      const topic = 'subject.housing.changed';
      const { kafkaBrokers } = await city.stack();
      const publisher = await createPublisher({ brokers: kafkaBrokers.split(','), clientId: 'spec' });
      await publisher.publish(topic, [{ key: citizen, value: Buffer.from(`{"of":"${citizen}"}`), headers: {} }]);
      await publisher.disconnect();
      const { page, complaints } = await browser.as('steward');
      await page.goto(`${browser.url}/topics?topic=${topic}&kind=unreadable`);
      const row = page.getByRole('row', { name: /EVENT_UNREADABLE/ });
      await row.locator('.expand').click();
      await page.locator('.bytes', { hasText: '··' }).waitFor();
      await page.getByLabel('查询目的').fill('端到端查看');
      await page.getByLabel('显示内容').check();
      await page.getByRole('button', { name: '查看', exact: true }).click();
      await row.getByText(citizen).waitFor();
      expect(await barriers(page)).toEqual([]);
      expect([page.url(), await page.title()].join()).not.toContain(citizen);
      const { body } = await city.ask('/v1/topics/messages', 'operator', {
        service: 'operations-console',
        body: { topic, unmask: true, purpose: '端到端查看' },
      });
      expect(body).toMatchObject({ code: 'NOT_PERMITTED' });
      expect(complaints).toEqual([]);
    },
    storyMs,
  );

  it(
    'tells what differs between two versions of a schema, who reads whom, and which are written with',
    async () => {
      const { city, browser } = given();
      const { topic, schema } = datasets['hcb.public-rental'];
      const next = structuredClone(schema) as unknown as { fields: object[] };
      next.fields.push({ name: 'traffic_light', type: ['null', 'string'], default: null });
      await new SchemaRegistry((await city.stack()).registryUrl).register(`${topic}-value`, next);
      const { page, complaints } = await browser.as('operator');
      await page.goto(`${browser.url}/topics?topic=${topic}&view=schemas`);
      await page.getByRole('row', { name: /traffic_light 无此字段 null \| string · 默认 null/ }).waitFor();
      await page.getByText('新版本能解读旧消息').waitFor();
      await page
        .getByRole('row', { name: /即服务所用.*能解读/ })
        .first()
        .waitFor();
      await page.getByText('BACKWARD_TRANSITIVE').waitFor();
      expect(await barriers(page)).toEqual([]);
      expect(complaints).toEqual([]);
    },
    storyMs,
  );

  it(
    'saves tables as files, with values only to a steward and once that is logged',
    async () => {
      const { browser, citizen } = given();
      const save = async (page: Page, name: string): Promise<Buffer> => {
        const [download] = await Promise.all([
          page.waitForEvent('download'),
          page.getByRole('button', { name }).click(),
        ]);
        expect(download.suggestedFilename()).toMatch(/^(messages|lag)-\d{14}\.(csv|xlsx)$/);
        return readFile(await download.path());
      };
      const { page: operator } = await browser.as('operator');
      await operator.goto(`${browser.url}/topics?topic=${register}`);
      const masked = (await save(operator, '导出 CSV')).toString();
      expect(masked.startsWith('\uFEFF到达时间,分区,位置,')).toBe(true);
      expect(masked).toContain(',··,··,');
      expect(masked).not.toContain(citizen);
      await operator.goto(`${browser.url}/lag`);
      expect((await save(operator, '导出 Excel')).subarray(0, 2).toString()).toBe('PK');

      const { page: steward } = await browser.as('steward');
      await steward.goto(`${browser.url}/topics?topic=${register}&kind=event`);
      await steward.getByLabel('消息键').fill(citizen);
      await steward.getByLabel('查询目的').fill('端到端导出');
      await steward.getByLabel('显示内容').check();
      await steward.getByRole('button', { name: '查看', exact: true }).click();
      await steward.getByRole('cell', { name: citizen }).first().waitFor();
      expect((await save(steward, '导出 CSV')).toString()).toContain(`,${citizen},`);
      expect(await accessOf(given(), '/v1/exports/messages')).toContainEqual(
        expect.objectContaining({
          ...{ caller: 'steward', purpose: '端到端导出' },
          fields: expect.arrayContaining(['key', 'data.name']) as unknown,
        }),
      );
    },
    storyMs,
  );
}
