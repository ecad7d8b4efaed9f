import { RecordReader } from './record-reader.ts';

/** A message's headers as the broker gave them; a name that came twice has an array. */
export type MessageHeaders = Readonly<Record<string, Buffer | string | (Buffer | string)[] | undefined>>;

/**
 * The headers of a record, whose bytes from `from` to `to` are their number and then names and values. Nobody looks at most
 * of them, so they are read when somebody does. Never throws: of headers that say that they reach beyond their record, those before are read.
 */
export function readHeaders(bytes: Buffer, from: number, to: number): MessageHeaders {
  const headers: Record<string, Buffer | Buffer[] | undefined> = {};
  const reader = new RecordReader(bytes, from);
  for (let left = reader.varInt(); left > 0; left -= 1) {
    const name = nextBytes(reader);
    const value = nextBytes(reader);
    if (reader.at > to) break;
    const text = name?.toString() ?? '';
    const before = headers[text];
    headers[text] = before && value ? [before, value].flat() : (value ?? before);
  }
  return headers;
}

function nextBytes(reader: RecordReader): Buffer | undefined {
  const length = reader.varInt();
  if (length < 0) return undefined;
  const from = reader.at;
  reader.at += length;
  return reader.bytes.subarray(from, reader.at);
}
