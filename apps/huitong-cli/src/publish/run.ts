import { statSync } from 'node:fs';
import { dispositionOf, HuitongError } from '@huitong/change-event';
import { homeFolder } from '../config.ts';
import { GatewayClient, type Answer } from './gateway-client.ts';
import { emptyTally, fingerprintOf, Journal, type Tally } from './journal.ts';
import { announcementOf, planOf, type Plan, type PublishOptions } from './plan.ts';
import { Progress } from './progress.ts';
import { publish, type Refusal } from './publication.ts';
import { openRegister, stateRegister } from './register.ts';
import { RefusedFile } from './refused-file.ts';
import { RowEvents } from './row-events.ts';
import { summaryOf, type Outcome, type Summary } from './summary.ts';

/** Enough to keep the gateway's disk and this process's reading busy at the same time. */
const batchesInFlight = 4;
const refusalsKept = 100;
const waitingSaidEveryMs = 5_000;

/**
 * One run of `huitong publish`: plans, takes up what an earlier run left, sends. The error, if any, says why it ended
 * early; what was acknowledged by then is in the journal. Throws what is found wrong before the first row.
 */
export async function run(file: string, options: PublishOptions): Promise<{ summary: Summary; error?: HuitongError }> {
  const plan = await planOf(file, options);
  const progress = new Progress(process.stderr.isTTY);
  for (const line of announcementOf(plan)) progress.say(line);
  const interruption = new AbortController();
  const client = options.dryRun ? undefined : connect(plan, options, progress, interruption.signal);
  const journal = options.dryRun ? undefined : await openJournal(plan, options);
  const tally = journal?.tally ?? emptyTally();
  const resumedAt = tally.rows;
  if (resumedAt > 0)
    progress.say(`从第 ${resumedAt + 1} 行数据继续 / going on with row ${resumedAt + 1}; --restart begins anew`);
  const refusedFile = journal && new RefusedFile(plan.refusedPath, plan.source, tally.refusedBytes, options.delimiter);
  const rowEvents = new RowEvents({
    ...plan,
    mapping: plan.chosen?.mapping,
    guessedKey: plan.chosen?.guessedKey ?? false,
    fileBytes: plan.stats.size,
  });
  const refusals: Refusal[] = [];
  const since = Date.now();
  const parts = { plan, options, progress, interruption, client, journal, tally, refusedFile, rowEvents, refusals };
  const { outcome, error } = await carryOut(parts);
  const { dataset, source, chosen, refusedPath } = plan;
  const summary = summaryOf(
    {
      outcome,
      dataset,
      file: plan.file,
      dryRun: options.dryRun ?? false,
      format: source.format,
      encoding: source.encoding,
      mapping: chosen?.origin ?? null,
      refusedFile: refusedFile ? refusedPath : null,
      refusals,
      repeated: rowEvents.repeated,
      resumedAt,
      elapsedMs: Date.now() - since,
    },
    tally,
  );
  return error ? { summary, error } : { summary };
}

interface Parts {
  readonly plan: Plan;
  readonly options: PublishOptions;
  readonly progress: Progress;
  readonly interruption: AbortController;
  readonly client: GatewayClient | undefined;
  readonly journal: Journal | undefined;
  readonly tally: Tally;
  readonly refusedFile: RefusedFile | undefined;
  readonly rowEvents: RowEvents;
  readonly refusals: Refusal[];
}

async function carryOut(parts: Parts): Promise<{ outcome: Outcome; error?: HuitongError }> {
  const { plan, options, progress, interruption, client, journal, tally, refusedFile, rowEvents, refusals } = parts;
  const { source, stats } = plan;
  const letGo = onSignal(() => interruption.abort());
  const register = client && openRegister(homeFolder());
  const onSettled = () => {
    journal?.write();
    const { rows, accepted } = tally;
    progress.show({ rows, refused: rows - accepted, bytes: source.bytesRead(), bytesTotal: stats.size });
  };
  try {
    await publish({
      rows: source.rows,
      rowEvents,
      send: client ? (events) => client.send(events) : acceptAll,
      tally,
      refusedFile,
      batchRows: options.batch,
      batchesInFlight,
      signal: interruption.signal,
      onSettled,
      onAccepted: (events) => register?.take(plan.dataset, events.map(asEvent)),
      onRefused: (refusal) => refusals.length < refusalsKept && refusals.push(refusal),
    });
    journal?.finish();
    if (client && register) await stateRegister({ client, register, plan, say: (line) => progress.say(line) });
    if (hasChanged(plan))
      progress.say('! 文件在发送期间被改动，请再发送一次 / the file was changed meanwhile: send it again');
    return { outcome: 'complete' };
  } catch (error) {
    if (interruption.signal.aborted) return { outcome: 'interrupted' };
    if (!(error instanceof HuitongError)) throw error;
    return { outcome: dispositionOf[error.code] === 'retry' ? 'unreachable' : 'failed', error };
  } finally {
    progress.stop();
    letGo();
    refusedFile?.close();
    source.close();
    register?.close();
    await client?.close();
  }
}

const asEvent = (json: string): unknown => JSON.parse(json) as unknown;

const acceptAll = (events: readonly string[]): Promise<Answer> =>
  Promise.resolve({ accepted: events.length, rejected: [] });

async function openJournal(plan: Plan, { restart = false, delimiter, quotes }: PublishOptions): Promise<Journal> {
  const { dataset, file, chosen, sourceVersion, url, refusedPath, source } = plan;
  const { mapping, guessedKey } = chosen ?? {};
  const settings = { dataset, mapping, guessedKey, sourceVersion, url, refusedPath, delimiter, quotes };
  const fingerprint = await fingerprintOf(file, { ...settings, encoding: source.encoding });
  return Journal.open({ home: homeFolder(), fingerprint, file, dataset, restart });
}

function connect(plan: Plan, options: PublishOptions, progress: Progress, signal: AbortSignal): GatewayClient {
  let said = 0;
  return new GatewayClient({
    ...plan,
    connections: batchesInFlight,
    patienceMs: options.patience * 1_000,
    signal,
    onWaiting: ({ why, retryInMs }) => {
      if (Date.now() - said < waitingSaidEveryMs) return;
      said = Date.now();
      const seconds = Math.ceil(retryInMs / 1_000);
      progress.say(
        `… 网关暂不可用（${why}），${seconds} 秒后重试 / the gateway cannot take the data now (${why}): trying again in ${seconds} s`,
      );
    },
  });
}

/** A terminal sends Ctrl-C to the whole group, and a parent may pass it on as well: once is enough. */
function onSignal(interrupt: () => void): () => void {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, interrupt);
  return () => signals.forEach((signal) => process.off(signal, interrupt));
}

function hasChanged({ file, stats }: Plan): boolean {
  const now = statSync(file, { throwIfNoEntry: false });
  return now?.mtimeMs !== stats.mtimeMs || now.size !== stats.size;
}
