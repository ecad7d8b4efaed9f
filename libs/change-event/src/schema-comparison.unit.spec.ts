import { describe, expect, it } from '@jest/globals';
import { datasets } from './generated/datasets.ts';
import { compareSchemas, fieldsOfSchema } from './schema-comparison.ts';

type Field = { name: string; type: unknown; default?: unknown; doc?: string };
const pensions = datasets['hrss.pension-payment'].schema;

/** The dataset's schema with its data fields changed. */
function withData(change: (fields: Field[]) => Field[]): string {
  const schema = structuredClone(pensions) as unknown as { fields: { name: string; type: [string, object] }[] };
  const data = schema.fields.find(({ name }) => name === 'data')!.type[1] as { fields: Field[] };
  data.fields = change(data.fields);
  return JSON.stringify(schema);
}
const present = JSON.stringify(pensions);

describe('the comparison of two schemas', () => {
  it('names the fields of the record within the record, with types in one line', () => {
    const fields = new Map(fieldsOfSchema(present).map((field) => [field.name, field]));
    expect(fields.get('event_id')).toMatchObject({ type: 'string (uuid)', default: null });
    expect(fields.get('verb')!.type).toBe('Verb (CREATED, CORRECTED, ANNULLED, CEASED)');
    expect(fields.get('previous_event_id')).toMatchObject({ type: 'null | string', default: 'null' });
    expect(fields.get('data')!.type).toBe('null | record PensionPaymentData');
    expect(fields.get('data.citizenId')!.type).toBe('string');
  });

  it('finds nothing between a schema and itself, which reads itself', () => {
    expect(compareSchemas(present, present)).toEqual({ differences: [], isBackward: true, isForward: true });
  });

  it.each([
    ['a new field with a default', { default: null, type: ['null', 'string'] }, true, true],
    ['a new field without a default', { type: 'string' }, false, true],
  ])('tells of %s what it is and who reads whom', (_, field, isBackward, isForward) => {
    const next = withData((fields) => [...fields, { name: 'bankBranch', ...field }]);
    const compared = compareSchemas(present, next);
    expect(compared).toMatchObject({
      isBackward,
      isForward,
      differences: [{ name: 'data.bankBranch', from: null, to: { type: isBackward ? 'null | string' : 'string' } }],
    });
    expect(compareSchemas(next, present)).toMatchObject({
      isBackward: isForward,
      isForward: isBackward,
      differences: [{ name: 'data.bankBranch', to: null }],
    });
  });

  it('tells of another type that neither reads the other, and of another note that both do', () => {
    const change = (to: Partial<Field>): string =>
      withData((fields) => fields.map((field) => (field.name === 'amount' ? { ...field, ...to } : field)));
    expect(compareSchemas(present, change({ type: 'boolean', default: undefined }))).toMatchObject({
      isBackward: false,
      isForward: false,
      differences: [{ name: 'data.amount', to: { type: 'boolean' } }],
    });
    expect(compareSchemas(present, change({ doc: 'another note' }))).toMatchObject({
      isBackward: true,
      isForward: true,
      differences: [{ name: 'data.amount', to: { doc: 'another note' } }],
    });
  });
});
