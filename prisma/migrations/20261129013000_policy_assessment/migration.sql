-- What a fresh look said of a policy before it is enforced.
create table policy_assessment (
  account_id text not null,
  id uuid not null,
  domain_id uuid not null,
  policy jsonb not null,
  mx_hosts text[],
  newest_version integer not null,
  reasons jsonb not null,
  simulation jsonb not null,
  looked_at timestamptz(3) not null,
  valid_until timestamptz(3) not null,
  constraint policy_assessment_pkey primary key (account_id, id)
);
create index policy_assessment_valid_until_idx on policy_assessment (valid_until);
