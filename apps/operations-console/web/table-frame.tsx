import { Children, useEffect, useId, useState, type ReactNode } from 'react';
import { useSurroundings } from './surroundings.tsx';
import type { Word } from './words.ts';

interface Rows {
  /** The words over the columns, in their order; '' over one that only has a button. */
  readonly heads: readonly (Word | '')[];
  /** The columns of figures, which stand right. */
  readonly numbers?: ReadonlySet<string>;
  /** Not wider than its content needs. */
  readonly isNarrow?: boolean;
  readonly children: ReactNode;
}

/** A table under a head of words, which scrolls by itself where it is wider than the page; by keyboard too. */
export function Table({ name, ...rows }: Rows & { readonly name: string }) {
  return (
    <div className="wide" tabIndex={0} role="region" aria-label={name}>
      <Head {...rows} />
    </div>
  );
}

/** A {@link Table} in a section of its own, under a heading; where there is no row, what is said instead of it. */
export function TableSection(
  props: Rows & {
    readonly title: ReactNode;
    /** Between the heading and the table. */
    readonly intro?: ReactNode;
    /** In place of a table without rows; nothing while it is not known yet whether there are any. */
    readonly empty?: ReactNode;
    /** Under the table. */
    readonly more?: ReactNode;
  },
) {
  const { title, intro, empty, more, ...rows } = props;
  const id = useId();
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {intro}
      {Children.count(rows.children) > 0 ? (
        <div className="wide" tabIndex={0} role="region" aria-labelledby={id}>
          <Head {...rows} />
        </div>
      ) : typeof empty === 'string' ? (
        <p className="hint">{empty}</p>
      ) : (
        empty
      )}
      {more}
    </section>
  );
}

/** The height of a row that scrolls, in pixels, as work.css has it, and how many are drawn: a screen of them and more. */
const rowPx = 36;
const drawnMax = 60;
/** Rows before the end of what is there at which more is asked for. */
const nearMax = 100;

/**
 * A {@link TableSection} that scrolls by itself and draws only the rows in sight, however many there are; more are asked for
 * as its end comes near. Each row is one line.
 */
export function ScrolledTable<Row>(
  props: Omit<Parameters<typeof TableSection>[0], 'children'> & {
    readonly rows: readonly Row[];
    readonly rowOf: (row: Row) => ReactNode;
    /** Of all rows, those too that are not there yet. */
    readonly total: number;
    readonly askForMore: (() => void) | undefined;
  },
) {
  const { title, intro, empty, more, rows, rowOf, total, askForMore, ...frame } = props;
  const id = useId();
  const [topPx, setTop] = useState(0);
  const first = Math.max(0, Math.min(Math.floor(topPx / rowPx) - 10, rows.length - drawnMax));
  const drawn = rows.slice(first, first + drawnMax);
  const isNear = first + drawnMax + nearMax > rows.length;
  useEffect(() => {
    if (isNear) askForMore?.();
  }, [isNear, rows.length]);
  const gap = (count: number, key: string) =>
    count > 0 && <tr key={key} aria-hidden style={{ height: count * rowPx }} children={<td />} />;
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {intro}
      {rows.length === 0 ? (
        <p className="hint">{empty}</p>
      ) : (
        <div
          className="wide scrolled"
          tabIndex={0}
          role="region"
          aria-labelledby={id}
          onScroll={({ currentTarget }) => setTop(currentTarget.scrollTop)}
        >
          <Head {...frame} total={total}>
            {gap(first, 'above')}
            {drawn.map(rowOf)}
            {gap(rows.length - first - drawn.length, 'below')}
          </Head>
        </div>
      )}
      {more}
    </section>
  );
}

function Head({ heads, numbers, isNarrow, total, children }: Rows & { readonly total?: number }) {
  const { say } = useSurroundings();
  return (
    <table className={isNarrow ? 'rows narrow' : 'rows'} {...(total !== undefined && { 'aria-rowcount': total + 1 })}>
      <thead>
        <tr>
          {heads.map((word) =>
            word === '' ? (
              <td key="" />
            ) : (
              <th key={word} scope="col" className={numbers?.has(word) ? 'number' : undefined}>
                {say(word)}
              </th>
            ),
          )}
        </tr>
      </thead>
      <tbody>{children}</tbody>
    </table>
  );
}

/** Opens and closes what stands under a row. */
export function Expand({ isOpen, name, toggle }: { isOpen: boolean; name: string; toggle: () => void }) {
  return (
    <button type="button" className="expand" aria-expanded={isOpen} aria-label={name} onClick={toggle}>
      {isOpen ? '−' : '+'}
    </button>
  );
}
