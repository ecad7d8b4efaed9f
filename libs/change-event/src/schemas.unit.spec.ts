import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { Schema } from 'avsc';
import { avroType } from './avro-type.ts';
import { datasets, type DatasetName } from './generated/datasets.ts';
import type { AvroRecordSchema, DatasetDeclaration } from './dataset-declaration.ts';

const root = join(import.meta.dirname, '../../..');
const all = Object.values(datasets) as DatasetDeclaration[];
const names = Object.keys(datasets) as DatasetName[];

interface Field {
  readonly name: string;
  readonly type: unknown;
  readonly default?: unknown;
}

const envelopeOf = (schema: AvroRecordSchema): readonly object[] => schema.fields.slice(0, -1);
const dataOf = (schema: AvroRecordSchema): { fields: Field[] } =>
  (schema.fields.at(-1) as { type: [string, { fields: Field[] }] }).type[1];
const folderOf = (dataset: string, kind: string): string => {
  const [department, short] = dataset.split('.') as [string, string];
  return join(root, 'schemas', department, kind, short);
};
const listed = (folder: string): string[] => {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
};

/** The versions of a dataset's schema that were ever published, oldest first; their numbers have no gaps. */
function versionsOf(dataset: DatasetName): AvroRecordSchema[] {
  const [department, short] = dataset.split('.') as [string, string];
  const folder = join(root, 'schemas', department, 'versions');
  const files = listed(folder).filter((file) => file.startsWith(`${short}.v`));
  const inOrder = files.map((_, index) => `${short}.v${index + 1}.avsc`);
  expect(files.toSorted()).toEqual(inOrder.toSorted());
  return inOrder.map((file) => readJson(join(folder, file)) as unknown as AvroRecordSchema);
}

describe('the schemas', () => {
  it('are the 19 datasets of the catalogue', () => {
    expect(names).toHaveLength(19);
    expect(all.map(({ topic }) => topic)).toEqual(names.map((name) => `dept.${name}.v1`));
  });

  it('share one envelope, to the last word', () => {
    for (const { schema } of all) expect(envelopeOf(schema)).toEqual(envelopeOf(all[0]!.schema));
  });

  it.each(names)('%s is Avro, and holds each type and union that it declares', (name) => {
    const declaration: DatasetDeclaration = datasets[name];
    const type = avroType(declaration.schema as Schema);
    const sample = { string: 'x', int: 1, long: 1, double: 0.5, boolean: true, date: '2026-02-28', timestamp: 1 };
    const values = (filled: boolean): object =>
      Object.fromEntries(
        Object.entries(declaration.fields).map(([field, { type: kind, nullable }]) => [
          field,
          filled || !nullable ? sample[kind] : null,
        ]),
      );
    for (const data of [values(true), values(false), null]) {
      const event = {
        event_id: '018f0000-0000-7000-8000-000000000000',
        verb: 'CREATED',
        previous_event_id: null,
        reason: 'INITIAL_LOAD',
        source_record_id: '1',
        source_version: 1,
        valid_from: null,
        valid_to: '2026-12-31',
        recorded_at: 0,
        data,
      };
      expect(JSON.parse(JSON.stringify(type.fromBuffer(type.toBuffer(event))))).toEqual(event);
    }
  });

  it.each(names)('%s has at least two valid and two invalid examples', (name) => {
    const examples = listed(folderOf(name, 'examples'));
    const valid = examples.filter((file) => file.startsWith('valid-'));
    const verbs = valid.map((file) => readJson(join(folderOf(name, 'examples'), file))['verb']);
    expect(verbs).toContain('CREATED');
    expect(new Set(verbs).size).toBeGreaterThan(1);
    expect(examples.filter((file) => file.startsWith('invalid-')).length).toBeGreaterThan(1);
    expect(examples.every((file) => /^(in)?valid-[a-z0-9-]+\.json$/.test(file))).toBe(true);
  });

  it('use one code list for one thing', () => {
    for (const field of ['sex', 'ethnicity', 'maritalStatus', 'status']) {
      const lists = all.map(({ fields }) => fields[field]?.codes).filter((codes) => codes !== undefined);
      expect(new Set(lists.map((codes) => JSON.stringify(codes))).size).toBe(1);
    }
  });

  it.each(names)('%s still reads every version that was ever published', (name) => {
    for (const older of versionsOf(name)) expect(breaches(older, datasets[name].schema)).toEqual([]);
  });

  // A schema that has changed is kept as the next version, or nobody would know what was published before it.
  it.each(names)('%s is kept as its own newest version', (name) => {
    expect(versionsOf(name).at(-1)).toEqual(datasets[name].schema);
  });
});

/**
 * Why a newer schema may not replace an older one; empty when it may. Stricter than BACKWARD_TRANSITIVE: fields may only
 * be added, and only nullable ones, for a fact must not lose what an older event told.
 */
function breaches(older: AvroRecordSchema, newer: AvroRecordSchema): string[] {
  const found: string[] = [];
  try {
    avroType(newer as Schema).createResolver(avroType(older as Schema));
  } catch (error) {
    found.push((error as Error).message);
  }
  const before = new Map(dataOf(older).fields.map((field) => [field.name, field]));
  const after = new Map(dataOf(newer).fields.map((field) => [field.name, field]));
  for (const [name, field] of before) {
    const now = after.get(name);
    if (!now) found.push(`${name} was removed`);
    else if (JSON.stringify(now.type) !== JSON.stringify(field.type)) found.push(`${name} changed its type`);
  }
  for (const [name, field] of after)
    if (!before.has(name) && !(Array.isArray(field.type) && field.default === null))
      found.push(`${name} was added without being nullable`);
  return found;
}

describe('evolution', () => {
  const present = datasets['psb.household-register'].schema;
  /** The present schema with its data fields changed. */
  const withFields = (change: (fields: Field[]) => Field[]): AvroRecordSchema => {
    const copy = structuredClone(present);
    dataOf(copy).fields = change(dataOf(copy).fields);
    return copy;
  };
  const nullable: Field = { name: 'bloodType', type: ['null', 'string'], default: null };

  it('allows a nullable field, and reads an older event as null there', () => {
    const newer = withFields((fields) => [...fields, nullable]);
    expect(breaches(present, newer)).toEqual([]);
    const [reader, writer] = [avroType(newer as Schema), avroType(present as Schema)];
    const example = join(folderOf('psb.household-register', 'examples'), 'valid-created.json');
    const { data } = readJson(example) as { data: object };
    const bytes = writer.toBuffer({
      event_id: '018f0000-0000-7000-8000-000000000000',
      verb: 'CREATED',
      previous_event_id: null,
      reason: 'INITIAL_LOAD',
      source_record_id: '1',
      source_version: 1,
      valid_from: null,
      valid_to: null,
      recorded_at: 0,
      data,
    });
    const read = reader.fromBuffer(bytes, reader.createResolver(writer)) as { data: object };
    expect({ ...read.data }).toEqual({ ...data, bloodType: null });
  });

  it('refuses a field that older events cannot fill', () => {
    const newer = withFields((fields) => [...fields, { name: 'bloodType', type: 'string' }]);
    expect(breaches(present, newer).join()).toMatch(/cannot read[\s\S]*bloodType was added without being nullable/);
  });

  it('refuses a field whose default hides that nobody stated it', () => {
    const newer = withFields((fields) => [...fields, { name: 'bloodType', type: 'string', default: '' }]);
    expect(breaches(present, newer)).toEqual(['bloodType was added without being nullable']);
  });

  it('refuses to lose a field', () => {
    expect(
      breaches(
        present,
        withFields((fields) => fields.filter(({ name }) => name !== 'education')),
      ),
    ).toEqual(['education was removed']);
  });

  it('refuses another type, a date that becomes a plain number included', () => {
    const retyped = (type: unknown): AvroRecordSchema =>
      withFields((fields) => fields.map((field) => (field.name === 'birthDate' ? { ...field, type } : field)));
    expect(breaches(present, retyped(['null', 'string']))).toContain('birthDate changed its type');
    expect(breaches(present, retyped(['null', 'int']))).toContain('birthDate changed its type');
  });

  it('refuses a nullable field that becomes mandatory', () => {
    const newer = withFields((fields) =>
      fields.map((field) => (field.name === 'education' ? { name: 'education', type: 'string' } : field)),
    );
    expect(breaches(present, newer)).not.toEqual([]);
  });
});

describe('the generator', () => {
  const folders: string[] = [];
  afterEach(() => folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true })));

  it('finds the generated file fresh', () => {
    expect(generate(root, '--check')).toBe('');
  });

  it('finds a generated file stale after its schema has changed', () => {
    const folder = copyWith((schema) => ({ ...schema, doc: `${schema.doc} More.` }));
    expect(generate(folder, '--check')).toMatch(/is stale/);
    expect(generate(folder)).toBe('');
    expect(generate(folder, '--check')).toBe('');
  });

  it.each<[string, RegExp, (schema: Json) => Json]>([
    [
      'an envelope field missing',
      /must begin with the envelope/,
      (schema) => ({ ...schema, fields: schema.fields.slice(1) }),
    ],
    ['an attribute of its own', /exactly these huitong attributes/, attribute('owner', 'x')],
    ['another dataset’s name', /must name its dataset psb.vehicle/, attribute('dataset', 'psb.vehicles')],
    ['no reason for a first load', /must have the reason INITIAL_LOAD/, attribute('reasons', { REGISTERED: '登记' })],
    ['an unknown sharing type', /sharing type/, attribute('sharing', 'secret')],
    ['a subject that may be null', /never null/, dataField('citizenId', { type: ['null', 'string'], default: null })],
    ['a subject key that is not checked', /check its subjectKey/, dataField('citizenId', { check: undefined })],
    ['a union of two types', /must be of one of the types/, dataField('brand', { type: ['null', ['string', 'int']] })],
    ['a union of three', /union of null and one type/, dataField('brand', { type: ['null', 'string', 'int'] })],
    ['a nullable field without default', /null by default/, dataField('brand', { default: undefined })],
    ['codes on a number', /must be a string/, dataField('seats', { codes: { 1: '一' } })],
    ['an unknown check', /may have a check of/, dataField('brand', { check: 'brand' })],
    ['an envelope field’s name among its data', /name of an envelope field/, dataField('brand', { name: 'validFrom' })],
    ['a doc without a Chinese name', /begins with its Chinese name/, dataField('brand', { doc: 'Brand' })],
  ])('refuses a schema with %s', (_, sentence, change) => {
    expect(generate(copyWith(change))).toMatch(sentence);
  });

  /** Runs the generator of a folder; what it says, empty when it is content. */
  function generate(folder: string, ...args: string[]): string {
    try {
      execFileSync(process.execPath, [join(folder, 'tools/generate.mjs'), ...args], {
        encoding: 'utf8',
        stdio: 'pipe',
      });
      return '';
    } catch (error) {
      return (error as { stderr: string }).stderr;
    }
  }

  /** A folder with the generator, its generated file and one schema, changed. */
  function copyWith(change: (schema: Json) => Json): string {
    const folder = mkdtempSync(join(tmpdir(), 'huitong-schemas-'));
    folders.push(folder);
    cpSync(join(root, 'tools/generate.mjs'), join(folder, 'tools/generate.mjs'));
    cpSync(join(root, 'schemas/psb/vehicle.avsc'), join(folder, 'schemas/psb/vehicle.avsc'));
    generate(folder);
    const file = join(folder, 'schemas/psb/vehicle.avsc');
    writeFileSync(file, JSON.stringify(change(readJson(file) as unknown as Json)));
    return folder;
  }
});

type Json = { doc: string; huitong: object; fields: { type: unknown }[] };

function attribute(name: string, value: unknown): (schema: Json) => Json {
  return (schema) => ({ ...schema, huitong: { ...schema.huitong, [name]: value } });
}

function dataField(name: string, change: Partial<Field> & Record<string, unknown>): (schema: Json) => Json {
  return (schema) => {
    const { fields } = dataOf(schema as unknown as AvroRecordSchema);
    const index = fields.findIndex((field) => field.name === name);
    fields[index] = { ...fields[index]!, ...change };
    return schema;
  };
}

function readJson(file: string): Record<string, unknown> {
  return JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
}
