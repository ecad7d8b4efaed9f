-- Up Migration
-- What was logged before stays where it is, and is found there.
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
-- Ids are as good as random: there is nothing to compress.
alter table applied_chunk alter column event_ids set storage external;
create index applied_chunk_made on applied_chunk using gist (made);
