import avsc, { type Schema, type Type } from 'avsc';
import { daysOf, isoDateOf } from './iso-date.ts';

/** Avro's `date` (days since 1970-01-01) as an ISO string, so that no time zone can move it. */
class IsoDate extends avsc.types.LogicalType {
  protected override _fromValue(days: number): string {
    return isoDateOf(days);
  }
  protected override _toValue(date: string): number | undefined {
    return daysOf(date);
  }
  protected override _resolve(type: Type): ((value: unknown) => unknown) | undefined {
    return avsc.Type.isType(type, 'int', 'logical:date') ? (value) => value : undefined;
  }
}

/** The avsc type of a dataset schema, with the logical types that both writer and reader must share (avsc issue 362). */
export function avroType(schema: Schema): Type {
  return avsc.Type.forSchema(schema, { logicalTypes: { date: IsoDate }, wrapUnions: 'never' });
}
