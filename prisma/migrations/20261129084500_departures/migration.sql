-- Where a person worked last, and what they read when they no longer belong to an account.
alter table "user" add column last_account_id text;

create table departure (
  id uuid not null,
  user_id text not null,
  former_account_id text not null,
  account_name text not null,
  reason text not null,
  by_name text,
  at timestamptz(3) not null,
  constraint departure_pkey primary key (id),
  constraint departure_user_id_fkey foreign key (user_id) references "user" (id) on delete cascade on update cascade
);
create index departure_user_id_idx on departure (user_id);
