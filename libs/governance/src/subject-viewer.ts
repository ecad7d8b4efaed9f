import { datasets, HuitongError, type DatasetDeclaration, type DatasetName } from '@huitong/change-event';
import { readSubject, type RecordField, type SubjectLink } from '@huitong/subject-engine';
import type { AccessLog } from './access-log.ts';
import type { Freshness } from './freshness.ts';
import { fieldOf, shownTo, type ShownField } from './masking.ts';
import { Seal } from './seal.ts';
import { translated, type SubjectPlace } from './subject-database.ts';
import { linksOf, type SubjectLinks } from './subject-links.ts';
import type { SubjectAnswer, SubjectReader } from './subject-reader.ts';
import { searchSubjects, type SubjectHits, type SubjectParts, type SubjectSearch } from './subject-search.ts';
import type { Sight } from './unmasking.ts';

/** A subject without its id: what addresses and masked pages hold in its place. */
export type Handles = Seal<{ readonly subject: string; readonly id: string }>;

/** A working day: a link that was kept longer is made anew by a search. */
const handleMs = 12 * 3_600_000;

/** A moment on both time axes; the present where one is left out. */
export interface AsOf {
  readonly validAt?: string | undefined;
  readonly knownAt?: string | undefined;
}

/** A field of a subject's record, with how to read its value. */
export interface TypedField extends ShownField {
  readonly type: string;
  /** Of a list the titles of its columns. */
  readonly columns: readonly { readonly name: string; readonly title: ShownField['title'] }[];
}

/** A field of a subject's record, where it is from, and what is to be said of it. */
export interface SubjectField extends TypedField {
  /** None where the value rests on many facts, or there is none. */
  readonly source: {
    readonly dataset: string;
    readonly department: string;
    readonly eventId: string;
    readonly recordedAt: string;
  } | null;
  readonly isProvisional: boolean;
  readonly settlesAt: string | null;
  readonly isDisputed: boolean;
  /** Whether the value is another than at present. */
  readonly differs: boolean;
}

/** A subject's record as people see it. */
export interface SubjectView {
  readonly subject: string;
  readonly id: string | null;
  readonly isMasked: boolean;
  readonly fields: readonly SubjectField[];
  readonly freshness: Freshness;
}

/** A change as people see it; valid times are told with the values. */
export interface SubjectChangeView {
  readonly historyId: number;
  readonly dataset: string;
  readonly eventIds: readonly string[];
  readonly change: 'created' | 'changed' | 'removed';
  readonly before: readonly TypedField[];
  readonly after: readonly TypedField[];
  readonly validFrom: string | null;
  readonly validTo: string | null;
  readonly recordedAt: string;
  readonly appliedAt: string;
}

/** A page of changes, newest first. */
export interface SubjectHistory {
  readonly changes: readonly SubjectChangeView[];
  readonly next: number | null;
}

const historyPage = 50;

/**
 * Subjects as people look at them: found, opened, as they were, and with whom they are connected, masked unless {@link Sight} says
 * otherwise. Every look is in the access log before it is answered. REQUEST_INVALID for a handle that has lapsed.
 */
export class SubjectViewer {
  readonly #parts: SubjectParts;
  readonly #reader: SubjectReader;
  readonly #links: readonly SubjectLink[];

  constructor(parts: {
    places: ReadonlyMap<string, SubjectPlace>;
    log: AccessLog;
    reader: SubjectReader;
    links: readonly SubjectLink[];
    now?: () => number;
  }) {
    this.#parts = { places: parts.places, log: parts.log, handles: new Seal('subject', handleMs, parts.now) };
    this.#reader = parts.reader;
    this.#links = parts.links;
  }

  search(search: SubjectSearch, sight: Sight): Promise<SubjectHits> {
    return searchSubjects(this.#parts, search, sight);
  }

  /** The record at present, or as of a moment; then with which of its values are others now. */
  async open(handle: string, at: AsOf, { mayRead, ...reader }: Sight): Promise<SubjectView> {
    const { subject, id } = this.#behind(handle);
    const answer = await this.#reader.read({ subject, id, ...at, isMasked: !mayRead }, reader);
    const { subject: plan, database } = this.#parts.places.get(subject)!;
    const isPresent = at.validAt === undefined && at.knownAt === undefined;
    const present = isPresent ? answer : await translated(readSubject(database.reader, plan, id));
    const fields = plan.fields.map((field) => viewOf(field, answer, present?.record ?? {}));
    return {
      subject,
      id: mayRead ? answer.id : null,
      isMasked: !mayRead,
      fields: shownTo(mayRead, fields),
      freshness: answer.freshness,
    };
  }

  /** The changes of a subject's record, newest first; `before` the `next` of the page before. */
  async history(handle: string, before: number | undefined, { mayRead, ...reader }: Sight): Promise<SubjectHistory> {
    const { subject, id } = this.#behind(handle);
    const asked = { subject, id, limit: historyPage, before, isMasked: !mayRead };
    const { changes, next } = await this.#reader.history(asked, reader);
    const { fields } = this.#parts.places.get(subject)!.subject;
    return {
      changes: changes.map(({ fields: changed, validFrom, validTo, ...change }) => {
        const side = (of: 'before' | 'after') =>
          fields.flatMap((field) => (changed[field.name] ? [typed(field, changed[field.name]![of])] : []));
        const { historyId, dataset, eventIds, change: kind, recordedAt, appliedAt } = change;
        return {
          ...{ historyId, dataset, eventIds, change: kind, recordedAt, appliedAt },
          before: shownTo(mayRead, side('before')),
          after: shownTo(mayRead, side('after')),
          validFrom: mayRead ? validFrom : null,
          validTo: mayRead ? validTo : null,
        };
      }),
      next,
    };
  }

  /** Whom the facts in force connect with the subject, at present or as of a moment. */
  async links(handle: string, at: AsOf, sight: Sight): Promise<SubjectLinks> {
    const { subject, id } = this.#behind(handle);
    const ids = await this.#reader.idsOf(subject, id);
    return linksOf(this.#parts, this.#links, { place: this.#parts.places.get(subject)!, id, ids, at }, sight);
  }

  #behind(handle: string): { readonly subject: string; readonly id: string } {
    const reference = this.#parts.handles.open(handle);
    if (reference) return reference;
    throw new HuitongError('REQUEST_INVALID', '此链接已失效, 请重新搜索 / this link has lapsed: search again', {
      context: { field: 'handle' },
    });
  }
}

function viewOf(field: RecordField, answer: SubjectAnswer, present: Readonly<Record<string, unknown>>): SubjectField {
  const { name } = field;
  const source = answer.provenance[name];
  return {
    ...typed(field, answer.record[name]),
    source: source ? { ...source, department: declared(source.dataset).department } : null,
    isProvisional: Object.hasOwn(answer.provisional, name),
    settlesAt: answer.provisional[name] ?? null,
    isDisputed: answer.disputed.includes(name),
    differs: JSON.stringify(answer.record[name] ?? null) !== JSON.stringify(present[name] ?? null),
  };
}

/** The value, a code with what it stands for. */
function typed({ name, type, declaration: { title, derivation } }: RecordField, value: unknown): TypedField {
  const columns = derivation.kind === 'from' ? derivation.columns : [];
  const codes = columns.map((column) => columnOf(column)?.codes).find((one) => one !== undefined);
  const meaning = typeof value === 'string' ? codes?.[value] : undefined;
  return {
    ...fieldOf(name, title, meaning === undefined ? value : `${String(value)} ${meaning}`),
    type,
    columns: derivation.kind === 'list' ? derivation.columns.map((column) => titled(derivation.dataset, column)) : [],
  };
}

function titled(dataset: string, column: string): TypedField['columns'][number] {
  const { titleZh, titleEn } = declared(dataset).fields[column]!;
  return { name: column, title: { zh: titleZh, en: titleEn } };
}

const declared = (dataset: string): DatasetDeclaration => datasets[dataset as DatasetName];

function columnOf(reference: string): DatasetDeclaration['fields'][string] | undefined {
  const at = reference.lastIndexOf('.');
  return declared(reference.slice(0, at)).fields[reference.slice(at + 1)];
}
