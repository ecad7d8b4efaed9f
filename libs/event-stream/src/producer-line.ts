import kafkajs, { type Producer } from 'kafkajs';

/** One producer, and those who wait for their turn with it. */
interface Line {
  readonly producer: Promise<Producer>;
  /** Settles when the last one in the line is done. */
  tail: Promise<void>;
  /** Settles when the producer is given up: all who wait go to the next one. */
  readonly given: PromiseWithResolvers<void>;
}

/**
 * Lets an idempotent producer of kafkajs send for one call at a time, its retries included. Where an answer is lost, kafkajs takes back
 * the sequence numbers of that request and gives them to whichever is next: the broker has them already, takes the other
 * messages for a repetition, and confirms what it never wrote.
 */
export class ProducerLine {
  readonly #connect: () => Promise<Producer>;
  #current: Line | undefined;

  /** `connect` makes a producer anew, at once and whenever one was given up. */
  constructor(connect: () => Promise<Producer>) {
    this.#connect = connect;
  }

  /** Resolves once the first producer is connected, or was given up. */
  async open(): Promise<void> {
    const line = this.#line();
    await line.producer.catch(() => this.#giveUp(line));
  }

  /**
   * Works with a producer alone. One that failed is given up, since nobody knows what the broker has of its numbers. Throws
   * what `work` throws, and a KafkaJSError when its turn did not come by the deadline, on the clock of `performance.now`: whoever asked has
   * been told by then that nothing is promised, and nothing is sent behind their back.
   */
  async alone<Result>(deadlineMs: number, work: (producer: Producer) => Promise<Result>): Promise<Result> {
    for (;;) {
      const line = this.#line();
      const before = line.tail;
      const { promise, resolve: done } = Promise.withResolvers<void>();
      line.tail = promise;
      await Promise.race([before, line.given.promise]);
      try {
        if (performance.now() >= deadlineMs) throw new kafkajs.KafkaJSError('no turn with the producer in time');
        if (line !== this.#current) continue;
        return await line.producer.then(work).catch((error: unknown) => {
          this.#giveUp(line);
          throw error;
        });
      } finally {
        done();
      }
    }
  }

  async close(): Promise<void> {
    const producer = await this.#current?.producer.catch(() => undefined);
    this.#current = undefined;
    await producer?.disconnect();
  }

  #line(): Line {
    if (this.#current) return this.#current;
    const producer = this.#connect();
    producer.catch(() => {});
    return (this.#current = { producer, tail: Promise.resolve(), given: Promise.withResolvers() });
  }

  #giveUp(line: Line): void {
    if (line !== this.#current) return;
    this.#current = undefined;
    line.given.resolve();
    void line.producer.then((producer) => producer.disconnect()).catch(() => {});
  }
}
