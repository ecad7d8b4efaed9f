import { bucketOf, canonicalText, type ChangeEvent } from '@huitong/change-event';
import { createTestDatabase, type TestDatabase } from '@huitong/testkit';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { hash } from 'node:crypto';
import { compileDigest } from './digest-sql.ts';
import { quoted, type Column } from './plan.ts';

/** A field of each type that a dataset may have, in an order that is not that of their names. */
const fields = {
  id: { type: 'string' },
  text: { type: 'string' },
  amount: { type: 'string', numeric: true },
  floors: { type: 'int' },
  serial: { type: 'long' },
  area: { type: 'double' },
  isOwn: { type: 'boolean' },
  bornOn: { type: 'date' },
  bornAt: { type: 'timestamp' },
} as const;
const columns: Column[] = [
  { name: 'text', type: 'text' },
  { name: 'amount', type: 'numeric' },
  { name: 'floors', type: 'integer' },
  { name: 'serial', type: 'bigint' },
  { name: 'area', type: 'double precision' },
  { name: 'isOwn', type: 'boolean' },
  { name: 'bornOn', type: 'date' },
  { name: 'bornAt', type: 'timestamptz' },
];
const declared = Object.fromEntries(
  Object.entries(fields).map(([name, field]) => [
    name,
    { ...field, nullable: name !== 'id', titleZh: '', titleEn: '' },
  ]),
);

let test: TestDatabase;
beforeAll(async () => {
  test =
    await createTestDatabase(`create table fact (subject_id text, source_record_id text, source_version bigint, verb text,
    reason text, recorded_at timestamptz, valid_from date, valid_to date,
    ${columns.map(({ name, type }) => `${quoted(name)} ${type}`).join(', ')})`);
});
afterAll(() => test.drop());

const text = fc.string({ unit: 'binary', maxLength: 20 }).map((any) => any.replaceAll('\u0000', ''));
const day = fc
  .date({ min: new Date('0001-01-01T00:00:00Z'), max: new Date('9999-12-31T00:00:00Z'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));
const ms = fc.integer({ min: Date.UTC(1900, 0, 1), max: Date.UTC(2100, 0, 1) });
const decimal = fc
  .tuple(fc.constantFrom('', '-'), fc.stringMatching(/^\d{1,18}$/), fc.option(fc.stringMatching(/^\d{1,8}$/)))
  .map(([sign, whole, fraction]) => `${sign}${whole}${fraction === null ? '' : `.${fraction}`}`);
const anEvent = fc.record({
  subjectId: text,
  event: fc.record({
    source_record_id: text,
    source_version: fc.nat(Number.MAX_SAFE_INTEGER),
    verb: fc.constantFrom('CREATED', 'CORRECTED', 'CEASED', 'ANNULLED'),
    reason: text,
    recorded_at: ms,
    valid_from: fc.option(day),
    valid_to: fc.option(day),
    data: fc.record({
      id: text,
      text: fc.option(text),
      amount: fc.option(decimal),
      floors: fc.option(fc.integer()),
      serial: fc.option(fc.maxSafeInteger()),
      area: fc.option(fc.double()),
      isOwn: fc.option(fc.boolean()),
      bornOn: fc.option(day),
      bornAt: fc.option(ms),
    }),
  }),
});

/** The event's fact as the engine would store it. */
function factOf({ subjectId, event }: { subjectId: string; event: Record<string, unknown> }): unknown[] {
  const data = event['verb'] === 'ANNULLED' ? {} : (event['data'] as Record<string, unknown>);
  const instant = (at: unknown): string | null => (at == null ? null : new Date(at as number).toISOString());
  const { source_record_id, source_version, verb, reason, recorded_at, valid_from, valid_to } = event;
  return [
    ...[subjectId, source_record_id, source_version, verb, reason, instant(recorded_at), valid_from, valid_to],
    ...columns.map(({ name, type }) => (type === 'timestamptz' ? instant(data[name]) : (data[name] ?? null))),
  ];
}

describe('the digest of a record', () => {
  it('is the same from an event and from its fact, whatever the values', async () => {
    const { bucket, hex } = compileDigest({ columns });
    const names = Array.from({ length: 8 + columns.length }, (_, at) => `$${at + 1}`).join(', ');
    await fc.assert(
      fc.asyncProperty(anEvent, async (made) => {
        const { subjectId, event } = made;
        const { rows } = await test.database.query<{ bucket: number; hex: string }>(
          `with f as (insert into fact as f values (${names}) returning *) select ${bucket}::int as bucket, ${hex} as hex from f`,
          factOf(made),
        );
        const told = canonicalText(declared, 'id', subjectId, event as unknown as ChangeEvent);
        expect(rows[0]).toEqual({
          bucket: bucketOf(subjectId, event.source_record_id),
          hex: hash('sha256', told, 'hex').slice(0, 16),
        });
      }),
      { numRuns: 500 },
    );
  });

  it('changes with every column', async () => {
    const { hex } = compileDigest({ columns });
    const changes = [
      "subject_id = 'other'",
      "source_record_id = 'other'",
      'source_version = 2',
      "verb = 'CEASED'",
      "reason = 'OTHER'",
      "recorded_at = recorded_at + interval '1 microsecond'",
      'valid_from = valid_from + 1',
      'valid_to = valid_to + 1',
      "text = 'A'",
      'amount = amount + 0.00000001',
      'floors = null',
      'serial = 0',
      'area = area * 1.0000000000000002',
      '"isOwn" = false',
      `"bornOn" = 'infinity'::date`,
      `"bornAt" = 'infinity'::timestamptz`,
    ];
    const { rows } = await test.database.query<{ hex: string }>(
      `with given as (values ('s', 'r', 1::bigint, 'CREATED', 'R', '2020-01-01T00:00:00Z'::timestamptz, '2020-01-01'::date, '2021-01-01'::date,
        'a', 1.5::numeric, 1, null::bigint, 1.0::float8, true, '2000-01-01'::date, '2000-01-01T00:00:00Z'::timestamptz)),
      f as (select * from given as g(subject_id, source_record_id, source_version, verb, reason, recorded_at, valid_from, valid_to,
        ${columns.map(({ name }) => quoted(name)).join(', ')}))
      select ${hex} as hex from f ${changes
        .map((change) => {
          const [name, value] = change.split(' = ') as [string, string];
          const all = [
            'subject_id',
            'source_record_id',
            'source_version',
            'verb',
            'reason',
            'recorded_at',
            'valid_from',
            'valid_to',
          ];
          const list = [...all, ...columns.map((column) => quoted(column.name))].map((column) =>
            column === name || column === quoted(name) ? `${value} as ${column}` : column,
          );
          return `union all select ${hex} from (select ${list.join(', ')} from f) f`;
        })
        .join(' ')}`,
    );
    expect(new Set(rows.map((row) => row.hex)).size).toBe(changes.length + 1);
  });
});
