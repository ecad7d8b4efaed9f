import { describe, expect, it } from '@jest/globals';
import { checkMapping } from './mapping.ts';
import { RowEvents } from './row-events.ts';
import type { SourceRow } from './source.ts';

const dataset = 'amr.enterprise-registration';
const now = new Date('2026-03-04T05:06:07Z');
const recordedAtMs = Date.parse('2026-01-02T03:04:05.678Z');
const columns = ['代码', '名称', '类型', '资金', '日期'];
const mapping = checkMapping(
  {
    dataset,
    sourceRecordId: '代码',
    validFrom: '日期',
    fields: {
      registeredCapitalText: '资金',
      registeredCapital: { column: '资金', transform: 'capital' },
      creditCode: '代码',
      name: '名称',
      enterpriseType: { column: '类型', pattern: '\\p{Script=Han}+' },
      status: { constant: '1' },
      foundedDate: '日期',
    },
  },
  dataset,
  'spec',
);
const make = (changes: Partial<ConstructorParameters<typeof RowEvents>[0]> = {}): RowEvents =>
  new RowEvents({
    dataset,
    source: { format: 'csv', columns, encoding: 'utf8' },
    mapping,
    guessedKey: false,
    sourceVersion: 1_000,
    recordedAtMs,
    fileBytes: 1_000,
    ...changes,
  });
const row = (...original: string[]): SourceRow => ({ line: 2, original });
const good = row('91340200149499540F', '芜湖市样例公司', 'N/A', '42.4000(万元)', '1979-07-18');
const eventOf = (reading: ReturnType<RowEvents['read']>) => {
  if (!reading.ok) throw new Error(reading.problem.message);
  return JSON.parse(reading.json) as Record<string, unknown>;
};

describe('the event of a row', () => {
  it('holds what the mapping says, with an id of its time and content', () => {
    const event = eventOf(make().read(good, now));
    expect(event).toEqual({
      eventId: expect.stringMatching(/^019b7ca9-8f2e-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/),
      verb: 'CREATED',
      reason: 'INITIAL_LOAD',
      sourceRecordId: '91340200149499540F',
      sourceVersion: 1_000,
      validFrom: '1979-07-18',
      recordedAt: '2026-01-02T03:04:05.678Z',
      data: {
        creditCode: '91340200149499540F',
        name: '芜湖市样例公司',
        enterpriseType: null,
        registeredCapital: '424000',
        registeredCapitalText: '42.4000(万元)',
        foundedDate: '1979-07-18',
        status: '1',
      },
    });
  });

  it('is the same in another run and under a mapping of another order, and another for another content or version', () => {
    const id = (events: RowEvents, one = good) => eventOf(events.read(one, now))['eventId'];
    const first = id(make());
    expect(id(make())).toBe(first);
    const reversed = { ...mapping, fields: Object.fromEntries(Object.entries(mapping.fields).reverse()) };
    expect(id(make({ mapping: reversed }))).toBe(first);
    expect(id(make({ sourceVersion: 1_001 }))).not.toBe(first);
    expect(id(make(), row(...good.original.with(1, '另一公司')))).not.toBe(first);
    expect(String(id(make({ recordedAtMs: recordedAtMs + 1 }))).slice(0, 13)).toBe('019b7ca9-8f2f');
  });

  it('takes version and instant from columns where the mapping names them', () => {
    const source = { format: 'csv', columns: [...columns, '版本', '入库'], encoding: 'utf8' } as const;
    const events = make({ source, mapping: { ...mapping, sourceVersion: '版本', recordedAt: '入库' } });
    const one = row(...good.original, '7', '2008-05-06 07:08:09');
    for (let turn = 0; turn < 2; turn++)
      expect(eventOf(events.read(one, now))).toMatchObject({
        sourceVersion: 7,
        recordedAt: '2008-05-05T23:08:09.000Z',
      });
  });
});

describe('rows with one record id', () => {
  it('get ever higher versions, so that the later one wins', () => {
    const events = make();
    const other = row('91340200149380152L', ...good.original.slice(1));
    const versions = [good, other, good, other, good].map((one) => eventOf(events.read(one, now))['sourceVersion']);
    expect(versions).toEqual([1_000, 1_000, 1_001, 1_002, 1_003]);
    expect(events.repeated).toBe(3);
  });

  it('get the same versions when an earlier run has done the first of them', () => {
    const events = make();
    events.skip(good);
    events.skip(good);
    expect(eventOf(events.read(good, now))['sourceVersion']).toBe(1_002);
  });

  it('are refused from the second on where the record id was guessed', () => {
    const events = make({ guessedKey: true });
    expect(events.read(good, now).ok).toBe(true);
    expect(events.read(good, now)).toMatchObject({ problem: { code: 'RECORD_REFUSED', field: 'sourceRecordId' } });
  });
});

describe('a row that is no event', () => {
  const refusal = (one: SourceRow) => {
    const reading = make().read(one, now);
    return reading.ok ? undefined : reading.problem;
  };

  it.each([
    ['of another width', row('a', 'b'), 'RECORD_REFUSED', '', '2 列'],
    ['without a record id', row(' ', ...good.original.slice(1)), 'RECORD_REFUSED', 'sourceRecordId', '代码'],
    ['with a bad date', row(...good.original.with(4, '1979-02-30')), 'RECORD_REFUSED', 'validFrom', '日期 列'],
    ['with a bad code', row('123', ...good.original.slice(1)), 'IDENTIFIER_INVALID', 'data.creditCode', '标识不符'],
    ['that cannot be decoded', row(...good.original.with(1, '\uFFFD')), 'RECORD_REFUSED', '', '名称'],
  ])('%s is refused with its true reason', (_, one, code, field, part) => {
    expect(refusal(one)).toMatchObject({ code, message: expect.stringContaining(part) });
    expect(['', field, 'data.foundedDate']).toContain(refusal(one)?.field);
  });

  it('because its columns are shifted says so and names them, without a value', () => {
    const problem = refusal(row(good.original[0]!, '名称', 'PierreX', 'Frédéric', '1979-07-18'));
    expect(problem).toMatchObject({ code: 'RECORD_REFUSED', field: 'data.enterpriseType' });
    expect(problem?.message).toContain('2 列内容与列名不符，疑为错列：类型、资金');
    expect(problem?.message).not.toContain('Pierre');
  });
});

describe('NDJSON', () => {
  const source = { format: 'ndjson', columns: [], encoding: 'utf8' } as const;

  it('of events goes through as it is, checked', () => {
    const event = eventOf(make().read(good, now));
    const events = make({ source, mapping: undefined });
    const line = (json: object): SourceRow => ({ line: 1, original: [''], json: json as Record<string, unknown> });
    expect(eventOf(events.read(line(event), now))).toEqual(event);
    expect(events.read(line({ ...event, problem: 1 }), now)).toMatchObject({ problem: { field: 'problem' } });
    expect(events.read({ line: 3, original: ['{'] }, now)).toMatchObject({ problem: { code: 'EVENT_UNREADABLE' } });
    expect(events.repeated).toBe(1);
  });

  it('of plain rows is mapped by its keys', () => {
    const json = Object.fromEntries(columns.map((column, index) => [column, good.original[index]]));
    const fromCsv = eventOf(make().read(good, now));
    expect(eventOf(make({ source }).read({ line: 1, original: [''], json }, now))).toEqual(fromCsv);
  });
});
