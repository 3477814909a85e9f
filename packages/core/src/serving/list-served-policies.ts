import type { SqlDatabase } from "@waxseal/db/sql";
import type { Policy, PolicyMode } from "@waxseal/mta-sts";

/** A policy as it is to be answered for a domain right now. */
export type ServedPolicy = Policy & { domain: string; policyId: string; version: number };

type Row = {
  domain: string;
  policyId: string;
  version: number;
  mode: PolicyMode;
  mx: string[];
  maxAgeSeconds: number;
};

/**
 * One page of the policies that are served, by domain, after the cursor (`""`: from the start).
 * `nextCursor` is undefined on the last page. 50,000 domains are a few pages of cheap joins by key.
 */
export async function listServedPolicies(
  db: SqlDatabase,
  { cursor, limit }: { cursor: string; limit: number },
): Promise<{ items: ServedPolicy[]; nextCursor: string | undefined }> {
  const items = await db.$queryRaw<Row[]>`
    select c.domain, v.policy_id as "policyId", v.version, v.mode::text as mode, v.mx,
           v.max_age_seconds as "maxAgeSeconds"
    from domain_claim c
    join domain d on d.account_id = c.account_id and d.id = c.domain_id and d.status <> 'left'
    join policy_version v
      on v.account_id = d.account_id and v.domain_id = d.id and v.version = d.served_version
    where c.domain > ${cursor}
    order by c.domain
    limit ${limit}`;
  return { items, nextCursor: items.length < limit ? undefined : items.at(-1)?.domain };
}

/** The served policies among these domains, in no order; a domain nothing is served for is left out. */
export async function findServedPolicies(
  db: SqlDatabase,
  domains: readonly string[],
): Promise<ServedPolicy[]> {
  if (domains.length === 0) return [];
  return db.$queryRaw<Row[]>`
    select c.domain, v.policy_id as "policyId", v.version, v.mode::text as mode, v.mx,
           v.max_age_seconds as "maxAgeSeconds"
    from domain_claim c
    join domain d on d.account_id = c.account_id and d.id = c.domain_id and d.status <> 'left'
    join policy_version v
      on v.account_id = d.account_id and v.domain_id = d.id and v.version = d.served_version
    where c.domain = any(${[...domains]})`;
}

/**
 * Returns the policy served for a domain; undefined when no account has claimed it, or when it serves nothing yet or
 * no longer.
 */
export async function findServedPolicy(db: SqlDatabase, domain: string): Promise<ServedPolicy | undefined> {
  const [policy] = await findServedPolicies(db, [domain]);
  return policy;
}
