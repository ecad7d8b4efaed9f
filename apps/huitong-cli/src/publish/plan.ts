import { statSync, type Stats } from 'node:fs';
import { join, resolve } from 'node:path';
import {
  datasetNames,
  datasets,
  HuitongError,
  isDatasetName,
  sourceClockSkewMs,
  type DatasetName,
} from '@huitong/change-event';
import { homeFolder, repository } from '../config.ts';
import { addressesOf, type Addresses } from './addresses.ts';
import { chooseMapping, columnsOf, type ChosenMapping } from './mapping.ts';
import { refusedPathOf } from './refused-file.ts';
import { openSource, type Source } from './source.ts';

/** The options of `huitong publish`, as commander gives them. */
export interface PublishOptions {
  readonly dataset: string;
  readonly mapping?: string;
  readonly key?: string;
  readonly certificate?: string;
  readonly gateway?: string;
  readonly sourceVersion?: number;
  readonly encoding?: string;
  readonly delimiter: string;
  readonly quotes: boolean;
  readonly batch: number;
  readonly patience: number;
  readonly refused?: string;
  readonly restart?: boolean;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** Everything about a run that is settled before its first row. */
export interface Plan extends Addresses {
  readonly dataset: DatasetName;
  readonly file: string;
  readonly stats: Stats;
  readonly source: Source;
  /** Undefined where the lines of the file are events already. */
  readonly chosen: ChosenMapping | undefined;
  readonly sourceVersion: number;
  readonly recordedAtMs: number;
  readonly refusedPath: string;
  readonly certificate: string;
}

const batchMax = 1_000;

/** Checks the options and looks into the file; REQUEST_INVALID and CONFIG_INVALID say what is wrong. */
export async function planOf(path: string, options: PublishOptions): Promise<Plan> {
  const file = resolve(path);
  const { dataset, batch } = options;
  if (!isDatasetName(dataset))
    throw new HuitongError(
      'DATASET_UNKNOWN',
      `没有这个数据资源，须为其一 / no such dataset; one of: ${datasetNames.join(', ')}`,
    );
  if (batch < 1 || batch > batchMax)
    throw new HuitongError('REQUEST_INVALID', `--batch 须为 1 至 ${batchMax} / --batch is from 1 to ${batchMax}`);
  const stats = statSync(file, { throwIfNoEntry: false });
  if (!stats?.isFile()) throw new HuitongError('REQUEST_INVALID', `没有这个文件 / there is no such file: ${file}`);
  const source = await openSource(file, options);
  const chosen = chosenFor(dataset, source, options);
  const recordedAtMs = Math.floor(stats.mtimeMs);
  if (chosen && chosen.mapping.recordedAt === undefined && recordedAtMs > Date.now() + sourceClockSkewMs)
    throw new HuitongError(
      'REQUEST_INVALID',
      '文件的修改时间晚于当前时间，请更正，或在映射中用 recordedAt 指明时间列 / the modification time of the file lies in the future: mend it, or name a column with recordedAt in the mapping',
    );
  return {
    dataset,
    file,
    stats,
    source,
    chosen,
    sourceVersion: options.sourceVersion ?? recordedAtMs,
    recordedAtMs,
    refusedPath: options.refused ? resolve(options.refused) : refusedPathOf(file, homeFolder()),
    ...addressesOf(options),
    certificate: options.certificate ?? datasets[dataset].department,
  };
}

function chosenFor(dataset: DatasetName, source: Source, options: PublishOptions): ChosenMapping | undefined {
  const isEvents =
    source.format === 'ndjson' && ['verb', 'sourceRecordId', 'data'].every((name) => source.columns.includes(name));
  if (isEvents && options.mapping === undefined) return undefined;
  const key = options.key?.split(',').map((name) => name.trim());
  const { columns } = source;
  const sparse = source.format === 'ndjson';
  const shippedFolder = join(repository, 'mappings');
  return chooseMapping({ dataset, columns, given: options.mapping, key, sparse, shippedFolder });
}

/** What a person should know before the first row: how the file is read, what is guessed, which columns are left out. */
export function announcementOf({ source, chosen, dataset, sourceVersion }: Plan): string[] {
  const { format, encoding, columns } = source;
  const lines = [`${datasets[dataset].title.zh} / ${datasets[dataset].title.en}: ${format}, ${encoding}`];
  if (!chosen) return lines;
  const { mapping, origin, guessedKey } = chosen;
  const used = new Set(columnsOf(mapping).map(([, column]) => column));
  const unused = columns.filter((column) => !used.has(column));
  const version = mapping.sourceVersion ?? sourceVersion;
  lines.push(`映射 / mapping: ${origin}; 版本 / version: ${version}`);
  if (guessedKey)
    lines.push(
      `! 没有记录标识列，以 ${mapping.sourceRecordId.join('、')} 作记录标识，重复者拒收 / no column of the record id: this one is taken for it, and a repeat is refused; see --key`,
    );
  if (unused.length > 0) lines.push(`! 未用的列 / columns left out: ${unused.join('、')}`);
  return lines;
}
