import { describe, expect, it } from '@jest/globals';
import { readBody } from './read-body.ts';
import { readConfigFrom } from './config.ts';
import { ownDataset } from './own-dataset.ts';

describe('a request body', () => {
  it('is an array of events, one event, or one event a line', () => {
    expect(readBody([{ a: 1 }, 2])).toEqual([{ json: { a: 1 } }, { json: 2 }]);
    expect(readBody({ a: 1 })).toEqual([{ json: { a: 1 } }]);
    expect(readBody('{"a":1}\r\n\n{"b":2}\n')).toEqual([{ json: { a: 1 } }, { json: { b: 2 } }]);
  });

  it('survives a line that is not JSON', () => {
    expect(readBody('{"a":\n{"b":2}')).toEqual([{ unreadable: true }, { json: { b: 2 } }]);
  });

  it('brings at least one event and at most 1,000', () => {
    expect(readBody(Array(1_000).fill({}))).toHaveLength(1_000);
    const tooMany = expect.objectContaining({ code: 'TOO_MANY_EVENTS' });
    expect(() => readBody(Array(1_001).fill({}))).toThrow(tooMany);
    expect(() => readBody('{}\n'.repeat(1_001))).toThrow(tooMany);
    for (const body of [[], '', '\n', undefined, null, 7, true])
      expect(() => readBody(body)).toThrow(expect.objectContaining({ code: 'BODY_INVALID' }));
  });
});

describe('the settings', () => {
  it('list the brokers and keep the limit above the largest request', () => {
    const needed = { KAFKA_BROKERS: 'a:9092, b:9092', REGISTRY_URL: 'http://r:8085', REDIS_URL: 'redis://r:6379' };
    expect(readConfigFrom(needed)).toMatchObject({ KAFKA_BROKERS: ['a:9092', 'b:9092'], GATEWAY_PORT: 8081 });
    expect(() => readConfigFrom({ ...needed, RATE_LIMIT_EVENTS_PER_SECOND: '999' })).toThrow(/RATE_LIMIT_EVENTS/);
    expect(() => readConfigFrom({})).toThrow(/KAFKA_BROKERS.*REGISTRY_URL.*REDIS_URL/);
  });
});

describe('a dataset', () => {
  it('is published by the department that provides it, and by no other', () => {
    const psb = { name: 'psb', role: 'department', department: 'psb' } as const;
    expect(ownDataset('psb.vehicle', psb)).toEqual({ dataset: 'psb.vehicle', department: 'psb' });
    expect(() => ownDataset('mca.cremation', psb)).toThrow(expect.objectContaining({ code: 'NOT_PERMITTED' }));
    for (const name of ['psb.unknown', 'toString', '__proto__'])
      expect(() => ownDataset(name, psb)).toThrow(expect.objectContaining({ code: 'DATASET_UNKNOWN' }));
    expect(() => ownDataset('psb.vehicle', { name: 'psb', role: 'officer' })).toThrow(
      expect.objectContaining({ code: 'NOT_PERMITTED' }),
    );
  });
});
