import { type Database, Prisma } from "@waxseal/db";
import { enqueueJob } from "../enqueue-job.ts";
import { LONGEST_WAIT_MS } from "./is-past.ts";
import { CA_FAULTS, certificateJobOptions, type OrderLane, SLOW_AFTER_ATTEMPTS } from "./order-lane.ts";

/**
 * Enqueues the names whose renewal or next attempt has come and that have no job waiting or running: renewals, and orders whose worker was
 * killed. Waits set by a clock that was ahead are over. Emergencies come first, then those whose certificate ends first, and what fails again and again last; returns how many.
 */
export async function enqueueDueCertificates(db: Database, now: Date, limit: number): Promise<number> {
  const tooFar = new Date(now.getTime() + LONGEST_WAIT_MS);
  const due = await db.$queryRaw<{ accountId: string; host: string; lane: OrderLane }[]>`
    select n.account_id as "accountId", n.host, lane
    from certificate_name n
    left join certificate c on c.account_id = n.account_id and c.id = n.current_certificate_id
    cross join lateral (select case
      when n.attempts >= ${SLOW_AFTER_ATTEMPTS}
        and coalesce(n.last_error_code, '') not in (${Prisma.join([...CA_FAULTS])}) then 'slow'
      when c.not_after - ${now}::timestamptz < (c.not_after - c.not_before) / 20 then 'emergency'
      else 'normal' end as lane) lanes
    where n.state <> 'stopped'
      and (n.held_until is null or n.held_until <= ${now} or n.held_until > ${tooFar})
      and (n.lease_until is null or n.lease_until <= clock_timestamp())
      and case when n.state = 'issued' then n.renew_at <= ${now}
               else coalesce(n.next_attempt_at <= ${now} or n.next_attempt_at > ${tooFar}, true) end
      and not exists (
        select 1 from graphile_worker.jobs j
        where j.key = 'certificate.order:' || n.account_id || ':' || n.host and j.attempts < j.max_attempts
          and j.run_at <= greatest(${tooFar}, clock_timestamp() + make_interval(secs => ${LONGEST_WAIT_MS / 1_000})))
    order by array_position(array['emergency', 'normal', 'slow'], lane), c.not_after nulls last, n.host
    limit ${limit}`;
  for (const { accountId, host, lane } of due) {
    const options = certificateJobOptions(lane, accountId, host);
    await db.$transaction((transaction) =>
      enqueueJob(transaction, "certificate.order", { accountId, host }, options),
    );
  }
  return due.length;
}
