import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { barriers, type ConsoleBrowser } from './console-browser.ts';
import type { RunningCity } from './running-city.ts';

/** The stories of the page of subjects; they leave the city as it was. */
export function subjectsStories(
  given: () => { city: RunningCity; browser: ConsoleBrowser; citizen: string },
  storyMs: number,
): void {
  const purpose = '主体查询核对';
  const search = async (page: Page, by: string, text: string): Promise<void> => {
    await page.goto(`${given().browser.url}/subjects`);
    await page.getByText(by, { exact: true }).click();
    await page.getByLabel('查询内容').fill(text);
    await page.getByRole('textbox', { name: '查询目的' }).first().fill(purpose);
    await page.getByRole('button', { name: '查询', exact: true }).click();
    await page.getByRole('heading', { name: '查询结果' }).waitFor();
  };
  const readBy = async (caller: string): Promise<Record<string, unknown>[]> => {
    const { city, citizen } = given();
    const { body } = await city.ask(`/v1/access-log?subject=population&id=${citizen}`, 'auditor');
    const entries = body['entries'] as Record<string, unknown>[];
    return entries.filter((entry) => entry['caller'] === caller && entry['purpose'] === purpose);
  };

  it(
    'finds a person, shows the record masked with the source of each field, and leads to the dwelling that the person owns',
    async () => {
      const { city, browser, citizen } = given();
      const { page, complaints } = await browser.as('operator', { width: 390, colorScheme: 'dark' });
      await search(page, '号码', citizen);
      expect(await page.getByRole('button', { name: /查看内容/ }).count()).toBe(0);
      await page.getByRole('link', { name: '人口 1' }).click();
      const name = page.getByRole('row', { name: /^姓名/ });
      await name.getByText('户籍登记').waitFor();
      expect(await name.getByRole('cell').first().textContent()).toBe('已遮蔽');
      await page.locator('.timeline li').first().waitFor();
      await page.locator('.links').waitFor();
      expect(await barriers(page)).toEqual([]);
      expect([await page.content(), page.url(), await page.title()].join()).not.toContain(citizen);
      expect(await readBy('operator')).toContainEqual(
        expect.objectContaining({ route: '/v1/subjects/open', fields: [], outcome: 'answered' }),
      );
      const log = await readFile(join(city.home, 'logs', 'operations-console.log'), 'utf8');
      expect(log).toContain('/v1/subjects/open');
      expect(log).not.toContain(citizen);
      const owned = page.getByRole('row', { name: /本主体是其 权利人/ });
      await owned.getByRole('link', { name: /^房屋/ }).click();
      await page.getByRole('heading', { name: '房屋 · 主体记录' }).waitFor();
      const owner = page.getByRole('row', { name: /是本主体的 权利人/ }).first();
      await owner.getByRole('link', { name: /^人口/ }).waitFor();
      expect(await page.getByRole('img', { name: /^关联图/ }).count()).toBe(1);
      expect(complaints).toEqual([]);
    },
    storyMs,
  );

  it(
    'shows values to a steward who says what for, and to nobody else, until they are masked again',
    async () => {
      const { city, browser, citizen } = given();
      const refused = await city.ask('/v1/subjects/unmask', 'operator', {
        service: 'operations-console',
        body: { purpose },
      });
      expect(refused).toMatchObject({ status: 403, body: { code: 'NOT_PERMITTED' } });
      const { page, complaints } = await browser.as('steward');
      await search(page, '号码', citizen);
      await page.getByRole('button', { name: '查看内容 5 分钟' }).click();
      await page.getByRole('timer').waitFor();
      await page.getByRole('link', { name: '人口 1' }).click();
      await page.locator('.about').getByText(citizen).waitFor();
      expect(await barriers(page)).toEqual([]);
      expect([page.url(), await page.title()].join()).not.toContain(citizen);
      expect(await readBy('steward')).toContainEqual(
        expect.objectContaining({
          route: '/v1/subjects/open',
          fields: expect.arrayContaining(['name', 'householdAddress']),
        }),
      );
      await page.getByRole('button', { name: '立即遮蔽' }).click();
      await page.locator('.about').getByText('已遮蔽').waitFor();
      expect(await page.content()).not.toContain(citizen);
      // Whoever comes by the link says what for.
      await page.reload();
      await page.getByText('打开此记录需要查询目的').waitFor();
      expect(complaints).toEqual([]);
    },
    storyMs,
  );

  it(
    'shows a record as it was known and as it was valid, by keyboard',
    async () => {
      const { browser, citizen } = given();
      const { page, complaints } = await browser.as('auditor');
      await search(page, '号码', citizen);
      await page.getByRole('link', { name: '人口 1' }).click();
      await page.locator('.timeline li').first().waitFor();
      const known = page.getByRole('slider', { name: '当时已知' });
      // The living city changes this person sooner or later.
      while (Number(await known.getAttribute('max')) < 2) {
        await page.reload();
        await page.getByLabel('查询目的').fill(purpose);
        await page.getByRole('button', { name: '打开' }).click();
        await page.locator('.timeline li').first().waitFor();
      }
      await known.focus();
      await page.keyboard.press('ArrowLeft');
      await page.keyboard.press('ArrowLeft');
      // What the newest change changed is another now than before it.
      await page.locator('tr.differs').first().waitFor();
      expect(await page.locator('.timeline li[aria-current=step]').count()).toBeGreaterThan(0);
      expect(await known.getAttribute('aria-valuetext')).toMatch(/^\d{4}\//);
      await page.getByRole('button', { name: '回到现在' }).click();
      await page.locator('tr.differs').first().waitFor({ state: 'detached' });
      await page.getByLabel('有效日期').fill('1900-01-01');
      await page.getByText('那一刻还没有任何信息').waitFor();
      expect(complaints.filter((text) => !text.includes('status of 404'))).toEqual([]);
    },
    storyMs,
  );
}
