import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createRequire } from 'node:module';
import { leaveHeadersUnread, UnreadHeaders } from './message-headers.ts';

type Record = { readonly key: Buffer | null; readonly value: Buffer | null; readonly offset: string; headers: unknown };
const require = createRequire(import.meta.url);
const Decoder = require('kafkajs/src/protocol/decoder.js') as new (bytes: Buffer) => { readVarIntBytes(): Buffer };
const records = 'kafkajs/src/protocol/recordBatch/record/v0';
const encode = require(`${records}/index.js`) as (record: object) => { buffer: Buffer };
const decode = require(`${records}/decoder.js`) as (decoder: object, batch: object) => Record;

const headers = fc.dictionary(
  fc.string({ minLength: 1 }).filter((name) => name !== '__proto__' && !/^\d+$/.test(name)),
  fc.oneof(fc.string(), fc.array(fc.string({ minLength: 1 }), { minLength: 2, maxLength: 4 })),
  { noNullPrototype: true },
);
const sent = fc.record({ key: fc.option(fc.string()), value: fc.option(fc.string()), headers });

const bytesOf = ({ key, value, headers }: { key: string | null; value: string | null; headers: object }): Buffer => {
  const bytes = (text: string | null): Buffer | null => (text === null ? null : Buffer.from(text));
  const record = { offsetDelta: 3, timestampDelta: 1_000, key: bytes(key), value: bytes(value), headers };
  return new Decoder(encode(record).buffer).readVarIntBytes();
};
const read = (bytes: Buffer): Record =>
  decode(new Decoder(bytes), { firstOffset: '40', firstTimestamp: '1700000000000', magicByte: 2 });

describe('headers left unread', () => {
  it('are what kafkajs makes of them, and the rest of the record stays as it is', () => {
    const cases = fc.sample(sent, 500).map((message) => ({ bytes: bytesOf(message) }));
    const theirs = cases.map(({ bytes }) => read(bytes));
    leaveHeadersUnread();
    cases.forEach(({ bytes }, at) => {
      const ours = read(bytes);
      expect(ours.headers).toBeInstanceOf(UnreadHeaders);
      expect({ ...ours, headers: (ours.headers as UnreadHeaders).read() }).toEqual(theirs[at]);
    });
  });
});
