import { type Database, reportsOf } from "@waxseal/db";
import { DAY_MS } from "@waxseal/runtime/time-spans";
import { createContext, jobActor } from "../../context.ts";
import { describePolicyHosting } from "./describe-policy-hosting.ts";

/** Domains whose senders got no policy by a fault of ours, and one of them. */
export type FetchFaults = { domains: number; example: string };

const RESULT_TYPES = ["sts-policy-fetch-error", "sts-webpki-invalid", "sts-policy-invalid"];
const DAYS = 3;
const MAX_ACCOUNTS = 50;
const MAX_DOMAINS = 5;

/**
 * Asks our own logs about the failures to fetch or trust a policy that proven reports of the last days name, of some accounts with most
 * of them: of how many domains the fault was ours. Reports and logs may be in two databases.
 */
export async function findFetchFaults(db: Database, now: () => Date): Promise<FetchFaults> {
  const day = (at: Date) => at.toISOString().slice(0, 10);
  const [from, to] = [day(new Date(now().getTime() - DAYS * DAY_MS)), day(now())];
  const rows = await reportsOf(db).$queryRaw<
    { accountId: string; domainId: string; resultTypes: string[] }[]
  >`
    select account_id as "accountId", domain_id::text as "domainId", array_agg(distinct result_type) as "resultTypes"
    from tls_daily_failures
    where report_day between ${from}::date and ${to}::date and result_type = any(${RESULT_TYPES}::text[]) and counted_failed > 0
    group by 1, 2 order by max(report_day) desc, 1, 2 limit ${MAX_ACCOUNTS * MAX_DOMAINS}`;
  const faulty: string[] = [];
  const byAccount = [...Map.groupBy(rows, ({ accountId }) => accountId)].slice(0, MAX_ACCOUNTS);
  for (const [accountId, own] of byAccount) {
    const ctx = createContext({ db, now }, accountId, jobActor("watch.operator"));
    const ids = own.slice(0, MAX_DOMAINS).map(({ domainId }) => domainId);
    const domains = await db.domain.findMany({
      where: { accountId, id: { in: ids } },
      select: { domain: true },
    });
    for (const { domain } of domains) {
      const verdict = await describePolicyHosting(ctx, {
        ...{ domains: [domain], resultTypes: RESULT_TYPES, from, to, trust: "aligned", sendingAddresses: [] },
      });
      if (verdict?.fixedBy === "us") faulty.push(domain);
    }
  }
  return { domains: faulty.length, example: faulty[0] ?? "" };
}
