import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { datasets, EventCodec, SchemaRegistry, toMessage } from '@huitong/change-event';
import { createPublisher } from '@huitong/event-stream';
import { allOutcomes } from '@huitong/subject-engine';
import { poisonMark } from './audit.mjs';

const dataset = 'psb.vehicle';
const { topic } = datasets[dataset];
const parkedWithinMs = 60_000;

const textOf = (length) => `${poisonMark}${randomBytes(length).toString('base64')}`.slice(0, length);

function vehicle(change = {}, content = {}) {
  const subjectId = textOf(24);
  const data = Object.fromEntries(Object.keys(datasets[dataset].fields).map((name) => [name, null]));
  return {
    event_id: randomUUID(),
    verb: 'CREATED',
    previous_event_id: null,
    reason: 'REGISTERED',
    source_record_id: textOf(24),
    source_version: 1,
    valid_from: null,
    valid_to: null,
    recorded_at: Date.now(),
    data: { ...data, citizenId: subjectId, plateNo: textOf(16), ...content },
    ...change,
  };
}

/** Avro's zigzag varint of a number of any size. */
function varint(number) {
  const bytes = [];
  let rest = number >= 0n ? number * 2n : -number * 2n - 1n;
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return Buffer.from([...bytes, Number(rest)]);
}

/** Replaces the source version, which is 1, in an event's bytes: after header, id, verb, previous id, reason, record id. */
function withVersion(value, event, version) {
  const before = ['event_id', 'reason', 'source_record_id'].reduce((sum, name) => sum + 1 + event[name].length, 5 + 2);
  return Buffer.concat([value.subarray(0, before), varint(version), value.subarray(before + 1)]);
}

function withSchema(value, id) {
  const bytes = Buffer.from(value);
  bytes.writeUInt32BE(id, 1);
  return bytes;
}

/** Each is one message and the code under which it must be parked. */
const usualKinds = {
  'unknown schema id': { code: 'SCHEMA_UNKNOWN', value: ({ value }) => withSchema(value, 999_999) },
  'schema of another dataset': {
    code: 'SCHEMA_UNREADABLE',
    value: ({ value, otherSchema }) => withSchema(value, otherSchema),
  },
  'truncated bytes': { code: 'EVENT_UNREADABLE', value: ({ value }) => value.subarray(0, value.length - 7) },
  'bytes without a header': { code: 'EVENT_UNREADABLE', value: () => Buffer.from(textOf(40)) },
  'no bytes': { code: 'EVENT_UNREADABLE', value: () => null },
  'key of another subject': { code: 'SUBJECT_MISMATCH', key: () => textOf(18) },
  'no key': { code: 'SUBJECT_MISMATCH', key: () => null, partition: 3 },
  'key of 300 characters': { code: 'EVENT_INVALID', subjectId: () => textOf(300) },
  'key that is no UTF-8': { code: 'SUBJECT_MISMATCH', key: () => Buffer.from([0xc3, 0x28, 0xff, 0xfe]) },
  'version beyond 2^53': {
    code: 'EVENT_UNREADABLE',
    value: ({ value, event }) => withVersion(value, event, 2n ** 60n),
  },
  'NUL in a text': { code: 'RECORD_REFUSED', content: () => ({ plateNo: `${poisonMark}\u0000` }) },
  'NUL in the record id': { code: 'RECORD_REFUSED', change: () => ({ source_record_id: `${poisonMark}\u0000` }) },
  // No poison but heavy: it is an event like any other.
  'value of 900 kB': { code: 'applied', content: () => ({ brand: textOf(900_000) }) },
  'event id that is none': { code: 'EVENT_INVALID', change: () => ({ event_id: poisonMark }) },
};

/** Longer than what an index of PostgreSQL takes, and later than what a Date takes: each once stopped a whole service. */
const hardKinds = {
  'time out of range': {
    code: 'EVENT_INVALID',
    value: ({ event, codec }) => codec.encode(dataset, { ...event, recorded_at: 8_700_000_000_000_000 }),
  },
  'key of 60,000 characters': { code: 'EVENT_INVALID', subjectId: () => textOf(60_000) },
  'record id of 900 kB': { code: 'EVENT_INVALID', change: () => ({ source_record_id: textOf(900_000) }) },
};

function poisonOf(kind, spec, { codec, otherSchema }) {
  const subjectId = spec.subjectId?.();
  const event = vehicle(spec.change?.(), { ...spec.content?.(), ...(subjectId ? { citizenId: subjectId } : {}) });
  const message = toMessage({ dataset, event, subjectId: event.data.citizenId, codec, source: '/faults' });
  // Headers hold no value, as those of a careful publisher.
  delete message.headers.ce_subject;
  if (spec.value) message.value = spec.value({ value: message.value, event, codec, otherSchema });
  if (spec.key) message.key = spec.key();
  if (spec.partition !== undefined) message.partition = spec.partition;
  return { kind, code: spec.code, eventId: event.event_id, message };
}

/** Messages written straight to Kafka, past the gateway, which must be parked once each, and hold up nothing. */
const fault = (name, kinds) => ({
  name,
  async strike({ city, random, poison: known }) {
    const registry = new SchemaRegistry(city.stack.registryUrl);
    const codec = await EventCodec.connect(registry, [dataset, 'psb.household-register']);
    const other = datasets['psb.household-register'];
    const otherSchema = await registry.register(`${other.topic}-value`, other.schema);
    const publisher = await createPublisher({ brokers: city.stack.kafkaBrokers.split(','), clientId: 'faults' });
    const mine = [];
    try {
      for (const kind of random.shuffled(Object.keys(kinds))) {
        const { message, ...entry } = poisonOf(kind, kinds[kind], { codec, otherSchema });
        const [{ partition, baseOffset }] = await publisher.publish(topic, [message]);
        mine.push({ ...entry, topic, lane: partition, offset: baseOffset });
      }
    } finally {
      await publisher.disconnect();
    }
    known.push(...mine);
    await awaitParked(city, mine);
    await awaitFresh(city);
    return `${mine.length} kinds, each with one outcome`;
  },
});

export const poison = fault('poison', usualKinds);
export const hardPoison = fault('hard-poison', hardKinds);

/** A poisonous time must not become that of the dataset, which after a few heartbeats is about now in every lane. */
async function awaitFresh(city) {
  const sinceMs = Date.now();
  for (;;) {
    const { output } = await city.huitong('lag', '--json');
    if (!output.startsWith('{')) throw new Error('huitong lag does not answer any more');
    const { asOf } = JSON.parse(output).lag.find((each) => each.dataset === dataset);
    if (Math.abs(Date.parse(asOf) - Date.now()) < parkedWithinMs) return;
    if (Date.now() - sinceMs > parkedWithinMs)
      throw new Error(`huitong lag says that ${dataset} is complete as of ${asOf}`);
    await sleep(1_000);
  }
}

async function awaitParked(city, mine) {
  const database = city.database('population');
  const sinceMs = Date.now();
  for (;;) {
    const { rows } = await database.query(
      `select lane, kafka_offset, code from parked where topic = $1
       union all select lane, kafka_offset, 'applied' from ${allOutcomes()} o where dataset = $2 and outcome = 'applied'`,
      [topic, dataset],
    );
    const codeOf = (entry) =>
      rows
        .filter(({ lane, kafka_offset }) => lane === entry.lane && kafka_offset === entry.offset)
        .map(({ code }) => code);
    const wrong = mine.filter((entry) => codeOf(entry).join() !== entry.code);
    if (wrong.length === 0) return;
    if (Date.now() - sinceMs > parkedWithinMs)
      throw new Error(
        wrong
          .map((entry) => `${entry.kind}: ${codeOf(entry).join() || 'not parked'} instead of ${entry.code}`)
          .join('; '),
      );
    await sleep(300);
  }
}
