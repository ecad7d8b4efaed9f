import { describe as suite, expect, it } from '@jest/globals';
import { shortTime, table } from './lag-table.ts';
import { describe as describeLag } from './lag.ts';
import { describe as describeLanes, describeResumption } from './lanes.ts';
import { describe as describeParked } from './parked.ts';
import { describe as describeTrace } from './trace.ts';

suite('a table', () => {
  it('lines up Chinese and Latin text by the cells that a terminal draws', () => {
    const columns = [
      { zh: '数据资源', en: 'dataset' },
      { zh: '待入库', en: 'waiting', right: true },
      { zh: '结论', en: 'verdict' },
    ];
    expect(
      table(columns, [
        ['psb.vehicle', '12', 'OK'],
        ['户籍', '1234567', 'SILENT'],
      ]),
    ).toBe(
      [
        '数据资源      待入库  结论',
        'dataset      waiting  verdict',
        'psb.vehicle       12  OK',
        '户籍         1234567  SILENT',
        '',
      ].join('\n'),
    );
  });

  it('shows the date of another day only', () => {
    expect(shortTime(null)).toBe('-');
    expect(shortTime(new Date().toISOString())).toMatch(/^\d\d:\d\d:\d\d$/);
    expect(shortTime('2017-01-05T08:00:00Z')).toMatch(/^2017-01-05 /);
  });
});

suite('what the commands say', () => {
  it('of lag: each row, and what to do about each verdict that is not OK', () => {
    const gap = {
      lane: 3,
      fromOffset: 10,
      atOffset: 40,
      by: 'operator',
      at: '2017-01-05T08:00:00Z',
      grounds: '已重发',
    };
    const sentence = { zh: '中', en: 'en' };
    const row = { dataset: 'psb.vehicle', subjectDatabase: 'population', asOf: null, sentence, gaps: [] };
    const text = describeLag({
      at: '2017-01-05T08:00:00Z',
      lag: [
        { ...row, records: 0, seconds: 0, verdict: 'OK', trend: 'steady', clearsInSeconds: 0, gaps: [gap] },
        { ...row, records: 900, seconds: 12.345, verdict: 'WARN', trend: 'falling', clearsInSeconds: 8 },
        { ...row, records: null, seconds: null, verdict: 'UNKNOWN', trend: 'unknown', clearsInSeconds: null },
      ],
    });
    expect(text).toMatch(/✓ +psb\.vehicle +population +0 +0 +- +OK +→\n/);
    expect(text).toMatch(/✗ +psb\.vehicle +population +900 +12\.3 +- +WARN +↓ 8 s\n/);
    expect(text).toMatch(/✗ +psb\.vehicle +population +\? +\? +- +UNKNOWN\n/);
    expect(text).toContain('WARN: 中 / en\nUNKNOWN: 中 / en\n');
    expect(text).not.toContain('OK: 中');
    expect(text).toMatch(/缺口 gap: psb\.vehicle population 通道 lane 3, 10 → 40, operator, 2017-01-05 .*: 已重发\n/);
  });

  it('of lanes that stand still: what would be given up, counted only where the log tells it', () => {
    const since = '2017-01-05T08:00:00Z';
    const lost = { database: 'population', dataset: 'psb.vehicle', lane: 3, appliedUntil: null, since };
    const removed = { ...lost, next: 10, beginning: 40, end: 60, goOnAt: 40 };
    const madeAnew = { ...lost, next: 100, beginning: 0, end: 7, goOnAt: 0 };
    expect(describeLanes([])).toContain('no lane stands still');
    expect(describeLanes([removed])).toMatch(/population +psb\.vehicle +3 +10–39 \(30 条消息 messages\).* 40 +60\n/);
    expect(describeLanes([madeAnew])).toMatch(/from 100 of the former log on, nobody knows how many.* 0 +7\n/);
    expect(describeResumption({ ...removed, atOffset: 40, outcome: 'resumed' })).toMatch(
      /going on\n.*10–39.*\n.* 40\n/,
    );
    expect(describeResumption({ ...removed, atOffset: 40, outcome: null })).toContain('has not done it yet');
  });

  it('of parked events: the causes, the events, and how to go on', () => {
    expect(describeParked({ parked: [], groups: [], next: null })).toBe('没有待处理事件 / nothing is parked\n');
    const event = {
      database: 'population',
      id: 3,
      code: 'EVENT_UNREADABLE',
      dataset: 'psb.vehicle',
      lane: 4,
      offset: 5,
    };
    const text = describeParked({
      parked: [{ ...event, eventId: null, state: 'parked', parkedAt: '2017-01-05T08:00:00Z' }],
      groups: [{ database: 'population', dataset: 'psb.vehicle', code: 'EVENT_UNREADABLE', schemaId: 7, count: 2 }],
      next: '1.0.3',
    });
    expect(text).toContain('2 × EVENT_UNREADABLE psb.vehicle (population, schema 7)');
    expect(text).toContain('--before 1.0.3');
  });

  it('of an event: what is known and nothing else', () => {
    expect(describeTrace({ eventId: 'e', state: 'unknown' })).toBe('状态 state: 未知 / unknown\n');
    expect(
      describeTrace({ eventId: 'e', state: 'waiting', dataset: 'mca.marriage', lane: 5, offset: 47, ahead: 0 }),
    ).toContain('位置 lane, offset: 5, 47\n前面还有 ahead: 0\n');
  });
});
