/** A column of a dataset, written `<department>.<dataset>.<field>`. */
export type ColumnReference = `${string}.${string}.${string}`;

/** A name that people see, Chinese first. */
export interface Title {
  readonly zh: string;
  readonly en: string;
}

/**
 * How one field of a subject record follows from the facts. `from` is 一数一源: the first non-null column among the
 * datasets' leading facts, the lead source first; the others look at all facts of one dataset.
 */
export type Derivation =
  | { readonly kind: 'from'; readonly columns: readonly ColumnReference[] }
  | { readonly kind: 'inForce'; readonly dataset: string }
  | { readonly kind: 'count'; readonly dataset: string }
  | {
      readonly kind: 'list';
      readonly dataset: string;
      readonly columns: readonly string[];
      readonly orderBy: readonly string[];
    }
  | { readonly kind: 'max' | 'sum'; readonly column: ColumnReference };

/** One field of a subject record: its derivation and the name that people see. */
export interface FieldDeclaration {
  readonly derivation: Derivation;
  readonly title: Title;
  /** Names the field for people; returns a new declaration. */
  titled(zh: string, en: string): FieldDeclaration;
}

/** A subject database's declaration, from which the engine compiles all its SQL. */
export interface SubjectDeclaration {
  readonly name: string;
  readonly title: Title;
  /** The PostgreSQL database that holds its facts; subjects derived from the same facts share one. */
  readonly database: string;
  readonly datasets: readonly string[];
  /** Columns that state a former id of the same subject. */
  readonly aliases?: readonly ColumnReference[];
  /** The fields of the record that people look a subject up by, the one that they know it by first. */
  readonly searched?: Readonly<Record<SearchedBy, readonly string[]>>;
  readonly fields: Readonly<Record<string, FieldDeclaration>>;
}

/** What a subject can be looked up by, other than its id. */
export type SearchedBy = 'name' | 'address';

/**
 * A column that holds the id of another subject: whose id it is, and what that one is to the subject of the column's
 * dataset. Ids of two kinds in one column are two links; a value leads only where it is an id of that kind.
 */
export interface SubjectLink {
  readonly column: ColumnReference;
  readonly subject: string;
  readonly title: Title;
}

/** Declares a {@link SubjectLink}. */
export const link = (column: ColumnReference, subject: string, zh: string, en: string): SubjectLink => ({
  column,
  subject,
  title: { zh, en },
});

function field(derivation: Derivation, title: Title = { zh: '', en: '' }): FieldDeclaration {
  return { derivation, title, titled: (zh, en) => field(derivation, { zh, en }) };
}

/** The first non-null column of the leading facts, in the order given: the lead source first (一数一源). */
export const from = (...columns: [ColumnReference, ...ColumnReference[]]): FieldDeclaration =>
  field({ kind: 'from', columns });

/** True when the dataset holds a fact of the subject that is neither annulled nor ceased. */
export const inForce = (dataset: string): FieldDeclaration => field({ kind: 'inForce', dataset });

/** The number of the dataset's facts in force. */
export const count = (dataset: string): FieldDeclaration => field({ kind: 'count', dataset });

/** The facts in force as an array of objects, ordered by `orderBy` and then by source record id; null when there are none. */
export const list = (dataset: string, columns: readonly string[], orderBy: readonly string[] = []): FieldDeclaration =>
  field({ kind: 'list', dataset, columns, orderBy });

/** The greatest value over all facts that are not annulled, ceased ones too; null when there are none. */
export const max = (column: ColumnReference): FieldDeclaration => field({ kind: 'max', column });

/** The sum over all facts that are not annulled, ceased ones too; null when there are none. */
export const sum = (column: ColumnReference): FieldDeclaration => field({ kind: 'sum', column });

/** Declares a subject database. The declaration is data: {@link SubjectDeclaration} says what each part means. */
export const subject = <const Declaration extends SubjectDeclaration>(declaration: Declaration): Declaration =>
  declaration;
