/**
 * Generates libs/change-event/src/generated/datasets.ts from schemas/<department>/<dataset>.avsc, after checking that each
 * file keeps the rules of a dataset. `--check` writes nothing and exits 1 when the generated file is stale.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { isDeepStrictEqual } from 'node:util';

const root = join(import.meta.dirname, '..');
const target = join(root, 'libs/change-event/src/generated/datasets.ts');

const date = { type: 'int', logicalType: 'date' };
const timestamp = { type: 'long', logicalType: 'timestamp-millis' };
const envelope = [
  { name: 'event_id', type: { type: 'string', logicalType: 'uuid' } },
  { name: 'verb', type: { type: 'enum', name: 'Verb', symbols: ['CREATED', 'CORRECTED', 'ANNULLED', 'CEASED'] } },
  { name: 'previous_event_id', type: ['null', 'string'], default: null },
  { name: 'reason', type: 'string' },
  { name: 'source_record_id', type: 'string' },
  { name: 'source_version', type: 'long' },
  { name: 'valid_from', type: ['null', date], default: null },
  { name: 'valid_to', type: ['null', date], default: null },
  { name: 'recorded_at', type: timestamp },
];
/** Column names that facts have already: a data field of the same name would collide in PostgreSQL. */
const reservedColumns = new Set([...envelope.map((field) => field.name), 'subject_id', 'dataset', 'lane', 'data']);
/** Reasons that every dataset has, so that a first load and a plain correction never lack one. */
const commonReasons = ['INITIAL_LOAD', 'CLERICAL_ERROR'];
const checks = ['person-id', 'credit-code', 'organisation-code', 'registration-number', 'division-code', 'estate-unit'];
const sharingTypes = ['unconditional', 'conditional', 'not-shared'];
const types = new Map([
  ...['string', 'int', 'long', 'double', 'boolean'].map((type) => [JSON.stringify(type), type]),
  [JSON.stringify(date), 'date'],
  [JSON.stringify(timestamp), 'timestamp'],
]);
const typescriptTypes = { int: 'number', long: 'number', double: 'number', timestamp: 'number', boolean: 'boolean' };

const schemasFolder = join(root, 'schemas');
const declarations = readdirSync(schemasFolder)
  .flatMap((department) => readdirSync(join(schemasFolder, department)).map((file) => join(department, file)))
  .filter((path) => path.endsWith('.avsc'))
  .sort()
  .map((path) => readDeclaration(join(schemasFolder, path)));
refuseDoubles(declarations.map((declaration) => declaration.schema.name));
for (const declaration of declarations) checkCounterparts(declaration);
const text = render(declarations);

if (process.argv.includes('--check')) {
  if (readIfThere(target) !== text) fail(target, 'is stale: run `npm run generate`');
} else {
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, text);
}

/** Reads one schema file and checks it against the rules; the first breach ends the program with a sentence. */
function readDeclaration(path) {
  const demand = (condition, sentence) => condition || fail(path, sentence);
  const schema = parse(path);
  const department = basename(dirname(path));
  const dataset = `${department}.${basename(path, '.avsc')}`;
  const { huitong = {}, fields = [], name } = schema;

  demand(
    sameKeys(schema, ['type', 'name', 'namespace', 'doc', 'huitong', 'fields']) && schema.type === 'record',
    'must be a record with type, name, namespace, doc, huitong and fields, and nothing else',
  );
  demand(/^[a-z]+\.[a-z]+(-[a-z]+)*$/.test(dataset), 'must be named in kebab-case letters');
  demand(name === pascalCase(dataset.split('.')[1]), 'must name its record as its file, in PascalCase');
  demand(schema.namespace === `cn.huitong.${department}`, `must have the namespace cn.huitong.${department}`);
  demand(isText(schema.doc), 'must have a doc');

  checkAttributes(huitong, dataset, demand);
  demand(
    isDeepStrictEqual(fields.slice(0, -1).map(withoutDoc), envelope),
    'must begin with the envelope fields of every dataset, in their order and with their types',
  );
  const data = fields.at(-1);
  const record = data?.type?.[1];
  demand(
    isDeepStrictEqual({ ...withoutDoc(data), type: null }, { name: 'data', type: null, default: null }) &&
      isDeepStrictEqual(withoutFields(record), { type: 'record', name: `${name}Data` }) &&
      isDeepStrictEqual(data.type, ['null', record]),
    `must end with the field data: null or the record ${name}Data, null by default`,
  );

  const read = record.fields.map((field) => [field.name, readField(field, path)]);
  const byName = Object.fromEntries(read);
  demand(Object.keys(byName).length === read.length, 'must not use a field name twice');
  const key = byName[huitong.subjectKey];
  demand(key, `must have its subjectKey ${huitong.subjectKey} among the data fields`);
  demand(!key.nullable && key.type === 'string', 'must have a subjectKey that is a string and never null');
  demand(key.check === huitong.subjectCheck, 'must check its subjectKey by subjectCheck');

  const { dataset: _, ...attributes } = huitong;
  const topic = `dept.${dataset}.v1`;
  // What is promised of a dataset may change without its messages changing: the schema that is published leaves it out.
  const { freshness: __, ...published } = huitong;
  const schemaPublished = { ...schema, huitong: published };
  return { dataset, department, topic, doc: schema.doc, ...attributes, fields: byName, schema: schemaPublished };
}

function checkAttributes(huitong, dataset, demand) {
  const keys = [
    'dataset',
    'title',
    'subjectKey',
    'subjectCheck',
    'reasons',
    'annulmentDays',
    'freshness',
    'sharing',
    'legalBasis',
  ];
  const { counterparts: _, ...required } = huitong;
  demand(
    sameKeys(required, keys),
    `must have exactly these huitong attributes: ${keys.join(', ')}; and counterparts where it has any`,
  );
  demand(huitong.dataset === dataset, `must name its dataset ${dataset}, as its path does`);
  demand(
    sameKeys(huitong.title, ['zh', 'en']) && isText(huitong.title.zh) && isText(huitong.title.en),
    'must have a title in zh and en',
  );
  demand(checks.includes(huitong.subjectCheck), `must have a subjectCheck of ${checks.join(', ')}`);
  demand(isCodeList(huitong.reasons, /^[A-Z]+(_[A-Z]+)*$/), 'must have reasons: UPPER_CASE code to Chinese name');
  for (const reason of commonReasons) demand(huitong.reasons[reason], `must have the reason ${reason}`);
  demand(
    Number.isInteger(huitong.annulmentDays) && huitong.annulmentDays > 0,
    'must have annulmentDays, a number of days',
  );
  const { withinSeconds, percent } = huitong.freshness;
  demand(
    sameKeys(huitong.freshness, ['withinSeconds', 'percent']) &&
      Number.isInteger(withinSeconds) &&
      withinSeconds > 0 &&
      percent > 0 &&
      percent < 100,
    'must promise its freshness: withinSeconds, a number of seconds, and percent of the minutes, below 100',
  );
  demand(sharingTypes.includes(huitong.sharing), `must have a sharing type of ${sharingTypes.join(', ')}`);
  demand(isText(huitong.legalBasis), 'must cite its legalBasis');
}

/** Facts that vouch for those of a dataset are of another dataset, about the same subjects, and can exist. */
function checkCounterparts({ dataset, subjectCheck, counterparts = [] }) {
  const path = join(schemasFolder, `${dataset.replace('.', '/')}.avsc`);
  const demand = (condition, sentence) => condition || fail(path, sentence);
  demand(Array.isArray(counterparts), 'must have counterparts as a list');
  for (const { dataset: other, verbs, reasons, ...more } of counterparts) {
    const declaration = declarations.find((one) => one.dataset === other);
    demand(declaration && other !== dataset, 'must have counterparts of other datasets that exist');
    demand(
      declaration.subjectCheck === subjectCheck,
      `must have counterparts about the same subjects, unlike ${other}`,
    );
    demand(
      isListOf(verbs, ['CREATED', 'CORRECTED', 'CEASED']) && Object.keys(more).length === 0,
      'must have counterparts of dataset, verbs (not ANNULLED) and perhaps reasons',
    );
    demand(
      reasons === undefined || isListOf(reasons, Object.keys(declaration.reasons)),
      `must have counterparts of reasons that ${other} has`,
    );
  }
}

/** Reads one data field. Its doc is the Chinese name, a space, the English name, and after a semicolon what else matters. */
function readField(field, path) {
  const demand = (condition, sentence) => condition || fail(path, `data.${field.name} ${sentence}`);
  const allowed = ['name', 'type', 'default', 'doc', 'check', 'codes', 'numeric'];
  demand(
    Object.keys(field).every((key) => allowed.includes(key)),
    `may have only ${allowed.join(', ')}`,
  );
  demand(/^[a-z][a-zA-Z0-9]*$/.test(field.name), 'must be named in camelCase');
  demand(!reservedColumns.has(snakeCase(field.name)), 'has the name of an envelope field');

  const nullable = Array.isArray(field.type);
  if (nullable) {
    demand(field.type.length === 2 && field.type[0] === 'null', 'may be a union of null and one type only');
    demand(field.default === null, 'must be null by default, being nullable');
  } else demand(!('default' in field), 'may not have a default, not being nullable');
  const type = types.get(JSON.stringify(nullable ? field.type[1] : field.type));
  demand(type, `must be of one of the types ${[...types.values()].join(', ')}`);

  const [, titleZh, titleEn] = /^(\p{Script=Han}[^ ;]*) ([^;]+)/u.exec(field.doc ?? '') ?? [];
  demand(titleZh && titleEn, 'must have a doc that begins with its Chinese name, a space and its English name');
  demand(field.check === undefined || checks.includes(field.check), `may have a check of ${checks.join(', ')} only`);
  demand(field.numeric === undefined || field.numeric === true, 'may have numeric: true only');
  demand(
    field.codes === undefined || isCodeList(field.codes, /^[0-9A-Z]+$/),
    'must have codes as code to Chinese name',
  );
  const constraints = [field.check, field.numeric, field.codes].filter((constraint) => constraint !== undefined);
  demand(constraints.length === 0 || type === 'string', 'must be a string to have check, numeric or codes');
  demand(constraints.length <= 1, 'may have only one of check, numeric and codes');

  const { numeric, check, codes } = field;
  return {
    type,
    nullable,
    titleZh,
    titleEn,
    ...(numeric && { numeric }),
    ...(check && { check }),
    ...(codes && { codes }),
  };
}

function render(all) {
  const interfaces = all.map(({ schema, title, fields }) =>
    [
      `/** ${title.zh} ${title.en}. */`,
      `export interface ${schema.name}Data {`,
      ...Object.entries(fields).flatMap(([name, field]) => [
        `  /** ${field.titleZh} ${field.titleEn}. */`,
        `  readonly ${name}: ${typescriptTypes[field.type] ?? 'string'}${field.nullable ? ' | null' : ''};`,
      ]),
      '}',
    ].join('\n'),
  );
  const schemas = all.map(
    ({ schema }) => `const ${schemaConstant(schema)}: AvroRecordSchema = ${JSON.stringify(schema)};`,
  );
  const entries = all.map(({ dataset, schema, ...declaration }) =>
    [
      `  '${dataset}': {`,
      `    dataset: '${dataset}',`,
      ...Object.entries(declaration).map(([key, value]) => `    ${key}: ${json(value, 4)},`),
      `    schema: ${schemaConstant(schema)},`,
      '  },',
    ].join('\n'),
  );
  return `// Generated from schemas/ by \`npm run generate\`. DO NOT EDIT.
import type { AvroRecordSchema, DatasetDeclaration } from '../dataset-declaration.ts';

${[...interfaces, ...schemas].join('\n\n')}

/** Every dataset's declaration, by name. */
export const datasets = {
${entries.join('\n')}
} as const satisfies Record<string, DatasetDeclaration>;

/** The name of a dataset: \`<department>.<dataset>\`. */
export type DatasetName = keyof typeof datasets;

/** The \`data\` of each dataset's change events. */
export interface DatasetData {
${all.map(({ dataset, schema }) => `  readonly '${dataset}': ${schema.name}Data;`).join('\n')}
}
`;
}

function schemaConstant(schema) {
  return `${schema.name[0].toLowerCase()}${schema.name.slice(1)}Schema`;
}

function json(value, indent) {
  return JSON.stringify(value, null, 2).replaceAll('\n', `\n${' '.repeat(indent)}`);
}

function parse(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    return fail(path, `must be JSON: ${error.message}`);
  }
}

function readIfThere(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function refuseDoubles(names) {
  const double = names.find((name, index) => names.indexOf(name) !== index);
  if (double) fail('schemas', `must not have two records named ${double}`);
}

function withoutDoc({ doc: _, ...field } = {}) {
  return field;
}

function withoutFields({ fields: _, ...record } = {}) {
  return record;
}

function sameKeys(object, keys) {
  return typeof object === 'object' && isDeepStrictEqual(Object.keys(object).sort(), [...keys].sort());
}

function isText(value) {
  return typeof value === 'string' && value.trim() !== '';
}

function isListOf(values, allowed) {
  return Array.isArray(values) && values.length > 0 && values.every((value) => allowed.includes(value));
}

function isCodeList(codes, pattern) {
  const entries = typeof codes === 'object' ? Object.entries(codes) : [];
  return entries.length > 0 && entries.every(([code, name]) => pattern.test(code) && isText(name));
}

function pascalCase(kebab) {
  return kebab.replaceAll(/(?:^|-)([a-z])/g, (_, letter) => letter.toUpperCase());
}

function snakeCase(camel) {
  return camel.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function fail(path, sentence) {
  process.stderr.write(`${relative(root, path)} ${sentence}\n`);
  process.exit(1);
}
