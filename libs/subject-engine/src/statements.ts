import type { Queryable } from '@huitong/postgres';
import type { Incoming } from './incoming.ts';

/** A department has few systems; more names than this for one dataset are a mistake, and the later ones are not heard. */
const registersMax = 16;

/** Keeps what the chunk's control records state of their registers; the last word of each stands. */
export async function keepStatements(connection: Queryable, incoming: readonly Incoming[]): Promise<void> {
  for (const message of incoming) {
    if (message.kind !== 'control' || !message.statement) continue;
    const { dataset, lane, offset, statement } = message;
    if (statement.kind === 'checkpoint')
      await connection.query(
        `insert into checkpoint as c (dataset, lane, register, kafka_offset, as_of, buckets)
         select $1, $2, $3, $4, $5, $6 where exists (select 1 from checkpoint where dataset = $1 and lane = $2 and register = $3)
           or (select count(*) from checkpoint where dataset = $1 and lane = $2) < ${registersMax}
         on conflict (dataset, lane, register) do update
         set kafka_offset = excluded.kafka_offset, as_of = excluded.as_of, buckets = excluded.buckets`,
        [dataset, lane, statement.register, offset, statement.at, JSON.stringify(statement.buckets)],
      );
    else
      await connection.query(
        `insert into inventory (dataset, lane, bucket, register, kafka_offset, as_of, records)
         select $1, $2, $3, $4, $5, $6, $7 where exists (select 1 from checkpoint where dataset = $1 and lane = $2 and register = $4)
         on conflict (dataset, lane, bucket, register) do update
         set kafka_offset = excluded.kafka_offset, as_of = excluded.as_of, records = excluded.records`,
        [dataset, lane, statement.bucket, statement.register, offset, statement.at, JSON.stringify(statement.records)],
      );
  }
}
