import { defaultPartitions, laneOf, SchemaRegistry } from '@huitong/change-event';

/** The columns that are texts, the key first. */
export const columns = [
  'citizen_id',
  'name',
  'sex',
  'ethnicity',
  'birth_date',
  'household_no',
  'address',
  'area_code',
  'status',
];
const record = (name, fields) => ({ type: 'record', name, namespace: 'cn.huitong.bench', fields });
const keySchema = record('Key', [{ name: 'citizen_id', type: 'string' }]);
const valueSchema = record('Household', [
  ...columns.map((name) => ({ name, type: 'string' })),
  { name: 'version', type: 'long' },
  { name: 'effective_at', type: 'long' },
]);

/** Avro: a text is its length and its bytes, a long is a zigzag varint; the Confluent header names the schema. */
function long(number) {
  const bytes = [];
  let rest = BigInt(number) * 2n;
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return Buffer.from([...bytes, Number(rest)]);
}
const text = (value) => {
  const bytes = Buffer.from(value);
  return Buffer.concat([long(bytes.length), bytes]);
};
function header(id) {
  const bytes = Buffer.alloc(5);
  bytes.writeUInt32BE(id, 1);
  return bytes;
}

/** What a person's household event says, in the form that the peers take: a flat record, and a key that is a record. */
export async function flatMessages({ parts }, topic) {
  const registry = new SchemaRegistry(parts.registryUrl);
  const key = header(await registry.register(`${topic}-key`, keySchema));
  const value = header(await registry.register(`${topic}-value`, valueSchema));
  return ({ subjectId, event: { data, source_version, recorded_at } }) => ({
    key: Buffer.concat([key, text(subjectId)]),
    partition: laneOf(subjectId, defaultPartitions),
    headers: {},
    value: Buffer.concat([
      value,
      ...[subjectId, data.name, data.sex, data.ethnicity, data.birthDate, data.householdNo].map(text),
      ...[data.householdAddress, data.divisionCode, 'ACTIVE'].map(text),
      long(source_version),
      long(recorded_at),
    ]),
  });
}

/** The peers' table. */
export const tableSql = (table) =>
  `create table ${table} (citizen_id text primary key, name text, sex text, ethnicity text, birth_date text, household_no text,
    address text, area_code text, status text, version bigint, effective_at bigint)`;
