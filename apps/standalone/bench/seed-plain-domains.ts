import { newToken } from "@waxseal/core";
import type { Database } from "@waxseal/db";

const ACCOUNT = "bench-others";

/** Stores domains with a served policy and no certificate: what a policy server reads at its start and keeps in memory. */
export async function seedPlainDomains(db: Database, count: number): Promise<void> {
  const tokens = Array.from({ length: Math.max(0, count) }, newToken);
  await db.$executeRaw`
    with added as (
      insert into domain (account_id, id, domain, token, created_at, served_version)
      select ${ACCOUNT}, uuidv7(), n || '.many.example', token, now(), 1
      from unnest(${tokens}::text[]) with ordinality as row (token, n)
      returning id, domain
    ), claimed as (
      insert into domain_claim (domain, account_id, domain_id, claimed_at)
      select domain, ${ACCOUNT}, id, now() from added
    )
    insert into policy_version
      (account_id, domain_id, version, policy_id, mode, mx, max_age_seconds, created_at, created_by)
    select ${ACCOUNT}, id, 1, 'id1', 'testing', array['mx.example.net'], 604800, now(), 'bench' from added`;
}
