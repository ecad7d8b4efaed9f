-- Up Migration
-- ANALYZE learns of facts, history and chunks what they are sought by, and nothing else: it would read thirty thousand values of
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
