import { openDatabase, type Database } from '@huitong/postgres';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { barriers, type ConsoleBrowser } from './console-browser.ts';
import type { RunningCity } from './running-city.ts';

/** Proofs, repairs and rebuilds, asked for and watched in the browser. */
export function completenessStories(
  given: () => { city: RunningCity; browser: ConsoleBrowser },
  storyMs: number,
): void {
  let browser: ConsoleBrowser;
  let population: Database;

  describe('completeness', () => {
    beforeAll(async () => {
      const { city } = given();
      ({ browser } = given());
      const url = await city.databaseUrl('population');
      population = openDatabase({ url, applicationName: 'spec', connectionsMax: 1 });
    });
    afterAll(() => population.end());

    it(
      'proves a dataset, finds the rows that somebody altered by hand, and repairs just those',
      async () => {
        const { page, complaints } = await browser.as('operator');
        await page.goto(`${browser.url}/completeness`);
        await page.getByRole('link', { name: '户籍登记' }).click();
        await page.getByRole('button', { name: '立即核对' }).click();
        await page.locator('h2 .verdict-equal').waitFor();
        await page.getByRole('row', { name: /立即核对 户籍登记.* 一致/ }).waitFor();
        expect(await page.locator('.heat .equal').count()).toBeGreaterThan(0);
        expect(await page.locator('.heat .unproven').count()).toBeLessThan(12 * 64);
        expect(await barriers(page)).toEqual([]);
        const { rows } = await population.query<{ subject_id: string }>(
          `update fact_psb_household_register set name = 'X' || name
           where subject_id in (select subject_id from fact_psb_household_register where verb <> 'ANNULLED' order by 1 limit 2)
           returning subject_id`,
        );
        await page.getByRole('button', { name: '立即核对' }).click();
        await page.locator('h2 .verdict-differs').waitFor();
        await page.getByRole('textbox', { name: '理由' }).fill('有人手工改动');
        await page.getByRole('button', { name: '修复' }).click();
        await page.getByRole('row', { name: /修复 户籍登记.* 一致/ }).waitFor();
        await page.locator('h2 .verdict-equal').waitFor();
        const altered = await population.query(
          `select 1 from fact_psb_household_register where subject_id = any($1) and name like 'X%'`,
          [rows.map(({ subject_id }) => subject_id)],
        );
        expect(altered.rowCount).toBe(0);
        expect(complaints).toEqual([]);
      },
      storyMs,
    );

    it(
      'compares a new generation with the live one, swaps it in for a reason, and back',
      async () => {
        const { page, complaints } = await browser.as('operator');
        // Of a person that no department knows, so that no event derives it anew meanwhile.
        await population.query(`insert into population (id, name) values ('by hand', 'X')`);
        await page.goto(`${browser.url}/completeness`);
        await page.getByRole('button', { name: '试建并比较' }).click();
        const newest = (name: RegExp) => page.getByRole('row', { name }).first();
        await newest(/^试建并比较 人口.* 已比较.*多余 1/).waitFor();
        const swap = page.getByRole('button', { name: '重建并换上' });
        expect(await swap.isDisabled()).toBe(true);
        await page.getByRole('textbox', { name: '换上或换回的理由' }).fill('记录被手工改动');
        await swap.click();
        await newest(/^重建并换上 人口.* 差异超过允许/).waitFor();
        await page.getByRole('spinbutton', { name: '最多允许不同的记录' }).fill('1');
        await swap.click();
        await newest(/^重建并换上 人口.* 已换上/).waitFor();
        expect(await barriers(page)).toEqual([]);
        expect((await population.query(`select 1 from population where name = 'X'`)).rowCount).toBe(0);
        await page.getByRole('button', { name: '换回上一代' }).click();
        await newest(/^换回上一代 人口.* 已换上/).waitFor();
        await swap.click();
        await newest(/^重建并换上 人口.* 已换上/).waitFor();
        const { page: auditor } = await browser.as('auditor', { width: 390, colorScheme: 'dark' });
        await auditor.goto(`${browser.url}/completeness`);
        await auditor.getByRole('row', { name: /^换回上一代/ }).waitFor();
        expect(await auditor.getByRole('button', { name: '重建并换上' }).count()).toBe(0);
        expect(await barriers(auditor)).toEqual([]);
        const asked = { service: 'operations-console', body: { subject: 'population', action: 'compare' } };
        expect(await given().city.ask('/v1/rebuilds', 'auditor', asked)).toMatchObject({ status: 403 });
        expect(complaints).toEqual([]);
      },
      storyMs,
    );
  });
}
