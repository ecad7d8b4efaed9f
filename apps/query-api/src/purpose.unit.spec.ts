import { describe, expect, it } from '@jest/globals';
import { readConfigFrom } from './config.ts';
import { readOnly } from './connections.ts';
import { readPurpose } from './purpose.ts';
import { readPlace } from './published-events.ts';

describe('the purpose of a read', () => {
  it('is taken from the parameter, else from the header in either encoding', () => {
    expect(readPurpose('低保复核', undefined)).toBe('低保复核');
    expect(readPurpose(undefined, encodeURIComponent('低保复核'))).toBe('低保复核');
    expect(readPurpose(undefined, Buffer.from('低保复核').toString('latin1'))).toBe('低保复核');
    expect(readPurpose(undefined, '100% sure')).toBe('100% sure');
  });

  it.each([undefined, '', ' x ', 'x'.repeat(201), 'a\u0000b'])('is required: %j is none', (purpose) => {
    expect(() => readPurpose(purpose, undefined)).toThrow(expect.objectContaining({ code: 'PURPOSE_REQUIRED' }));
  });
});

describe('the place of a published event', () => {
  it('is read as the gateway writes it', () => {
    expect(readPlace('psb.vehicle:7:0:1483603200000')).toEqual({
      dataset: 'psb.vehicle',
      partition: 7,
      offset: 0,
      atMs: 1_483_603_200_000,
    });
    expect(readPlace('psb.vehicle:::1483603200000')).toMatchObject({ partition: undefined, offset: undefined });
  });

  it.each([null, '', 'nobody.nothing:1:2:3', 'psb.vehicle:1:2'])('is not known from %j', (text) => {
    expect(readPlace(text)).toBeUndefined();
  });
});

describe('the settings', () => {
  it('name every database that is missing, for both roles', () => {
    expect(() => readConfigFrom({ KAFKA_BROKERS: 'a:1', REDIS_URL: 'redis://a' })).toThrow(
      /ACCESS_LOG_URL.*AUDIT_URL.*POPULATION_DATABASE_URL.*OPERATOR_LEGAL_PERSON_DATABASE_URL/,
    );
  });

  it('make connections read-only beside what options they had', () => {
    const url = new URL(readOnly('postgres://u:p%40@h:1/d?options=-c%20role%3Dhuitong_reader'));
    expect(url.searchParams.get('options')).toMatch(/^-c role=huitong_reader -c default_transaction_read_only=on /);
    expect(url.password).toBe('p%40');
  });
});
