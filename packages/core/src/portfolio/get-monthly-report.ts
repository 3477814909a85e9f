import type { MonthlyReportQuery, MonthlyReportView, SummaryView } from "@waxseal/contract";
import type { z } from "zod";
import { AppError } from "../app-error.ts";
import { findFamilyBrand } from "../brand/get-brand.ts";
import type { Context } from "../context.ts";
import { type ReportRange, shiftDay } from "../day-range.ts";
import { getDomain } from "../domains/get-domain.ts";
import { listFailureClusters } from "../reports/answers/list-failure-clusters.ts";
import { summarizeSessions } from "../reports/answers/summarize-sessions.ts";
import { listChanges } from "./list-changes.ts";
import { listDomains } from "./list-domains.ts";
import { summarizeCustomers } from "./summarize-customers.ts";

type View = z.infer<typeof MonthlyReportView>;
type Query = z.infer<typeof MonthlyReportQuery>;

const MAX_SENDERS = 20;
const MAX_FAILURES = 20;
const MAX_DOMAINS = 200;
const MAX_FAILING_CUSTOMERS = 20;
const MAX_CUSTOMER_FAILURES = 40;

/**
 * What proven reports say of a month, for people who never saw a dashboard: of a domain, of an account, or of a provider with all its
 * customers. The figures are those of the account's own domains; customers have a row each.
 *
 * @throws AppError `invalid` – no day of the month is over
 * @throws AppError `not_found` – no such domain in this account
 */
export async function getMonthlyReport(ctx: Context, query: Query): Promise<View> {
  const { month, range, isComplete } = readMonth(query.month, ctx.now());
  const domain =
    query.domainId === undefined ? undefined : await getDomain(ctx.db, ctx.accountId, query.domainId);
  const only = { domainId: query.domainId, trust: "aligned" as const };
  const previous = monthBefore(month);
  const [account, customerIds, brand] = await Promise.all([
    ctx.db.organization.findUniqueOrThrow({ where: { id: ctx.accountId } }),
    ctx.db.organization.findMany({ where: { parentId: ctx.accountId }, select: { id: true } }),
    findReportBrand(ctx),
  ]);
  const isProvider = domain === undefined && customerIds.length > 0;
  const [byDay, bySource, before, clusters, customers, domains, changes] = await Promise.all([
    summarizeSessions(ctx, { ...range, ...only, groupBy: "day" }),
    summarizeSessions(ctx, { ...range, ...only, groupBy: "source" }),
    summarizeSessions(ctx, { ...rangeOf(previous), ...only, groupBy: "day" }),
    listFailureClusters(ctx, { ...range, ...only }),
    isProvider ? summarizeCustomers(ctx, range) : undefined,
    domain ? undefined : listDomains(ctx, { limit: MAX_DOMAINS }),
    listChanges(ctx, {
      accounts: [ctx.accountId, ...(isProvider ? customerIds.map(({ id }) => id) : [])],
      range,
      domainId: query.domainId,
    }),
  ]);
  const { byTrust, gapDays } = byDay.totals;
  return {
    ...{ month, ...range, isComplete, madeAt: ctx.now().toISOString(), brand, changes },
    about: {
      kind: domain ? "domain" : isProvider ? "provider" : "account",
      name: domain?.domain ?? account.name,
    },
    totals: { ...figuresOf(byDay.totals), reports: byTrust.aligned.reports, gapDays },
    before: { month: previous, ...figuresOf(before.totals) },
    days: byDay.items.map((row) => ({ day: row.key, ...figuresOf(row), hasReports: row.hasReports })),
    senders: bySource.items.slice(0, MAX_SENDERS).map((row) => ({ name: row.title, ...figuresOf(row) })),
    failures: clusters.items.slice(0, MAX_FAILURES).map(presentFailure),
    customers: (customers?.items ?? []).map((row) => ({
      ...{ name: row.customer ?? account.name, domains: row.domains, failingDomains: row.failingDomains },
      ...{ sessions: row.sessions, failedSessions: row.failedSessions, successShare: row.successShare },
    })),
    customerFailures: await listCustomerFailures(ctx, range, customers?.items ?? []),
    domains: (domains?.items ?? []).map((row) => ({
      ...{ domain: row.domain, mode: row.mode, sentence: row.sentence },
    })),
    evidence: {
      reports: byTrust.aligned.reports,
      unprovenReports: byTrust.signed.reports + byTrust.unsigned.reports,
    },
  };
}

type Cluster = Awaited<ReturnType<typeof listFailureClusters>>["items"][number];

function presentFailure(cluster: Cluster): View["failures"][number] {
  const { title, mxHost, domains, failedSessions, share, meaning, fixedBy, nextStep, status } = cluster;
  return {
    ...{ title, mxHost, domains, failedSessions, share, meaning, fixedBy, nextStep, status },
    ...{ firstDay: cluster.firstDay, lastDay: cluster.lastDay },
    reporters: cluster.reporters.map(({ reporter }) => reporter),
    trend: cluster.trend.direction,
  };
}

type Customers = Awaited<ReturnType<typeof summarizeCustomers>>["items"];

/** What failed at the customers with most failures. One after the other: such a report is no reason for many queries at once. */
async function listCustomerFailures(
  ctx: Context,
  range: ReportRange,
  customers: Customers,
): Promise<View["customerFailures"]> {
  const failing = customers
    .filter(({ customer, failedSessions }) => customer !== null && failedSessions > 0)
    .toSorted((a, b) => b.failedSessions - a.failedSessions)
    .slice(0, MAX_FAILING_CUSTOMERS);
  const found: View["customerFailures"] = [];
  for (const { accountId, customer } of failing) {
    const { items } = await listFailureClusters({ ...ctx, accountId }, { ...range, trust: "aligned" });
    for (const { title, mxHost, domains, failedSessions, fixedBy, nextStep } of items)
      found.push({
        ...{ customer: customer ?? "", title, mxHost, domains, failedSessions },
        ...{ fixedBy, nextStep },
      });
  }
  return found.toSorted((a, b) => b.failedSessions - a.failedSessions).slice(0, MAX_CUSTOMER_FAILURES);
}

type Sums = Pick<z.infer<typeof SummaryView>["totals"], "successfulSessions" | "failedSessions">;

function figuresOf({ successfulSessions, failedSessions }: Sums) {
  const sessions = successfulSessions + failedSessions;
  return { sessions, failedSessions, successShare: sessions === 0 ? null : successfulSessions / sessions };
}

/** Returns the provider's name and logo for a customer's report, otherwise the account's own. */
async function findReportBrand({ db, accountId }: Context): Promise<View["brand"]> {
  const { name, logo } = await findFamilyBrand(db, accountId);
  return {
    name,
    logo: logo && `data:${logo.contentType};base64,${Buffer.from(logo.bytes).toString("base64")}`,
  };
}

/** The days of a month that are over; the last complete month unless one is named. @throws AppError `invalid` */
export function readMonth(
  named: string | undefined,
  now: Date,
): { month: string; range: ReportRange; isComplete: boolean } {
  const today = now.toISOString().slice(0, 10);
  const month = named ?? monthBefore(today.slice(0, 7));
  const { from, to } = rangeOf(month);
  const yesterday = shiftDay(today, -1);
  if (from > yesterday) {
    const problem = "has no day that is over yet";
    throw new AppError("invalid", "There is no report of this month yet.", {
      fields: [{ path: "month", problem }],
    });
  }
  const isComplete = to <= yesterday;
  return { month, range: { from, to: isComplete ? to : yesterday }, isComplete };
}

function rangeOf(month: string): ReportRange {
  const [year = 0, number = 1] = month.split("-").map(Number);
  return { from: `${month}-01`, to: new Date(Date.UTC(year, number, 0)).toISOString().slice(0, 10) };
}

function monthBefore(month: string): string {
  return shiftDay(`${month}-01`, -1).slice(0, 7);
}
