import kafkajs, { type Producer } from 'kafkajs';
import pTimeout from 'p-timeout';
import type { StreamLog } from './kafka-client.ts';
import { sendUntilAnswered } from './send-until-answered.ts';

/** Where a message went. */
export interface Published {
  readonly partition: number;
  /** The offset of the partition's first message of this call. */
  readonly baseOffset: number;
}

/** What a line sends with. */
export interface ProducerLineOptions {
  /** Makes a producer anew, at once and whenever one was given up. */
  connect(): Promise<Producer>;
  /** Where the producer placed a message. */
  partitionOf(message: kafkajs.Message): number | undefined;
  readonly log?: StreamLog | undefined;
}

/** One caller's messages of one topic, waiting or under way. */
interface Call {
  readonly topic: string;
  readonly messages: kafkajs.Message[];
  readonly bytes: number;
  /** On the clock of `performance.now`. */
  readonly deadlineMs: number;
  readonly answer: PromiseWithResolvers<Published[]>;
  /** It failed together with others, for a reason that may be another one's: its next turn is its own. */
  alone: boolean;
}

/** A message on its way; kafkajs places it. */
interface Placed {
  readonly topic: string;
  readonly message: kafkajs.Message;
}

/** Calls go together up to so many bytes: far below what a broker takes as one batch of a partition. */
const togetherBytesMax = 1 << 19;

/**
 * Lets an idempotent producer of kafkajs send one request after the other, each with its retries; what was asked for
 * meanwhile goes with the next one, together. Side by side it would lose messages: where an answer is lost, kafkajs takes
 * back the sequence numbers of that request and gives them to whichever is next; the broker has them already, takes the other
 * messages for a repetition, and confirms what it never wrote.
 */
export class ProducerLine {
  readonly #options: ProducerLineOptions;
  #producer: Promise<Producer> | undefined;
  #waiting: Call[] = [];
  #working = false;

  constructor(options: ProducerLineOptions) {
    this.#options = options;
  }

  /** Resolves once the first producer is connected, or was given up. */
  async open(): Promise<void> {
    await this.#connected().catch(() => this.#giveUp());
  }

  /**
   * Resolves once the broker has all messages, with the place of each partition's first. Throws what kafkajs throws, and a KafkaJSError
   * when there was no answer in time: whoever asked has been told by then that nothing is promised, and what still waited is not
   * sent behind their back.
   */
  send(topic: string, messages: kafkajs.Message[], timeoutMs: number): Promise<Published[]> {
    const call: Call = {
      topic,
      messages,
      bytes: messages.reduce((bytes, { value }) => bytes + (value?.length ?? 0), 0),
      deadlineMs: performance.now() + timeoutMs,
      answer: Promise.withResolvers(),
      alone: false,
    };
    this.#waiting.push(call);
    void this.#work();
    return withinTime(call.answer.promise, timeoutMs).finally(() => {
      this.#waiting = this.#waiting.filter((other) => other !== call);
    });
  }

  async close(): Promise<void> {
    const producer = await this.#producer?.catch(() => undefined);
    this.#producer = undefined;
    await producer?.disconnect();
  }

  async #work(): Promise<void> {
    if (this.#working) return;
    this.#working = true;
    for (let calls = this.#next(); calls.length > 0; calls = this.#next()) {
      const latestMs = Math.max(...calls.map(({ deadlineMs }) => deadlineMs));
      const sending = this.#sendTogether(calls);
      try {
        const published = await withinTime(sending, latestMs - performance.now());
        calls.forEach(({ answer }, at) => answer.resolve(published[at]!));
      } catch (error) {
        this.#giveUp(sending);
        if (calls.length === 1) calls[0]!.answer.reject(error);
        else this.#again(calls);
      }
    }
    this.#working = false;
  }

  /** Those that go together now, in their order; no longer waiting. */
  #next(): Call[] {
    let bytes = 0;
    const calls: Call[] = [];
    for (const call of this.#waiting) {
      bytes += call.bytes;
      if (calls.length > 0 && (call.alone || calls[0]!.alone || bytes > togetherBytesMax)) break;
      calls.push(call);
    }
    this.#waiting.splice(0, calls.length);
    return calls;
  }

  /** One message too large, or a topic that is gone, is no reason to refuse the others. */
  #again(calls: readonly Call[]): void {
    const now = performance.now();
    const inTime = calls.filter(({ deadlineMs }) => deadlineMs > now);
    for (const call of inTime) call.alone = true;
    this.#waiting.unshift(...inTime);
  }

  async #sendTogether(calls: readonly Call[]): Promise<Published[][]> {
    const producer = await this.#connected();
    const { partitionOf, log } = this.#options;
    const all = calls.flatMap(({ topic, messages }) => messages.map((message): Placed => ({ topic, message })));
    const answers = await sendUntilAnswered(
      all,
      async (some) => {
        if (some.length < all.length)
          log?.('warn', 'no broker answered for some messages, sending them again', { count: some.length });
        const topicMessages = [...Map.groupBy(some, ({ topic }) => topic)].map(([topic, placed]) => ({
          topic,
          messages: placed.map(({ message }) => message),
        }));
        return producer.sendBatch({ topicMessages, acks: -1, compression: kafkajs.CompressionTypes.None });
      },
      ({ topic, message }) => placeOf(topic, partitionOf(message)),
      ({ topicName, partition }) => placeOf(topicName, partition),
    );
    const next = new Map(
      answers.map(({ topicName, partition, baseOffset }) => [placeOf(topicName, partition), Number(baseOffset)]),
    );
    return calls.map(({ topic, messages }) => {
      const first = new Map<number, number>();
      for (const message of messages) {
        const partition = partitionOf(message)!;
        const offset = next.get(placeOf(topic, partition))!;
        next.set(placeOf(topic, partition), offset + 1);
        if (!first.has(partition)) first.set(partition, offset);
      }
      return [...first].map(([partition, baseOffset]) => ({ partition, baseOffset }));
    });
  }

  #connected(): Promise<Producer> {
    if (this.#producer) return this.#producer;
    this.#producer = this.#options.connect();
    this.#producer.catch(() => {});
    return this.#producer;
  }

  #giveUp(sending?: Promise<unknown>): void {
    const producer = this.#producer;
    this.#producer = undefined;
    const end = (): Promise<void> | undefined => producer?.then((given) => given.disconnect()).catch(() => {});
    void end();
    // kafkajs goes on trying with a producer that was disconnected, and connects it again.
    void sending?.catch(() => {}).then(end);
  }
}

const placeOf = (topic: string, partition: number | undefined): string => `${topic}/${partition}`;

/** Throws what kafkajs throws where a broker does not answer, so that it is taken for the same. */
const withinTime = <Result>(work: Promise<Result>, timeoutMs: number): Promise<Result> =>
  pTimeout(work, {
    milliseconds: Math.max(1, timeoutMs),
    fallback: () => {
      throw new kafkajs.KafkaJSError('no answer in time');
    },
  });
