import { hash } from 'node:crypto';
import type { ChangeEvent } from './change-event.ts';
import type { DatasetDeclaration, FieldDeclaration } from './dataset-declaration.ts';
import { datasets, type DatasetName } from './generated/datasets.ts';

/** A checkpoint counts and sums the records of a lane in this many buckets. */
export const bucketsPerLane = 64;

/**
 * The bucket of a source record within its lane: the first byte of SHA-256 over the items of subject id and source record
 * id, modulo {@link bucketsPerLane}. Who the record is decides, not what it says, so that a record never changes its bucket.
 */
export function bucketOf(subjectId: string, sourceRecordId: string): number {
  return hash('sha256', item(subjectId) + item(sourceRecordId), 'buffer')[0]! % bucketsPerLane;
}

/**
 * What a source record's newest event says, in 64 bits: the first eight bytes of SHA-256 over its canonical text, as an
 * unsigned number. The digests of many records are summed modulo 2^64, in any order. PostgreSQL computes the same from a
 * fact's columns; `docs/how-to/prove-a-dataset.md` gives the text exactly, for departments of any language.
 */
export function digestOf(dataset: DatasetName, subjectId: string, event: ChangeEvent): bigint {
  const { fields, subjectKey }: DatasetDeclaration = datasets[dataset];
  return sha64(canonicalText(fields, subjectKey, subjectId, event));
}

/** A sum or digest as it travels: 16 hexadecimal digits. */
export const toHex = (digest: bigint): string => BigInt.asUintN(64, digest).toString(16).padStart(16, '0');

/** The canonical text of an event: eight items of its envelope, then name and value of each field that is not null. */
export function canonicalText(
  fields: Readonly<Record<string, FieldDeclaration>>,
  subjectKey: string,
  subjectId: string,
  event: ChangeEvent,
): string {
  const data = (event.verb === 'ANNULLED' ? null : event.data) as Record<string, Value> | null;
  let text =
    item(subjectId) +
    item(event.source_record_id) +
    item(String(event.source_version)) +
    item(event.verb) +
    item(event.reason) +
    item(String(event.recorded_at)) +
    item(event.valid_from) +
    item(event.valid_to);
  if (data)
    for (const name of Object.keys(fields).sort()) {
      const value = data[name] ?? null;
      if (value !== null && name !== subjectKey) text += item(name) + item(valueText(fields[name]!, value));
    }
  return text;
}

type Value = string | number | boolean | null;

/** Its length in octets of UTF-8, a colon, and the text; a hyphen where there is none. No text can look like two items. */
const item = (text: string | null): string => (text === null ? '-' : `${Buffer.byteLength(text)}:${text}`);

function valueText({ type, numeric }: FieldDeclaration, value: string | number | boolean): string {
  if (numeric) return decimalText(String(value));
  if (type !== 'double') return String(value);
  // As its IEEE 754 bits, since languages write numbers differently; there is one zero.
  const bits = Buffer.alloc(8);
  bits.writeDoubleBE((value as number) + 0);
  return bits.toString('hex');
}

/** A decimal number without zeros that say nothing, as PostgreSQL's `trim_scale` leaves it. */
function decimalText(text: string): string {
  const [, sign = '', whole = '', fraction = ''] = /^([+-]?)0*(\d*)\.?(\d*?)0*$/.exec(text) ?? [];
  const magnitude = `${whole || '0'}${fraction ? `.${fraction}` : ''}`;
  return sign === '-' && magnitude !== '0' ? `-${magnitude}` : magnitude;
}

const sha64 = (text: string): bigint => hash('sha256', text, 'buffer').readBigUInt64BE(0);
