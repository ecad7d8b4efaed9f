/**
 * What a check answers. An accepted identifier has exactly one canonical text, which is the Kafka key and the column
 * value; a flag says what an officer may want to know and never stops an event.
 */
export type CheckResult =
  | { readonly ok: true; readonly canonical: string; readonly flags: readonly Flag[] }
  | { readonly ok: false; readonly problem: Problem };

/** Why an identifier is refused, in the order in which the checks are made. */
export const problems = [
  'LENGTH',
  'FORMAT',
  'DATE',
  'BIRTH_IN_FUTURE',
  'ADDRESS_UNKNOWN',
  'COUNTRY_UNKNOWN',
  'CHECK_DIGIT',
] as const;
export type Problem = (typeof problems)[number];

/** What is odd about an identifier that is nevertheless accepted, because such identifiers have lawfully been issued. */
export const flags = [
  'CHECK_CHARACTER_WRONG',
  'ORGANISATION_PART_WRONG',
  'DIVISION_UNKNOWN',
  'CENTURY_ASSUMED',
  'REGISTERED_LATE',
  'CODE_ENDED_BEFORE_BIRTH',
  'CODE_ABOLISHED',
  'CODE_UNLISTED',
  'COUNTRY_UNLISTED',
  'LEGACY_FORM',
] as const;
export type Flag = (typeof flags)[number];

/** A fixed sentence in both languages. It never holds the identifier, so it may be logged, stored and shown. */
export interface Sentence {
  readonly zh: string;
  readonly en: string;
}

/** The sentence of each problem; total, so that a new problem cannot be left without words. */
export const problemText = {
  LENGTH: { zh: '长度不符合该类代码的规定', en: 'the length is not one that this kind of identifier has' },
  FORMAT: { zh: '含有不允许的字符或排列不符合规定', en: 'a character is not allowed at its place' },
  DATE: { zh: '出生日期不存在', en: 'the birth date does not exist' },
  BIRTH_IN_FUTURE: { zh: '出生日期晚于今天', en: 'the birth date is later than today' },
  ADDRESS_UNKNOWN: { zh: '行政区划代码从未存在', en: 'the division code has never existed' },
  COUNTRY_UNKNOWN: { zh: '国籍代码不存在', en: 'the country code does not exist' },
  CHECK_DIGIT: { zh: '校验码不正确', en: 'the check character does not match' },
} as const satisfies Record<Problem, Sentence>;

/** The sentence of each flag; total like `problemText`. */
export const flagText = {
  CHECK_CHARACTER_WRONG: {
    zh: '校验码不符，试点时期发放的代码有此情形',
    en: 'the check character does not match, as in codes lawfully issued by pilot offices',
  },
  ORGANISATION_PART_WRONG: {
    zh: '其中的组织机构代码校验码不符',
    en: 'the organisation code inside has a wrong check character',
  },
  DIVISION_UNKNOWN: { zh: '其中的行政区划代码未知', en: 'the division code inside is not known' },
  CENTURY_ASSUMED: {
    zh: '由15位号码升位，出生年份按19开头推定',
    en: 'upgraded from 15 digits, the birth year is taken to begin with 19',
  },
  REGISTERED_LATE: {
    zh: '地址码启用晚于出生年份，属补登或迟登',
    en: 'the address code is younger than the birth, as after a late registration',
  },
  CODE_ENDED_BEFORE_BIRTH: {
    zh: '地址码在出生之前已停用',
    en: 'the address code had ended before the birth',
  },
  CODE_ABOLISHED: { zh: '行政区划代码已停用', en: 'the division code is no longer in force' },
  CODE_UNLISTED: {
    zh: '不在芜湖市历年行政区划代码之列，可能为统计用代码',
    en: 'not among the division codes that Wuhu has had, possibly a statistical code',
  },
  COUNTRY_UNLISTED: { zh: '国籍数字代码未列入国家代码表', en: 'the numeric country code is not listed' },
  LEGACY_FORM: { zh: '旧式代码', en: 'an identifier of a form that is no longer issued' },
} as const satisfies Record<Flag, Sentence>;

const noFlags: readonly Flag[] = Object.freeze([]);

export function accepted(canonical: string, found: readonly Flag[] = noFlags): CheckResult {
  return { ok: true, canonical, flags: found };
}

const refusals = Object.fromEntries(
  problems.map((problem) => [problem, Object.freeze({ ok: false, problem })]),
) as Record<Problem, CheckResult>;

export function refused(problem: Problem): CheckResult {
  return refusals[problem];
}
