import { checkIdentifier, problemText, type Problem as IdentifierProblem } from '@huitong/identifiers';
import { sourceClockSkewMs, verbs, type ChangeEvent, type Verb } from './change-event.ts';
import type { DatasetDeclaration, FieldDeclaration } from './dataset-declaration.ts';
import type { ErrorCode } from './errors.ts';
import { datasets, type DatasetName } from './generated/datasets.ts';

/** Why an event was refused: a code, the field (a path in the JSON form) and a sentence, Chinese first; never a value. */
export interface EventProblem {
  readonly code: ErrorCode;
  readonly field: string;
  readonly message: string;
  readonly eventId?: string;
}

/** A remark on an accepted event: an identifier that is legal, yet odd (see `@huitong/identifiers` for the flags). */
export interface EventFlag {
  readonly field: string;
  readonly flag: string;
}

/** What reading one JSON event gave: the event with canonical ids and its subject's id, or the first problem found. */
export type JsonEventReading =
  | { readonly ok: true; readonly event: ChangeEvent; readonly subjectId: string; readonly flags: readonly EventFlag[] }
  | { readonly ok: false; readonly problem: EventProblem };

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;
const datePattern = /^\d{4}-\d{2}-\d{2}$/;
const instantPattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})$/;
const numericPattern = /^-?\d{1,18}(\.\d{1,8})?$/;
/** No text of a record is longer than this; GB/T 36104's longest item, the scope of business, has 2,000 characters. */
const textLengthMax = 8_000;

const envelopeFields = new Set([
  'eventId',
  'verb',
  'previousEventId',
  'reason',
  'sourceRecordId',
  'sourceVersion',
  'validFrom',
  'validTo',
  'recordedAt',
  'subjectId',
  'data',
]);

/**
 * Reads the JSON form of a change event: envelope, fields, code lists and identifiers are checked, ids put into their
 * canonical form (15 to 18 digits, upper case), so that one subject always takes one lane. Answers the first problem
 * instead of throwing.
 */
export function readJsonEvent(dataset: DatasetName, json: unknown, now: Date): JsonEventReading {
  const declaration: DatasetDeclaration = datasets[dataset];
  if (!isObject(json))
    return refused(undefined, 'RECORD_REFUSED', '', '事件须为 JSON 对象 / an event is a JSON object');
  const eventId =
    typeof json['eventId'] === 'string' && uuidPattern.test(json['eventId']) ? json['eventId'] : undefined;
  const envelopeProblem = checkEnvelope(json, declaration, now);
  if (envelopeProblem) return refused(eventId, ...envelopeProblem);

  const today = now.toISOString().slice(0, 10);
  const flags: EventFlag[] = [];
  let data: Record<string, unknown> | null = null;
  let subjectId: string;
  if (json['verb'] === 'ANNULLED') {
    const key = readKey(
      json['subjectId'] ?? (json['data'] as Record<string, unknown> | null)?.[declaration.subjectKey],
    );
    const checked = checkIdentifier(declaration.subjectCheck, key, today);
    if (!checked.ok) return refused(eventId, 'IDENTIFIER_INVALID', 'subjectId', identifierSentence(checked.problem));
    subjectId = checked.canonical;
  } else {
    const reading = readData(json['data'] as Record<string, unknown>, declaration, flags, today);
    if ('problem' in reading) return refused(eventId, ...reading.problem);
    data = reading.data;
    subjectId = data[declaration.subjectKey] as string;
  }
  const event = {
    event_id: (json['eventId'] as string).toLowerCase(),
    verb: json['verb'] as Verb,
    previous_event_id: (json['previousEventId'] as string | null | undefined)?.toLowerCase() ?? null,
    reason: json['reason'] as string,
    source_record_id: json['sourceRecordId'] as string,
    source_version: json['sourceVersion'] as number,
    valid_from: (json['validFrom'] as string | null | undefined) ?? null,
    valid_to: (json['validTo'] as string | null | undefined) ?? null,
    recorded_at: Date.parse(json['recordedAt'] as string),
    data: data as ChangeEvent['data'],
  };
  return { ok: true, event, subjectId, flags };
}

type Problem = readonly [code: ErrorCode, field: string, message: string];

function checkEnvelope(json: Record<string, unknown>, declaration: DatasetDeclaration, now: Date): Problem | undefined {
  const refuse = (field: string, message: string): Problem => ['RECORD_REFUSED', field, message];
  for (const name in json)
    if (!envelopeFields.has(name)) return refuse(name, '没有这个信封字段 / the envelope has no such field');
  const { eventId, verb, previousEventId, reason, sourceRecordId, sourceVersion, recordedAt, validFrom, validTo } =
    json;
  if (!isUuid(eventId)) return refuse('eventId', '须为 UUID（建议第 7 版） / a UUID is needed, version 7 at best');
  if (!(verbs as readonly unknown[]).includes(verb))
    return refuse('verb', `须为 ${verbs.join('、')} 之一 / one of these`);
  if (previousEventId != null && !isUuid(previousEventId))
    return refuse('previousEventId', '须为 UUID 或空 / a UUID or null is needed');
  if (typeof reason !== 'string' || !Object.hasOwn(declaration.reasons, reason))
    return ['CODE_UNKNOWN', 'reason', '不在本数据资源的原因代码表内 / not in the dataset’s list of reasons'];
  if (!isText(sourceRecordId) || (sourceRecordId as string).length < 1 || (sourceRecordId as string).length > 200)
    return refuse('sourceRecordId', '须为 1 至 200 字符 / 1 to 200 characters are needed');
  if (!isSafeCount(sourceVersion)) return refuse('sourceVersion', '须为非负整数 / a whole number from 0 is needed');
  if (typeof recordedAt !== 'string' || !instantPattern.test(recordedAt) || Number.isNaN(Date.parse(recordedAt)))
    return refuse('recordedAt', '须为带时区的 ISO 8601 时刻 / an ISO 8601 instant with its zone is needed');
  if (Date.parse(recordedAt) > now.getTime() + sourceClockSkewMs)
    return refuse('recordedAt', '晚于当前时间 / it lies in the future');
  for (const [name, value] of [
    ['validFrom', validFrom],
    ['validTo', validTo],
  ] as const)
    if (value != null && !isDate(value)) return refuse(name, '须为 YYYY-MM-DD 日期 / a YYYY-MM-DD date is needed');
  if (validFrom != null && validTo != null && (validTo as string) < (validFrom as string))
    return refuse('validTo', '早于 validFrom / it lies before validFrom');
  if (verb !== 'ANNULLED' && !isObject(json['data']))
    return refuse('data', '除 ANNULLED 外须有数据 / data is needed, but for ANNULLED');
  return undefined;
}

type DataReading = { readonly data: Record<string, unknown> } | { readonly problem: Problem };

function readData(
  json: Record<string, unknown>,
  declaration: DatasetDeclaration,
  flags: EventFlag[],
  today: string,
): DataReading {
  const data: Record<string, unknown> = {};
  for (const name in json)
    if (!Object.hasOwn(declaration.fields, name))
      return { problem: ['RECORD_REFUSED', `data.${name}`, '数据资源没有这个字段 / the dataset has no such field'] };
  for (const name in declaration.fields) {
    const field = declaration.fields[name]!;
    const value = json[name];
    if (value === null || value === undefined || value === '') {
      if (!field.nullable) return { problem: ['RECORD_REFUSED', `data.${name}`, '此字段必填 / this field is needed'] };
      data[name] = null;
      continue;
    }
    const wrong = wrongType(value, field);
    if (wrong) return { problem: ['RECORD_REFUSED', `data.${name}`, wrong] };
    if (field.codes && !Object.hasOwn(field.codes, value as string))
      return { problem: ['CODE_UNKNOWN', `data.${name}`, '不在代码表内 / not in the code list'] };
    data[name] = field.type === 'timestamp' ? Date.parse(value as string) : value;
    if (!field.check) continue;
    const checked = checkIdentifier(field.check, value as string, today);
    if (!checked.ok) return { problem: ['IDENTIFIER_INVALID', `data.${name}`, identifierSentence(checked.problem)] };
    data[name] = checked.canonical;
    for (const flag of checked.flags) flags.push({ field: `data.${name}`, flag });
  }
  return { data };
}

function identifierSentence(problem: IdentifierProblem): string {
  const { zh, en } = problemText[problem];
  return `标识不符：${zh} / the identifier does not fit: ${en}`;
}

/** What a value of each declared type must look like; the answer is the sentence for the one that does not. */
const typeChecks: Record<FieldDeclaration['type'], readonly [fits: (value: unknown) => boolean, sentence: string]> = {
  string: [isText, '须为文本，不含 NUL，至多 8000 字 / text without NUL is needed, 8,000 characters at most'],
  int: [
    (value) => Number.isInteger(value) && Math.abs(value as number) < 2 ** 31,
    '须为整数 / a whole number is needed',
  ],
  long: [Number.isSafeInteger, '须为整数 / a whole number is needed'],
  double: [Number.isFinite, '须为数值 / a number is needed'],
  boolean: [(value) => typeof value === 'boolean', '须为 true 或 false / true or false is needed'],
  date: [isDate, '须为 YYYY-MM-DD 日期 / a YYYY-MM-DD date is needed'],
  timestamp: [
    (value) => typeof value === 'string' && instantPattern.test(value) && !Number.isNaN(Date.parse(value)),
    '须为带时区的 ISO 8601 时刻 / an ISO 8601 instant with its zone is needed',
  ],
};

function wrongType(value: unknown, field: FieldDeclaration): string | undefined {
  const [fits, sentence] = typeChecks[field.type];
  if (!fits(value)) return sentence;
  if (field.numeric && !numericPattern.test(value as string))
    return '须为十进制数文本，如 "1234.50" / a decimal number as text is needed, such as "1234.50"';
  return undefined;
}

function refused(eventId: string | undefined, code: ErrorCode, field: string, message: string): JsonEventReading {
  return { ok: false, problem: { code, field, message, ...(eventId ? { eventId } : {}) } };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown): boolean {
  return (
    typeof value === 'string' && value.length <= textLengthMax && !value.includes('\u0000') && value.isWellFormed()
  );
}

function isUuid(value: unknown): boolean {
  return typeof value === 'string' && uuidPattern.test(value);
}

function isSafeCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isDate(value: unknown): boolean {
  if (typeof value !== 'string' || !datePattern.test(value)) return false;
  const time = Date.parse(value);
  // PostgreSQL has no year 0; a day that its month lacks would become one of the next month.
  return !Number.isNaN(time) && value >= '0001' && new Date(time).getUTCDate() === Number(value.slice(8));
}

function readKey(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
