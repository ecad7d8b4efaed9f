import { randomUUID } from 'node:crypto';
import { datasets, EventCodec, SchemaRegistry, toMessage, type ChangeEvent } from '@huitong/change-event';
import { createPublisher } from '@huitong/event-stream';

const dataset = 'psb.vehicle';

/** Events that a department wrote to Kafka with a schema that it forgot to register; `register` is the fix. */
export interface TooEarly {
  readonly eventIds: readonly string[];
  register(): Promise<void>;
}

/** Publishes events of as many owners, past the gateway, in the next version of their schema: with one more field. */
export async function publishTooEarly(
  parts: { kafkaBrokers: string; registryUrl: string },
  count: number,
): Promise<TooEarly> {
  const registry = new SchemaRegistry(parts.registryUrl);
  const codec = await EventCodec.connect(registry, [dataset]);
  // The registry counts: whatever is registered next has the next number.
  const probe = { type: 'record', name: `Probe${randomUUID().slice(0, 8)}`, fields: [] };
  const schemaId = (await registry.register(`probe-${randomUUID()}`, probe)) + 1;
  const messages = Array.from({ length: count }, (_, at) => {
    const message = toMessage({ dataset, event: vehicleOf(at), subjectId: ownerOf(at), codec, source: 'urn:spec' });
    const value = Buffer.concat([message.value!, Buffer.from([0])]);
    value.writeUInt32BE(schemaId, 1);
    return { ...message, value };
  });
  const publisher = await createPublisher({ brokers: parts.kafkaBrokers.split(','), clientId: 'spec' });
  await publisher.publish(datasets[dataset].topic, messages);
  await publisher.disconnect();
  return {
    eventIds: messages.map(({ headers }) => headers['ce_id']!),
    async register() {
      const given = await registry.register(`${datasets[dataset].topic}-value`, nextVersion());
      if (given !== schemaId) throw new Error(`the schema got the number ${given}, not ${schemaId}`);
    },
  };
}

/** Ids that no city has: the engine takes them as they are, and the last of 18 characters is no check character. */
const ownerOf = (at: number): string => `999999${String(at).padStart(11, '0')}A`;

const vehicleOf = (at: number): ChangeEvent => {
  const { fields } = datasets[dataset];
  const data = Object.fromEntries(Object.keys(fields).map((name) => [name, null]));
  return {
    event_id: randomUUID(),
    verb: 'CREATED',
    previous_event_id: null,
    reason: Object.keys(datasets[dataset].reasons)[0]!,
    source_record_id: `early-${at}`,
    source_version: 1,
    valid_from: null,
    valid_to: null,
    recorded_at: Date.now(),
    data: { ...data, citizenId: ownerOf(at), plateNo: `皖B${String(at).padStart(5, '0')}` } as never,
  };
};

/** The present schema with one more nullable field at the end of its data. */
function nextVersion(): object {
  const schema = structuredClone(datasets[dataset].schema) as unknown as {
    fields: { name: string; type: [string, { fields: object[] }] }[];
  };
  schema.fields
    .find(({ name }) => name === 'data')!
    .type[1].fields.push({
      name: 'exhaustStandard',
      type: ['null', 'string'],
      default: null,
    });
  return schema;
}
