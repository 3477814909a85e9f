alter table "acme_account" add column "caa_identities" text[] default array[]::text[];
alter table "certificate_name" add column "held_reason" text;
