import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { datasets, type DatasetName } from './generated/datasets.ts';
import { readJsonEvent } from './json-event.ts';
import { bucketOf, canonicalText, digestOf, toHex } from './record-digest.ts';

const schemas = join(import.meta.dirname, '../../../schemas');
const page = readFileSync(join(import.meta.dirname, '../../../docs/how-to/prove-a-dataset.md'), 'utf8').replaceAll(
  / +/g,
  ' ',
);

function read(dataset: DatasetName, file: string) {
  const json = JSON.parse(readFileSync(join(schemas, file), 'utf8')) as unknown;
  const reading = readJsonEvent(dataset, json, new Date('2026-12-01T00:00:00Z'));
  if (!reading.ok) throw new Error(reading.problem.code);
  return reading;
}

describe('the digest of a record', () => {
  it.each([
    ['hcb.dwelling', 'hcb/examples/dwelling/valid-created.json', 'cca1f7047d42fce8', 15],
    ['mca.cremation', 'mca/examples/cremation/valid-annulled.json', 'e9b4e6e270c814cb', 0],
    ['hrss.pension-payment', 'hrss/examples/pension-payment/valid-created.json', '84d373d6ce41ddfe', 50],
  ] as const)('of the example of %s is what the page for departments says', (dataset, file, digest, bucket) => {
    const { event, subjectId } = read(dataset, file);
    expect(toHex(digestOf(dataset, subjectId, event))).toBe(digest);
    expect(bucketOf(subjectId, event.source_record_id)).toBe(bucket);
    expect(page).toContain(`| \`schemas/${file}\` | ${bucket} | \`${digest}\` |`);
  });

  it('is over the canonical text, in which nothing can look like something else', () => {
    const { event, subjectId } = read('mca.cremation', 'mca/examples/cremation/valid-annulled.json');
    const text = canonicalText(datasets['mca.cremation'].fields, 'citizenId', subjectId, event);
    expect(text).toBe('18:3402021943110599327:HH-00011:28:ANNULLED17:IDENTITY_MISTAKEN13:1784682000000--');
    expect(page).toContain(text);
  });

  it.each([
    ['0', '0'],
    ['-0.00', '0'],
    ['007.50', '7.5'],
    ['100', '100'],
    ['-12.3400', '-12.34'],
    ['0.05', '0.05'],
  ])('takes the decimal number %s for %s', (written, meant) => {
    const field = { type: 'string', numeric: true, nullable: true, titleZh: '', titleEn: '' } as const;
    const { event } = read('mca.cremation', 'mca/examples/cremation/valid-annulled.json');
    const of = (amount: string): string =>
      canonicalText({ amount: field }, 'id', 's', { ...event, verb: 'CREATED', data: { amount } as never });
    expect(of(written)).toBe(of(meant));
    expect(of(written)).toContain(`6:amount${meant.length}:${meant}`);
  });
});
