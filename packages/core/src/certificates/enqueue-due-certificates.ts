import type { Database } from "@waxseal/db";
import { enqueueJob } from "../enqueue-job.ts";
import { certificateJobKey } from "./certificate-job-key.ts";

/**
 * Enqueues the names whose renewal or next attempt has come and that have no job waiting or running: renewals, and orders whose worker was
 * killed. Those whose certificate ends first come first; returns how many.
 */
export async function enqueueDueCertificates(db: Database, now: Date, limit: number): Promise<number> {
  const due = await db.$queryRaw<{ accountId: string; host: string }[]>`
    select n.account_id as "accountId", n.host
    from certificate_name n
    left join certificate c on c.account_id = n.account_id and c.id = n.current_certificate_id
    where n.state <> 'stopped'
      and (n.lease_until is null or n.lease_until <= ${now})
      and case when n.state = 'issued' then n.renew_at <= ${now}
               else coalesce(n.next_attempt_at <= ${now}, true) end
      and not exists (
        select 1 from graphile_worker.jobs j
        where j.key = 'certificate.order:' || n.account_id || ':' || n.host and j.attempts < j.max_attempts)
    order by c.not_after nulls last, n.host
    limit ${limit}`;
  for (const payload of due) {
    const key = certificateJobKey(payload.accountId, payload.host);
    await db.$transaction((transaction) => enqueueJob(transaction, "certificate.order", payload, { key }));
  }
  return due.length;
}
