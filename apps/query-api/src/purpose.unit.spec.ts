import { describe, expect, it } from '@jest/globals';
import { readConfigFrom } from './config.ts';
import { readPurpose } from './purpose.ts';

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

describe('the settings', () => {
  it('name every database that is missing, for both roles', () => {
    expect(() => readConfigFrom({ KAFKA_BROKERS: 'a:1', REDIS_URL: 'redis://a' })).toThrow(
      /ACCESS_LOG_URL.*AUDIT_URL.*POPULATION_DATABASE_URL.*OPERATOR_LEGAL_PERSON_DATABASE_URL/,
    );
  });
});
