import { randomUUID } from 'node:crypto';
import { datasets, EventCodec, SchemaRegistry, toMessage, type ChangeEvent } from '@huitong/change-event';
import { createPublisher } from '@huitong/event-stream';

const dataset = 'hrss.pension-payment';

/** Publishes, past the gateway, a payment whose amount is no number: Avro takes it as text, PostgreSQL does not. */
export async function publishRefusedPayment(
  parts: { kafkaBrokers: string; registryUrl: string },
  citizenId: string,
): Promise<string> {
  const codec = await EventCodec.connect(new SchemaRegistry(parts.registryUrl), [dataset]);
  const { fields } = datasets[dataset];
  const data = Object.fromEntries(Object.keys(fields).map((name) => [name, null]));
  const event: ChangeEvent = {
    event_id: randomUUID(),
    verb: 'CREATED',
    previous_event_id: null,
    reason: 'PAID',
    source_record_id: `refused-${randomUUID()}`,
    source_version: 1,
    valid_from: '2026-01-01',
    valid_to: null,
    recorded_at: Date.now(),
    data: { ...data, citizenId, month: '2026-01-01', amount: '一百二十' } as never,
  };
  const publisher = await createPublisher({ brokers: parts.kafkaBrokers.split(','), clientId: 'spec' });
  await publisher.publish(datasets[dataset].topic, [
    toMessage({ dataset, event, subjectId: citizenId, codec, source: 'urn:spec' }),
  ]);
  await publisher.disconnect();
  return event.event_id;
}
