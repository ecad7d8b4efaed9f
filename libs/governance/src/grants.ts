/**
 * What each role may do in the exchange database; run by its owner after the migrations, at every start. The access log
 * is append-only by these grants: `huitong_access` inserts and sees nothing, `huitong_auditor` sees and changes nothing.
 * `huitong_operator` keeps freshness and alarms; what people said in a silence it may end, but not change.
 */
export const exchangeGrants = `
revoke all on all tables in schema public from public, huitong_access, huitong_auditor, huitong_operator;
grant insert on access_log to huitong_access;
grant select on access_log to huitong_auditor;
grant select, insert, update, delete on freshness_minute, alarm to huitong_operator;
grant select, insert on alarm_silence, alarm_notice to huitong_operator;
grant update (ended_by, ended_at) on alarm_silence to huitong_operator;
grant update (attempts, next_at, problem, sent_at, given_up_at) on alarm_notice to huitong_operator;
`;

/**
 * What each role may do in a subject database; run by its owner after the migrations, at every start. `huitong_reader`
 * sees everything but the parked events' bytes, headers and subjects (of a subject it may ask which datasets have one) and
 * rows that a repair took out; `huitong_operator` asks for releases, proofs, repairs, rebuilds and for lanes to go on, notes what a second
 * person says to a discard, and sees nothing but the numbers of its requests; `huitong_steward` sees parked events and nothing else.
 */
export const subjectDatabaseGrants = `
revoke all on all tables in schema public from public, huitong_reader, huitong_operator, huitong_steward;
grant select on all tables in schema public to huitong_reader;
revoke select on parked, release_request, repaired_fact, inventory from huitong_reader;
grant select (id, lane, dataset, topic, kafka_offset, event_id, code, schema_id, state, parked_at, settled_at, settled_by, settled_reason)
  on parked to huitong_reader;
grant select (id, parked_id, action, batch, requested_by, reason, requested_at, judged_by, judged_at, agreed, done_at, outcome)
  on release_request to huitong_reader;
grant select on parked to huitong_steward;
grant execute on function parked_datasets to huitong_reader;
grant select (dataset, lane, bucket, register, kafka_offset) on inventory to huitong_reader;
grant insert (parked_id, action, batch, requested_by, reason, corrected), select (id, batch, action, done_at, agreed),
  update (judged_by, judged_at, agreed) on release_request to huitong_operator;
grant insert (dataset, repair, at_most, requested_by, reason), select (id) on proof_request to huitong_operator;
grant insert (subject, action, differences_max, requested_by, reason), select (id) on rebuild_request to huitong_operator;
grant insert (lane, topic, at_offset, requested_by, grounds), select (id) on resume_request to huitong_operator;
`;
