import { describe, expect, it } from '@jest/globals';
import { controlTypes } from './change-event.ts';
import { readControlRecord } from './control-record.ts';
import { bucketOf } from './record-digest.ts';

const at = '2026-11-23T08:00:00Z';
const sum = '00000000000000ff';
const read = (type: keyof typeof controlTypes, content: unknown) =>
  readControlRecord(controlTypes[type], typeof content === 'string' ? content : JSON.stringify(content));

describe('a control record', () => {
  it('is a heartbeat, a checkpoint or an inventory', () => {
    expect(read('heartbeat', { at })).toEqual({ asOfMs: Date.parse(at), statement: undefined });
    expect(read('heartbeat', 'no json')).toEqual({ asOfMs: undefined, statement: undefined });
    const buckets = [{ bucket: 3, count: 2, sum }];
    expect(read('checkpoint', { at, register: 'main', buckets })).toEqual({
      asOfMs: Date.parse(at),
      statement: { kind: 'checkpoint', at, register: 'main', buckets },
    });
    const record = { subjectId: 's', sourceRecordId: 'r', sourceVersion: 1, digest: sum };
    const bucket = bucketOf('s', 'r');
    expect(read('inventory', { at, register: 'main', bucket, records: [record] })?.statement).toMatchObject({ bucket });
    expect(read('inventory', { at, register: 'main', bucket: (bucket + 1) % 64, records: [record] })).toBeUndefined();
  });

  it.each([
    ['no json', '{'],
    ['no instant', { register: 'main', buckets: [] }],
    ['no such bucket', { at, register: 'main', buckets: [{ bucket: 64, count: 1, sum }] }],
    ['a bucket twice', { at, register: 'main', buckets: [1, 1].map((bucket) => ({ bucket, count: 1, sum })) }],
    ['no such count', { at, register: 'main', buckets: [{ bucket: 1, count: -1, sum }] }],
    ['a sum of other digits', { at, register: 'main', buckets: [{ bucket: 1, count: 1, sum: 'FF' }] }],
    ['a register of odd letters', { at, register: 'a\u0000', buckets: [] }],
    ['more than it may say', { at, register: 'main', buckets: [], more: 1 }],
  ])('is refused as a checkpoint with %s', (_, content) => expect(read('checkpoint', content)).toBeUndefined());

  it.each([
    ['NUL', { subjectId: 's\u0000', sourceRecordId: 'r', sourceVersion: 1, digest: sum }],
    ['half a character', { subjectId: '\ud800', sourceRecordId: 'r', sourceVersion: 1, digest: sum }],
    ['a version beyond all numbers', { subjectId: 's', sourceRecordId: 'r', sourceVersion: 2 ** 60, digest: sum }],
  ])('is refused as an inventory with %s', (_, record) =>
    expect(
      read('inventory', { at, register: 'main', bucket: bucketOf(record.subjectId, 'r'), records: [record] }),
    ).toBeUndefined(),
  );
});
