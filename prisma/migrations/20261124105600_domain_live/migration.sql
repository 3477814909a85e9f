-- Says on the channel waxseal_domain which domain looks different now: "<account id> <domain id>".
-- Said by the tables themselves, so that no writer can forget it; several changes of one transaction are said once.
create function notify_domain_change() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then
    perform pg_notify('waxseal_domain', old.account_id || ' ' || old.domain_id);
  else
    perform pg_notify('waxseal_domain', new.account_id || ' ' || new.domain_id);
  end if;
  return null;
end
$$;

create function notify_domain_row_change() returns trigger language plpgsql as $$
begin
  perform pg_notify('waxseal_domain', new.account_id || ' ' || new.id);
  return null;
end
$$;

create trigger domain_live
  after update of status, served_version, published_version, mx_hosts, checked_at, publish_problem on "domain"
  for each row execute function notify_domain_row_change();

create trigger policy_version_live after insert or update of state on "policy_version"
  for each row execute function notify_domain_change();

create trigger certificate_name_live
  after update of state, last_error_at, held_until, renew_at, current_certificate_id on "certificate_name"
  for each row when (new.domain_id is not null) execute function notify_domain_change();

create trigger domain_share_live after insert or update or delete on "domain_share"
  for each row execute function notify_domain_change();
