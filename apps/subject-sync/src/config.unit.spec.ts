import { describe, expect, it } from '@jest/globals';
import { readConfigFrom } from './config.ts';

const needed = { KAFKA_BROKERS: 'a:9092, b:9092', REGISTRY_URL: 'http://a', DATABASE_URL: 'postgres://a/b' };

describe('the settings of a sync service', () => {
  it('are those of the database that the argument names', () => {
    const config = readConfigFrom('legal-person', {
      ...needed,
      LEGAL_PERSON_SYNC_PORT: '8092',
      HOUSING_SYNC_PORT: '8093',
    });
    expect(config).toMatchObject({ database: 'legal_person', name: 'legal-person-sync', WRITERS: 2 });
    expect(config.KAFKA_BROKERS).toEqual(['a:9092', 'b:9092']);
    expect(config.portOf('legal_person')).toBe(8092);
  });

  it.each([undefined, '', 'legal_person', 'city'])(
    'refuse the name %p in one sentence with those that there are',
    (name) => {
      expect(() => readConfigFrom(name, needed)).toThrow(
        expect.objectContaining({
          code: 'CONFIG_INVALID',
          message: expect.stringContaining('one of population, legal-person, housing'),
        }),
      );
    },
  );

  it('refuse brokers without a port', () => {
    expect(() => readConfigFrom('housing', { ...needed, KAFKA_BROKERS: 'a' })).toThrow(/KAFKA_BROKERS.*host:port/);
  });
});
