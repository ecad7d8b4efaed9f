import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { datasets, HuitongError, type DatasetDeclaration, type DatasetName } from '@huitong/change-event';
import { transformNames } from './transforms.ts';

const column = z.string().min(1);
const pattern = z.string().refine(isPattern, '不是正则表达式 / not a regular expression');

/** `"列名"` is short for `{"column": "列名"}`. */
const field = z.preprocess(
  (value) => (typeof value === 'string' ? { column: value } : value),
  z
    .strictObject({
      column: column.optional(),
      constant: z.union([z.string(), z.number(), z.boolean()]).optional(),
      transform: z.enum(transformNames).optional(),
      /** What the whole text must look like; a row that differs is refused. */
      pattern: pattern.optional(),
    })
    .refine(
      ({ column, constant }) => (column === undefined) !== (constant === undefined),
      'column 与 constant 须恰有其一 / exactly one of column and constant is needed',
    ),
);

const mappingSchema = z.strictObject({
  description: z.string().optional(),
  dataset: z.string(),
  /** Texts that mean that there is no value. */
  empty: z.array(z.string()).default(['N/A', 'NULL', 'null', '-']),
  /** The columns of the department's own key, joined by `/`. */
  sourceRecordId: z.union([column.transform((name) => [name]), z.array(column).min(1)]),
  sourceVersion: column.optional(),
  validFrom: column.optional(),
  validTo: column.optional(),
  /** Without it the file's modification time. */
  recordedAt: column.optional(),
  verb: z.enum(['CREATED', 'CORRECTED', 'CEASED']).default('CREATED'),
  reason: z.string().default('INITIAL_LOAD'),
  fields: z.record(z.string(), field),
});

/** How the columns of a file become events of one dataset. */
export type Mapping = z.output<typeof mappingSchema>;

/** One field's part of a mapping. */
export type FieldMapping = Mapping['fields'][string];

/** A mapping and where it is from, for people. */
export interface ChosenMapping {
  readonly mapping: Mapping;
  readonly origin: string;
  /** The record id was nobody's statement: the file has no such column, so the subject's id is taken, once each. */
  readonly guessedKey: boolean;
}

/** Reads and checks a mapping file against its dataset; CONFIG_INVALID names every key that is wrong, all at once. */
function readMapping(file: string, dataset: DatasetName): Mapping {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    const missing = cause instanceof Error && 'code' in cause;
    throw new HuitongError(
      'CONFIG_INVALID',
      missing
        ? `无法读取映射文件 / cannot read the mapping file ${file}`
        : `映射文件不是 JSON / the mapping file is not JSON: ${file}`,
      { cause },
    );
  }
  return checkMapping(json, dataset, basename(file));
}

/** The same for a mapping that is already JSON. */
export function checkMapping(json: unknown, dataset: DatasetName, name: string): Mapping {
  const parsed = mappingSchema.safeParse(json);
  const problems = parsed.success
    ? problemsOf(parsed.data, dataset)
    : parsed.error.issues.map(({ path, message }) => `${path.join('.') || '(root)'}: ${message}`);
  if (parsed.success && problems.length === 0) return parsed.data;
  throw new HuitongError('CONFIG_INVALID', `映射文件有误 / the mapping is wrong: ${name}\n  ${problems.join('\n  ')}`);
}

function problemsOf(mapping: Mapping, dataset: DatasetName): string[] {
  const declaration: DatasetDeclaration = datasets[dataset];
  if (mapping.dataset !== dataset)
    return [
      `dataset: 是 ${mapping.dataset} 的映射，不是 ${dataset} 的 / it is for ${mapping.dataset}, not for ${dataset}`,
    ];
  const problems: string[] = [];
  if (!Object.hasOwn(declaration.reasons, mapping.reason))
    problems.push(`reason: 须为其一 / one of these: ${Object.keys(declaration.reasons).join(', ')}`);
  for (const name of Object.keys(mapping.fields))
    if (!Object.hasOwn(declaration.fields, name))
      problems.push(`fields.${name}: 数据资源没有这个字段 / the dataset has no such field`);
  for (const [name, { nullable, titleZh }] of Object.entries(declaration.fields))
    if (!nullable && !Object.hasOwn(mapping.fields, name))
      problems.push(`fields.${name}: 必填字段（${titleZh}）没有来源 / this field is needed and comes from nowhere`);
  return problems;
}

/**
 * The mapping for a file: the one given; else a shipped one of the dataset whose columns the file has; else by the
 * columns' names, which are then a field's name or its title in Chinese or English. `key` overrides the record id.
 */
export function chooseMapping(options: {
  dataset: DatasetName;
  columns: readonly string[];
  given?: string | undefined;
  key?: readonly string[] | undefined;
  /** Objects may lack what the first one lacks: a mapping's columns are then not looked for. */
  sparse?: boolean;
  shippedFolder: string;
}): ChosenMapping {
  const { dataset, columns, given, key, shippedFolder } = options;
  const chosen = given
    ? { mapping: readMapping(given, dataset), origin: given, guessedKey: false }
    : (shippedMapping(dataset, columns, shippedFolder) ?? mappingByNames(dataset, columns, key));
  const mapping = key ? { ...chosen.mapping, sourceRecordId: [...key] } : chosen.mapping;
  const missing = options.sparse ? [] : columnsOf(mapping).filter(([, name]) => !columns.includes(name));
  if (missing.length === 0) return { ...chosen, mapping, guessedKey: chosen.guessedKey && !key };
  const lines = missing.map(([where, name]) => `${where}: 文件没有这一列 / the file has no such column: ${name}`);
  throw new HuitongError(
    'CONFIG_INVALID',
    `映射与文件不符 / the mapping does not fit the file\n  ${lines.join('\n  ')}`,
  );
}

/** Every column that a mapping reads, with the key that names it. */
export function columnsOf(mapping: Mapping): [where: string, column: string][] {
  const { sourceRecordId, sourceVersion, validFrom, validTo, recordedAt, fields } = mapping;
  const envelope = Object.entries({ sourceVersion, validFrom, validTo, recordedAt });
  return [
    ...sourceRecordId.map((name): [string, string] => ['sourceRecordId', name]),
    ...[
      ...envelope,
      ...Object.entries(fields).map(([name, { column }]) => [`fields.${name}`, column] as const),
    ].flatMap(([where, name]): [string, string][] => (name === undefined ? [] : [[where, name]])),
  ];
}

function shippedMapping(dataset: DatasetName, columns: readonly string[], folder: string): ChosenMapping | undefined {
  for (const name of readdirSync(folder).filter((one) => one.endsWith('.json'))) {
    const json = JSON.parse(readFileSync(join(folder, name), 'utf8')) as { dataset?: unknown };
    if (json.dataset !== dataset) continue;
    const mapping = checkMapping(json, dataset, name);
    if (columnsOf(mapping).every(([, column]) => columns.includes(column)))
      return { mapping, origin: `mappings/${name}`, guessedKey: false };
  }
  return undefined;
}

const envelopeTitles = {
  sourceRecordId: ['源记录标识', '记录标识'],
  sourceVersion: ['源记录版本'],
  validFrom: ['生效日期'],
  validTo: ['失效日期'],
  recordedAt: ['入库时间'],
} as const;

function mappingByNames(dataset: DatasetName, columns: readonly string[], key?: readonly string[]): ChosenMapping {
  const { fields, subjectKey }: DatasetDeclaration = datasets[dataset];
  const find = (...names: readonly string[]): string | undefined =>
    columns.find((column) => names.some((name) => name.toLowerCase() === column.toLowerCase()));
  const found: Record<string, string> = {};
  for (const [name, { titleZh, titleEn }] of Object.entries(fields)) {
    const column = find(name, titleZh, titleEn);
    if (column !== undefined) found[name] = column;
  }
  const envelope = Object.fromEntries(
    Object.entries(envelopeTitles).flatMap(([name, titles]) => {
      const column = find(name, ...titles);
      return column === undefined ? [] : [[name, column]];
    }),
  );
  const guessedKey = !('sourceRecordId' in envelope);
  const sourceRecordId = key ?? envelope['sourceRecordId'] ?? found[subjectKey] ?? subjectKey;
  const mapping = checkMapping(
    { ...envelope, dataset, sourceRecordId, fields: found },
    dataset,
    '按列名 / by column names',
  );
  return { mapping, origin: '按列名 / by column names', guessedKey };
}

function isPattern(text: string): boolean {
  try {
    new RegExp(text, 'u');
    return true;
  } catch {
    return false;
  }
}
