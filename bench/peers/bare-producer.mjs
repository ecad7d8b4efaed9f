// Produces the same messages as the gateway would, with plain kafkajs and no checks: same key, Avro bytes and headers, same
// acknowledgement, requests of the same size, as many of them under way. The messages lie ready (`ready`), or their Avro bytes
// are made from events as they go (`encode`). Usage: node bench/peers/bare-producer.mjs BROKERS REGISTRY PEOPLE BATCH IN_FLIGHT ready|encode.
// A line `go SECONDS` on standard input makes it produce for so long and answer one line of JSON; at its end it ends.
import { createInterface } from 'node:readline';
import kafkajs from 'kafkajs';
import { datasets, EventCodec, SchemaRegistry, toMessage } from '@huitong/change-event';
import { personEvents } from '../synthetic-events.mjs';

const [brokers, registryUrl, people, batch, inFlight, how] = process.argv.slice(2);
const dataset = 'psb.household-register';
const { topic } = datasets[dataset];
const codec = await EventCodec.connect(new SchemaRegistry(registryUrl), [dataset]);
const traceparent = `00-${'1'.repeat(32)}-${'1'.repeat(16)}-01`;
const messageOf = (each) => toMessage({ ...each, codec, source: '/department/psb', traceparent });
const events = [...personEvents({ datasets, people: Number(people), among: [dataset] })];
const messages = how === 'ready' ? events.map(messageOf) : events;

const { Kafka, Partitioners, CompressionTypes } = kafkajs;
const producer = new Kafka({ clientId: 'bare', brokers: brokers.split(',') }).producer({
  idempotent: true,
  maxInFlightRequests: 1,
  createPartitioner: Partitioners.DefaultPartitioner,
});
await producer.connect();
console.log('ready');

for await (const line of createInterface({ input: process.stdin })) {
  const seconds = Number(line.split(' ')[1]);
  const [started, cpuBefore] = [performance.now(), process.cpuUsage()];
  let sent = 0;
  let next = 0;
  const worker = async () => {
    while (performance.now() < started + seconds * 1_000) {
      const from = (next++ * Number(batch)) % (messages.length - Number(batch) + 1);
      const some = messages.slice(from, from + Number(batch));
      const ready = how === 'ready' ? some : some.map(messageOf);
      await producer.send({ topic, acks: -1, compression: CompressionTypes.None, messages: ready });
      sent += ready.length;
    }
  };
  await Promise.all(Array.from({ length: Number(inFlight) }, worker));
  const { user, system } = process.cpuUsage(cpuBefore);
  console.log(
    JSON.stringify({ events: sent, seconds: (performance.now() - started) / 1_000, cpuSeconds: (user + system) / 1e6 }),
  );
}
await producer.disconnect();
