import { describe, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { strFromU8, unzipSync } from 'fflate';
import { tableFormats, type Cell, type TableFormat } from './table-file.ts';

async function fileOf(format: TableFormat, heads: string[], pieces: Cell[][][]): Promise<Buffer> {
  const rows = (async function* () {
    for (const piece of pieces) yield await Promise.resolve(piece);
  })();
  const chunks: Uint8Array[] = [];
  for await (const chunk of tableFormats[format].write({ name: '表', heads, rows })) chunks.push(chunk);
  return Buffer.concat(chunks);
}

const cell = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: fc.constantFrom('=', '+', '-', '@', '＝', '\t', '\r', '\n', '"', ',', '1', '<', '&', 'ab') }),
  fc.integer(),
  fc.constant(null),
);
const table = fc.integer({ min: 1, max: 4 }).chain((columns) =>
  fc.tuple(
    fc.array(fc.constantFrom('一', 'b', 'c,d'), { minLength: columns, maxLength: columns }),
    fc.array(fc.array(fc.array(cell, { minLength: columns, maxLength: columns }), { maxLength: 5 }), {
      maxLength: 4,
    }),
  ),
);

describe('a table as CSV', () => {
  it('is read back as it was, but for an apostrophe before what would be a formula', async () => {
    await fc.assert(
      fc.asyncProperty(table, async ([heads, pieces]) => {
        const text = (await fileOf('csv', heads, pieces)).toString();
        expect(text.startsWith('\uFEFF')).toBe(true);
        const read = parse(text, { bom: true, skip_empty_lines: false, record_delimiter: '\r\n' });
        const expected = pieces.flat().map((row) =>
          row.map((one) => {
            if (typeof one !== 'string') return one === null ? '' : String(one);
            return /^[=+\-@＝＋－＠\t\r\n]/.test(one) ? `'${one}` : one;
          }),
        );
        expect(read.slice(1)).toEqual(expected);
        for (const value of read.slice(1).flat())
          if (!/^-?\d+$/.test(value)) expect(value).not.toMatch(/^[=+\-@＝＋－＠\t\r]/);
      }),
      { numRuns: 200 },
    );
  });
});

describe('a table as a workbook', () => {
  it('holds each cell as text or a number, never a formula, in well-formed XML', async () => {
    await fc.assert(
      fc.asyncProperty(table, async ([heads, pieces]) => {
        const files = unzipSync(await fileOf('xlsx', heads, pieces));
        expect(Object.keys(files)).toEqual([
          '[Content_Types].xml',
          '_rels/.rels',
          'xl/workbook.xml',
          'xl/_rels/workbook.xml.rels',
          'xl/worksheets/sheet1.xml',
        ]);
        const sheet = strFromU8(files['xl/worksheets/sheet1.xml']!);
        const rows = [...sheet.matchAll(/<row>(.*?)<\/row>/gs)].map(([, row]) =>
          [
            ...row!.matchAll(
              /<c\/>|<c><v>(.*?)<\/v><\/c>|<c t="inlineStr"><is><t xml:space="preserve">(.*?)<\/t><\/is><\/c>/gs,
            ),
          ].map(([, number, text]) =>
            number === undefined ? (text === undefined ? null : plain(text)) : Number(number),
          ),
        );
        const expected = [heads, ...pieces.flat()].map((row) =>
          row.map((one) => (one === '' ? null : typeof one === 'string' ? one.replaceAll(controls, '\ufffd') : one)),
        );
        expect(rows).toEqual(expected);
        expect(sheet).not.toContain('<f>');
      }),
      { numRuns: 200 },
    );
  });

  it('keeps an id of 18 digits, and has no character that XML does not', async () => {
    const text = strFromU8(
      unzipSync(await fileOf('xlsx', ['号'], [[['340204199001011234'], ['a\u0000\ud800<b>']]]))[
        'xl/worksheets/sheet1.xml'
      ]!,
    );
    expect(text).toContain('>340204199001011234<');
    expect(text).toContain('>a\ufffd\ufffd&lt;b&gt;<');
  });
});

// eslint-disable-next-line no-control-regex
const controls = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;
const plain = (text: string): string =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&');
