import pg from 'pg';
import type { Connection } from './database.ts';

/**
 * Copies rows into a table, in their turn among the other statements of a connection, pipelined or not: `text` is a COPY … FROM STDIN,
 * `rows` all of what it is to read. Rejects as a statement does; PostgreSQL then takes none of the rows, and leaves unread what it was
 * sent already.
 */
export function copyRows(connection: Connection, text: string, rows: Buffer): Promise<unknown> {
  return new Promise((resolve, reject) => {
    // Found when the text is sent already, PostgreSQL would wait for rows for good, and let nobody drop a database meanwhile.
    if (!Buffer.isBuffer(rows)) throw new TypeError('rows to copy are bytes');
    connection.query(new CopyRows(text, rows, (error, result) => (error ? reject(error) : resolve(result))));
  });
}

/** A connection's part of `pg` that its types leave out. */
interface CopyConnection {
  query(text: string): void;
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
}

/** What `pg` has no query for. */
class CopyRows extends pg.Query {
  readonly #text: string;
  readonly #rows: Buffer;

  constructor(text: string, rows: Buffer, callback: (error: Error | null, result: unknown) => void) {
    super({ text }, undefined, callback as never);
    this.#text = text;
    this.#rows = rows;
  }

  override submit = (given: pg.Connection): void => {
    const connection = given as unknown as CopyConnection;
    connection.query(this.#text);
    connection.sendCopyFromChunk(this.#rows);
    connection.endCopyFrom();
  };

  /** The rows were sent without waiting for this. */
  handleCopyInResponse(): void {}
}
