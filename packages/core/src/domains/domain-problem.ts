import { Prisma } from "@waxseal/db";

/**
 * For `where`: whether a domain `d` has a fault somebody has to act on, as `describeDomainState` decides it: its twin in SQL.
 *
 * A CNAME, publishing, the certificate, or an MX host that the served policy does not allow (RFC 8461 §4.1).
 */
export const hasProblem = Prisma.sql`(case d.status
  when 'active' then
    exists (select 1 from setup_record s where s.account_id = d.account_id and s.domain_id = d.id
      and (s.kind in ('policyHost', 'stsRecord') and s.state in ('wrong', 'missing')
        or s.state = 'missing' and s.misplaced is not null or s.state = 'wrong' and s.misdirected is not null))
    or d.publish_problem is not null
    or exists (select 1 from certificate_name c where c.account_id = d.account_id and c.host = 'mta-sts.' || d.domain
      and c.state = 'failing' and c.current_certificate_id is not null)
    or (d.mx_checked_at is not null and exists (
      select 1 from policy_version p cross join lateral jsonb_array_elements(d.mx_hosts) h
      where p.account_id = d.account_id and p.domain_id = d.id and p.version = d.served_version and p.mode <> 'none'
        and h->>'mxHost' <> '.'
        and not p.mx && array[h->>'mxHost', '*.' || regexp_replace(h->>'mxHost', '^[^.]*[.]?', '')]))
  when 'pending' then (
    select coalesce(host.state, 'unchecked') <> 'unchecked' and (
      host.state = 'unreachable'
      or exists (select 1 from setup_record s where s.account_id = d.account_id and s.domain_id = d.id
        and (s.kind in ('policyHost', 'stsRecord') and s.state = 'wrong'
          or s.state = 'missing' and s.misplaced is not null or s.state = 'wrong' and s.misdirected is not null))
      or host.state = 'correct' and case when c.current_certificate_id is null then coalesce(c.state = 'failing', false)
        else coalesce(sts.state = 'correct' and d.publish_problem is not null, false) end)
    from (select 1) one
      left join setup_record host on host.account_id = d.account_id and host.domain_id = d.id and host.kind = 'policyHost'
      left join setup_record sts on sts.account_id = d.account_id and sts.domain_id = d.id and sts.kind = 'stsRecord'
      left join certificate_name c on c.account_id = d.account_id and c.host = 'mta-sts.' || d.domain)
  else false end)`;
