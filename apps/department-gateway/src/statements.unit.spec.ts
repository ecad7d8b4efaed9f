import { describe, expect, it } from '@jest/globals';
import { bucketOf, laneOf } from '@huitong/change-event';
import type { Caller, Trace } from '@huitong/service-kit';
import type { Intake } from './intake.ts';
import { StatementsController } from './statements.controller.ts';

const psb: Caller = { name: 'psb', role: 'department', department: 'psb' };
const trace = { traceparent: '00-x' } as Trace;
const dataset = 'psb.household-register';
const sum = '0123456789abcdef';
const id = '340203197004189913';
const [lane, bucket] = [laneOf(id, 12), bucketOf(id, 'r1')];
const record = { subjectId: id, sourceRecordId: 'r1', sourceVersion: 1, digest: sum };

function gateway() {
  const taken: unknown[][] = [];
  const intake = { takeStatements: async (...all: unknown[]) => void taken.push(all) } as unknown as Intake;
  return { controller: new StatementsController(intake), taken };
}

describe('a checkpoint', () => {
  const body = {
    at: '2026-11-23T08:00:00Z',
    lanes: [
      { lane: 3, buckets: [{ bucket: 1, count: 2, sum }] },
      { lane: 4, buckets: [] },
    ],
  };

  it('goes to the partitions of its lanes', async () => {
    const { controller, taken } = gateway();
    expect(await controller.checkpoints(dataset, body, psb, trace)).toEqual({
      lanes: 2,
      at: '2026-11-23T08:00:00.000Z',
    });
    const base = { at: '2026-11-23T08:00:00.000Z', register: 'main' };
    expect(taken[0]!.slice(0, 3)).toEqual([
      { dataset, department: 'psb', traceparent: '00-x' },
      'cn.huitong.checkpoint.v1',
      [
        { partition: 3, content: { ...base, buckets: body.lanes[0]!.buckets } },
        { partition: 4, content: { ...base, buckets: [] } },
      ],
    ]);
  });

  it.each([
    ['of another department', 'mca.cremation', body, 'NOT_PERMITTED'],
    ['of no dataset', 'psb.nothing', body, 'DATASET_UNKNOWN'],
    ['with a lane twice', dataset, { lanes: [body.lanes[0], body.lanes[0]] }, 'REQUEST_INVALID'],
    ['with no such lane', dataset, { lanes: [{ lane: 12, buckets: [] }] }, 'REQUEST_INVALID'],
    ['of the future', dataset, { ...body, at: '2100-01-01T00:00:00Z' }, 'REQUEST_INVALID'],
    ['without lanes', dataset, {}, 'REQUEST_INVALID'],
  ])('%s is refused', async (_, name, wrong, code) => {
    const { controller, taken } = gateway();
    await expect(controller.checkpoints(name, wrong, psb, trace)).rejects.toMatchObject({ code });
    expect(taken).toEqual([]);
  });
});

describe('an inventory', () => {
  it('goes bucket by bucket to the partitions of its lanes', async () => {
    const { controller, taken } = gateway();
    const buckets = [
      { lane, bucket, records: [record] },
      { lane, bucket: (bucket + 1) % 64, records: [] },
    ];
    expect(await controller.inventories(dataset, { register: 'file', buckets }, psb, trace)).toMatchObject({
      buckets: 2,
    });
    expect(taken[0]![2]).toMatchObject([
      { partition: lane, content: { register: 'file', bucket, records: [record] } },
      { partition: lane, content: { register: 'file', bucket: (bucket + 1) % 64, records: [] } },
    ]);
  });

  it.each([
    ['of another lane', [{ lane: (lane + 1) % 12, bucket, records: [record] }]],
    ['of another bucket', [{ lane, bucket: (bucket + 1) % 64, records: [record] }]],
    [
      'with more records of a lane than one batch takes',
      [
        { lane, bucket, records: Array(3_000).fill(record) },
        { lane, bucket, records: Array(3_000).fill(record) },
      ],
    ],
  ])('%s is refused without a value', async (_, buckets) => {
    const { controller, taken } = gateway();
    const refusal = await controller.inventories(dataset, { buckets }, psb, trace).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code: 'REQUEST_INVALID' });
    expect(JSON.stringify(refusal) + (refusal as Error).message).not.toContain(id);
    expect(taken).toEqual([]);
  });
});
