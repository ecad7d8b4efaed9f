import { describe, expect, it } from '@jest/globals';
import { readPlace } from './published-events.ts';
import { readOnly } from './subject-connections.ts';

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

describe('the address of a reader', () => {
  it('makes connections read-only beside what options they had', () => {
    const url = new URL(readOnly('postgres://u:p%40@h:1/d?options=-c%20role%3Dhuitong_reader'));
    expect(url.searchParams.get('options')).toMatch(/^-c role=huitong_reader -c default_transaction_read_only=on /);
    expect(url.password).toBe('p%40');
  });
});
