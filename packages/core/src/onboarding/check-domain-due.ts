import type { Database } from "@waxseal/db";
import { enqueueDomainJobs } from "../enqueue-job.ts";

/** A due check has its own job; the sweep is for those whose job was lost or given up. */
const GRACE_MS = 30_000;

/** Enqueues the checks that are overdue and have no job waiting or running, most overdue first; returns how many. */
export async function enqueueDueChecks(db: Database, now: Date, limit: number): Promise<number> {
  const overdueAt = new Date(now.getTime() - GRACE_MS);
  const due = await db.$queryRaw<{ accountId: string; domainId: string }[]>`
    select d.account_id as "accountId", d.id::text as "domainId"
    from domain d
    where d.next_check_at <= ${overdueAt} and d.status <> 'left'
      and not exists (
        select 1 from graphile_worker.jobs j
        where j.key = 'domain.check:' || d.id::text and j.attempts < j.max_attempts)
    order by d.next_check_at, d.id
    limit ${limit}`;
  return enqueueDomainJobs(db, "domain.check", due);
}
