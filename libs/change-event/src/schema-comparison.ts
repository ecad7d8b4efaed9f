import { type Schema } from 'avsc';
import { avroType } from './avro-type.ts';

/** A field of a schema as people compare it; `name` leads through records, as `data.citizenId`. */
export interface SchemaField {
  readonly name: string;
  /** As in Avro, a union in one line: `null | string`. */
  readonly type: string;
  /** As JSON; null where there is none, so that a null default is the text `null`. */
  readonly default: string | null;
  readonly doc: string;
}

/** A field that is not the same in two schemas; null where it is in one of them only. */
export interface FieldDifference {
  readonly name: string;
  readonly from: SchemaField | null;
  readonly to: SchemaField | null;
}

/** Two schemas compared: what differs, and who can read whom. */
export interface SchemaComparison {
  readonly differences: readonly FieldDifference[];
  /** A reader with the second schema can read what was written with the first: BACKWARD in the registry's words. */
  readonly isBackward: boolean;
  /** A reader with the first can read what was written with the second: FORWARD. */
  readonly isForward: boolean;
}

type Node = string | readonly Node[] | { readonly type: Node; readonly [attribute: string]: unknown };
interface FieldNode {
  readonly name: string;
  readonly type: Node;
  readonly default?: unknown;
  readonly doc?: string;
}

/** The fields of a record schema, those of records within it in place, in its order. */
export function fieldsOfSchema(schema: string): SchemaField[] {
  return fieldsOf(JSON.parse(schema) as Node, '');
}

/**
 * Compares two schemas of one subject, both as JSON text. Who can read whom is found by making the very resolver with which
 * events are decoded, so that nobody need trust a second set of rules.
 */
export function compareSchemas(from: string, to: string): SchemaComparison {
  const before = new Map(fieldsOfSchema(from).map((field) => [field.name, field]));
  const after = new Map(fieldsOfSchema(to).map((field) => [field.name, field]));
  const names = [...new Set([...before.keys(), ...after.keys()])];
  return {
    differences: names.flatMap((name) => {
      const [one, other] = [before.get(name) ?? null, after.get(name) ?? null];
      return JSON.stringify(one) === JSON.stringify(other) ? [] : [{ name, from: one, to: other }];
    }),
    isBackward: reads(to, from),
    isForward: reads(from, to),
  };
}

function reads(reader: string, writer: string): boolean {
  try {
    avroType(JSON.parse(reader) as Schema).createResolver(avroType(JSON.parse(writer) as Schema));
    return true;
  } catch {
    return false;
  }
}

const isRecord = (node: Node): node is Extract<Node, { readonly type: Node }> =>
  typeof node === 'object' && 'type' in node && node.type === 'record';

function fieldsOf(node: Node, path: string): SchemaField[] {
  if (Array.isArray(node)) return (node as readonly Node[]).flatMap((branch) => fieldsOf(branch, path));
  if (!isRecord(node)) return [];
  return (node['fields'] as readonly FieldNode[]).flatMap((field) => [
    {
      name: path + field.name,
      type: typeText(field.type),
      default: field.default === undefined ? null : JSON.stringify(field.default),
      doc: field.doc ?? '',
    },
    ...fieldsOf(field.type, `${path}${field.name}.`),
  ]);
}

function typeText(node: Node): string {
  if (typeof node === 'string') return node;
  if (Array.isArray(node)) return (node as readonly Node[]).map(typeText).join(' | ');
  const { type, name, logicalType, symbols } = node as Extract<Node, { readonly type: Node }> & {
    name?: string;
    logicalType?: string;
    symbols?: readonly string[];
  };
  if (symbols) return `${name ?? ''} (${symbols.join(', ')})`;
  if (type === 'record') return `record ${name ?? ''}`.trim();
  return logicalType ? `${typeText(type)} (${logicalType})` : typeText(type);
}
