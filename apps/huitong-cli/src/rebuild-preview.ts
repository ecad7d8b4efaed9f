import { changedTopicOf, datasets, type DatasetName } from '@huitong/change-event';
import { createTopicAdmin } from '@huitong/event-stream';
import { previewSubject, type Preview, type SweepProgress } from '@huitong/subject-engine';
import {
  describeCounts,
  describeDifferences,
  shownDifferences,
  withOwner,
  type ShownDifferences,
} from './prove-records.ts';
import type { Stack } from './stack.ts';

/** What `huitong rebuild --preview` prints as JSON. */
export type PreviewReport = Omit<Preview, 'differences' | 'newDatasets'> & {
  readonly subject: string;
  readonly differences: ShownDifferences;
  /** Datasets without stored facts, with the messages that wait in Kafka. */
  readonly newDatasets: Readonly<Record<string, number>>;
  /** Consumer groups that would be told of each change. */
  readonly subscribers: readonly string[];
};

/** Says what the present declaration would change in a subject database, and whom that would be told; changes nothing. */
export async function previewRebuild(
  stack: Stack,
  name: string,
  onProgress: (progress: SweepProgress) => void,
): Promise<PreviewReport> {
  const preview = await withOwner(stack, name, (database, subject) => previewSubject(database, subject, onProgress));
  const admin = createTopicAdmin({ brokers: stack.kafkaBrokers.split(','), clientId: 'huitong-rebuild' });
  try {
    const topics = preview.newDatasets.map((dataset) => datasets[dataset as DatasetName].topic);
    const [ends, beginnings] = [await admin.endOffsets(topics), await admin.beginningOffsets(topics)];
    const sum = (offsets: readonly number[] = []): number => offsets.reduce((total, offset) => total + offset, 0);
    return {
      ...preview,
      subject: name,
      differences: shownDifferences(preview.differences, stack.home),
      newDatasets: Object.fromEntries(
        preview.newDatasets.map((dataset, at) => [
          dataset,
          sum(ends.get(topics[at]!)) - sum(beginnings.get(topics[at]!)),
        ]),
      ),
      subscribers: await admin.groupsOf(changedTopicOf(name)),
    };
  } finally {
    await admin.disconnect();
  }
}

/** The report for people. */
export function describePreview(report: PreviewReport): string {
  const { subject, compared, differences, newFields, removedFields, newDatasets, newColumns, subscribers } = report;
  return `${[
    `${subject}: 按现有声明将改变 / by the present declaration would change: ${describeCounts(differences)}, 共 of ${compared}`,
    ...describeDifferences(differences),
    ...(newFields.length > 0 ? [`  新增字段 new fields: ${newFields.join(', ')}`] : []),
    ...Object.entries(removedFields).map(
      ([field, count]) => `  不再声明 declared no more: ${field}, ${count} 条有值 have a value`,
    ),
    ...Object.entries(newDatasets).map(
      ([dataset, waiting]) =>
        `  新数据资源 new dataset: ${dataset}, 主题中有 its topic holds ${waiting} 条 messages; 入库前不知其影响 what they change is not known before they are applied`,
    ),
    ...(newColumns.length > 0
      ? [`  事实中尚无 not in the stored facts: ${newColumns.join(', ')} (--from kafka 可补 could fill them)`]
      : []),
    `  将收到变更的消费组 consumer groups that would be told: ${subscribers.join(', ') || '无 none'}`,
    '  未改变任何数据 / nothing was changed',
  ].join('\n')}\n`;
}
