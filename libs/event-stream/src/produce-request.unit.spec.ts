import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { createRequire } from 'node:module';
import { crc32c } from './crc32c.ts';
import { bytesOfProduce, encodeRequests, type ProduceRequest } from './produce-request.ts';

const kafkajs = createRequire(import.meta.url);
type Encode = () => Promise<{ readonly buf: Buffer; readonly buffer: Buffer }>;
const { requests } = kafkajs('kafkajs/src/protocol/requests/index.js') as {
  requests: {
    Produce: { protocol(of: { version: number }): (request: object) => { request: { encode: Encode } } };
  };
};
const theirs = requests.Produce.protocol({ version: 7 });

/** kafkajs asks for the time at each partition. */
const nowMs = 1_700_000_000_123;

const text = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary', maxLength: 100 }),
  fc.string({ minLength: 60, maxLength: 70 }),
);
const data = fc.oneof(
  text,
  fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array)),
);
const message = fc.record(
  {
    key: fc.option(data),
    value: fc.option(data),
    partition: fc.nat(3),
    headers: fc.dictionary(text, fc.oneof(data, fc.array(data, { maxLength: 3 })), { noNullPrototype: true }),
  },
  { requiredKeys: ['value'] },
);
const partitions = fc.array(
  fc.record({
    partition: fc.nat(70_000),
    firstSequence: fc.nat(2 ** 31 - 1),
    messages: fc.oneof(
      fc.array(message, { minLength: 1, maxLength: 5 }),
      fc.tuple(message, fc.constantFrom(64, 65)).map(([one, count]) => Array.from({ length: count }, () => one)),
    ),
  }),
  { minLength: 1, maxLength: 4 },
);
const request = fc.record({
  acks: fc.constantFrom(-1, 0, 1),
  timeout: fc.nat(60_000),
  transactionalId: fc.constantFrom(undefined, 'a-transaction'),
  producerId: fc.constantFrom('9007199254740991', -1, 4_000),
  producerEpoch: fc.nat(9),
  compression: fc.constant(0),
  topicData: fc.array(fc.record({ topic: fc.constantFrom('a', 'subject.citizen.changed'), partitions }), {
    minLength: 1,
    maxLength: 3,
  }),
});

describe('a produce request', () => {
  beforeEach(() => void jest.spyOn(Date, 'now').mockReturnValue(nowMs));
  afterEach(() => void jest.restoreAllMocks());

  it('is what kafkajs encodes, byte by byte', async () => {
    await fc.assert(
      fc.asyncProperty(request, async (asked) => {
        const { buffer } = await theirs(asked).request.encode();
        expect(bytesOfProduce(asked, nowMs)!.equals(buffer)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  it('is left to kafkajs where it is compressed, or its messages bring their time, or what is no text and no bytes', () => {
    const of = (message: object, compression = 0): ProduceRequest => ({
      ...{ acks: -1, timeout: 1, compression },
      topicData: [{ topic: 'a', partitions: [{ partition: 0, messages: [message as never] }] }],
    });
    expect(bytesOfProduce(of({ value: 'a' }), 0)).toBeInstanceOf(Buffer);
    for (const other of [{ value: 'a', timestamp: '5' }, { value: 5 }, { value: 'a', headers: { a: undefined } }])
      expect(bytesOfProduce(of(other), 0)).toBeUndefined();
    expect(bytesOfProduce(of({ value: 'a' }, 1), 0)).toBeUndefined();
  });

  it('goes out of every producer of the process, in the form of kafkajs', async () => {
    encodeRequests();
    encodeRequests();
    const asked = (compression: number): ProduceRequest => ({
      ...{ acks: -1, timeout: 1, compression },
      topicData: [{ topic: 'a', partitions: [{ partition: 0, messages: [{ value: 'x' }] }] }],
    });
    const { buf, buffer } = await requests.Produce.protocol({ version: 7 })(asked(0)).request.encode();
    expect(buf).toBe(buffer);
    expect(buffer).toEqual(bytesOfProduce(asked(0), nowMs));
    const compressed = await requests.Produce.protocol({ version: 7 })(asked(1)).request.encode();
    expect(compressed.buf).not.toBe(compressed.buffer);
  });
});

describe('a checksum', () => {
  it('is CRC-32C, by the examples of RFC 3720 and as kafkajs has it', () => {
    const of = (bytes: Buffer): number => crc32c(bytes, 0, bytes.length);
    expect(of(Buffer.alloc(32))).toBe(0x8a9136aa);
    expect(of(Buffer.alloc(32, 0xff))).toBe(0x62a8ab43);
    expect(of(Buffer.from(Array.from({ length: 32 }, (_, at) => at)))).toBe(0x46dd794e);
    const theirs = kafkajs('kafkajs/src/protocol/recordBatch/crc32C/index.js') as (bytes: Uint8Array) => number;
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), fc.nat(9), (bytes, from) => {
        expect(crc32c(bytes, Math.min(from, bytes.length), bytes.length)).toBe(theirs(bytes.subarray(from)));
      }),
    );
  });
});
