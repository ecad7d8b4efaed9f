import { changedTopicOf, type Message } from '@huitong/change-event';
import type { Database } from '@huitong/postgres';
import type { DatabasePlan, SubjectPlan } from './plan.ts';
import { toChange, type HistoryRow } from './read.ts';

/** Hands messages to the broker; resolves once they are durable. */
export type Publish = (topic: string, messages: readonly Message[]) => Promise<unknown>;

/** History rows sent in one go. */
const batchRows = 1_000;

/**
 * Publishes the history of the given lanes to `subject.<name>.changed`, each change at least once and those of one lane in
 * their order; the message id is made of the history row's, so that a reader can drop a repetition. Returns the number of
 * changes published; throws what `publish` throws, and then goes on at the same place next time.
 */
export async function relayChanges(
  database: Database,
  plan: DatabasePlan,
  lanes: readonly number[],
  publish: Publish,
): Promise<number> {
  let published = 0;
  for (const subject of plan.subjects) {
    for (let rows = await nextChanges(database, subject, lanes); rows.length > 0;) {
      await publish(
        changedTopicOf(subject.name),
        rows.map((row) => changeMessage(subject, row)),
      );
      const positions = new Map(rows.map(({ lane, id }) => [lane, id]));
      await database.query(
        `update lane l set relayed = relayed || jsonb_build_object($1::text, p.id)
         from unnest($2::smallint[], $3::bigint[]) as p(lane, id) where l.lane = p.lane`,
        [subject.name, [...positions.keys()], [...positions.values()]],
      );
      published += rows.length;
      rows = rows.length < batchRows ? [] : await nextChanges(database, subject, lanes);
    }
  }
  return published;
}

async function nextChanges(database: Database, subject: SubjectPlan, lanes: readonly number[]): Promise<HistoryRow[]> {
  const { rows } = await database.query<HistoryRow>({
    name: `next changes ${subject.name}`,
    text: `select h.* from lane l cross join lateral (
        select * from ${subject.historyTable} h
        where h.lane = l.lane and h.id > coalesce((l.relayed ->> $1)::bigint, 0) order by h.id limit $3
      ) h where l.lane = any($2::smallint[]) order by h.lane, h.id limit $3`,
    values: [subject.name, lanes, batchRows],
  });
  return rows;
}

/** A derived change as CloudEvents 1.0 with JSON: its shape follows the declaration, so readers need no schema to read it. */
function changeMessage(subject: SubjectPlan, row: HistoryRow): Message {
  const { historyId, ...change } = toChange(row);
  return {
    key: row.subject_id,
    value: Buffer.from(JSON.stringify({ subject: subject.name, id: row.subject_id, historyId, ...change })),
    headers: {
      ce_specversion: '1.0',
      ce_id: `${subject.name}-${historyId}`,
      ce_source: `/subjects/${subject.name}`,
      ce_type: `cn.huitong.subject.${subject.name}.changed.v1`,
      ce_time: change.appliedAt,
      ce_subject: row.subject_id,
      'content-type': 'application/json',
    },
  };
}
