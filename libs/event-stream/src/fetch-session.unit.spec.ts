import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FetchSession, type AskedTopic, type SessionRequest } from './fetch-session.ts';

/** All that a broker has of a session, as `<topic>/<partition>@<offset>`; kept as KIP-227 says. */
class BrokerSession {
  #offsets = new Map<string, string>();
  #epoch = 0;

  take({ sessionId, sessionEpoch, topics, forgottenTopics }: SessionRequest): void {
    expect(sessionEpoch).toBe(this.#epoch);
    expect(sessionId === 0).toBe(sessionEpoch === 0);
    for (const { topic, partitions } of topics)
      for (const { partition, fetchOffset } of partitions) this.#offsets.set(`${topic}/${partition}`, fetchOffset);
    for (const { topic, partitions } of forgottenTopics)
      for (const partition of partitions) expect(this.#offsets.delete(`${topic}/${partition}`)).toBe(true);
    this.#epoch += 1;
  }

  get asked(): string[] {
    return [...this.#offsets].map(([at, offset]) => `${at}@${offset}`).toSorted();
  }
}

const maxBytes = 1 << 20;
const asText = (wanted: readonly AskedTopic[]): string[] =>
  wanted
    .flatMap(({ topic, partitions }) =>
      partitions.map(({ partition, fetchOffset }) => `${topic}/${partition}@${fetchOffset}`),
    )
    .toSorted();

const partitions = fc.uniqueArray(
  fc.record({
    partition: fc.integer({ min: 0, max: 3 }),
    fetchOffset: fc.integer({ min: 0, max: 3 }).map(String),
    maxBytes: fc.constant(maxBytes),
  }),
  { selector: ({ partition }) => partition },
);
const wantedTopics = fc
  .uniqueArray(fc.record({ topic: fc.constantFrom('a', 'b', 'c'), partitions }), { selector: ({ topic }) => topic })
  .map((topics) => topics.filter(({ partitions }) => partitions.length > 0));

describe('a fetch session', () => {
  it('leaves the broker, after every request, with just the partitions and offsets that are wanted', () => {
    fc.assert(
      fc.property(fc.array(wantedTopics, { minLength: 1, maxLength: 12 }), (fetches) => {
        const session = new FetchSession();
        const broker = new BrokerSession();
        for (const wanted of fetches) {
          broker.take(session.ask(wanted));
          expect(session.goOn(7)).toBe(true);
          expect(broker.asked).toEqual(asText(wanted));
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('names again only what moved on', () => {
    const session = new FetchSession();
    const at = (partition: number, fetchOffset: string) => ({ partition, fetchOffset, maxBytes });
    session.ask([{ topic: 'a', partitions: [at(0, '5'), at(1, '5')] }]);
    session.goOn(7);
    expect(session.ask([{ topic: 'a', partitions: [at(0, '5'), at(1, '9')] }])).toEqual({
      sessionId: 7,
      sessionEpoch: 1,
      topics: [{ topic: 'a', partitions: [at(1, '9')] }],
      forgottenTopics: [],
    });
  });

  it('does not go on where the broker keeps none, or another', () => {
    expect(new FetchSession().goOn(0)).toBe(false);
    expect(new FetchSession().goOn(undefined)).toBe(false);
    const session = new FetchSession();
    session.goOn(7);
    expect(session.goOn(8)).toBe(false);
  });
});
