import { describe, expect, it } from '@jest/globals';
import { sendUntilAnswered } from './send-until-answered.ts';

/** Partitions are the messages' own first digit; each call is answered for the partitions that the plan names. */
function sender(plan: readonly (readonly number[])[]): {
  calls: string[][];
  send: (some: string[]) => Promise<{ partition: number }[]>;
} {
  const calls: string[][] = [];
  const send = async (some: string[]): Promise<{ partition: number }[]> => {
    calls.push(some);
    return plan[calls.length - 1]!.map((partition) => ({ partition }));
  };
  return { calls, send };
}
const placeOf = (message: string): string => `topic/${message[0]}`;
const answeredPlaceOf = ({ partition }: { partition: number }): string => `topic/${partition}`;

describe('sending until all is answered for', () => {
  it('sends again, in order, just what no broker answered for', async () => {
    const { calls, send } = sender([[0, 2], [1]]);
    const answers = await sendUntilAnswered(['0a', '1a', '2a', '1b', '0b'], send, placeOf, answeredPlaceOf);
    expect(calls).toEqual([
      ['0a', '1a', '2a', '1b', '0b'],
      ['1a', '1b'],
    ]);
    expect(answers.map(({ partition }) => partition)).toEqual([0, 2, 1]);
  });

  it('sends once what was answered for as a whole, and nothing where there is nothing', async () => {
    const { calls, send } = sender([[0, 1]]);
    await sendUntilAnswered(['0a', '1a'], send, placeOf, answeredPlaceOf);
    expect(await sendUntilAnswered([], send, placeOf, answeredPlaceOf)).toEqual([]);
    expect(calls).toHaveLength(1);
  });

  it('does not take an answer of other partitions for one, nor goes on for ever', async () => {
    const { calls, send } = sender([[0], []]);
    await expect(sendUntilAnswered(['0a', '1a'], send, placeOf, answeredPlaceOf)).rejects.toThrow('no broker answered');
    expect(calls).toHaveLength(2);
  });
});
