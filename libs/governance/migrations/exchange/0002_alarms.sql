-- Up Migration

-- How old what was applied became at worst in a minute, by dataset and subject database; 30 days are kept. A minute of which
-- nothing is known has no row: it counts neither for nor against the promise of freshness.
create table freshness_minute (
  minute timestamptz not null,
  subject_database text not null,
  dataset text not null,
  worst_seconds double precision not null check (worst_seconds >= 0),
  primary key (minute, subject_database, dataset)
);

-- An alarm from when its condition began to hold until it has been over for a while; one for each rule, dataset and place at
-- a time. A pending one that comes to nothing is deleted. No row names a record or a person but those who work here.
create table alarm (
  id bigint generated always as identity primary key,
  rule text not null,
  dataset text,
  place text not null,
  state text not null check (state in ('pending', 'firing', 'resolved')),
  severity text not null check (severity in ('notice', 'urgent')),
  detail text not null,
  since timestamptz not null,
  fired_at timestamptz,
  clear_since timestamptz,
  resolved_at timestamptz,
  -- As how severe somebody was told of it; null while nobody was.
  told_as text check (told_as in ('notice', 'urgent')),
  acknowledged_by text,
  acknowledged_at timestamptz
);
create unique index alarm_open on alarm (rule, place, dataset) nulls not distinct where state <> 'resolved';
create index alarm_resolved on alarm (resolved_at) where state = 'resolved';

-- Alarms of a rule, a dataset or a place, as far as named, of which nobody is to be told for a time.
create table alarm_silence (
  id bigint generated always as identity primary key,
  rule text,
  dataset text,
  place text,
  until timestamptz not null,
  reason text not null,
  by text not null,
  at timestamptz not null default clock_timestamp(),
  ended_by text,
  ended_at timestamptz,
  check (num_nonnulls(rule, dataset, place) > 0)
);

-- What is to be sent to whom, made in the transaction in which the alarms changed; the oldest of a channel goes first.
create table alarm_notice (
  id bigint generated always as identity primary key,
  channel text not null check (channel in ('webhook', 'mail')),
  alarms jsonb not null,
  created_at timestamptz not null default clock_timestamp(),
  attempts int not null default 0,
  next_at timestamptz not null default clock_timestamp(),
  problem text,
  sent_at timestamptz,
  given_up_at timestamptz
);
create index alarm_notice_waiting on alarm_notice (channel, id) where sent_at is null and given_up_at is null;
