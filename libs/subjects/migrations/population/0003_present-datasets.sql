-- Up Migration
-- Of which datasets a subject may have facts that are not annulled, a bit for each; of those that are there it is not known, which is -1.
alter table population add column present_datasets bigint not null default -1;
