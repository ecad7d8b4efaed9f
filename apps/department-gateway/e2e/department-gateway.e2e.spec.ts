import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { datasets, EventCodec, SchemaRegistry } from '@huitong/change-event';
import { consumeLanes, createTopicAdmin, type FetchedMessage, type LaneConsumer } from '@huitong/event-stream';
import { RunningGateway } from './running-gateway.ts';

const topic = datasets['psb.household-register'].topic;
const events = '/v1/datasets/psb.household-register/events';
const examples = new URL('../../../schemas/psb/examples/household-register/', import.meta.url);
const secretId = '340204199001011235';

let valid: Record<string, unknown>;
let gateway: RunningGateway;
let reader: LaneConsumer;
const read: { partition: number; message: FetchedMessage }[] = [];

/** A new event of a new source record, about the example's person. */
const event = (): Record<string, unknown> & { eventId: string } => {
  const eventId = randomUUID();
  return { ...valid, eventId, sourceRecordId: `R-${eventId}` };
};
const misfit = () => {
  const event_ = event();
  return { ...event_, data: { ...(event_['data'] as object), citizenId: secretId } };
};
const header = ({ message }: (typeof read)[number], name: string) => String(message.headers()[name]);

async function readOf(eventId: string, times = 1): Promise<typeof read> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const found = read.filter((one) => header(one, 'ce_id') === eventId);
    if (found.length >= times) return found;
    await sleep(100);
  }
  throw new Error('the event did not come out of Kafka');
}

beforeAll(async () => {
  valid = JSON.parse(await readFile(new URL('valid-created.json', examples), 'utf8')) as Record<string, unknown>;
  const brokers = process.env['KAFKA_BROKERS']!.split(',');
  const admin = createTopicAdmin({ brokers, clientId: 'gateway-e2e' });
  await admin.ensureTopics(
    [topic, datasets['dpf.disability-certificate'].topic].map((name) => ({
      topic: name,
      partitions: 12,
    })),
  );
  await admin.disconnect();
  gateway = await RunningGateway.start();
  reader = await consumeLanes({
    brokers,
    clientId: 'gateway-e2e',
    groupId: `gateway-e2e-${randomUUID()}`,
    topics: [topic],
    chunkMax: { messages: 1_000, bytes: 8 << 20 },
    writers: 1,
    sessionTimeoutMs: 30_000,
    onFatal: (error) => {
      throw error;
    },
    keepLost: async () => {},
    claim: async (lanes) => new Map(lanes.map((lane) => [lane, { [topic]: { next: 0 } }])),
    apply: async (batches) => {
      for (const { lane, messages } of batches) for (const message of messages) read.push({ partition: lane, message });
      return 'applied';
    },
  });
}, 600_000);

afterAll(async () => {
  await reader?.stop();
  await gateway?.stop();
}, 600_000);

describe('the department gateway', () => {
  it('publishes the valid events of a request and says what is wrong with the others', async () => {
    const [good, bad] = [event(), misfit()];
    const { status, json } = await gateway.call('psb', 'POST', events, [good, bad, { ...event(), reason: 'NONE' }]);
    expect(status).toBe(202);
    expect(json).toEqual({
      accepted: 1,
      rejected: [
        {
          index: 1,
          eventId: bad.eventId,
          code: 'IDENTIFIER_INVALID',
          field: 'data.citizenId',
          message: expect.stringContaining(' / '),
        },
        expect.objectContaining({ index: 2, code: 'CODE_UNKNOWN', field: 'reason' }),
      ],
    });
    const [found] = await readOf(good.eventId);
    expect(found!.message.key!.toString()).toBe((valid['data'] as Record<string, unknown>)['citizenId']);
    expect(header(found!, 'ce_type')).toBe('cn.huitong.psb.household-register.v1');
    expect(header(found!, 'ce_source')).toBe('/departments/psb');
    expect(header(found!, 'traceparent')).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
    const codec = await EventCodec.connect(new SchemaRegistry(process.env['REGISTRY_URL']!), [
      'psb.household-register',
    ]);
    const [decoded] = await codec.decode('psb.household-register', [found!.message.value]);
    expect(decoded).toMatchObject({ ok: true, event: { event_id: good.eventId, verb: 'CREATED' } });
  });

  it('remembers for a while where a single event went', async () => {
    const one = event();
    expect((await gateway.call('psb', 'POST', events, one)).json).toEqual({ accepted: 1, rejected: [] });
    const [found] = await readOf(one.eventId);
    const redis = new Redis(process.env['REDIS_URL']!);
    const place = await redis.get(`huitong:published:${one.eventId}`);
    redis.disconnect();
    expect(place).toMatch(
      new RegExp(`^psb\\.household-register:${found!.partition}:${found!.message.offset}:\\d{13}$`),
    );
  });

  it('reads NDJSON, where a line that is not JSON spoils only itself', async () => {
    const [first, second] = [event(), event()];
    const lines = `${JSON.stringify(first)}\n{"eventId":\n\n${JSON.stringify(second)}\n`;
    const { status, json } = await gateway.call('psb', 'POST', events, lines, 'application/x-ndjson');
    expect(status).toBe(202);
    expect(json).toMatchObject({ accepted: 2, rejected: [{ index: 1, code: 'EVENT_UNREADABLE' }] });
    await readOf(first.eventId);
    await readOf(second.eventId);
  });

  it('takes the same event again; its id tells the readers', async () => {
    const one = event();
    for (let turn = 0; turn < 2; turn++) expect((await gateway.call('psb', 'POST', events, [one])).status).toBe(202);
    const both = await readOf(one.eventId, 2);
    expect(new Set(both.map(({ partition }) => partition)).size).toBe(1);
  });

  it('answers 422 when it can accept none', async () => {
    const { status, headers, json } = await gateway.call('psb', 'POST', events, [misfit(), 'no event']);
    expect(status).toBe(422);
    expect(headers['content-type']).toContain('application/problem+json');
    expect(json).toMatchObject({
      code: 'EVENT_INVALID',
      status: 422,
      accepted: 0,
      rejected: [{ index: 0 }, { index: 1 }],
    });
    expect(JSON.stringify(json)).not.toContain(secretId);
  });

  it('takes at most 1,000 events and 8 MB, in valid UTF-8', async () => {
    const thousand = Array.from({ length: 1_000 }, event);
    expect((await gateway.call('psb', 'POST', events, thousand)).json).toEqual({ accepted: 1_000, rejected: [] });
    const refused = async (body: unknown, type?: string) =>
      (await gateway.call('psb', 'POST', events, body, type)).json;
    expect(await refused([...thousand, event()])).toMatchObject({ status: 413, code: 'TOO_MANY_EVENTS' });
    expect(await refused(`"${'x'.repeat(9 * 1_048_576)}"`)).toMatchObject({ status: 413, code: 'BODY_TOO_LARGE' });
    expect(await refused([])).toMatchObject({ status: 400, code: 'BODY_INVALID' });
    expect(await refused('{"eventId"')).toMatchObject({ status: 400, code: 'BODY_INVALID' });
    const gbk = Buffer.concat([Buffer.from('{"name":"'), Buffer.from([0xcd, 0xf5]), Buffer.from('"}')]);
    expect(await refused(gbk, 'application/x-ndjson')).toMatchObject({ status: 400, code: 'BODY_INVALID' });
  }, 600_000);

  it('lets a department publish its own datasets and nobody else anything', async () => {
    const post = async (who: string, path = events) => (await gateway.call(who, 'POST', path, [event()])).json;
    expect(await post('nobody')).toMatchObject({ status: 401, code: 'CERTIFICATE_REQUIRED' });
    expect(await post('mca')).toMatchObject({ status: 403, code: 'NOT_PERMITTED' });
    for (const who of ['officer', 'operator', 'administrator', 'service'])
      expect(await post(who)).toMatchObject({ status: 403, code: 'NOT_PERMITTED' });
    expect(await post('psb', '/v1/datasets/psb.no-such/events')).toMatchObject({
      status: 404,
      code: 'DATASET_UNKNOWN',
    });
  });

  it('puts a heartbeat on every partition', async () => {
    const before = Date.now();
    const path = '/v1/datasets/psb.household-register/heartbeats';
    const { status, json } = await gateway.call('psb', 'POST', path);
    expect(status).toBe(202);
    expect(json['partitions']).toBe(12);
    expect(Date.parse(json['at'] as string)).toBeGreaterThanOrEqual(before);
    const at = '2026-05-06T03:00:00.000Z';
    expect((await gateway.call('psb', 'POST', path, { at })).json).toEqual({ partitions: 12, at });
    const future = new Date(Date.now() + 3_600_000).toISOString();
    for (const body of [{ at: future }, { at: 'today' }, { when: at }])
      expect((await gateway.call('psb', 'POST', path, body)).json).toMatchObject({
        status: 400,
        code: 'REQUEST_INVALID',
      });
    for (let attempt = 0; attempt < 100; attempt++) {
      const beats = read.filter((one) => one.message.value?.toString() === JSON.stringify({ at }));
      if (new Set(beats.map(({ partition }) => partition)).size === 12) return;
      await sleep(100);
    }
    throw new Error('the heartbeats did not reach every partition');
  });

  it('shows each department its catalogue and schemas', async () => {
    const { json } = await gateway.call('psb', 'GET', '/v1/datasets');
    const list = json['datasets'] as { dataset: string }[];
    expect(list.map(({ dataset }) => dataset).toSorted()).toEqual([
      'psb.household-register',
      'psb.residence-permit',
      'psb.vehicle',
    ]);
    expect(list[0]).toMatchObject({ department: 'psb', subjectKey: expect.any(String), fields: expect.any(Object) });
    const all = (await gateway.call('steward', 'GET', '/v1/datasets')).json['datasets'] as unknown[];
    expect(all).toHaveLength(Object.keys(datasets).length);
    const schema = await gateway.call('psb', 'GET', '/v1/datasets/psb.vehicle/schema');
    expect(schema.json).toEqual(datasets['psb.vehicle'].schema);
    expect((await gateway.call('psb', 'GET', '/v1/datasets/mca.marriage/schema')).status).toBe(403);
  });

  it('counts what it does', async () => {
    const { json } = await gateway.call('nobody', 'GET', '/metrics');
    expect(json['text']).toMatch(/huitong_gateway_events_accepted_total\{dataset="psb.household-register"\} \d{4}/);
    expect(json['text']).toMatch(/events_rejected_total\{dataset="psb.household-register",code="CODE_UNKNOWN"\} 1/);
    expect(json['text']).toContain('huitong_gateway_publish_duration_seconds_bucket');
    expect((await gateway.call('nobody', 'GET', '/openapi.json')).json).toMatchObject({ openapi: '3.1.0' });
  });

  it('ends on SIGTERM with its log in JSON and no value in it', async () => {
    expect(await gateway.stop()).toBe(0);
    const lines = gateway.output.trim().split('\n');
    for (const line of lines) expect(JSON.parse(line)).toMatchObject({ service: 'department-gateway' });
    expect(gateway.output).toContain('"route":"/v1/datasets/:dataset/events"');
    expect(gateway.output).not.toContain(secretId);
    expect(gateway.output).not.toContain((valid['data'] as Record<string, string>)['citizenId']!);
  }, 600_000);
});

describe('a gateway whose surroundings fail', () => {
  it('limits a department by itself while Redis is away', async () => {
    const lone = await RunningGateway.start({ REDIS_URL: 'redis://127.0.0.1:1', RATE_LIMIT_EVENTS_PER_SECOND: '1000' });
    try {
      const path = '/v1/datasets/dpf.disability-certificate/events';
      const many = Array.from({ length: 900 }, () => ({}));
      const answers = [await lone.call('dpf', 'POST', path, many), await lone.call('dpf', 'POST', path, many)];
      expect(answers.map(({ status }) => status)).toEqual([422, 429]);
      expect(answers[1]!.json).toMatchObject({ code: 'RATE_LIMITED' });
      expect(answers[1]!.headers['retry-after']).toBe('1');
      expect((await lone.call('psb', 'POST', events, [event()])).status).toBe(202);
      await sleep(1_100);
      expect((await lone.call('dpf', 'POST', path, many)).status).toBe(422);
    } finally {
      await lone.stop();
    }
  }, 600_000);

  it('answers 503 while Kafka is away, lives on, and is not ready', async () => {
    const lone = await RunningGateway.start({ KAFKA_BROKERS: '127.0.0.1:1', PUBLISH_TIMEOUT_MS: '2000' }, 'live');
    try {
      await sleep(2_000);
      const { status, headers, json } = await lone.call('psb', 'POST', events, [event()]);
      expect(status).toBe(503);
      expect(Number(headers['retry-after'])).toBeGreaterThan(0);
      expect(json).toMatchObject({ code: 'BROKER_UNAVAILABLE', detail: expect.stringContaining('again is safe') });
      const ready = await lone.call('nobody', 'GET', '/health/ready');
      expect(ready.status).toBe(503);
      expect(ready.json).toMatchObject({ checks: { kafka: { status: 'down' }, registry: { status: 'up' } } });
      expect((await lone.call('nobody', 'GET', '/health/live')).status).toBe(200);
    } finally {
      expect(await lone.stop()).toBe(0);
    }
  }, 600_000);

  it('refuses to start with wrong settings, in one line that names them all', async () => {
    const start = RunningGateway.start({ KAFKA_BROKERS: 'nowhere', REGISTRY_URL: 'secret text', REDIS_URL: '' });
    const message = await start.then(
      () => '',
      (error: Error) => error.message,
    );
    expect(message).toMatch(/"level":"fatal".*CONFIG_INVALID.*KAFKA_BROKERS.*REGISTRY_URL.*REDIS_URL/);
    expect(message).not.toContain('secret text');
  }, 600_000);
});
