import type { FieldDeclaration } from '@huitong/change-event';

/** What a field of an event may hold. */
export type FieldValue = string | number | boolean;

/** The answer of a transform for a text that is not what its column should hold. */
export const misfit = Symbol('misfit');

/** Reads a trimmed text that is not empty. */
export type Transform = (text: string) => FieldValue | null | typeof misfit;

/**
 * The transforms that a mapping may name. `capital` reads `50(万元)`, `42.4000(万元)`, `30.6万人民币` or `1,150(万美元)`
 * as an amount in units of its currency, `currency` the same texts as ISO 4217 letters (null where the text names none);
 * `ten-thousands` is for a plain number whose column heading says 万元. Arithmetic is on digits, never in floating point.
 */
export const transforms = {
  text: (text) => text,
  date: readDate,
  instant: readInstant,
  decimal: (text) => readNumber(text, 0),
  'ten-thousands': (text) => readNumber(text, 4),
  integer: (text) => (/^[+-]?\d{1,16}$/.test(narrow(text)) ? Number(narrow(text)) : misfit),
  number: (text) => (/^-?\d+(\.\d+)?$/.test(narrow(text)) ? Number(narrow(text)) : misfit),
  boolean: (text) => booleans.get(narrow(text).toLowerCase()) ?? misfit,
  capital: (text) => readCapital(text)?.amount ?? misfit,
  currency: (text) => {
    const capital = readCapital(text);
    return capital ? capital.currency : misfit;
  },
} as const satisfies Record<string, Transform>;

/** One of {@link transforms}, or `code`: a code of the field's list, or the code's Chinese name. */
export type TransformName = keyof typeof transforms | 'code';
export const transformNames = ['code', ...(Object.keys(transforms) as TransformName[])] as const;

/** What a name means for a field. */
export function transformOf(name: TransformName, field: FieldDeclaration): Transform {
  if (name !== 'code') return transforms[name];
  const { codes = {} } = field;
  const byName = new Map(Object.entries(codes).map(([code, title]) => [title, code]));
  // An unknown code goes on as it is: the check of the event then says so.
  return (text) => (Object.hasOwn(codes, text) ? text : (byName.get(text) ?? text));
}

const byType: Record<FieldDeclaration['type'], TransformName> = {
  string: 'text',
  int: 'integer',
  long: 'integer',
  double: 'number',
  boolean: 'boolean',
  date: 'date',
  timestamp: 'instant',
};

/** The transform of a field for which a mapping names none. */
export function usualTransform(field: FieldDeclaration): TransformName {
  if (field.codes) return 'code';
  return field.numeric ? 'decimal' : byType[field.type];
}

const booleans = new Map([
  ...['是', 'true', '1', 'y', 'yes'].map((text) => [text, true] as const),
  ...['否', 'false', '0', 'n', 'no'].map((text) => [text, false] as const),
]);

/** Full-width digits, brackets and commas become narrow; blanks go. */
const narrow = (text: string): string => text.normalize('NFKC').replace(/\s+/g, '');

const separated = /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]?\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?$/;
const compact = /^(\d{4})(\d{2})(\d{2})$/;

function readDate(text: string): string | typeof misfit {
  const plain = text.normalize('NFKC');
  const [, year, month, day] = separated.exec(plain) ?? compact.exec(plain) ?? [];
  if (!year || !month || !day) return misfit;
  const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  const time = Date.parse(date);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(date) ? date : misfit;
}

const zoned = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}[\d:.]*(Z|[+-]\d{2}:?\d{2})$/;

/** An instant without a zone is Beijing time; a date alone is its beginning. */
function readInstant(text: string): string | typeof misfit {
  const plain = text.normalize('NFKC');
  const date = zoned.test(plain) ? undefined : readDate(plain);
  if (date === misfit) return misfit;
  const [, hour = '0', rest = '00'] = /(\d{1,2}):(\d{2}(?::\d{2}(?:\.\d+)?)?)$/.exec(plain) ?? [];
  const time = Date.parse(date ? `${date}T${hour.padStart(2, '0')}:${rest}+08:00` : plain.replace(' ', 'T'));
  return Number.isNaN(time) ? misfit : new Date(time).toISOString();
}

function readNumber(text: string, exponent: number): string | typeof misfit {
  const [, sign, whole, fraction] = /^(-?)(\d[\d,]*)(?:\.(\d+))?$/.exec(narrow(text)) ?? [];
  return whole === undefined ? misfit : `${sign}${shifted(whole, fraction, exponent)}`;
}

/** A decimal number times a power of ten, without a needless zero. */
function shifted(whole: string, fraction = '', exponent: number): string {
  const padded = fraction.padEnd(exponent, '0');
  const units = `${whole.replaceAll(',', '')}${padded.slice(0, exponent)}`.replace(/^0+(?=\d)/, '');
  const rest = padded.slice(exponent).replace(/0+$/, '');
  return rest ? `${units}.${rest}` : units;
}

const multiples: Readonly<Record<string, number>> = { '': 0, 千: 3, 万: 4, 百万: 6, 千万: 7, 亿: 8, 万亿: 12 };
const currencies: Readonly<Record<string, string | null>> = {
  // 万 alone does not say of what.
  '': null,
  ...Object.fromEntries(['元', '人民币', '人民币元', '元人民币'].map((name) => [name, 'CNY'])),
  ...Object.fromEntries(['美元', '美金'].map((name) => [name, 'USD'])),
  ...Object.fromEntries(['港元', '港币', '香港元'].map((name) => [name, 'HKD'])),
  ...Object.fromEntries(['台币', '新台币', '台币元'].map((name) => [name, 'TWD'])),
  ...Object.fromEntries(['澳门元', '澳门币'].map((name) => [name, 'MOP'])),
  ...Object.fromEntries(['澳元', '澳大利亚元'].map((name) => [name, 'AUD'])),
  ...Object.fromEntries(['加元', '加拿大元'].map((name) => [name, 'CAD'])),
  欧元: 'EUR',
  日元: 'JPY',
  韩元: 'KRW',
  英镑: 'GBP',
  新加坡元: 'SGD',
  瑞士法郎: 'CHF',
};

/** Undefined for a text that is no amount, and for a bare number: whether it counts yuan or ten thousands is not said. */
function readCapital(text: string): { amount: string; currency: string | null } | undefined {
  const [, before = '', whole, fraction, bracketed, bare = ''] =
    /^(\p{Script=Han}*)(\d[\d,]*)(?:\.(\d+))?(?:\(([^()]*)\)|([^()\d]*))$/u.exec(narrow(text)) ?? [];
  if (whole === undefined) return undefined;
  const [, multiple = '', unit = ''] = /^(万亿|千万|百万|亿|万|千)?(.*)$/.exec(bracketed ?? bare) ?? [];
  const name = before && unit === '元' ? before : `${before}${unit}`;
  const exponent = multiples[multiple];
  if (exponent === undefined || !Object.hasOwn(currencies, name) || multiple + name === '') return undefined;
  return { amount: shifted(whole, fraction, exponent), currency: currencies[name]! };
}
