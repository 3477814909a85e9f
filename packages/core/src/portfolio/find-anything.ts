import type { FoundView } from "@waxseal/contract";
import { DAY_MS } from "@waxseal/runtime/time-spans";
import type { z } from "zod";
import type { Context } from "../context.ts";
import { escapePattern } from "../escape-pattern.ts";
import { unlessAway } from "../reports/totals/unless-away.ts";
import { asTyped } from "./name-pattern.ts";

type Found = z.infer<typeof FoundView>;

const MAX_DAYS = 30;

/**
 * What a person may mean by a few letters: domains of this account and its customers, customers by name or externalId, and reporters and
 * reports of this account. Names that begin with the letters come first. Bounded, however much there is; without the database of the reports
 * nothing of them is found.
 */
export async function findAnything(ctx: Context, { q }: { q: string }): Promise<Found> {
  const typed = q.trim();
  if (typed === "") return { domains: [], customers: [], reporters: [], reports: [] };
  const [domains, customers, reports] = await Promise.all([
    findDomains(ctx, asTyped(typed)),
    findCustomers(ctx, typed),
    unlessAway(findReports(ctx, typed)),
  ]);
  return { domains, customers, ...(reports ?? { reporters: [], reports: [] }) };
}

function findDomains({ db, accountId }: Context, typed: string): Promise<Found["domains"]> {
  const start = `${escapePattern(typed)}%`;
  return db.$queryRaw`
    select d.id::text, d.domain, d.account_id as "accountId",
      case when d.account_id = ${accountId} then null else a.name end as customer
    from domain d join account a on a.id = d.account_id
    where (a.id = ${accountId} or a.parent_id = ${accountId}) and d.domain ilike ${`%${start}`}
    order by d.domain ilike ${start} desc, d.domain, d.id limit 8`;
}

function findCustomers({ db, accountId }: Context, typed: string): Promise<Found["customers"]> {
  const start = `${escapePattern(typed)}%`;
  return db.$queryRaw`
    select id, name, external_id as "externalId" from account
    where parent_id = ${accountId} and (name ilike ${`%${start}`} or external_id ilike ${start})
    order by name ilike ${start} desc, name, id limit 5`;
}

async function findReports(ctx: Context, typed: string): Promise<Pick<Found, "reporters" | "reports">> {
  const pattern = `%${escapePattern(typed)}%`;
  const since = new Date(ctx.now().getTime() - MAX_DAYS * DAY_MS);
  const rows = await ctx.reports.$queryRaw<Found["reports"]>`
    select id, reporter, "reportId", "reportDay" from (
      select id::text, reporter, report_id as "reportId", report_day::text as "reportDay" from tls_report
      where account_id = ${ctx.accountId} and report_day >= ${since}::date
      order by report_day desc limit 5000) as newest
    where reporter ilike ${pattern} or "reportId" ilike ${pattern}`;
  const lower = typed.toLowerCase();
  const holds = (text: string) => text.toLowerCase().includes(lower);
  return {
    reporters: [...new Set(rows.map(({ reporter }) => reporter).filter(holds))].slice(0, 5),
    reports: rows.filter(({ reportId }) => holds(reportId)).slice(0, 5),
  };
}
