import { describe, expect, it, jest } from '@jest/globals';
import type { Message, Producer, ProducerBatch, RecordMetadata } from 'kafkajs';
import { setTimeout as sleep } from 'node:timers/promises';
import { ProducerLine } from './producer-line.ts';

type SendBatch = (batch: ProducerBatch) => Promise<RecordMetadata[]>;

/** A line whose producers do with each batch what `sendBatch` says; there is one partition, and a call is told by its one message. */
function lineOf(sendBatch: SendBatch) {
  const disconnect = jest.fn(async () => {});
  const connect = jest.fn(async () => ({ sendBatch, disconnect }) as unknown as Producer);
  const line = new ProducerLine({ connect, partitionOf: () => 0 });
  const send = (text: string, timeoutMs = 1_000) => line.send('topic', [{ value: text }], timeoutMs);
  return { send, connect, disconnect };
}

const textsOf = ({ topicMessages }: ProducerBatch): string[] =>
  topicMessages!.flatMap(({ messages }) => messages.map(({ value }: Message) => String(value)));

const answer: RecordMetadata[] = [{ topicName: 'topic', partition: 0, errorCode: 0, baseOffset: '0' }];

describe('a line of those who publish', () => {
  it('sends nothing for who was told before its turn that its time is over, nor for who comes later instead', async () => {
    const sent: string[][] = [];
    const { send, connect, disconnect } = lineOf((batch) => {
      sent.push(textsOf(batch));
      return sent.length > 1 ? Promise.resolve(answer) : sleep(200).then(() => Promise.reject(new Error('hung')));
    });
    const outcomes = await Promise.allSettled([send('hangs', 100), send('waits', 50)]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await send('comes later');
    expect(sent).toEqual([['hangs'], ['comes later']]);
    expect(connect).toHaveBeenCalledTimes(2);
    // Once when it was given up, and once more when it had ended: kafkajs connects again what it still tries with.
    await sleep(200);
    expect(disconnect).toHaveBeenCalledTimes(2);
  });

  it('sends each on its own, in their order, after they failed together', async () => {
    const sent: string[][] = [];
    const { send } = lineOf(async (batch) => {
      const texts = textsOf(batch);
      sent.push(texts);
      if (texts.includes('bad')) throw new Error('refused');
      return answer;
    });
    const outcomes = await Promise.allSettled(['first', 'one', 'bad', 'two'].map((text) => send(text)));
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
    expect(sent).toEqual([['first'], ['one', 'bad', 'two'], ['one'], ['bad'], ['two']]);
  });

  it('lets no more go together than a broker takes at once', async () => {
    const sent: number[] = [];
    const { send } = lineOf(async (batch) => {
      sent.push(textsOf(batch).length);
      return answer;
    });
    const large = 'x'.repeat(200_000);
    await Promise.all([send('first'), send(large), send(large), send(large), send('x'.repeat(900_000)), send('last')]);
    expect(sent).toEqual([1, 2, 1, 1, 1]);
  });
});
