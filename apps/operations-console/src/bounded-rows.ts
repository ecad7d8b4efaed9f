import type { Cell } from '@huitong/governance';

/** Rows as they are read, in pieces. */
export type Rows = AsyncIterable<readonly (readonly Cell[])[]>;

/** The same rows with their first piece read: what fails before it fails here, while there is still somebody to tell. */
export async function begun(rows: Rows): Promise<Rows> {
  const pieces = rows[Symbol.asyncIterator]();
  const first = await pieces.next();
  return (async function* () {
    try {
      for (let next = first; !next.done; next = await pieces.next()) yield next.value;
    } finally {
      await pieces.return?.();
    }
  })();
}

/** The first rows; where there are more, the last row says so. */
export async function* bounded(rows: Rows, rowsMax: number): Rows {
  let left = rowsMax;
  for await (const piece of rows) {
    if (piece.length > left) {
      yield piece.slice(0, left);
      yield [[`只导出前 ${rowsMax} 行 / only the first ${rowsMax} rows`]];
      return;
    }
    left -= piece.length;
    yield piece;
  }
}
