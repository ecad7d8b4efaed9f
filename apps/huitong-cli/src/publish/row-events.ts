import {
  datasets,
  readJsonEvent,
  type DatasetDeclaration,
  type DatasetName,
  type ErrorCode,
} from '@huitong/change-event';
import { eventIdOf } from './event-id.ts';
import type { FieldMapping, Mapping } from './mapping.ts';
import { ExactIds, RepeatedIds } from './repeated-ids.ts';
import type { Source, SourceRow } from './source.ts';
import { misfit, transformOf, usualTransform, type FieldValue, type TransformName } from './transforms.ts';

/** Why a row is refused; the field is a path in the JSON form of an event. No value of the row. */
export interface RowProblem {
  readonly code: ErrorCode;
  readonly field: string;
  readonly message: string;
}

/** What a row became: an event as JSON text, with the flags of its identifiers, or the reason why it is none. */
export type RowReading =
  | { readonly ok: true; readonly json: string; readonly flags: readonly string[] }
  | { readonly ok: false; readonly problem: RowProblem };

/** What holds for all rows of a file. */
interface RowEventsOptions {
  readonly dataset: DatasetName;
  readonly source: Pick<Source, 'format' | 'columns' | 'encoding'>;
  /** Undefined where the lines are events already. */
  readonly mapping: Mapping | undefined;
  readonly guessedKey: boolean;
  /** The version of rows that have no column for it, and the instant of those without one, in epoch milliseconds. */
  readonly sourceVersion: number;
  readonly recordedAtMs: number;
  readonly fileBytes: number;
}

type EnvelopeField = 'validFrom' | 'validTo' | 'recordedAt' | 'sourceVersion';
type Mapped = { readonly event: object } | { readonly problem: RowProblem };
type Cell = (row: SourceRow) => string;
type Read<Value> = (row: SourceRow) => Value | null | typeof misfit;

/**
 * Turns the rows of one file into change events, in the order of the file, each checked as the gateway will check it.
 * A record id that the file has shown before gets a version above all earlier ones of the file, so that the later row
 * wins whatever the order of arrival; a guessed record id is refused the second time.
 */
export class RowEvents {
  /** How many rows so far carried a record id that an earlier row had. */
  repeated = 0;
  readonly #options: RowEventsOptions;
  readonly #ids: RepeatedIds | ExactIds;
  readonly #idCells: readonly Cell[];
  readonly #columns: readonly { name: string; column: string; read: Read<FieldValue> }[];
  readonly #envelope: Readonly<Record<EnvelopeField, Read<FieldValue>>>;

  constructor(options: RowEventsOptions) {
    this.#options = options;
    const { dataset, mapping, source } = options;
    this.#ids = options.guessedKey ? new ExactIds() : new RepeatedIds(options.fileBytes);
    const declaration: DatasetDeclaration = datasets[dataset];
    const empty = new Set(['', ...(mapping?.empty ?? [])]);
    const optional = (column: string | undefined, transform: Exclude<TransformName, 'code'>): Read<FieldValue> =>
      column === undefined ? () => null : reader(cellOf(source, column), transformOf(transform, plain), empty);
    this.#idCells = (mapping?.sourceRecordId ?? []).map((column) => cellOf(source, column));
    this.#envelope = {
      validFrom: optional(mapping?.validFrom, 'date'),
      validTo: optional(mapping?.validTo, 'date'),
      recordedAt: optional(mapping?.recordedAt, 'instant'),
      sourceVersion: optional(mapping?.sourceVersion, 'integer'),
    };
    // In the order of the declaration: the order of a mapping's keys does not change an event's id.
    this.#columns = Object.entries(declaration.fields).flatMap(([name, field]) => {
      const part = mapping?.fields[name];
      if (!part) return [];
      if (part.column === undefined) return [{ name, column: name, read: () => part.constant! }];
      const transform = transformOf(part.transform ?? usualTransform(field), field);
      return [{ name, column: part.column, read: reader(cellOf(source, part.column), transform, empty, part) }];
    });
  }

  /** What the row becomes. Every row must pass here or through {@link skip} exactly once. */
  read(row: SourceRow, now: Date): RowReading {
    const { source, mapping, dataset } = this.#options;
    const damaged = row.original.findIndex((cell) => cell.includes('\uFFFD'));
    const repeats = this.#isRepeated(row);
    if (damaged >= 0) return this.#undecodable(damaged);
    if (source.format === 'ndjson' && !row.json)
      return refused('EVENT_UNREADABLE', '', '此行不是 JSON 对象 / this line is not a JSON object');
    if (mapping && source.format === 'csv' && row.original.length !== source.columns.length)
      return refused(
        'RECORD_REFUSED',
        '',
        `此行有 ${row.original.length} 列，表头有 ${source.columns.length} 列 / the row has ${row.original.length} columns, the header ${source.columns.length}`,
      );
    const mapped: Mapped = mapping ? this.#event(row, mapping, repeats) : { event: row.json! };
    if ('problem' in mapped) return { ok: false, problem: mapped.problem };
    const { event } = mapped;
    const reading = readJsonEvent(dataset, event, now);
    if (!reading.ok) return { ok: false, problem: reading.problem };
    return { ok: true, json: JSON.stringify(event), flags: reading.flags.map(({ flag }) => flag) };
  }

  /** Takes note of a row that an earlier run has done. */
  skip(row: SourceRow): void {
    this.#isRepeated(row);
  }

  #isRepeated(row: SourceRow): boolean {
    const id = this.#options.mapping ? this.#recordId(row) : row.json?.['eventId'];
    if (typeof id !== 'string' || !this.#ids.seen(id)) return false;
    this.repeated += 1;
    return true;
  }

  /** Undefined where a part of it is empty. */
  #recordId(row: SourceRow): string | undefined {
    const parts = this.#idCells.map((cell) => cell(row).trim());
    return parts.includes('') ? undefined : parts.join('/');
  }

  #undecodable(index: number): RowReading {
    const { columns, encoding, format } = this.#options.source;
    const column = format === 'csv' ? (columns[index] ?? '') : '';
    const message = `${column} 含有按 ${encoding} 无法解码的字符，编码不符请用 --encoding 指明 / a character cannot be decoded as ${encoding}; where the encoding is another, name it with --encoding`;
    return refused('RECORD_REFUSED', '', message.trim());
  }

  #event(row: SourceRow, mapping: Mapping, repeats: boolean): Mapped {
    const { dataset, guessedKey, sourceVersion, recordedAtMs } = this.#options;
    const sourceRecordId = this.#recordId(row);
    const columns = mapping.sourceRecordId.join('、');
    if (sourceRecordId === undefined)
      return problem('sourceRecordId', `记录标识列（${columns}）为空 / the column of the record id is empty`);
    if (repeats && guessedKey)
      return problem(
        'sourceRecordId',
        `记录标识（按 ${columns} 推定）重复，请用 --key 指明真正的记录标识列 / the record id, taken to be ${columns}, repeats: name its true columns with --key`,
      );
    const misfits: { field: string; column: string }[] = [];
    const take = (field: string, column: string, read: Read<FieldValue>): FieldValue | null => {
      const value = read(row);
      if (value !== misfit) return value;
      misfits.push({ field, column });
      return null;
    };
    const envelope = (name: EnvelopeField) => take(name, mapping[name] ?? '', this.#envelope[name]);
    const data: Record<string, FieldValue | null> = {};
    for (const { name, column, read } of this.#columns) data[name] = take(`data.${name}`, column, read);
    const [validFrom, validTo, recordedAt] = [envelope('validFrom'), envelope('validTo'), envelope('recordedAt')];
    const version = envelope('sourceVersion');
    if (misfits.length > 0) return misfitProblem(misfits);
    const event = {
      verb: mapping.verb,
      reason: mapping.reason,
      sourceRecordId,
      sourceVersion: version ?? sourceVersion + (repeats ? this.repeated : 0),
      ...(validFrom === null ? {} : { validFrom }),
      ...(validTo === null ? {} : { validTo }),
      recordedAt: recordedAt ?? new Date(recordedAtMs).toISOString(),
      data,
    };
    const eventId = eventIdOf(Date.parse(event.recordedAt as string), [dataset, event]);
    return { event: { eventId, ...event } };
  }
}

/** For the envelope, whose columns are in no declaration. */
const plain = { type: 'string', nullable: true, titleZh: '', titleEn: '' } as const;

function cellOf(source: RowEventsOptions['source'], column: string): Cell {
  if (source.format === 'csv') {
    const index = source.columns.indexOf(column);
    return ({ original }) => original[index] ?? '';
  }
  return ({ json }) => {
    const value = json?.[column];
    return typeof value === 'string'
      ? value
      : typeof value === 'number' || typeof value === 'boolean'
        ? `${value}`
        : '';
  };
}

function reader(
  cell: Cell,
  transform: (text: string) => FieldValue | null | typeof misfit,
  empty: ReadonlySet<string>,
  { pattern }: Pick<FieldMapping, 'pattern'> = {},
): Read<FieldValue> {
  const fits = pattern === undefined ? undefined : new RegExp(`^(?:${pattern})$`, 'u');
  return (row) => {
    const text = cell(row).trim();
    if (empty.has(text)) return null;
    return fits && !fits.test(text) ? misfit : transform(text);
  };
}

function misfitProblem(misfits: readonly { field: string; column: string }[]): { problem: RowProblem } {
  const columns = [...new Set(misfits.map(({ column }) => column))];
  const names = columns.join('、');
  return problem(
    misfits[0]!.field,
    columns.length === 1
      ? `${names} 列的内容读不成所需的形式 / column ${names} does not hold what it should`
      : `${columns.length} 列内容与列名不符，疑为错列：${names} / ${columns.length} columns do not hold what they should, the row looks shifted: ${names}`,
  );
}

const problem = (field: string, message: string): { problem: RowProblem } => ({
  problem: { code: 'RECORD_REFUSED', field, message },
});

const refused = (code: ErrorCode, field: string, message: string): RowReading => ({
  ok: false,
  problem: { code, field, message },
});
