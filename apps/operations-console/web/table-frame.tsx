import { Children, useId, type ReactNode } from 'react';
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

function Head({ heads, numbers, isNarrow, children }: Rows) {
  const { say } = useSurroundings();
  return (
    <table className={isNarrow ? 'rows narrow' : 'rows'}>
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
