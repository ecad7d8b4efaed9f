import { strToU8, Zip, ZipDeflate } from 'fflate';

/** What a cell holds; text is shown as it is, whatever it looks like. */
export type Cell = string | number | null;

/** Rows under their heads, in pieces as they are read. */
export interface Table {
  readonly name: string;
  readonly heads: readonly string[];
  readonly rows: AsyncIterable<readonly (readonly Cell[])[]>;
}

/** The file formats of tables, with what HTTP calls them. */
export const tableFormats = {
  csv: { type: 'text/csv; charset=utf-8', write: csvOf },
  xlsx: { type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', write: xlsxOf },
} as const;

/** One of {@link tableFormats}. */
export type TableFormat = keyof typeof tableFormats;

const byteOrderMark = '\uFEFF';
/** What a spreadsheet takes for the beginning of a formula, in its wide forms too (OWASP, CSV injection). */
const formulaStart = /^[=+\-@＝＋－＠\t\r\n]/;

/**
 * RFC 4180, in UTF-8 with a byte order mark, without which Excel garbles Chinese. Text that a spreadsheet would take for a
 * formula has an apostrophe before it.
 */
async function* csvOf({ heads, rows }: Table): AsyncGenerator<Uint8Array> {
  yield strToU8(byteOrderMark + csvLine(heads));
  for await (const some of rows) yield strToU8(some.map(csvLine).join(''));
}

const csvLine = (cells: readonly Cell[]): string => `${cells.map(csvCell).join(',')}\r\n`;

function csvCell(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return String(cell);
  const text = formulaStart.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * An Office Open XML workbook (ECMA-376) of one sheet, written as its rows come: cells are inline strings and numbers, so that
 * no text is ever a formula and an id of 18 digits stays one. Text beyond a cell's 32,767 characters is cut.
 */
async function* xlsxOf({ name, heads, rows }: Table): AsyncGenerator<Uint8Array> {
  const ready: Uint8Array[] = [];
  let failure: Error | null = null;
  const zip = new Zip((error, chunk) => {
    failure ??= error;
    ready.push(chunk);
  });
  const put = (path: string, text: string): void => {
    const file = new ZipDeflate(path, { level: 1 });
    zip.add(file);
    file.push(strToU8(text), true);
  };
  const given = function* (): Generator<Uint8Array> {
    if (failure) throw failure;
    yield* ready.splice(0).filter(({ length }) => length > 0);
  };
  for (const [path, text] of frameOf(name)) put(path, text);
  const sheet = new ZipDeflate('xl/worksheets/sheet1.xml', { level: 1 });
  zip.add(sheet);
  sheet.push(strToU8(sheetStart + xlsxRow(heads)));
  for await (const some of rows) {
    sheet.push(strToU8(some.map(xlsxRow).join('')));
    yield* given();
  }
  sheet.push(strToU8(sheetEnd), true);
  zip.end();
  yield* given();
}

const declared = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';
const office = 'http://schemas.openxmlformats.org';
const main = `${office}/spreadsheetml/2006/main`;
// The head stays in sight.
const sheetStart = `${declared}<worksheet xmlns="${main}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetFormatPr defaultRowHeight="15" baseColWidth="16"/><sheetData>`;
const sheetEnd = '</sheetData></worksheet>';

const frameOf = (name: string): [path: string, text: string][] => [
  [
    '[Content_Types].xml',
    `${declared}<Types xmlns="${office}/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${tableFormats.xlsx.type}.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>`,
  ],
  [
    '_rels/.rels',
    `${declared}<Relationships xmlns="${office}/package/2006/relationships"><Relationship Id="rId1" Type="${office}/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
  ],
  [
    'xl/workbook.xml',
    `${declared}<workbook xmlns="${main}" xmlns:r="${office}/officeDocument/2006/relationships"><sheets><sheet name="${xmlText(name.replaceAll(/[[\]*?/\\:']/g, ' ').slice(0, 31))}" sheetId="1" r:id="rId1"/></sheets></workbook>`,
  ],
  [
    'xl/_rels/workbook.xml.rels',
    `${declared}<Relationships xmlns="${office}/package/2006/relationships"><Relationship Id="rId1" Type="${office}/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
  ],
];

const xlsxRow = (cells: readonly Cell[]): string => `<row>${cells.map(xlsxCell).join('')}</row>`;

function xlsxCell(cell: Cell): string {
  if (cell === null || cell === '') return '<c/>';
  if (typeof cell === 'number') return Number.isFinite(cell) ? `<c><v>${cell}</v></c>` : '<c/>';
  return `<c t="inlineStr"><is><t xml:space="preserve">${xmlText(cell.slice(0, 32_767))}</t></is></c>`;
}

/** Characters that XML 1.0 does not have are shown as one that says so. */
const xmlText = (text: string): string =>
  text
    .toWellFormed()
    // eslint-disable-next-line no-control-regex
    .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
