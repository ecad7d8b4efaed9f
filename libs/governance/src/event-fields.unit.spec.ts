import { describe, expect, it } from '@jest/globals';
import { readJsonEvent, type ChangeEvent } from '@huitong/change-event';
import { bytesOf, fieldsOf, jsonFormOf } from './event-fields.ts';
import { shownTo } from './masking.ts';

const event: ChangeEvent<'hrss.pension-payment'> = {
  event_id: '019a0000-0000-7000-8000-000000000001',
  verb: 'CREATED',
  previous_event_id: null,
  reason: 'PAID',
  source_record_id: 'r1',
  source_version: 3,
  valid_from: '2026-01-01',
  valid_to: null,
  recorded_at: Date.UTC(2026, 0, 2),
  data: { citizenId: '340204199001011234', month: '2026-01-01', amount: '8.00' } as never,
};

describe('the bytes of an event', () => {
  const wire = Buffer.from([0, 0, 0, 0, 7, 0x41, 0x42]);

  it('are whole for those who may read them', () => {
    expect(bytesOf(wire, true)).toBe('00 00 00 00 07 41 42');
  });

  it('are masked for others but for the schema id, and wholly where there is none', () => {
    expect(bytesOf(wire, false)).toBe('00 00 00 00 07 ·· ··');
    expect(bytesOf(Buffer.from('{"n'), false)).toBe('·· ·· ··');
    expect(bytesOf(Buffer.from([0, 0x41, 0x42]), false)).toBe('·· ·· ··');
    expect(bytesOf(null, false)).toBe('');
  });
});

describe('the fields of an event', () => {
  it('tell what a code means, to nobody else than what it is', () => {
    const reason = (mayRead: boolean) =>
      shownTo(mayRead, fieldsOf('hrss.pension-payment', 'k', event)).find(({ name }) => name === 'reason');
    expect(reason(true)).toMatchObject({ value: 'PAID', meaning: '发放' });
    expect(JSON.stringify(reason(false))).not.toMatch(/PAID|发放/);
  });
});

describe('the JSON form of an event', () => {
  it('is what the gateway reads as the same event', () => {
    const json = jsonFormOf('hrss.pension-payment', event, '340204199001011234');
    const reading = readJsonEvent('hrss.pension-payment', json, new Date('2026-02-01'));
    expect(reading).toMatchObject({ ok: true, event, subjectId: '340204199001011234' });
  });

  it('names the subject of an annulment by its key', () => {
    const annulled: ChangeEvent = { ...event, verb: 'ANNULLED', data: null };
    const json = jsonFormOf('hrss.pension-payment', annulled, '340204199001011234');
    const reading = readJsonEvent('hrss.pension-payment', json, new Date('2026-02-01'));
    expect(reading).toMatchObject({ ok: true, event: annulled, subjectId: '340204199001011234' });
  });

  it('of a time that no clock can show is refused, not a crash', () => {
    const json = jsonFormOf('hrss.pension-payment', { ...event, recorded_at: 9e18 }, undefined);
    expect(readJsonEvent('hrss.pension-payment', json, new Date())).toMatchObject({
      ok: false,
      problem: { field: 'recordedAt' },
    });
  });
});
