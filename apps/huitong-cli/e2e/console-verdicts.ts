import { controlTypes, datasets, toControlMessage } from '@huitong/change-event';
import { consumeLanes, createTopicAdmin, type TopicAdmin } from '@huitong/event-stream';
import { openDatabase, type Database } from '@huitong/postgres';
import { TestBroker } from '@huitong/testkit';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { Page } from 'playwright-core';
import { barriers, type ConsoleBrowser } from './console-browser.ts';
import type { RunningCity } from './running-city.ts';

const dataset = 'dpf.disability-certificate';
const { topic } = datasets[dataset];
const lane = 0;
const place = { topic, partition: lane };

/** What the stories of the verdicts are told with. */
interface Given {
  readonly city: RunningCity;
  readonly browser: ConsoleBrowser;
}

/** Each verdict, provoked on the real system and read in the browser, and the way back to OK. */
export function verdictStories(given: () => Given, storyMs: number): void {
  let city: RunningCity;
  let browser: ConsoleBrowser;
  let broker: TestBroker;
  let brokers: string[];
  let admin: TopicAdmin;
  let population: Database;
  let page: Page;
  let complaints: string[];

  /** The table of lag, and not that of groups under it, which come to verdicts of their own. */
  const table = (of: Page) => of.getByRole('region', { name: '积压', exact: true });
  /** The one row that the filter leaves has come to this, and says in a sentence what to do. */
  const read = async (verdict: string, timeout = storyMs): Promise<void> => {
    await table(page).locator(`td .verdict-${verdict}`).waitFor({ timeout });
    if (verdict !== 'ok') await table(page).locator('.judged .sentence').waitFor();
  };
  const groupReads = (groupId: string, verdict: string): Promise<void> =>
    page
      .getByRole('row', { name: new RegExp(groupId) })
      .locator(`.verdict-${verdict}`)
      .waitFor();
  const until = async (holds: () => Promise<boolean>): Promise<void> => {
    while (!(await holds())) await page.waitForTimeout(200);
  };
  const endOf = async (): Promise<number> => (await admin.endOffsets([topic])).get(topic)![lane]!;

  describe('the verdicts', () => {
    beforeAll(async () => {
      ({ city, browser } = given());
      brokers = [(await city.stack()).kafkaBrokers];
      broker = new TestBroker(brokers);
      const url = await city.databaseUrl('population');
      admin = createTopicAdmin({ brokers, clientId: 'spec' });
      population = openDatabase({ url, applicationName: 'spec', connectionsMax: 1 });
      ({ page, complaints } = await browser.as('operator', { stays: true }));
      await page.goto(`${browser.url}/lag?dataset=${dataset}&subjectDatabase=population`);
    }, storyMs);
    afterAll(async () => {
      // What is held or killed here may be asked for just then, and is said to be away.
      expect(complaints.filter((text) => !/status of 503 .*\/v1\//.test(text))).toEqual([]);
      await page.context().close();
      await admin.disconnect();
      await population.end();
    });

    it(
      'tells a service that falls behind, stands still, and has to go again through what it did',
      async () => {
        await read('ok');
        await city.hold('population-sync', true);
        await read('warn');
        await read('stop');
        await population.query(
          'update lane set next_offsets = next_offsets || jsonb_build_object($1::text, (next_offsets ->> $1)::bigint - 1)',
          [topic],
        );
        await read('rewind');
        await city.hold('population-sync', false);
        await read('ok');
      },
      storyMs,
    );

    it(
      'tells a lane that somebody else has claimed',
      async () => {
        // The service may still be on its way back into its group, and claims all lanes when it is there.
        await until(async () => {
          await population.query(
            `update lane set epoch = epoch + 1, owner = 'nobody', updated_at = now() where lane = $1`,
            [lane],
          );
          return read('fenced', 15_000).then(
            () => true,
            () => false,
          );
        });
        await city.kill('population-sync');
        await read('ok');
      },
      storyMs,
    );

    it(
      'tells a silent source, an open transaction, and a reader of others that does not get on',
      async () => {
        const stuck = `stuck-${randomUUID()}`;
        const gone = `gone-${randomUUID()}`;
        await broker.commit(stuck, place, 0);
        await broker.commit(gone, place, 0);
        const reader = await consumeLanes({
          ...{ brokers, clientId: 'spec', groupId: stuck, topics: [topic], writers: 1, sessionTimeoutMs: 30_000 },
          chunkMax: { messages: 10, bytes: 1 << 20 },
          claim: (lanes) => Promise.resolve(new Map(lanes.map((one) => [one, {}]))),
          apply: () => Promise.resolve('fenced'),
          onFatal: () => {},
        });
        const { page: others } = await browser.as('auditor');
        const subscriber = `subscriber-${randomUUID()}`;
        await broker.commit(subscriber, { topic: 'subject.population.changed', partition: 0 }, 0);
        await others.goto(browser.url);
        await others.getByRole('link', { name: subscriber }).click();
        await others.locator('tr[aria-current=true]').getByText(subscriber).waitFor();
        await city.hold('demo-city', true);
        const abort = await broker.openTransaction({ ...place, ...heartbeat() });
        try {
          await others.goto(`${browser.url}/lag?dataset=psb.vehicle&subjectDatabase=population`);
          await table(others).locator('td .verdict-silent').waitFor();
          await read('blocked');
          await groupReads(stuck, 'stall');
          await groupReads(gone, 'stop');
          expect(await barriers(page)).toEqual([]);
        } finally {
          await abort();
          await city.hold('demo-city', false);
          await reader.stop();
        }
        await read('ok');
      },
      storyMs,
    );

    it(
      'tells of events that were removed before they were applied, until an operator gives them up',
      async () => {
        await city.hold('population-sync', true);
        // What is there now, and the first message after it, may be on their way to the service already.
        const end = await endOf();
        await until(async () => (await endOf()) > end + 2);
        await broker.deleteBefore(place, await endOf());
        await read('data-lost');
        await city.hold('population-sync', false);
        const resume = ['lanes', 'resume', 'population', dataset, String(lane), '--grounds', '端到端测试', '--json'];
        await until(async () => (await city.huitong(...resume)).code === 0);
        await read('ok');
      },
      storyMs,
    );
  });
}

/** A control record, which does nobody harm where a reader shows what was taken back. */
function heartbeat() {
  const atMs = Date.now();
  const content = { at: new Date(atMs).toISOString() };
  const source = 'urn:spec';
  const { key, value, headers } = toControlMessage({
    ...{ type: controlTypes.heartbeat, id: randomUUID(), source, partition: lane, atMs, content },
  });
  return { key: key as null, value: value!, headers };
}
