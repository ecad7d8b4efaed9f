import { beforeAll, describe, expect, it } from '@jest/globals';
import { datasets, EventCodec, SchemaRegistry } from '@huitong/change-event';
import { partsOf, readMessages, subjectIdOf, type Incoming } from './incoming.ts';
import { factOf } from './test-people.spec.ts';

const dataset = 'psb.household-register';
const { topic } = datasets[dataset];
let codec: EventCodec;

beforeAll(async () => {
  codec = await EventCodec.connect(new SchemaRegistry(process.env['REGISTRY_URL'] ?? ''), [dataset]);
});

/** A message about the subject `##`, whose bytes are then others, in the key and in the data. */
async function read(id: Buffer, key: Buffer | null = id): Promise<Incoming> {
  const value = codec.encode(dataset, factOf({ subjectId: '##', version: 1, data: { name: '甲' } }).event);
  id.copy(value, value.indexOf('##'));
  const headers = () => ({ ce_type: 'spec' });
  const [message] = await readMessages(codec, {
    dataset,
    topic,
    lane: 3,
    messages: [{ offset: 7, key, value, headers }],
  });
  return message!;
}

describe('a message', () => {
  it('has what its record has when it is asked, and keeps it as another kind of message', async () => {
    const message = await read(Buffer.from('p1'));
    expect(message).toMatchObject({ kind: 'event', offset: 7, lane: 3, dataset, topic, subjectId: 'p1' });
    expect(subjectIdOf(message)).toBe('p1');
    const parts = partsOf(message, message);
    expect(parts).toMatchObject({ offset: 7, timestampMs: 0, lane: 3, dataset, topic, key: Buffer.from('p1') });
    expect(parts.value).toEqual(message.value);
    expect(parts.headers()).toEqual({ ce_type: 'spec' });
  });

  it('is about the subject that key and data name with the same bytes of UTF-8', async () => {
    expect(await read(Buffer.from('p1'), Buffer.from('p2'))).toMatchObject({ code: 'SUBJECT_MISMATCH' });
    expect(await read(Buffer.from('p1'), Buffer.from('p'))).toMatchObject({ code: 'SUBJECT_MISMATCH' });
    expect(await read(Buffer.from('p1'), null)).toMatchObject({ code: 'SUBJECT_MISMATCH' });
    expect(await read(Buffer.from([0xff, 0xff]))).toMatchObject({ kind: 'unreadable', code: 'SUBJECT_MISMATCH' });
  });
});
