import { changedTopicOf, type Message } from '@huitong/change-event';
import { inTransaction, type Connection, type Database } from '@huitong/postgres';
import type { DatabasePlan, SubjectPlan } from './plan.ts';
import { compileRowSettlement, type RowSettlement } from './settlement-sql.ts';

/** Hands messages to the broker; resolves once they are durable. */
export type Publish = (topic: string, messages: readonly Message[]) => Promise<unknown>;

/** History rows of one lane in one go: enough for a batch worth sending, few enough to let other work in between. */
const laneRowsMax = 100;

/**
 * Publishes the history of the given lanes to `subject.<name>.changed`, once it is on disk, each change at least once and those of one
 * lane in their order; the message id is made of the history row's and its
 * time, so that a reader can drop a repetition, and drops no other change that has the id after a restore. Returns the number of
 * changes published; throws what `publish` throws, and then goes on at the same place next time. A long backlog ends early where
 * `goOn` says no.
 */
export async function relayChanges(
  database: Database,
  plan: DatabasePlan,
  lanes: readonly number[],
  publish: Publish,
  goOn: () => boolean = () => true,
): Promise<number> {
  let published = 0;
  for (const subject of plan.subjects) {
    for (let rows = await nextOnDisk(database, subject, lanes); rows.length > 0;) {
      await publish(
        changedTopicOf(subject.name),
        rows.map(({ subject_id, value }) => ({ key: subject_id, value: Buffer.from(value), headers })),
      );
      const positions = new Map(rows.map(({ lane, id }) => [lane, id]));
      await database.query(
        `insert into relay (subject, lane, history_id) select $1, * from unnest($2::smallint[], $3::bigint[])
         on conflict (subject, lane) do update set history_id = excluded.history_id`,
        [subject.name, [...positions.keys()], [...positions.values()]],
      );
      published += rows.length;
      rows = rows.length < laneRowsMax || !goOn() ? [] : await nextOnDisk(database, subject, lanes);
    }
  }
  return published;
}

interface NextChange {
  readonly lane: number;
  readonly id: number;
  readonly subject_id: string;
  readonly value: string;
}

/**
 * The next changes, once they are on disk: chunks are not when they are applied, and what was published cannot be taken back. Both by
 * one connection, which no crash outlives: what was read before it is not what is on disk behind it.
 */
function nextOnDisk(database: Database, subject: SubjectPlan, lanes: readonly number[]): Promise<NextChange[]> {
  return inTransaction(database, async (connection) => {
    const rows = await nextChanges(connection, subject, lanes);
    if (rows.length > 0)
      await connection.query({ name: 'flush', text: `select pg_logical_emit_message(false, 'relay', '', true)` });
    return rows;
  });
}

/**
 * The value is put together by PostgreSQL: the rows pass through this process as text, at a fifth of the cost. It is a
 * CloudEvent 1.0 in structured mode, JSON within JSON, since its shape follows the declaration and kafkajs takes 3
 * microseconds for every header of a message. Its extension attributes say whether the change was provisional when it was
 * relayed, and when its window ends.
 */
async function nextChanges(
  connection: Connection,
  subject: SubjectPlan,
  lanes: readonly number[],
): Promise<NextChange[]> {
  const { rows } = await connection.query<NextChange>({
    name: `next changes ${subject.name}`,
    text: `select h.lane, h.id, h.subject_id, ${changeAsJson(subject, compileRowSettlement(subject))} as value
      from unnest($1::smallint[]) as l(lane)
      cross join lateral (
        select * from ${subject.historyTable} h
        where h.lane = l.lane
          and h.id > coalesce((select r.history_id from relay r where r.subject = '${subject.name}' and r.lane = l.lane), 0)
        order by h.id limit $2
      ) h order by h.lane, h.id`,
    values: [lanes, laneRowsMax],
  });
  return rows;
}

/** SQL: a history row's change. A text made of texts: `json_build_object` looks up the type of each of its arguments for each row. */
function changeAsJson({ name }: SubjectPlan, { provisional, settlesAt }: RowSettlement): string {
  const json = (value: string): string => `coalesce(to_json(${value})::text, 'null')`;
  const asIs = (value: string): string => `coalesce(${value}::text, 'null')`;
  return concatenated({
    specversion: constant('1.0'),
    id: `'"${name}-', h.id, '-', (extract(epoch from h.applied_at) * 1000000)::bigint, '"'`,
    source: constant(`/subjects/${name}`),
    type: constant(`cn.huitong.subject.${name}.changed.v1`),
    time: json('h.applied_at'),
    subject: json('h.subject_id'),
    datacontenttype: constant('application/json'),
    provisional: asIs(provisional),
    settlesat: json(settlesAt),
    data: {
      subject: constant(name),
      id: json('h.subject_id'),
      historyId: 'h.id',
      change: `case when h.after is null then '"removed"' when h.before is null then '"created"' else '"changed"' end`,
      dataset: json('h.dataset'),
      eventIds: json('h.event_ids'),
      before: asIs('h.before'),
      after: asIs('h.after'),
      validFrom: json('h.valid_from'),
      validTo: json('h.valid_to'),
      recordedAt: json('h.recorded_at'),
    },
  });
}

/** Objects of objects whose values are SQL of JSON texts, or several of their parts with commas between. */
interface JsonInSql {
  readonly [name: string]: string | JsonInSql;
}

const constant = (value: string): string => `'${JSON.stringify(value)}'`;

const concatenated = (json: JsonInSql): string => `concat(${partsOfJson(json)})`;

function partsOfJson(json: JsonInSql): string {
  const members = Object.entries(json).map(
    ([name, value], at) =>
      `'${at === 0 ? '{' : ','}"${name}":', ${typeof value === 'string' ? value : partsOfJson(value)}`,
  );
  return `${members.join(', ')}, '}'`;
}

const headers = { 'content-type': 'application/cloudevents+json; charset=utf-8' };
