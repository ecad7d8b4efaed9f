import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { LostPosition } from './lanes.ts';
import { doResumeRequests, keepLost } from './resume.ts';
import { factOf, TestPeople } from './test-people.spec.ts';

const topic = 'dept.psb.household-register.v1';
const subjectId = 'p1';
let city: TestPeople;
let lane: number;

beforeAll(async () => {
  city = await TestPeople.create();
  lane = city.message(factOf({ subjectId, version: 1 })).lane;
});
afterEach(() => city.empty());
afterAll(() => city.drop());

const position: LostPosition = {
  next: 10,
  beginning: 20,
  end: 30,
  goOnAt: 20,
  appliedUntil: '2017-01-05T08:00:00.000Z',
  since: '2017-01-05T09:00:00.000Z',
};

async function lose(change: Partial<LostPosition> = {}): Promise<void> {
  await city.claim();
  await keepLost(city.database, city.lanes, [{ lane, topic, position: { ...position, ...change } }]);
}

async function ask(at: number): Promise<Record<string, unknown>> {
  const { rows } = await city.database.query<{ id: number }>(
    `insert into resume_request (lane, topic, at_offset, requested_by, grounds) values ($1, $2, $3, 'operator', 'sent again')
     returning id`,
    [lane, topic, at],
  );
  await doResumeRequests(city.database, city.lanes);
  const done = await city.database.query<Record<string, unknown>>('select * from resume_request where id = $1', [
    rows[0]!.id,
  ]);
  return done.rows[0]!;
}

describe('a lane whose next events are gone', () => {
  it('stays so through claims until an operator decides, and what is given up is kept', async () => {
    await lose();
    expect((await city.claim()).get(lane)!.lost).toEqual({ [topic]: position });
    expect(await ask(20)).toMatchObject({
      outcome: 'resumed',
      from_offset: 10,
      at_offset: 20,
      requested_by: 'operator',
      grounds: 'sent again',
      recorded_after: new Date(position.appliedUntil!),
      recorded_before: new Date(position.since),
    });
    const claimed = (await city.claim()).get(lane)!;
    expect(claimed.lost).toEqual({});
    expect(claimed.nextOffsets[topic]).toBe(20);
    expect(await ask(20)).toMatchObject({ outcome: 'nothing to do' });
  });

  it('never goes on behind what the log still has, nor before its beginning', async () => {
    await lose();
    for (const at of [19, 21]) expect(await ask(at)).toMatchObject({ outcome: 'refused: the log has changed' });
    expect((await city.claim()).get(lane)!.lost).toEqual({ [topic]: position });
  });

  it('is neither lost nor resumed by a member that no longer owns it', async () => {
    await lose();
    const former = city.lanes;
    await city.claim();
    await keepLost(city.database, former, [{ lane, topic, position: { ...position, goOnAt: 25 } }]);
    expect((await city.claim()).get(lane)!.lost).toEqual({ [topic]: position });
    await city.database.query(
      `insert into resume_request (lane, topic, at_offset, requested_by, grounds) values ($1, $2, 20, 'operator', 'x')`,
      [lane, topic],
    );
    expect(await doResumeRequests(city.database, former)).toBe(0);
    expect(await doResumeRequests(city.database, city.lanes)).toBe(1);
  });

  it('keeps another message that is parked at an offset of the former log', async () => {
    await city.claim();
    const fact = (name: string) => city.message(factOf({ subjectId, version: 1, data: { name } }));
    const apply = (name: string, offset: number) =>
      expect(
        city.engine.apply({ lanes: city.lanes, incoming: [{ ...fact(name), offset, value: Buffer.from(name) }] }),
      ).resolves.toMatchObject({ status: 'applied' });
    await apply('甲', 100);
    await apply('乙', 101);
    await lose({ next: 102, beginning: 0, end: 102, goOnAt: 101 });
    await ask(101);
    await city.claim();
    await apply('乙', 101);
    await lose({ next: 102, beginning: 0, end: 102, goOnAt: 101 });
    await ask(101);
    await city.claim();
    await apply('丙', 101);
    expect(await city.parked()).toHaveLength(2);
  });
});

describe('a database that was restored from an older copy', () => {
  it('takes no chunk of a member that believes the lane to be further', async () => {
    await city.claim();
    const message = city.message(factOf({ subjectId, version: 7 }));
    await city.engine.apply({ lanes: city.lanes, incoming: [{ ...message, offset: 150 }] });
    await city.database.query(
      'update lane set next_offsets = next_offsets || jsonb_build_object($1::text, 140) where lane = $2',
      [topic, lane],
    );
    const next = { ...city.message(factOf({ subjectId, version: 8 })), offset: 151 };
    expect(await city.engine.apply({ lanes: city.lanes, incoming: [next] })).toEqual({ status: 'stale' });
    await city.database.query('update lane set epoch = epoch - 1 where lane = $1', [lane]);
    expect(await city.engine.apply({ lanes: city.lanes, incoming: [next] })).toEqual({ status: 'stale' });
    await city.claim();
    expect(await city.engine.apply({ lanes: city.lanes, incoming: [next] })).toMatchObject({ status: 'applied' });
  });
});
