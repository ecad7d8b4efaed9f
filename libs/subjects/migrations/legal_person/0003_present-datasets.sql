-- Up Migration
-- Of which datasets a subject may have facts that are not annulled, a bit for each; of those that are there it is not known, which is -1.
alter table legal_person add column present_datasets bigint not null default -1;
alter table enterprise add column present_datasets bigint not null default -1;
alter table social_organisation add column present_datasets bigint not null default -1;
