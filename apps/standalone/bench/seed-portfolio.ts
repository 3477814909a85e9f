import type { Database } from "@waxseal/db";

type Seed = {
  /** Of the large account. */
  domains: number;
  /** Of the provider, with `domainsEach`. */
  customers: number;
  domainsEach: number;
  /** Of accounts that no question is about. */
  others: number;
};

export type SeededPortfolio = { largeId: string; providerId: string; domainId: string };

const POLICY_MX = "mx1.mail.example.net";

/**
 * Stores domains with everything a list shows of them: three set-up records, a policy, a certificate. Of a hundred, 5 have a wrong CNAME,
 * 3 an MX host the policy lacks, 2 a renewal that fails, and 5 are still setting up.
 */
export async function seedPortfolio(db: Database, seed: Seed): Promise<SeededPortfolio> {
  const [largeId, providerId] = ["bench-large", "bench-provider"];
  const customers = Array.from({ length: seed.customers }, (_, index) => `bench-customer-${index}`);
  const others = Array.from({ length: Math.ceil(seed.others / 50) }, (_, index) => `bench-other-${index}`);
  const accounts = [largeId, providerId, ...others].map((id) => ({ id, name: id, slug: id, parentId: null }));
  const managed = customers.map((id, index) => ({
    id,
    name: `Customer ${index} Ltd`,
    slug: id,
    parentId: providerId,
  }));
  await db.organization.createMany({ data: [...accounts, ...managed] });
  await seedDomains(db, [largeId], seed.domains);
  await seedDomains(db, customers, seed.customers * seed.domainsEach);
  await seedDomains(db, others, seed.others);
  // As after a while in use; without it the first plans are guesses.
  await db.$executeRaw`analyze`;
  const { id: domainId } = await db.domain.findFirstOrThrow({ where: { accountId: largeId } });
  return { largeId, providerId, domainId };
}

async function seedDomains(db: Database, accountIds: readonly string[], count: number): Promise<void> {
  if (count === 0 || accountIds.length === 0) return;
  await db.$executeRaw`
    insert into domain (account_id, id, domain, token, status, created_at, served_version, published_version,
      mx_hosts, mx_checked_at, checked_at)
    select account, uuidv7(), 'd' || n || '.' || account || '.example', md5(account || n),
      (case when n % 100 < 5 then 'pending' else 'active' end)::domain_status, now() - interval '30 days', 1,
      case when n % 100 < 5 then null else 1 end,
      jsonb_build_array(jsonb_build_object('preference', 10, 'mxHost',
        case when n % 100 in (10, 11, 12) then 'mx9.elsewhere.example' else ${POLICY_MX} end)), now(), now()
    from (select n, (${[...accountIds]}::text[])[1 + n % ${accountIds.length}::int] as account
          from generate_series(1, ${count}::int) n) wanted`;
  await db.$executeRaw`
    insert into setup_record (account_id, domain_id, kind, state, checked_at, correct_since)
    select account_id, id, kind::setup_record_kind,
      (case when status = 'pending' then 'missing'
        when kind = 'policyHost' and substr(domain, 2)::text ~ '^[0-9]*2[0-4][.]' then 'wrong' else 'correct' end)::setup_record_state,
      now(), now()
    from domain cross join unnest(enum_range(null::setup_record_kind)::text[]) kind
    where account_id = any(${[...accountIds]}::text[])`;
  await db.$executeRaw`
    insert into policy_version
      (account_id, domain_id, version, policy_id, mode, mx, max_age_seconds, state, created_at, created_by, published_at)
    select account_id, id, 1, 'id1', 'enforce', array[${POLICY_MX}], 604800, 'live', now(), 'bench', now()
    from domain where account_id = any(${[...accountIds]}::text[])`;
  await db.$executeRaw`
    with issued as (
      insert into certificate (account_id, id, host, chain_pem, key_jwe, issuer, serial, fingerprint256,
        not_before, not_after, directory_url, created_at)
      select account_id, uuidv7(), 'mta-sts.' || domain, repeat('x', 3000), repeat('y', 500), 'Bench CA', '1', '', now(),
        now() + interval '60 days', 'https://ca.example/dir', now()
      from domain where account_id = any(${[...accountIds]}::text[]) and status = 'active'
      returning account_id, id, host
    )
    insert into certificate_name
      (account_id, host, domain_id, state, state_since, current_certificate_id, renew_at, last_error_detail, last_error_code)
    select i.account_id, i.host, d.id,
      (case when d.domain ~ '^d[0-9]*3[01][.]' then 'failing' else 'issued' end)::certificate_state, now(), i.id,
      now() + interval '40 days', 'The CA does not answer.', 'ca.unreachable'
    from issued i join domain d on d.account_id = i.account_id and 'mta-sts.' || d.domain = i.host`;
}
