import { datasets, HuitongError, laneOf } from '@huitong/change-event';
import { checkIdentifier, problemText, type Flag } from '@huitong/identifiers';
import {
  readHistory,
  readSubject,
  settledPart,
  type HeardMs,
  type Provenance,
  type SubjectChange,
  type SubjectPlan,
} from '@huitong/subject-engine';
import type { AccessEntry, AccessLog } from './access-log.ts';
import { freshnessOf, type Freshness } from './freshness.ts';
import { laneColumns, type LagWatch, type LaneRow } from './lag-watch.ts';
import { rowsOf, translated, type SubjectPlace } from './subject-database.ts';

/** Who asks, and why; all of it goes into the access log. */
export interface Reader {
  readonly caller: string;
  readonly role: string;
  readonly purpose: string;
  readonly route: string;
  readonly traceId: string;
}

/** A subject's record as it is answered. */
export interface SubjectAnswer {
  readonly subject: string;
  readonly id: string;
  readonly record: Readonly<Record<string, unknown>>;
  readonly provenance: Readonly<Record<string, Provenance>>;
  /** Fields whose value an annulment could still change, and until when; null where nobody can say. */
  readonly provisional: Readonly<Record<string, string | null>>;
  /** Fields that a user has doubted and the provider has not yet answered. */
  readonly disputed: readonly string[];
  readonly freshness: Freshness;
  /** What is odd about the id, though it is accepted. */
  readonly flags: readonly Flag[];
}

/** A page of a subject's changes, newest first. */
export interface HistoryAnswer {
  readonly subject: string;
  readonly id: string;
  readonly changes: readonly SubjectChange[];
  /** Give it as `before` to see older ones; null at the end. */
  readonly next: number | null;
}

/**
 * Reads subject databases for people. Every read, of what exists or not, is on disk in the access log before this
 * returns or throws NOT_FOUND; when it cannot be logged it throws DATABASE_UNAVAILABLE and tells nothing.
 */
export class SubjectReader {
  readonly #places: ReadonlyMap<string, SubjectPlace>;
  readonly #watch: LagWatch;
  readonly #log: AccessLog;

  constructor(parts: { places: ReadonlyMap<string, SubjectPlace>; watch: LagWatch; log: AccessLog }) {
    this.#places = parts.places;
    this.#watch = parts.watch;
    this.#log = parts.log;
  }

  /**
   * The record by any id that the subject ever had, at present or as of `validAt` (date) and `knownAt` (instant). With
   * `settled`, only the fields that no annulment is reckoned with any more: what irreversible consequences may use. With
   * `isMasked` the caller tells no value, and the log no field.
   */
  async read(
    asked: {
      subject: string;
      id: string;
      validAt?: string | undefined;
      knownAt?: string | undefined;
      settled?: boolean | undefined;
      isMasked?: boolean | undefined;
    },
    reader: Reader,
  ): Promise<SubjectAnswer> {
    const place = this.#placeOf(asked.subject);
    const { id, flags } = canonicalId(place.subject, asked.id);
    const { validAt, knownAt } = asked;
    // The lanes first: what they say is complete is then surely in the record.
    const lanes = await this.#lanesOf(place, id);
    const whole = await translated(
      readSubject(place.database.reader, place.subject, id, {
        heardMs: heardIn(lanes),
        ...(validAt === undefined ? {} : { validAt }),
        ...(knownAt === undefined ? {} : { knownAt: new Date(knownAt) }),
      }),
    );
    const reading = whole && asked.settled ? settledPart(whole) : whole;
    await this.#write(reader, asked, id, reading && Object.keys(reading.record));
    if (!reading) throw nothingKnown();
    return {
      subject: place.subject.name,
      id: reading.id,
      record: reading.record,
      provenance: reading.provenance,
      provisional: reading.provisional,
      disputed: reading.disputed,
      freshness: freshnessOf(this.#watch, place, lanes),
      flags,
    };
  }

  /** A page of the subject's changes; `isMasked` as in {@link read}. NOT_FOUND where the first page is empty. */
  async history(
    asked: {
      subject: string;
      id: string;
      limit: number;
      before?: number | undefined;
      isMasked?: boolean | undefined;
    },
    reader: Reader,
  ): Promise<HistoryAnswer> {
    const place = this.#placeOf(asked.subject);
    const { id } = canonicalId(place.subject, asked.id);
    const { limit, before } = asked;
    const lanes = await this.#lanesOf(place, id);
    const page = { limit: limit + 1, heardMs: heardIn(lanes), ...(before === undefined ? {} : { before }) };
    const found = await translated(readHistory(place.database.reader, place.subject, id, page));
    const changes = found.slice(0, limit);
    const known = changes.length > 0 || before !== undefined;
    const fields = [...new Set(changes.flatMap((change) => Object.keys(change.fields)))];
    await this.#write(reader, asked, id, known ? fields : undefined);
    if (!known) throw nothingKnown();
    return { subject: place.subject.name, id, changes, next: found.length > limit ? changes.at(-1)!.historyId : null };
  }

  /** All ids that the subject of an id ever had, so that a search for one finds what was read by another. */
  async idsOf(subject: string, id: string): Promise<string[]> {
    const place = this.#placeOf(subject);
    const canonical = canonicalId(place.subject, id).id;
    const rows = await rowsOf<{ id: string }>(place.database.reader, {
      text: 'select id from identity where subject_id = (select subject_id from identity where id = $1)',
      values: [canonical],
    });
    return [...new Set([canonical, ...rows.map((row) => row.id)])];
  }

  #placeOf(subject: string): SubjectPlace {
    const place = this.#places.get(subject);
    if (!place) throw new HuitongError('NOT_FOUND', '没有这个专题库 / there is no such subject database');
    return place;
  }

  #write(
    reader: Reader,
    asked: {
      subject: string;
      validAt?: string | undefined;
      knownAt?: string | undefined;
      isMasked?: boolean | undefined;
    },
    subjectId: string,
    fields: readonly string[] | undefined,
  ): Promise<void> {
    const entry: AccessEntry = {
      ...reader,
      subject: asked.subject,
      subjectId,
      fields: asked.isMasked ? [] : (fields ?? []),
      validAt: asked.validAt ?? null,
      knownAt: asked.knownAt ?? null,
      outcome: fields ? 'answered' : 'not-found',
    };
    return this.#log.write(entry);
  }

  /** The rows of the lanes that the subject's ids take: one round trip, a second one only where a former id takes another lane. */
  async #lanesOf(place: SubjectPlace, id: string): Promise<LaneRow[]> {
    const count = await this.#watch.laneCount(place.database);
    if (count === undefined) return [];
    const own = laneOf(id, count);
    const rows = await rowsOf<LaneRow & { ids: string[] | null }>(place.database.reader, {
      name: `lane of ${place.subject.name}`,
      text: `select ${laneColumns}, ${place.subject.hasAliases ? membersSql : 'null::text[]'} as ids
        from lane where lane = $1 and $2::text is not null`,
      values: [own, id],
    });
    const others = new Set((rows[0]?.ids ?? []).map((member) => laneOf(member, count)));
    others.delete(own);
    if (others.size === 0) return rows;
    const more = await rowsOf<LaneRow>(place.database.reader, {
      name: 'other lanes',
      text: `select ${laneColumns} from lane where lane = any($1::smallint[])`,
      values: [[...others]],
    });
    return [...rows, ...more];
  }
}

const membersSql = `(select array_agg(m.id) from identity m
  where m.subject_id = (select i.subject_id from identity i where i.id = $2))`;

/** Up to when each dataset has been heard of in all of these lanes that it was ever heard in. */
function heardIn(lanes: readonly LaneRow[]): HeardMs {
  return (dataset) => {
    const heard = lanes.flatMap(({ as_of: asOf }) => asOf[datasets[dataset].topic] ?? []);
    return heard.length > 0 ? Math.min(...heard) : undefined;
  };
}

/** The id in the form under which it is kept; IDENTIFIER_INVALID says why it is none. */
function canonicalId(subject: SubjectPlan, text: string): { id: string; flags: readonly Flag[] } {
  const result = checkIdentifier(subject.subjectCheck, text);
  if (result.ok) return { id: result.canonical, flags: result.flags };
  const { zh, en } = problemText[result.problem];
  throw new HuitongError('IDENTIFIER_INVALID', `${zh} / ${en}`, { context: { field: 'id', problem: result.problem } });
}

const nothingKnown = (): HuitongError =>
  new HuitongError('NOT_FOUND', '该主体没有任何信息 / nothing is known of this subject');
