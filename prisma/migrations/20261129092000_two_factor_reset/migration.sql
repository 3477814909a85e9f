-- How many recovery codes a person has left, and resets of a second factor that wait for their day.
alter table two_factor add column recovery_codes_left integer;

create table two_factor_reset (
  user_id text not null,
  by_name text not null,
  asked_at timestamptz(3) not null,
  effective_at timestamptz(3) not null,
  constraint two_factor_reset_pkey primary key (user_id),
  constraint two_factor_reset_user_id_fkey foreign key (user_id) references "user" (id) on delete cascade on update cascade
);
