import { z } from 'zod';
import { datasetNames, datasets } from '@huitong/change-event';
import {
  databaseOf,
  fieldHeads,
  listParked,
  proofStates,
  topicPlaceOf,
  type Cell,
  type SubjectDatabase,
  type TopicMessage,
  type TopicQuestion,
} from '@huitong/governance';
import type { Rows } from './bounded-rows.ts';
import type { Title } from './contract.ts';
import type { LiveFeed } from './live-feed.ts';
import { lookInto, lookQuestion, type TopicSources } from './topic-sources.ts';

/** Where exports come from. */
export interface ExportSources {
  readonly databases: readonly SubjectDatabase[];
  readonly feed: LiveFeed;
  readonly topics: TopicSources;
}

/** Who exports, for the access log. */
export type Exporter = Omit<TopicQuestion['asker'], 'purpose'>;

/** What a file holds. */
export interface Export {
  readonly heads: readonly Title[];
  readonly rows: Rows;
}

/** A table of the console as a file: what chooses its rows, and how they are read with the rights of who asks. */
interface TableExport<Input extends z.ZodObject> {
  readonly title: Title;
  readonly input: Input;
  begin(sources: ExportSources, input: z.output<Input>, exporter: Exporter): Promise<Export> | Export;
}

const declare = <Input extends z.ZodObject>(declaration: TableExport<Input>): TableExport<Input> => declaration;
const title = (zh: string, en: string): Title => ({ zh, en });
const titleOf = (dataset: (typeof datasetNames)[number]): string => datasets[dataset].title.zh;

/** Rows of one piece: enough for a query or a fetch to be worth it, few enough to hold. */
const pieceMax = 1_000;

/** As the page of lag has it, with the filters of its address. */
const lag = declare({
  title: title('积压', 'lag'),
  input: z.strictObject({
    department: z.string().optional(),
    subjectDatabase: z.string().optional(),
    dataset: z.string().optional(),
    verdict: z.string().optional(),
  }),
  begin({ feed }, input) {
    const filters = Object.entries(input) as [keyof typeof input, string | undefined][];
    const rows = (feed.latest?.lag ?? [])
      .filter((row) => filters.every(([name, value]) => value === undefined || row[name] === value))
      .map((row) => [
        ...[row.verdict, row.sentence.zh, row.department, titleOf(row.dataset), row.dataset, row.subjectDatabase],
        ...[row.records, row.seconds, row.trend, row.appliedPerSecond, row.asOf],
      ]);
    return {
      heads: [
        ...[title('判定', 'verdict'), title('说明', 'sentence'), title('部门', 'department')],
        ...[title('数据资源', 'dataset'), title('数据资源代码', 'dataset code'), title('专题库', 'subject database')],
        ...[title('等待消息', 'waiting'), title('落后（秒）', 'behind, seconds'), title('趋势', 'trend')],
        ...[title('入库速率（条/秒）', 'applied a second'), title('数据截至', 'as of')],
      ],
      rows: atOnce(rows),
    };
  },
});

/** All open events of one cause; never a key, bytes, subject or source record. */
const parked = declare({
  title: title('待处理事件', 'parked events'),
  input: z.strictObject({
    database: z.string(),
    dataset: z.enum(datasetNames),
    code: z.string().max(50),
    schemaId: z.int().min(0).nullable(),
  }),
  begin({ databases }, { database: name, dataset, code, schemaId }) {
    const database = databaseOf(databases, name);
    return {
      heads: [
        ...[title('编号', 'id'), title('事件', 'event'), title('原因', 'cause'), title('数据资源', 'dataset')],
        ...[title('模式', 'schema'), title('通道', 'lane'), title('位置', 'offset'), title('暂存时间', 'parked at')],
      ],
      rows: (async function* () {
        for (let before: string | undefined, isEnd = false; !isEnd;) {
          const filter = { state: 'parked', datasets: [dataset], cause: { code, schemaId }, limit: pieceMax } as const;
          const page = await listParked([database], { ...filter, before });
          yield page.parked.map(({ id, eventId, lane, offset, parkedAt }) => [
            ...[id, eventId, code, dataset, schemaId, lane, offset, parkedAt],
          ]);
          isEnd = page.next === null;
          before = page.next ?? undefined;
        }
      })(),
    };
  },
});

/** The proofs of all datasets, in counts. */
const completeness = declare({
  title: title('完整性', 'completeness'),
  input: z.strictObject({}),
  async begin({ databases }) {
    const proofs = await proofStates(databases, { of: undefined, withBuckets: false });
    return {
      heads: [
        ...[title('数据资源', 'dataset'), title('数据资源代码', 'dataset code'), title('库', 'database')],
        ...[title('核对', 'verdict'), title('核对一致，截至', 'proved equal as of'), title('来源记录', 'source holds')],
        ...[title('本库记录', 'held here'), title('差异分桶', 'buckets that differ'), title('分桶', 'buckets')],
      ],
      rows: atOnce(
        proofs.map(({ dataset, database, verdict, equalAsOf, stated, held, differing, buckets }) => {
          const known = verdict === 'unproven' ? [null, null, null] : [stated, held, differing];
          return [titleOf(dataset), dataset, database, verdict, equalAsOf, ...known, buckets];
        }),
      ),
    };
  },
});

/** Messages of a topic, masked or with their values as on the page; with values, each subject is in the access log. */
const messages = declare({
  title: title('消息', 'messages'),
  input: lookQuestion,
  async begin({ topics }, input, exporter) {
    const { dataset } = topicPlaceOf(topics.places, input.topic);
    const look = await lookInto(topics, input, exporter);
    const fields = dataset ? fieldHeads(dataset) : [{ name: 'key', title: title('消息键', 'message key') }];
    return {
      heads: [
        ...[title('到达时间', 'came at'), title('分区', 'partition'), title('位置', 'offset'), title('类别', 'kind')],
        ...[title('不能解读的原因', 'why it is not readable'), title('变更类型', 'verb'), title('事件', 'event')],
        ...[title('来源记录时间', 'recorded at'), title('模式编号', 'schema id'), title('字节', 'bytes')],
        ...fields.map((field) => field.title),
        ...(dataset ? [] : [title('内容', 'content')]),
      ],
      rows: (async function* () {
        for (let isEnd = false; !isEnd;) {
          const page = await look.page({ messages: pieceMax, scanned: 20_000, ms: 30_000 });
          yield page.messages.map((message) => [
            ...[message.at, message.partition, message.offset, message.kind, message.code, message.verb],
            ...[message.eventId, message.recordedAt, message.schemaId, message.bytes.length],
            ...fields.map(({ name }) => cellOf(message, name)),
            ...(dataset ? [] : [contentOf(message)]),
          ]);
          isEnd = page.isEnd;
        }
      })(),
    };
  },
});

/** Stands where a value is masked. */
const masked = '··';

function cellOf({ fields }: TopicMessage, name: string): Cell {
  const field = fields.find((one) => one.name === name);
  return field?.isSet ? (field.value ?? masked) : null;
}

const contentOf = ({ fields }: TopicMessage): string =>
  JSON.stringify(
    Object.fromEntries(
      fields.filter(({ name, isSet }) => isSet && name !== 'key').map(({ name, value }) => [name, value ?? masked]),
    ),
  );

async function* atOnce(rows: readonly (readonly Cell[])[]): AsyncGenerator<readonly (readonly Cell[])[]> {
  yield await Promise.resolve(rows);
}

/** Every table that can be had as a file, by the name in its address. */
export const tableExports = { lag, parked, completeness, messages } as const;
