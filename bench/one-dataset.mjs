// The engine over one dataset and one subject, as a process of its own: the work that the peers do, with all guards on, and in chunks as
// large as the service's. Usage: node bench/one-dataset.mjs DATABASE_URL BROKERS REGISTRY_URL facts|record. Ends at SIGTERM. With `facts` it
// keeps the dataset's table, version guard, past versions, event log and offsets, and derives no record.
import { datasets, EventCodec, SchemaRegistry } from '@huitong/change-event';
import { consumeLanes } from '@huitong/event-stream';
import { openDatabase } from '@huitong/postgres';
import { claimLanes, positionsOf, readMessages, SubjectEngine } from '@huitong/subject-engine';
import { oneDataset } from './one-dataset-plan.mjs';

const [url, brokers, registryUrl, form] = process.argv.slice(2);
const dataset = oneDataset.factTables[0].dataset;
const database = openDatabase({ url, applicationName: 'one-dataset', connectionsMax: 4, pipelined: true, byKey: true });
const engine = new SubjectEngine(database, oneDataset, { factsOnly: form === 'facts' });
const codec = await EventCodec.connect(new SchemaRegistry(registryUrl), [dataset]);
let lanes = new Map();
const consumer = await consumeLanes({
  brokers: brokers.split(','),
  clientId: 'one-dataset',
  groupId: `one-dataset-${new URL(url).pathname.slice(1)}`,
  topics: [datasets[dataset].topic],
  chunkMax: { messages: 4_000, bytes: 8 << 20 },
  writers: 2,
  sessionTimeoutMs: 10_000,
  async claim(numbers) {
    const claimed = await claimLanes(database, 'one-dataset', numbers);
    lanes = new Map(claimed.map((lane) => [lane.lane, lane]));
    return positionsOf(claimed);
  },
  async apply(batches) {
    const read = await Promise.all(batches.map((batch) => readMessages(codec, { ...batch, dataset })));
    return (await engine.apply({ lanes, incoming: read.flat() })).status;
  },
  onFatal(error) {
    console.error(error);
    process.exit(1);
  },
});
process.once('SIGTERM', () => consumer.stop().then(() => process.exit(0)));
