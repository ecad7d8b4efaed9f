import { describe, expect, it } from '@jest/globals';
import { Registry } from 'prom-client';
import { datasets, HuitongError, type EventCodec, type Message } from '@huitong/change-event';
import type { Publisher } from '@huitong/event-stream';
import { createLogger } from '@huitong/service-kit';
import { GatewayMetrics } from './gateway-metrics.ts';
import { Intake } from './intake.ts';
import type { PublishedIndex } from './published-index.ts';
import type { RateLimit } from './rate-limit.ts';
import { Upstream } from './upstream.ts';

const logger = createLogger('spec', { level: 'silent' });
const delivery = { dataset: 'hcb.dwelling', department: 'hcb', traceparent: '00-x' } as const;

interface Sent {
  readonly topic: string;
  readonly messages: readonly Message[];
}

async function intakeWith(publish: (topic: string, messages: readonly Message[]) => Promise<unknown>) {
  const remembered: { eventId: string }[] = [];
  const taken: number[] = [];
  const upstream = <Thing>(thing: Thing) =>
    new Upstream<Thing>({ name: 'a part', away: 'BROKER_UNAVAILABLE', connect: () => Promise.resolve(thing), logger });
  const codec = upstream({ encode: () => Buffer.from('event') } as unknown as EventCodec);
  const publisher = upstream({ publish } as unknown as Publisher);
  const metrics = new GatewayMetrics(new Registry());
  const intake = new Intake({
    codec,
    publisher,
    metrics,
    rateLimit: { take: async (_: string, events: number) => void taken.push(events) } as unknown as RateLimit,
    index: {
      remember: (_: string, events: { eventId: string }[]) => void remembered.push(...events),
    } as unknown as PublishedIndex,
    publishTimeoutMs: 100,
  });
  await new Promise(setImmediate);
  return { intake, remembered, taken, metrics };
}

/** An annulment needs no data, so it fits every dataset whose subject it names. */
const annulment = (version: number) => ({
  eventId: `019dfb3a-5f80-7000-8000-${String(version).padStart(12, '0')}`,
  verb: 'ANNULLED',
  reason: Object.keys(datasets['hcb.dwelling'].reasons)[0],
  sourceRecordId: 'DW-1',
  sourceVersion: version,
  recordedAt: '2026-05-06T03:00:00.000Z',
  subjectId: '340207001001GB00001F00010001',
  data: null,
});

describe('the intake', () => {
  it('publishes the good events in the order given, and says of each bad one where and why, without its value', async () => {
    const sent: Sent[] = [];
    const { intake, remembered, taken } = await intakeWith(async (topic, messages) => {
      sent.push({ topic, messages });
      return [];
    });
    const result = await intake.takeEvents(delivery, [
      annulment(1),
      { ...annulment(2), reason: 'WRONG-王小明' },
      annulment(3),
      'not an event',
    ]);
    expect(result).toMatchObject({
      accepted: 2,
      rejected: [
        { index: 1, eventId: annulment(2).eventId, code: 'CODE_UNKNOWN', field: 'reason' },
        { index: 3, code: 'RECORD_REFUSED' },
      ],
    });
    expect(JSON.stringify(result)).not.toContain('王小明');
    expect(sent).toHaveLength(1);
    expect(sent[0]!.topic).toBe('dept.hcb.dwelling.v1');
    expect(sent[0]!.messages.map(({ headers }) => headers['ce_id'])).toEqual([
      annulment(1).eventId,
      annulment(3).eventId,
    ]);
    expect(sent[0]!.messages[0]!.headers).toMatchObject({ ce_source: '/departments/hcb', traceparent: '00-x' });
    expect(remembered.map(({ eventId }) => eventId)).toEqual([annulment(1).eventId, annulment(3).eventId]);
    expect(taken).toEqual([4]);
  });

  it('publishes nothing when no event is good', async () => {
    const { intake, remembered } = await intakeWith(() => Promise.reject(new Error('must not be called')));
    expect(await intake.takeEvents(delivery, [{}])).toMatchObject({ accepted: 0, rejected: [{ index: 0 }] });
    expect(remembered).toEqual([]);
  });

  it('promises nothing when the broker fails or is too slow', async () => {
    const failing = () => Promise.reject(new HuitongError('BROKER_UNAVAILABLE', 'publishing'));
    const hanging = () => new Promise<void>(() => undefined);
    for (const publish of [failing, hanging]) {
      const { intake, remembered, metrics } = await intakeWith(publish);
      await expect(intake.takeEvents(delivery, [annulment(1)])).rejects.toMatchObject({
        code: 'BROKER_UNAVAILABLE',
        message: expect.stringContaining('sending the same events again is safe'),
      });
      expect(remembered).toEqual([]);
      expect((await metrics.accepted.get()).values).toEqual([]);
    }
  });

  it('puts one heartbeat on each partition', async () => {
    const sent: Sent[] = [];
    const { intake } = await intakeWith(async (topic, messages) => {
      sent.push({ topic, messages });
      return [];
    });
    const at = new Date('2026-05-06T03:00:00.000Z');
    expect(await intake.takeHeartbeat(delivery, at)).toBe(12);
    const { topic, messages } = sent[0]!;
    expect(topic).toBe('dept.hcb.dwelling.v1');
    expect(messages.map(({ partition }) => partition)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    for (const { key, value, headers } of messages) {
      expect(key).toBeNull();
      expect(JSON.parse(value!.toString())).toEqual({ at: '2026-05-06T03:00:00.000Z' });
      expect(headers['ce_type']).toBe('cn.huitong.heartbeat.v1');
    }
    expect(new Set(messages.map(({ headers }) => headers['ce_id'])).size).toBe(12);
  });
});

describe('something outside that is away', () => {
  it('is reached for again, and refused meanwhile with its code', async () => {
    let attempts = 0;
    const upstream = new Upstream({
      name: 'a part',
      away: 'REGISTRY_UNAVAILABLE',
      logger,
      connect: () => (++attempts > 1 ? Promise.resolve('here') : Promise.reject(new Error('away'))),
    });
    expect(() => upstream.get()).toThrow(expect.objectContaining({ code: 'REGISTRY_UNAVAILABLE' }));
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    expect(upstream.get()).toBe('here');
  });
});
