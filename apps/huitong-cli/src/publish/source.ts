import { isAscii, isUtf8 } from 'node:buffer';
import { createReadStream, type ReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline, type Readable } from 'node:stream';
import { parse } from 'csv-parse';
import iconv from 'iconv-lite';
import { HuitongError } from '@huitong/change-event';

/** One row of a CSV file, or one line of an NDJSON file. */
export interface SourceRow {
  /** The line of the file on which it begins, from 1. */
  readonly line: number;
  /** As it is in the file: the cells of a CSV row; the whole text of an NDJSON line. */
  readonly original: readonly string[];
  /** The object of an NDJSON line; undefined for CSV and for a line that is no JSON object. */
  readonly json?: Readonly<Record<string, unknown>> | undefined;
}

/** An open file, read once from its beginning to its end. */
export interface Source {
  readonly format: 'csv' | 'ndjson';
  readonly encoding: string;
  /** The header of a CSV file; the keys of an NDJSON file's first object. */
  readonly columns: readonly string[];
  readonly rows: AsyncIterable<SourceRow>;
  /** For progress: how much of the file has been read, which is a little more than has been given out. */
  bytesRead(): number;
  close(): void;
}

/** How to read a file, where it must not be found out. */
export interface SourceOptions {
  readonly encoding?: string | undefined;
  readonly delimiter?: string | undefined;
  readonly quotes: boolean;
}

/** A record longer than this is a quotation mark that was never closed, not a record. */
const recordBytesMax = 1_000_000;

/**
 * Opens a CSV or NDJSON file of any size; its first character tells which. Its encoding is found out (UTF-8 with and
 * without BOM, UTF-16 with BOM, else GB18030, which holds GBK and GB 2312) unless given. REQUEST_INVALID says what is
 * wrong with it.
 */
export async function openSource(file: string, options: SourceOptions): Promise<Source> {
  const { encoding: given } = options;
  if (given !== undefined && !isEncoding(given))
    throw new HuitongError('REQUEST_INVALID', `没有这种编码 / no such encoding: ${given}`);
  const encoding = given ?? (await detectEncoding(file));
  const first = await firstCharacter(file, encoding);
  if (first === '') throw new HuitongError('REQUEST_INVALID', '文件是空的 / the file is empty');
  if (first === '[')
    throw new HuitongError(
      'REQUEST_INVALID',
      '文件是 JSON 数组，须为每行一个 JSON 对象 / the file is a JSON array; one JSON object a line is needed',
    );
  const stream = createReadStream(file, { highWaterMark: 1 << 18 });
  return first === '{' ? openNdjson(stream, encoding) : openCsv(stream, encoding, options);
}

/** Iconv's own answer is a type guard for its names, which would leave nothing in the other case. */
const isEncoding = (name: string): boolean => iconv.encodingExists(name);

/** Decided by the first bytes that are not ASCII. A sample may end inside a character, of at most four bytes. */
async function detectEncoding(file: string): Promise<string> {
  const handle = await open(file);
  try {
    const chunk = Buffer.alloc(1 << 20);
    for (let position = 0; ;) {
      const { bytesRead } = await handle.read(chunk, 0, chunk.length, position);
      if (bytesRead === 0) return 'utf8';
      const sample = chunk.subarray(0, bytesRead);
      if (position === 0 && sample[0] === 0xff && sample[1] === 0xfe) return 'utf16le';
      if (position === 0 && sample[0] === 0xfe && sample[1] === 0xff) return 'utf16be';
      position += bytesRead;
      if (isAscii(sample)) continue;
      return [0, 1, 2, 3].some((cut) => isUtf8(sample.subarray(0, bytesRead - cut))) ? 'utf8' : 'gb18030';
    }
  } finally {
    await handle.close();
  }
}

async function firstCharacter(file: string, encoding: string): Promise<string> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(4096), 0, 4096, 0);
    return iconv
      .decode(buffer.subarray(0, bytesRead), encoding)
      .replace(/^\uFEFF/, '')
      .trimStart()
      .slice(0, 1);
  } finally {
    await handle.close();
  }
}

interface ParsedRecord {
  readonly record: string[];
  readonly info: { readonly lines: number; readonly empty_lines: number };
}

async function openCsv(stream: ReadStream, encoding: string, options: SourceOptions): Promise<Source> {
  const parser = parse({
    bom: true,
    info: true,
    delimiter: options.delimiter ?? ',',
    quote: options.quotes ? '"' : null,
    relax_quotes: true,
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: recordBytesMax,
  });
  // Errors reach the reader of the parser, which pipeline destroys with them.
  const settled = (): void => undefined;
  // UTF-8 goes in as it is: the parser's own decoding is the fastest.
  if (encoding === 'utf8') pipeline(stream, parser, settled);
  else pipeline(stream, iconv.decodeStream(encoding), parser, settled);
  const records = parser[Symbol.asyncIterator]() as AsyncIterator<ParsedRecord, undefined>;
  const next = async (lines: number): Promise<ParsedRecord | undefined> => {
    try {
      return (await records.next()).value;
    } catch (cause) {
      throw unreadable(cause, lines);
    }
  };
  const header = await next(0);
  if (!header) throw new HuitongError('REQUEST_INVALID', '文件没有表头 / the file has no header');
  return {
    format: 'csv',
    encoding,
    columns: header.record.map((name) => name.trim()),
    rows: csvRows(next, header.info.lines),
    bytesRead: () => stream.bytesRead,
    close: () => stream.destroy(),
  };
}

async function* csvRows(
  next: (lines: number) => Promise<ParsedRecord | undefined>,
  headerLines: number,
): AsyncGenerator<SourceRow> {
  let lines = headerLines;
  // The parser counts CR and LF inside quotation marks as two lines.
  let surplus = 0;
  for (let row = await next(lines); row !== undefined; row = await next(lines)) {
    const { record, info } = row;
    const text = record.some((cell) => /[\r\n]/.test(cell)) ? record.join(' ') : '';
    // It tells the last line of a record.
    yield { line: info.lines - surplus - matches(text, /[\r\n]/g), original: record };
    surplus += matches(text, /\r\n/g);
    lines = info.lines - surplus;
  }
}

const matches = (text: string, pattern: RegExp): number => (text === '' ? 0 : [...text.matchAll(pattern)].length);

function unreadable(cause: unknown, lines: number): unknown {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  if (!code.startsWith('CSV_')) return cause;
  return new HuitongError(
    'REQUEST_INVALID',
    `第 ${lines + 1} 行起无法读取，可能有未配对的引号，此前各行已处理；引号若是普通字符，请加 --no-quotes / from line ${lines + 1} on the file cannot be read, a quotation mark may not be closed; the rows before it are done. Where quotation marks are ordinary characters, add --no-quotes`,
    { context: { code } },
  );
}

async function openNdjson(stream: ReadStream, encoding: string): Promise<Source> {
  const decoder = iconv.decodeStream(encoding) as unknown as Readable & NodeJS.WritableStream;
  pipeline(stream, decoder, () => undefined);
  const rows = ndjsonRows(decoder);
  const first = (await rows.next()).value as SourceRow;
  return {
    format: 'ndjson',
    encoding,
    columns: Object.keys(first.json ?? {}),
    rows: (async function* () {
      yield first;
      yield* rows;
    })(),
    bytesRead: () => stream.bytesRead,
    close: () => stream.destroy(),
  };
}

async function* ndjsonRows(text: AsyncIterable<unknown>): AsyncGenerator<SourceRow> {
  let line = 0;
  let rest = '';
  for await (const chunk of text) {
    const lines = (rest + String(chunk)).split('\n');
    rest = lines.pop()!;
    for (const one of lines) {
      line += 1;
      if (one.trim() !== '') yield { line, original: [one], json: readObject(one) };
    }
    if (rest.length > recordBytesMax)
      throw new HuitongError(
        'REQUEST_INVALID',
        `第 ${line + 1} 行过长，此前各行已处理 / line ${line + 1} is too long; the rows before it are done`,
      );
  }
  if (rest.trim() !== '') yield { line: line + 1, original: [rest], json: readObject(rest) };
}

function readObject(line: string): Record<string, unknown> | undefined {
  try {
    const json: unknown = JSON.parse(line);
    return typeof json === 'object' && json !== null && !Array.isArray(json)
      ? (json as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
