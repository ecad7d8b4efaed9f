import { describe, expect, it } from '@jest/globals';
import { begun, bounded, type Rows } from './bounded-rows.ts';

/** Pieces of one row each after what went wrong before one of them, and whether the reading was ended. */
function pieces(count: number, failsAt?: number): { rows: Rows; ended: () => boolean } {
  let isEnded = false;
  const rows = (async function* () {
    try {
      for (let at = 0; at < count; at += 1) {
        if (at === failsAt) throw new Error('away');
        yield await Promise.resolve([[at]]);
      }
    } finally {
      isEnded = true;
    }
  })();
  return { rows, ended: () => isEnded };
}

async function all(rows: Rows): Promise<unknown[]> {
  const found: unknown[] = [];
  for await (const piece of rows) found.push(...piece.flat());
  return found;
}

describe('the rows of a file', () => {
  it('are all there up to the bound, and say where they are not, and end the reading', async () => {
    expect(await all(bounded(await begun(pieces(3).rows), 3))).toEqual([0, 1, 2]);
    const more = pieces(9);
    expect(await all(bounded(await begun(more.rows), 3))).toEqual([0, 1, 2, '只导出前 3 行 / only the first 3 rows']);
    expect(more.ended()).toBe(true);
    expect(await all(bounded(await begun(pieces(0).rows), 3))).toEqual([]);
  });

  it('fail before they begin where the first piece fails, and break off where a later one does', async () => {
    await expect(begun(pieces(3, 0).rows)).rejects.toThrow('away');
    const rows = bounded(await begun(pieces(3, 2).rows), 3);
    await expect(all(rows)).rejects.toThrow('away');
  });
});
