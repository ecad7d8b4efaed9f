-- Up Migration

-- Who has read what of whom, and why: one row for every answer, written before the answer leaves. The subject's id is kept
-- in plain text, for the log exists to answer "who has read this person's record" (个人信息保护法 art. 44, 54). Roles can
-- insert or, the auditor's, select; nobody is granted update or delete.
create table access_log (
  id bigint generated always as identity primary key,
  at timestamptz not null default clock_timestamp(),
  caller text not null,
  role text not null,
  subject text,
  subject_id text,
  fields text[] not null,
  purpose text not null,
  valid_at date,
  known_at timestamptz,
  route text not null,
  trace_id text not null,
  outcome text not null check (outcome in ('answered', 'not-found'))
);
create index access_log_subject on access_log (subject_id, id);
