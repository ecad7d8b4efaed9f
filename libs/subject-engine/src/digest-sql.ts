import { bucketsPerLane } from '@huitong/change-event';
import { quoted, type Column, type FactTable } from './plan.ts';

/** SQL expressions over a fact `f`; what they compute is what `bucketOf` and `digestOf` compute from its event. */
export interface DigestExpressions {
  readonly bucket: string;
  /** The 64 bits as a signed bigint: sums have to be taken modulo 2^64. */
  readonly digest: string;
  /** The same as 16 hexadecimal digits. */
  readonly hex: string;
}

/** Compiles the bucket and digest of a fact. Needs `datestyle` ISO, as every connection has unless told otherwise. */
export function compileDigest(fact: Pick<FactTable, 'columns'>): DigestExpressions {
  const envelope = [
    'f.subject_id',
    'f.source_record_id',
    'f.source_version::text',
    'f.verb',
    'f.reason',
    instantText('f.recorded_at'),
    'f.valid_from::text',
    'f.valid_to::text',
  ];
  const fields = fact.columns
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map((column) => {
      const text = valueText(column);
      return `coalesce('${column.name.length}:${column.name}' || octet_length(${text}) || ':' || ${text}, '')`;
    });
  const text = [...envelope.map(item), ...fields].join(' || ');
  const identity = `${item('f.subject_id')} || ${item('f.source_record_id')}`;
  const hex = `left(encode(${sha256(text)}, 'hex'), 16)`;
  return {
    bucket: `(get_byte(${sha256(identity)}, 0) % ${bucketsPerLane})`,
    digest: `('x' || ${hex})::bit(64)::bigint`,
    hex,
  };
}

const sha256 = (text: string): string => `sha256(convert_to(${text}, 'UTF8'))`;

const item = (text: string): string => `coalesce(octet_length(${text}) || ':' || ${text}, '-')`;

/** Milliseconds since 1970; a fraction shows only where somebody wrote one by hand. */
const instantText = (value: string): string => `trim_scale(extract(epoch from ${value}) * 1000)::text`;

function valueText({ name, type }: Column): string {
  const value = `f.${quoted(name)}`;
  switch (type) {
    case 'text':
      return value;
    case 'numeric':
      return `trim_scale(${value})::text`;
    case 'double precision':
      // There is one zero.
      return `encode(float8send(${value} + 0), 'hex')`;
    case 'timestamptz':
      return instantText(value);
    default:
      return `${value}::text`;
  }
}
