import type { Database } from "@waxseal/db";
import { enqueueDomainJobs } from "../enqueue-job.ts";

/** A new version has its own job; the sweep is for those whose job was lost or given up. */
const GRACE_MS = 60_000;

/**
 * Enqueues the publications that have no job waiting or running although domain, claim and certificate are there; oldest
 * first; returns how many.
 */
export async function enqueueDuePublications(db: Database, now: Date, limit: number): Promise<number> {
  const overdueAt = new Date(now.getTime() - GRACE_MS);
  const due = await db.$queryRaw<{ accountId: string; domainId: string }[]>`
    select d.account_id as "accountId", d.id::text as "domainId"
    from policy_version v
    join domain d on d.account_id = v.account_id and d.id = v.domain_id
      and d.served_version = v.version and d.status <> 'left'
    join domain_claim c on c.domain = d.domain and c.account_id = d.account_id and c.domain_id = d.id
    join certificate_name n on n.account_id = d.account_id and n.host = 'mta-sts.' || d.domain
      and n.current_certificate_id is not null
    where v.state = 'publishing' and v.created_at <= ${overdueAt}
      and not exists (
        select 1 from graphile_worker.jobs j
        where j.key = 'policy.publish:' || d.id::text and j.attempts < j.max_attempts)
    order by v.created_at, d.id
    limit ${limit}`;
  return enqueueDomainJobs(db, "policy.publish", due);
}
