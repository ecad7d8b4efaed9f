import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CatchUp } from './catch-up.ts';

const a = { topic: 'a', lane: 0 };
const b = { topic: 'b', lane: 0 };
const namesOf = ({ pause, resume }: ReturnType<CatchUp['steer']>): string =>
  [...pause.map(({ topic }) => `-${topic}`), ...resume.map(({ topic }) => `+${topic}`)].join(' ');

describe('catching up', () => {
  it('lets whoever is ahead wait for whoever is behind it', () => {
    const catchUp = new CatchUp();
    catchUp.note(a, 10, 1_000);
    catchUp.note(b, 20, 1_000);
    expect(namesOf(catchUp.steer())).toBe('-b');
    expect(catchUp.horizonMs(b)).toBe(10);
    catchUp.note(a, 30, 1_000);
    expect(namesOf(catchUp.steer())).toBe('-a +b');
    expect(catchUp.horizonMs(a)).toBe(20);
  });

  it('neither holds up what is live nor waits for it', () => {
    const catchUp = new CatchUp();
    catchUp.note(a, 10, 1_000_000);
    catchUp.note(b, 20, 5);
    expect(namesOf(catchUp.steer())).toBe('');
    expect(catchUp.horizonMs(b)).toBe(Infinity);
    catchUp.note(b, 30, 1_000);
    catchUp.note(a, 15, 5);
    expect(namesOf(catchUp.steer())).toBe('');
    expect(catchUp.horizonMs(b)).toBe(30);
  });

  it('waits no longer for a topic that brings nothing, though more is there', () => {
    const catchUp = new CatchUp();
    catchUp.note(a, 10, 1_000);
    catchUp.note(b, 20, 1_000);
    const steered = Array.from({ length: 30 }, () => namesOf(catchUp.steer())).filter((names) => names !== '');
    expect(steered).toEqual(['-b', '+b']);
    expect(catchUp.horizonMs(b)).toBe(20);
  });

  it('always goes on asking for one of those that are behind, and for all that are not', () => {
    const step = fc.record({
      topic: fc.constantFrom('a', 'b', 'c'),
      lane: fc.nat(1),
      untilMs: fc.nat(50),
      left: fc.constantFrom(0, 99, 100, 5_000),
      fetches: fc.constantFrom(0, 1, 1, 1, 25),
    });
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const catchUp = new CatchUp();
        const paused = new Set<string>();
        const behind = new Map<string, boolean>();
        for (const { topic, lane, untilMs, left, fetches } of steps) {
          const name = `${topic}/${lane}`;
          if (!paused.has(name)) {
            catchUp.note({ topic, lane }, untilMs, left);
            behind.set(name, left >= 100);
          }
          for (let at = 0; at < fetches; at += 1) {
            const { pause, resume } = catchUp.steer();
            for (const one of resume) expect(paused.delete(`${one.topic}/${one.lane}`)).toBe(true);
            for (const one of pause) paused.add(`${one.topic}/${one.lane}`);
            for (const one of paused) {
              expect(behind.get(one)).toBe(true);
              const others = [...behind].filter(([other, is]) => is && other.at(-1) === one.at(-1));
              expect(others.some(([other]) => !paused.has(other))).toBe(true);
            }
          }
        }
      }),
    );
  });
});
