import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import iconv from 'iconv-lite';
import { openSource, type Source, type SourceOptions, type SourceRow } from './source.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'huitong-publish-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function source(content: string | Buffer, options: Partial<SourceOptions> = {}): Promise<Source> {
  const file = join(folder, 'input');
  await writeFile(file, content);
  return openSource(file, { quotes: true, ...options });
}
const rowsOf = ({ rows }: Source): Promise<SourceRow[]> => Array.fromAsync(rows);

describe('the encoding of a file', () => {
  const text = '名称,代码\n芜湖市𠮷祥公司,1\n镕基贸易,2\n';

  it.each([
    ['utf8', Buffer.from(text), 'utf8'],
    ['utf8 with BOM', Buffer.from(`\uFEFF${text}`), 'utf8'],
    ['gb18030, four-byte characters included', iconv.encode(text, 'gb18030'), 'gb18030'],
    ['utf16le with BOM', iconv.encode(text, 'utf16le', { addBOM: true }), 'utf16le'],
    ['ascii', Buffer.from('名称,代码\n'.replace('名称', 'name').replace('代码', 'code') + 'a,1\nb,2\n'), 'utf8'],
  ])('is found out: %s', async (name, content, encoding) => {
    const opened = await source(content);
    expect(opened.encoding).toBe(encoding);
    const rows = await rowsOf(opened);
    if (name === 'ascii') return;
    expect(opened.columns).toEqual(['名称', '代码']);
    expect(rows.map(({ original }) => original)).toEqual([
      ['芜湖市𠮷祥公司', '1'],
      ['镕基贸易', '2'],
    ]);
  });

  it('is found out where Chinese begins late, and across the ends of chunks', async () => {
    const long = `name,code\n${'a,1\n'.repeat(400_000)}${'芜湖,2\n'.repeat(20_000)}`;
    for (const encoding of ['utf8', 'gb18030']) {
      const opened = await source(iconv.encode(long, encoding));
      expect(opened.encoding).toBe(encoding);
      let chinese = 0;
      for await (const { original } of opened.rows) if (original[0] === '芜湖') chinese += 1;
      expect(chinese).toBe(20_000);
    }
  }, 30_000);

  it('can be given', async () => {
    const opened = await source(iconv.encode('名稱\n臺北\n', 'big5'), { encoding: 'big5' });
    expect((await rowsOf(opened))[0]?.original).toEqual(['臺北']);
    await expect(source('a', { encoding: 'klingon' })).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
  });
});

describe('a CSV file', () => {
  it('gives rows with the lines on which they begin', async () => {
    const opened = await source('a,b\r\n1,2\r\n\r\n"x\r\ny","say ""hi"""\r\n5\r\nab"c"d,6');
    expect(await rowsOf(opened)).toEqual([
      { line: 2, original: ['1', '2'] },
      { line: 4, original: ['x\r\ny', 'say "hi"'] },
      { line: 6, original: ['5'] },
      { line: 7, original: ['ab"c"d', '6'] },
    ]);
  });

  it('with an unclosed quotation mark gives the rows before it, then says where', async () => {
    const opened = await source(`a,b\n1,2\n3,"4\n${'5,6\n'.repeat(300_000)}`);
    const rows: SourceRow[] = [];
    const reading = (async () => {
      for await (const row of opened.rows) rows.push(row);
    })();
    await expect(reading).rejects.toMatchObject({
      code: 'REQUEST_INVALID',
      message: expect.stringContaining('第 3 行'),
    });
    expect(rows).toHaveLength(1);
    const plain = await source('a,b\n1,2\n3,"4\n5,6\n', { quotes: false });
    expect(await rowsOf(plain)).toHaveLength(3);
  });

  it('may use another delimiter', async () => {
    expect((await source('a\tb\n1\t2\n', { delimiter: '\t' })).columns).toEqual(['a', 'b']);
  });
});

describe('an NDJSON file', () => {
  it('gives the objects of its lines; a line that is none has no object', async () => {
    const opened = await source('\uFEFF{"a":"芜湖\u2028市"}\n\nnone\n[1]\n{"a":2}');
    expect(opened).toMatchObject({ format: 'ndjson', columns: ['a'] });
    const rows = await rowsOf(opened);
    expect(rows.map(({ line, json }) => [line, json])).toEqual([
      [1, { a: '芜湖\u2028市' }],
      [3, undefined],
      [4, undefined],
      [5, { a: 2 }],
    ]);
  });
});

it.each(['', '  \n', '[{"a":1}]'])('a file that is neither is refused', async (content) => {
  await expect(source(content)).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
});
