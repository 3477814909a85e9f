import type { Database } from "@waxseal/db";
import { DAY_MS, MINUTE_MS } from "@waxseal/runtime/time-spans";
import type { DomainKey } from "./evaluate-domains.ts";

/** How far the first of two looks at once is dated back: longer than any condition waits for its second look, or for its end. */
export const APART_MS = 16 * MINUTE_MS;
/** Before the first of the two looks. */
const A_MOMENT_MS = 1_000;

/**
 * Dates back what is known of some subjects of a domain, MX hosts or records, to before two looks that are to count as made over a long
 * time: otherwise a run that began a moment ago, or an alert that comes and goes, would wait for its time.
 */
export async function ageRuns(
  { db, now }: { db: Database; now(): Date },
  { accountId, domainId }: DomainKey,
  subjects: readonly string[],
): Promise<void> {
  const before = new Date(now().getTime() - APART_MS - A_MOMENT_MS);
  const dayBefore = new Date(before.getTime() - DAY_MS);
  await db.$executeRaw`
    update alert set looked_at = least(looked_at, ${before}::timestamptz),
      run_since = case when state = 'pending' then least(run_since, ${before}::timestamptz)
        when unstable then ${dayBefore}::timestamptz else ${before}::timestamptz end
    where account_id = ${accountId} and domain_id = ${domainId}::uuid and subject = any(${[...subjects]}::text[])
      and state in ('pending', 'open')`;
}
