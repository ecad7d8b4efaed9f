import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { processIdOf } from '@huitong/local-stack';
import type { Answer } from './gateway-client.ts';
import { fingerprintOf, Journal } from './journal.ts';
import { checkMapping } from './mapping.ts';
import { publish } from './publication.ts';
import { RefusedFile } from './refused-file.ts';
import { RowEvents } from './row-events.ts';
import type { SourceRow } from './source.ts';

const dataset = 'amr.enterprise-registration';
const columns = ['代码', '名称'];
const mapping = checkMapping(
  { dataset, sourceRecordId: '代码', fields: { creditCode: '代码', name: '名称' } },
  dataset,
  'spec',
);
/** Every tenth row has no name; a repeat every hundred. */
const content = Array.from({ length: 1_003 }, (_, index): SourceRow => {
  const code = `9134020000${String(index % 100 === 99 ? 0 : index).padStart(7, '0')}X`;
  return { line: index + 2, original: [code, index % 10 === 3 ? '' : `公司, "${index}"`] };
});

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'huitong-publish-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

/** One run of the same file; the gateway takes `batches` batches, then goes away for good. It refuses every row of line 7. */
async function run(batches = Infinity, restart = false, fault?: Error) {
  const journal = Journal.open({ home, fingerprint: 'f', file: 'f.csv', dataset, restart });
  const resumedAt = journal.tally.rows;
  const source = { format: 'csv', columns, encoding: 'utf8' } as const;
  const refusedFile = new RefusedFile(join(home, 'f.csv.refused.csv'), source, journal.tally.refusedBytes);
  const sent: string[] = [];
  let underWay = 0;
  let most = 0;
  const send = async (events: readonly string[]): Promise<Answer> => {
    most = Math.max(most, ++underWay);
    const isAway = batches-- <= 0;
    // The later a batch, the sooner its answer.
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 5));
    underWay -= 1;
    if (isAway) throw new Error('away');
    sent.push(...events);
    const index = events.findIndex((event) => event.includes('"sourceRecordId":"91340200000000005X"'));
    const rejected = index < 0 ? [] : [{ index, code: 'CODE_UNKNOWN', field: 'reason', message: '不在 / not there' }];
    return { accepted: events.length - rejected.length, rejected };
  };
  const rowEvents = new RowEvents({
    dataset,
    source,
    mapping,
    guessedKey: false,
    sourceVersion: 1,
    recordedAtMs: 1_700_000_000_000,
    fileBytes: 1,
  });
  const work = publish({
    rows: (async function* () {
      yield* content;
      if (fault) throw fault;
    })(),
    rowEvents,
    send,
    tally: journal.tally,
    refusedFile,
    batchRows: 50,
    batchesInFlight: 4,
    signal: new AbortController().signal,
    onSettled: () => journal.write(),
    onRefused: () => undefined,
  });
  const failure = await work.then(
    () => journal.finish(),
    (error: unknown) => error,
  );
  refusedFile.close();
  return { tally: journal.tally, sent, most, failure, resumedAt };
}
const refusedLines = () => readFileSync(join(home, 'f.csv.refused.csv'), 'utf8').split('\r\n');

describe('publishing', () => {
  it('accounts for every row, with the refused ones in the order of the file', async () => {
    const { tally, sent, most } = await run();
    expect(tally).toMatchObject({ rows: 1_003, accepted: 902, refused: { RECORD_REFUSED: 100, CODE_UNKNOWN: 1 } });
    expect(sent).toHaveLength(903);
    expect(most).toBe(4);
    const lines = refusedLines();
    expect(lines).toHaveLength(1 + 101 + 1);
    expect(lines[0]).toBe('\uFEFF代码,名称,行号 line,代码 code,字段 field,原因 reason');
    expect(lines[1]).toMatch(/^9134020000\d{7}X,,5,RECORD_REFUSED,data\.name,此字段必填/);
    expect(lines[2]).toMatch(/^91340200000000005X,"公司, ""5""",7,CODE_UNKNOWN,reason,不在/);
  });

  it('goes on where it ended, and ends like one run', async () => {
    const whole = await run();
    const expected = refusedLines();
    const sent: string[] = [];
    for (const batches of [0, 1, 5, 7]) {
      const part = await run(batches);
      expect(part.failure).toMatchObject({ message: 'away' });
      sent.push(...part.sent);
    }
    const last = await run();
    expect(last.resumedAt).toBeGreaterThanOrEqual(50);
    expect(last.tally).toEqual(whole.tally);
    expect(refusedLines()).toEqual(expected);
    expect(new Set([...sent, ...last.sent])).toEqual(new Set(whole.sent));
    expect((await run()).resumedAt).toBe(0);
  });

  it('sends all that came before the fault of a file, then tells it', async () => {
    const fault = new Error('unreadable');
    const { tally, failure } = await run(Infinity, false, fault);
    expect(failure).toBe(fault);
    expect(tally.rows).toBe(1_003);
  });

  it('begins anew when told, and never cuts into a refused file that is not the one it wrote', async () => {
    await run(5);
    expect((await run(5, true)).resumedAt).toBe(0);
    rmSync(join(home, 'f.csv.refused.csv'));
    await expect(run()).rejects.toMatchObject({
      code: 'REQUEST_INVALID',
      message: expect.stringContaining('--restart'),
    });
  });

  it('of one file is for one process', () => {
    const journal = { home, fingerprint: 'f', file: 'f.csv', dataset, restart: false };
    Journal.open(journal);
    const path = join(home, 'publish', 'f.json');
    const entry = JSON.parse(readFileSync(path, 'utf8')) as { process: { pid: number; startedAt: string } };
    // This process's parent runs; it is not this process.
    writeFileSync(path, JSON.stringify({ ...entry, process: processIdOf(process.ppid) }));
    expect(() => Journal.open(journal)).toThrow('另一进程');
    writeFileSync(path, JSON.stringify({ ...entry, process: { pid: process.ppid, startedAt: 'long ago' } }));
    expect(() => Journal.open(journal)).not.toThrow();
  });
});

it('a fingerprint tells files and settings apart', async () => {
  const file = join(home, 'a.csv');
  writeFileSync(file, 'a\n1\n');
  const first = await fingerprintOf(file, { mapping: 1 });
  expect(await fingerprintOf(file, { mapping: 1 })).toBe(first);
  expect(await fingerprintOf(file, { mapping: 2 })).not.toBe(first);
  writeFileSync(file, 'a\n2\n');
  expect(await fingerprintOf(file, { mapping: 1 })).not.toBe(first);
});
