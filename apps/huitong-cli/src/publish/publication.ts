import type { Answer } from './gateway-client.ts';
import type { Tally } from './journal.ts';
import type { RefusedFile } from './refused-file.ts';
import type { RowEvents, RowProblem, RowReading } from './row-events.ts';
import type { SourceRow } from './source.ts';

/** One line of a report on a refused row; no value of the row. */
export interface Refusal extends RowProblem {
  readonly line: number;
}

interface PublicationParts {
  readonly rows: AsyncIterable<SourceRow>;
  readonly rowEvents: RowEvents;
  /** Sends a batch of events as JSON texts; a dry run accepts them all. */
  readonly send: (events: readonly string[]) => Promise<Answer>;
  /** Where it begins and what it adds to; {@link publish} skips as many rows as this counts. */
  readonly tally: Tally;
  /** Undefined in a dry run. */
  readonly refusedFile: RefusedFile | undefined;
  readonly batchRows: number;
  readonly batchesInFlight: number;
  readonly signal: AbortSignal;
  /** After every batch, once its refusals are on disk and it is counted: the moment for the journal. */
  readonly onSettled: () => void;
  /** Before that: the events of the batch that the gateway has on disk, as JSON texts. */
  readonly onAccepted?: (events: readonly string[]) => void;
  readonly onRefused: (refusal: Refusal) => void;
}

interface Batch {
  readonly rows: { row: SourceRow; reading: RowReading }[];
  readonly answer: Promise<Answer>;
}

/** The gateway takes 8 MB at most. */
const batchBytesMax = 4_000_000;

/**
 * Sends a file's rows in batches, a few at once, and settles them in the order of the file: a batch counts when it and all
 * before it are acknowledged, so what the tally counts is always the beginning of the file. Memory holds the batches in
 * flight, nothing else. Throws what {@link PublicationParts.send} throws, the signal's reason, and at the end the fault of a
 * file that cannot be read further.
 */
export async function publish(parts: PublicationParts): Promise<void> {
  const { rowEvents, tally, batchRows, batchesInFlight, signal } = parts;
  const inFlight: Batch[] = [];
  let skip = tally.rows;
  let batch: Batch['rows'] = [];
  let bytes = 0;
  let now = new Date();
  const settleFirst = () => settle(inFlight.shift()!, parts);
  const dispatch = async (): Promise<void> => {
    if (inFlight.length >= batchesInFlight) await settleFirst();
    const events = batch.flatMap(({ reading }) => (reading.ok ? [reading.json] : []));
    const answer = events.length > 0 ? parts.send(events) : Promise.resolve({ accepted: 0, rejected: [] });
    // Awaited in its turn; until then its failure must not count as unhandled.
    answer.catch(() => undefined);
    inFlight.push({ rows: batch, answer });
    batch = [];
    bytes = 0;
    now = new Date();
  };
  let fault: unknown;
  for await (const row of beforeFault(parts.rows, (error) => (fault = error))) {
    signal.throwIfAborted();
    if (skip > 0) {
      rowEvents.skip(row);
      skip -= 1;
      continue;
    }
    const reading = rowEvents.read(row, now);
    batch.push({ row, reading });
    if (reading.ok) bytes += Buffer.byteLength(reading.json);
    if (batch.length >= batchRows || bytes >= batchBytesMax) await dispatch();
  }
  if (batch.length > 0) await dispatch();
  while (inFlight.length > 0) await settleFirst();
  if (fault !== undefined) throw fault as Error;
}

/** A file that cannot be read to its end: what came before is still published. */
async function* beforeFault(
  rows: AsyncIterable<SourceRow>,
  onFault: (error: unknown) => void,
): AsyncGenerator<SourceRow> {
  try {
    yield* rows;
  } catch (error) {
    onFault(error);
  }
}

async function settle({ rows, answer }: Batch, parts: PublicationParts): Promise<void> {
  const { tally, refusedFile, onRefused } = parts;
  const { rejected } = await answer;
  const rejections = new Map(rejected.map((rejection) => [rejection.index, rejection]));
  const accepted: string[] = [];
  let index = 0;
  for (const { row, reading } of rows) {
    const problem = reading.ok ? rejections.get(index++) : reading.problem;
    tally.rows += 1;
    if (problem) {
      refusedFile?.add(row, problem as RowProblem);
      count(tally.refused, problem.code);
      const { code, field, message } = problem as RowProblem;
      onRefused({ line: row.line, code, field, message });
    } else {
      tally.accepted += 1;
      if (reading.ok) accepted.push(reading.json);
      const flags = reading.ok ? reading.flags : [];
      if (flags.length > 0) tally.flagged += 1;
      for (const flag of flags) count(tally.flags, flag);
    }
  }
  tally.refusedBytes = refusedFile?.bytes ?? 0;
  parts.onAccepted?.(accepted);
  parts.onSettled();
}

function count(counts: Record<string, number>, name: string): void {
  counts[name] = (counts[name] ?? 0) + 1;
}
