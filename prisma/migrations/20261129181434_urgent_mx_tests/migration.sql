alter table mx_host_watch add column is_urgent boolean not null default false;
