import { EventCodec, HuitongError, SchemaRegistry } from '@huitong/change-event';
import { consumeLanes, createTopicAdmin } from '@huitong/event-stream';
import { openDatabase, translateDatabaseError } from '@huitong/postgres';
import {
  assertWholeLog,
  readMessages,
  replayDatabase,
  type DatabasePlan,
  type Replay,
  type ReplayOutcome,
  type ReplayRunOptions,
  type ReplaySource,
} from '@huitong/subject-engine';
import { databases } from '@huitong/subjects';
import { describeCounts, describeDifferences, shownDifferences, type ShownDifferences } from './prove-records.ts';
import { databaseUrl, type Stack } from './stack.ts';

/** What `huitong rebuild --from kafka` prints as JSON. */
export type ReplayReport = Omit<ReplayOutcome, 'subjects'> & {
  readonly database: string;
  readonly seconds: number;
  readonly subjects: Readonly<
    Record<
      string,
      { readonly records: { readonly live: number; readonly next: number }; readonly differences: ShownDifferences }
    >
  >;
};

/** Rebuilds the database that holds a subject, with all subjects derived from the same facts, from Kafka's topics. */
export async function rebuildFromKafka(
  stack: Stack,
  name: string,
  options: Omit<ReplayRunOptions, 'consume'>,
): Promise<ReplayReport> {
  const plan = [...databases.values()].find(({ subjects }) => subjects.some((subject) => subject.name === name))!;
  const url = databaseUrl(stack, 'huitong_sync', plan.database);
  const database = openDatabase({ url, applicationName: 'huitong-cli', connectionsMax: 6 });
  const next = openDatabase({
    ...{ url, applicationName: 'huitong-cli-replay', connectionsMax: 4 },
    ...{ pipelined: true, byKey: true, schema: 'replay', commitsLater: true },
  });
  const since = Date.now();
  try {
    if (options.from === 'log') await assertLog(stack, plan);
    const consume = (replay: Replay): Promise<ReplaySource> => consumeTopics(stack, plan, replay);
    const { subjects, ...outcome } = await replayDatabase({ database, next, plan }, { ...options, consume });
    return {
      ...outcome,
      database: plan.database,
      seconds: Math.round((Date.now() - since) / 100) / 10,
      subjects: Object.fromEntries(
        Object.entries(subjects).map(([subject, { records, differences }]) => [
          subject,
          { records, differences: shownDifferences(differences, stack.home) },
        ]),
      ),
    };
  } catch (error) {
    throw translateDatabaseError(error);
  } finally {
    await Promise.all([database.end(), next.end()]);
  }
}

async function assertLog({ kafkaBrokers }: Stack, plan: DatabasePlan): Promise<void> {
  const admin = createTopicAdmin({ brokers: kafkaBrokers.split(','), clientId: 'huitong-rebuild' });
  try {
    assertWholeLog(await admin.beginningOffsets(plan.factTables.map(({ topic }) => topic)), plan);
  } finally {
    await admin.disconnect();
  }
}

async function consumeTopics(stack: Stack, plan: DatabasePlan, replay: Replay): Promise<ReplaySource> {
  const datasetOf = new Map(plan.factTables.map(({ topic, dataset }) => [topic, dataset]));
  const codec = await EventCodec.connect(new SchemaRegistry(stack.registryUrl), [...datasetOf.values()]);
  let fatal: HuitongError | undefined;
  const consumer = await consumeLanes({
    brokers: stack.kafkaBrokers.split(','),
    clientId: 'huitong-rebuild',
    groupId: `huitong-rebuild-${plan.database}`,
    topics: [...datasetOf.keys()],
    // Nobody waits for any one of them, and more keys at once lie closer together in the indexes.
    chunkMax: { messages: 20_000, bytes: 32 << 20 },
    writers: 2,
    // A rebuild that is run again after it was killed waits for so long.
    sessionTimeoutMs: 10_000,
    claim: (lanes) => replay.claim(lanes),
    // A rebuild ends at the first loss, and the live generation keeps its own.
    apply: async (batches) => {
      const reading = Promise.all(
        batches.map(({ topic, lane, messages }) =>
          readMessages(codec, { dataset: datasetOf.get(topic)!, topic, lane, messages }),
        ),
      );
      return (await replay.apply(reading.then((read) => read.flat()))).status;
    },
    onFatal: (error) => (fatal = error),
  });
  return {
    failure: () => {
      const { dataLost } = consumer.state();
      if (dataLost.length === 0) return fatal;
      return new HuitongError('DATA_LOST', 'rebuilding from a log that no longer has the next events', {
        context: { lanes: dataLost.join(' ') },
      });
    },
    stop: () => consumer.stop(),
  };
}

const verdicts: Readonly<Record<ReplayReport['status'], string>> = {
  swapped: '✓ 已由 Kafka 重建并换上 / rebuilt from kafka and swapped in',
  compared:
    '试算, 未改变任何记录; 已填充的一代留待下次 / dry run: nothing was changed; what was filled is kept for the next run',
  refused:
    '✗ 差异过多, 未换上; 确认后加 --accept, 已填充的一代留待下次 / too much differs, not swapped: look at it, then say --accept <count>; what was filled is kept for it',
};

/** The report for people. */
export function describeReplay(report: ReplayReport): string {
  const { status, database, subjects, facts, unknownEvents, seconds, pauseMs } = report;
  return `${[
    `${verdicts[status]}: ${database}`,
    ...Object.entries(subjects).flatMap(([subject, { records, differences }]) => [
      `  ${subject}: 记录 records: 原有 live ${records.live}, 新 new ${records.next}; ${describeCounts(differences)}`,
      ...describeDifferences(differences),
    ]),
    ...Object.entries(facts).map(
      ([dataset, { missing, extra, differing }]) =>
        `  事实 facts of ${dataset}: 缺 missing ${missing}, 多 extra ${extra}, 不同 differing ${differing}`,
    ),
    `  原先不知的事件 events not known before ${unknownEvents}; ${seconds} s, 通道停顿 lanes stood still ${pauseMs} ms`,
  ].join('\n')}\n`;
}
