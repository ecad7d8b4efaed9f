import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { bucketOf, digestOf, laneOf, readJsonEvent, toHex, type SourceRequest } from '@huitong/change-event';
import fc from 'fast-check';
import { Answers } from './answers.ts';
import { DepartmentRegister } from './department-register.ts';

const dataset = 'psb.household-register';
const folder = mkdtempSync(join(tmpdir(), 'huitong-register-'));
afterAll(() => rmSync(folder, { recursive: true }));

const people = ['340203197004189913', '340204199001011234', '110101199003070038'];
let files = 0;
const open = (): DepartmentRegister => new DepartmentRegister(join(folder, 'deep', `${files++}.sqlite`), 'main');

const eventOf = (change: { person: number; record: number; version: number; annulled: boolean }) => ({
  eventId: `019dfb3a-5f80-7000-8000-${String(change.person * 1000 + change.record * 100 + change.version).padStart(12, '0')}`,
  verb: change.annulled ? 'ANNULLED' : 'CREATED',
  reason: 'INITIAL_LOAD',
  sourceRecordId: `r${change.record}`,
  sourceVersion: change.version,
  recordedAt: '2026-05-06T03:00:00.000Z',
  ...(change.annulled ? { subjectId: people[change.person] } : {}),
  data: change.annulled ? null : { citizenId: people[change.person]!, name: `某${change.version}` },
});
const change = fc.record({
  person: fc.nat(2),
  record: fc.nat(2),
  version: fc.nat(4),
  annulled: fc.boolean(),
});

/** The checkpoint said plainly: the first event of the newest version of each record. */
function plainly(events: readonly ReturnType<typeof eventOf>[]): Map<string, { count: number; sum: bigint }> {
  const newest = new Map<string, { version: number; where: string; digest: bigint }>();
  for (const json of events) {
    const reading = readJsonEvent(dataset, json, new Date());
    if (!reading.ok) throw new Error(reading.problem.message);
    const { event, subjectId } = reading;
    const key = `${subjectId}/${event.source_record_id}`;
    if ((newest.get(key)?.version ?? -1) >= event.source_version) continue;
    const where = `${laneOf(subjectId, 12)}/${bucketOf(subjectId, event.source_record_id)}`;
    newest.set(key, { version: event.source_version, where, digest: digestOf(dataset, subjectId, event) });
  }
  const sums = new Map<string, { count: number; sum: bigint }>();
  for (const { where, digest } of newest.values()) {
    const { count, sum } = sums.get(where) ?? { count: 0, sum: 0n };
    sums.set(where, { count: count + 1, sum: BigInt.asUintN(64, sum + digest) });
  }
  return sums;
}

describe("a department's register", () => {
  it('counts and sums the newest event of each record, in whatever order they were sent', () => {
    fc.assert(
      fc.property(fc.array(fc.array(change, { maxLength: 5 }), { maxLength: 6 }), (batches) => {
        const register = open();
        for (const batch of batches) register.take(dataset, batch.map(eventOf));
        const { lanes } = register.checkpoint(dataset);
        register.close();
        const stated = lanes.flatMap(({ lane, buckets }) =>
          buckets.map(({ bucket, count, sum }) => [`${lane}/${bucket}`, { count, sum }] as const),
        );
        const expected = [...plainly(batches.flat().map(eventOf))].map(
          ([where, { count, sum }]) => [where, { count, sum: toHex(sum) }] as const,
        );
        expect(lanes.map(({ lane }) => lane)).toEqual(Array.from({ length: 12 }, (_, lane) => lane));
        expect(new Map(stated)).toEqual(new Map(expected));
      }),
      { numRuns: 40 },
    );
  });

  it('survives its process, and answers each request once', async () => {
    const file = join(folder, 'kept.sqlite');
    const before = new DepartmentRegister(file, 'main');
    expect(before.isEmpty).toBe(true);
    before.take(dataset, [eventOf({ person: 0, record: 1, version: 3, annulled: false }), { of: 'no kind' }]);
    before.close();
    const register = new DepartmentRegister(file, 'main');
    expect(register.isEmpty).toBe(false);
    const sent: unknown[] = [];
    const note = async (...some: unknown[]): Promise<void> => void sent.push(some[1]);
    const answers = new Answers(register, { events: note, checkpoint: note, inventory: note });
    const [lane, bucket] = [laneOf(people[0]!, 12), bucketOf(people[0]!, 'r1')];
    const base = { database: 'population', dataset } as const;
    const records = [
      { subjectId: people[0]!, sourceRecordId: 'r1' },
      { subjectId: people[1]!, sourceRecordId: 'r1' },
    ];
    const asked: SourceRequest[] = [
      { ...base, id: '1', kind: 'checkpoint' },
      { ...base, id: '2', kind: 'inventory', register: 'main', buckets: [{ lane, bucket }] },
      { ...base, id: '3', kind: 'inventory', register: 'another', buckets: [{ lane, bucket }] },
      { ...base, id: '4', kind: 'records', records },
    ];
    expect(answers.open(asked).map(({ id }) => id)).toEqual(['1', '2', '4']);
    await answers.give(answers.open(asked));
    expect(sent).toEqual([
      [eventOf({ person: 0, record: 1, version: 3, annulled: false })],
      expect.objectContaining({
        buckets: [{ lane, bucket, records: [expect.objectContaining({ subjectId: people[0], sourceVersion: 3 })] }],
      }),
      register.checkpoint(dataset),
    ]);
    expect(answers.open(asked)).toEqual([]);
    register.close();
  });
});
