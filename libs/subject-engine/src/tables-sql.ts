import {
  envelopeColumns,
  quoted,
  type DatabasePlan,
  type FactTable,
  type RecordField,
  type SubjectPlan,
} from './plan.ts';
import { anyDataset, presentColumn } from './present-datasets.ts';

/**
 * The SQL that creates all tables of one database from nothing. A database's first migration is this text; later changes
 * are written by hand, and a test holds migrations and declarations together.
 */
export function createTablesSql(plan: DatabasePlan): string {
  return [
    engineTables,
    ...plan.factTables.map(createFactTables),
    ...plan.subjects.map(createRecordTables),
    sampleSought,
  ].join('\n');
}

const engineTables = `-- One row a lane: the next offset of each topic, the epoch that fences a former owner, and the topics that stand still
-- because the broker no longer has what comes next.
create table lane (
  lane smallint primary key,
  epoch bigint not null default 0,
  owner text,
  next_offsets jsonb not null default '{}',
  as_of jsonb not null default '{}',
  youngest jsonb not null default '{}',
  lost jsonb not null default '{}',
  fenced_at timestamptz,
  updated_at timestamptz not null default now()
) with (fillfactor = 50);

-- How far each lane's history is published; a table of its own, so that relaying never waits for a chunk, nor a chunk for it.
create table relay (
  subject text not null,
  lane smallint not null,
  history_id bigint not null,
  primary key (subject, lane)
) with (fillfactor = 50);

-- What became of events, once: a row for each that was not simply applied. Table applied_chunk has those that were; where an
-- event is in both, this one's word stands.
create table event_log (
  event_id uuid primary key,
  dataset text not null,
  subject_id text,
  lane smallint not null,
  kafka_offset bigint not null,
  outcome text not null check (outcome in ('applied', 'superseded', 'duplicate', 'parked', 'discarded', 'sent-back')),
  applied_at timestamptz not null default now()
);

-- Events that were applied together, of one dataset: their ids, and when by these they were made, epoch milliseconds.
create table applied_chunk (
  dataset text not null,
  made int8range not null,
  event_ids uuid[] not null,
  subject_ids text[] not null,
  lanes smallint[] not null,
  kafka_offsets bigint[] not null,
  applied_at timestamptz not null default now()
);
-- Ids are as good as random, and to compress the others takes longer than to write them.
alter table applied_chunk alter column event_ids set storage external, alter column subject_ids set storage external,
  alter column lanes set storage external, alter column kafka_offsets set storage external;
create index applied_chunk_made on applied_chunk using gist (made);

-- Events that could not be applied, with all that is needed to apply them later.
create table parked (
  id bigint generated always as identity primary key,
  lane smallint not null,
  dataset text not null,
  topic text not null,
  kafka_offset bigint not null,
  event_id uuid,
  subject_id text,
  source_record_id text,
  code text not null,
  schema_id bigint,
  key bytea,
  value bytea,
  headers jsonb not null,
  state text not null default 'parked' check (state in ('parked', 'released', 'discarded', 'sent-back')),
  parked_at timestamptz not null default now(),
  settled_at timestamptz,
  settled_by text,
  settled_reason text,
  corrected jsonb
);
-- The same message once; the same offset may be another message after a lane went on in a log made anew.
create unique index parked_message on parked (topic, lane, kafka_offset, md5(value)) nulls not distinct;
create index parked_open on parked (lane, dataset, subject_id, source_record_id) where state = 'parked';
create index parked_event on parked (event_id);
-- People read them newest first, a page at a time, however many there are.
create index parked_newest on parked (parked_at desc, id desc);
-- A hash, since a key that was refused for its length is kept here too.
create index parked_key on parked using hash (key) where state = 'parked';

-- The datasets with an open parked event of a subject: what readers may know of it, who see neither key nor subject.
create function parked_datasets(ids text[]) returns setof text language sql stable security definer set search_path = public, pg_temp as
$$ select distinct dataset from parked where state = 'parked' and key = any (select convert_to(id, 'UTF8') from unnest(ids) id) $$;
revoke execute on function parked_datasets from public;

-- What operators asked for, many at once in one batch; the lane's owner does it, so that a lane keeps one writer. What gives
-- an event up for good waits for the word of a second person.
create table release_request (
  id bigint generated always as identity primary key,
  parked_id bigint not null,
  action text not null check (action in ('try', 'release', 'discard', 'send-back')),
  batch uuid not null default gen_random_uuid(),
  requested_by text not null,
  reason text,
  corrected jsonb,
  requested_at timestamptz not null default now(),
  judged_by text,
  judged_at timestamptz,
  agreed boolean,
  done_at timestamptz,
  outcome text,
  constraint second_person check (agreed is not true or judged_by is not null and judged_by <> requested_by),
  constraint grounds check (reason is not null or action in ('try', 'release') and corrected is null)
);
-- Asking twice for the same is asking once.
create unique index release_request_open on release_request (parked_id, action) where done_at is null;
create index release_request_batch on release_request (batch);
create index release_request_asked on release_request (requested_at);

-- What each register of a dataset last stated that it holds, by lane: [{bucket, count, sum}].
create table checkpoint (
  dataset text not null,
  lane smallint not null,
  register text not null,
  kafka_offset bigint not null,
  as_of timestamptz not null,
  buckets jsonb not null,
  primary key (dataset, lane, register)
);

-- The records of a bucket as a register stated them, until they have been compared: [{subjectId, sourceRecordId, sourceVersion, digest}].
create table inventory (
  dataset text not null,
  lane smallint not null,
  bucket smallint not null,
  register text not null,
  kafka_offset bigint not null,
  as_of timestamptz not null,
  records jsonb not null,
  primary key (dataset, lane, bucket, register)
);

-- How the facts of each bucket stood against what their source stated, at the same point of the lane.
create table proof (
  dataset text not null,
  lane smallint not null,
  bucket smallint not null,
  kafka_offset bigint not null,
  as_of timestamptz not null,
  equal_as_of timestamptz,
  stated bigint not null,
  stated_sum text not null,
  held bigint not null,
  held_sum text not null,
  equal boolean not null generated always as (stated = held and stated_sum = held_sum) stored,
  narrowed boolean not null default false,
  recheck_from bigint,
  checked_at timestamptz not null,
  primary key (dataset, lane, bucket)
) with (fillfactor = 50);

-- The records in which a bucket differs; those asked for again have a request.
create table proof_difference (
  dataset text not null,
  lane smallint not null,
  bucket smallint not null,
  subject_id text not null,
  source_record_id text not null,
  kind text not null check (kind in ('missing', 'altered', 'extra', 'unstated')),
  stated_version bigint,
  held_digest text,
  parked boolean not null,
  found_at timestamptz not null default now(),
  request_id bigint,
  primary key (dataset, lane, subject_id, source_record_id)
);
create index proof_difference_wanted on proof_difference (lane) where request_id is not null;

-- What operators asked for: a proof now, and perhaps a repair of at most so many rows.
create table proof_request (
  id bigint generated always as identity primary key,
  dataset text not null,
  repair boolean not null,
  at_most integer not null,
  repaired integer not null default 0,
  requested_by text not null,
  reason text,
  requested_at timestamptz not null default now(),
  expires_at timestamptz not null default now() + interval '10 minutes',
  done_at timestamptz,
  outcome text
);
create index proof_request_open on proof_request (dataset) where done_at is null;

-- Fact rows that a repair took out or let its source replace, as they were.
create table repaired_fact (
  id bigint generated always as identity primary key,
  dataset text not null,
  lane smallint not null,
  subject_id text not null,
  source_record_id text not null,
  kind text not null check (kind in ('taken out', 'replaced')),
  fact jsonb not null,
  request_id bigint not null references proof_request (id),
  repaired_at timestamptz not null default now()
);

-- Where operators let lanes go on whose next events are gone, and what was given up by that; the lane's owner does it.
create table resume_request (
  id bigint generated always as identity primary key,
  lane smallint not null,
  topic text not null,
  at_offset bigint not null,
  requested_by text not null,
  grounds text not null,
  requested_at timestamptz not null default now(),
  done_at timestamptz,
  outcome text,
  from_offset bigint,
  recorded_after timestamptz,
  recorded_before timestamptz
);
create index resume_request_open on resume_request (id) where done_at is null;
create index resume_request_done on resume_request (topic, lane) where outcome = 'resumed';

-- What operators ask for with a subject's generations, how far it is, and what it came to; a sync service does it.
create table rebuild_request (
  id bigint generated always as identity primary key,
  subject text not null,
  action text not null check (action in ('compare', 'swap', 'swap-back')),
  differences_max integer not null default 0,
  requested_by text not null,
  reason text check (reason is not null or action = 'compare'),
  requested_at timestamptz not null default now(),
  started_at timestamptz,
  done bigint not null default 0,
  total bigint,
  done_at timestamptz,
  outcome jsonb
);
create index rebuild_request_open on rebuild_request (id) where done_at is null;

-- Every id of a subject that has several, and the stable id that its record is kept under.
create table identity (
  id text primary key,
  subject_id text not null
);
create index identity_subject on identity (subject_id);
`;

function createFactTables(fact: FactTable): string {
  const lines = [...envelopeColumns, ...fact.columns].map(
    ({ name, type }, at) =>
      `  ${at < envelopeColumns.length ? name : quoted(name)} ${type}${at < 7 ? ' not null' : ''},`,
  );
  const alias = fact.aliasColumn ? aliasIndex(fact.table, fact.aliasColumn) : '';
  return `create table ${fact.table} (
${lines.join('\n')}
  applied_at timestamptz not null default now(),
  primary key (subject_id, source_record_id)
) with (fillfactor = 90);
${alias}create table ${fact.pastTable} (
${lines.join('\n')}
  applied_at timestamptz not null,
  superseded_at timestamptz not null
);
create index ${fact.pastTable}_subject on ${fact.pastTable} (subject_id);
${fact.aliasColumn ? aliasIndex(fact.pastTable, fact.aliasColumn) : ''}`;
}

const sampleSought = `-- ANALYZE learns of facts, history and chunks what they are sought by, and nothing else: it would read thirty thousand values of
-- every column again for each tenth that a table grows, and sort them, while chunks wait for the processor.
do $$
declare
  changes text;
begin
  for changes in
    select format('alter table %s %s', attrelid::regclass, string_agg(format('alter column %I set statistics 0', attname), ', '))
    from pg_attribute a join pg_class t on t.oid = attrelid
    where t.relnamespace = current_schema()::regnamespace and t.relkind = 'r'
      and t.relname ~ '^fact_|^past_|_history$|^applied_chunk$'
      and attnum > 0 and not attisdropped and attname not in ('verb', 'lane')
      and not exists (select from pg_index i where i.indrelid = attrelid and a.attnum = any(i.indkey))
    group by attrelid
  loop
    execute changes;
  end loop;
end $$;
`;

const aliasIndex = (table: string, column: string): string =>
  `create index ${table}_alias on ${table} (${quoted(column)}) where ${quoted(column)} is not null;\n`;

function createRecordTables(subject: SubjectPlan): string {
  return `create table ${subject.table} (
  id text primary key,
${subject.fields.map((field) => `  ${quoted(field.name)} ${field.type}${notNull(defaultOf(field))},\n`).join('')}  ${presentColumn} bigint${notNull(String(anyDataset))}
) with (fillfactor = 80);
create table ${subject.historyTable} (
  id bigint generated always as identity,
  lane smallint not null,
  subject_id text not null,
  dataset text not null,
  event_ids uuid[] not null,
  before jsonb,
  after jsonb,
  valid_from date,
  valid_to date,
  recorded_at timestamptz not null,
  applied_at timestamptz not null default now(),
  primary key (lane, id)
);
create index ${subject.historyTable}_subject on ${subject.historyTable} (subject_id, id);
`;
}

/** What a field is while its dataset has no fact: recomputations write only the fields that their dataset is a source of. */
export function defaultOf({ declaration: { derivation } }: RecordField): string | undefined {
  if (derivation.kind === 'inForce') return 'false';
  return derivation.kind === 'count' ? '0' : undefined;
}

const notNull = (value: string | undefined): string => (value === undefined ? '' : ` not null default ${value}`);
