import type { ReportTrust } from "@waxseal/db";
import { textArray } from "@waxseal/db/arrays";
import type { SqlTransaction } from "@waxseal/db/sql";
import { isMoreTrusted } from "../trust/is-more-trusted.ts";
import type { UnderstoodReport } from "../understanding/understood-report.ts";
import { withdraw } from "./exchange-reports.ts";
import { reportColumns } from "./report-columns.ts";

type Twin = {
  report: UnderstoodReport;
  id: string;
  trust: ReportTrust;
  submitter: string | null;
  messageId: string;
  reporter: string;
  policies: unknown;
};

/**
 * Finds copies that say the same but have another identity, since the two have different signers.
 *
 * `known`: reports that are not to be counted, since a copy of at least their trust is. Counted copies of less trust are deleted here;
 * `withdrawn` is what is then to be taken off the daily tables. In the caller's transaction. RFC 8460 §5.4
 */
export async function withdrawForeignTwins(
  { sql, isDistributed }: { sql: SqlTransaction; isDistributed: boolean },
  reports: readonly UnderstoodReport[],
): Promise<{ known: Set<UnderstoodReport>; withdrawn: UnderstoodReport[] }> {
  const known = findTwinsInBatch(reports);
  const withdrawn: UnderstoodReport[] = [];
  if (reports.length === 0) return { known, withdrawn };
  // A question about many accounts at once would be asked of every node.
  const twins = await lockTwins(sql, isDistributed ? reports : await findWithTwins(sql, reports));
  const removed = new Map<string, Twin>();
  for (const twin of twins) {
    const { report } = twin;
    if (known.has(report)) continue;
    if (!isMoreTrusted(report.trust, twin.trust)) known.add(report);
    else if (!removed.has(twin.id)) {
      removed.set(twin.id, twin);
      withdrawn.push(withdraw(report, twin));
    }
  }
  if (removed.size > 0) {
    const keys = textArray([...removed.values()].map(({ report }) => report.accountId));
    const days = textArray([...removed.values()].map(({ report }) => report.reportDay));
    await sql.$executeRaw`
      delete from tls_report t using unnest(${keys}::text[], ${days}::text[]::date[], ${textArray([...removed.keys()])}::text[]) as r(account_id, report_day, id)
      where t.account_id = r.account_id and t.report_day = r.report_day and t.id = r.id::uuid`;
  }
  return { known, withdrawn };
}

/** The reports that have twins. Most have none: so no row is locked yet. */
async function findWithTwins(
  sql: SqlTransaction,
  reports: readonly UnderstoodReport[],
): Promise<UnderstoodReport[]> {
  const columns = reportColumns(reports);
  const rows = await sql.$queryRaw<{ n: number }[]>`
    select distinct r.n::int - 1 as n
    from unnest(${columns.accountIds}::text[], ${columns.reportDays}::text[]::date[], ${columns.domainIds}::text[], ${columns.reportIds}::text[],
      ${columns.reporters}::text[], ${columns.startsAt}::timestamptz[], ${columns.endsAt}::timestamptz[], ${columns.identities}::text[],
      ${columns.policies}::jsonb[])
      with ordinality as r(account_id, report_day, domain_id, report_id, reporter, start_at, end_at, identity, policies, n)
    join tls_report t on t.account_id = r.account_id and t.domain_id = r.domain_id::uuid and t.report_day = r.report_day
      and t.report_id = r.report_id and lower(t.reporter) = lower(r.reporter) and t.start_at = r.start_at and t.end_at = r.end_at
      and t.identity <> r.identity and t.policies = r.policies`;
  return rows.flatMap(({ n }) => reports[n] ?? []);
}

/** The twins, locked in one order by all processes. Distributed tables lock rows of one account at a time. */
async function lockTwins(sql: SqlTransaction, reports: readonly UnderstoodReport[]): Promise<Twin[]> {
  const locked: Twin[] = [];
  const byAccount = [...Map.groupBy(reports, ({ accountId }) => accountId)].sort(([a], [b]) =>
    a < b ? -1 : 1,
  );
  for (const [accountId, own] of byAccount) {
    const columns = reportColumns(own);
    const rows = await sql.$queryRaw<(Omit<Twin, "report"> & { n: number })[]>`
      select r.n::int - 1 as n, t.id::text, t.trust::text, t.submitter, t.message_id::text as "messageId", t.reporter, t.policies
      from unnest(${columns.reportDays}::text[]::date[], ${columns.domainIds}::text[], ${columns.reportIds}::text[], ${columns.reporters}::text[],
        ${columns.startsAt}::timestamptz[], ${columns.endsAt}::timestamptz[], ${columns.identities}::text[], ${columns.policies}::jsonb[])
        with ordinality as r(report_day, domain_id, report_id, reporter, start_at, end_at, identity, policies, n)
      join tls_report t on t.account_id = ${accountId} and t.domain_id = r.domain_id::uuid and t.report_day = r.report_day
        and t.report_id = r.report_id and lower(t.reporter) = lower(r.reporter) and t.start_at = r.start_at and t.end_at = r.end_at
        and t.identity <> r.identity and t.policies = r.policies
      order by t.identity, r.n
      for update of t`;
    for (const { n, ...twin } of rows) {
      const report = own[n];
      if (report) locked.push({ ...twin, report });
    }
  }
  return locked;
}

/** Finds the copies in one batch that say the same under another identity than that of the most trusted copy. */
function findTwinsInBatch(reports: readonly UnderstoodReport[]): Set<UnderstoodReport> {
  if (!reports.some(({ trust, claim }) => trust === "signed" || claim !== null)) return new Set();
  const keys = new Map(reports.map((report) => [report, twinKey(report)]));
  const best = new Map<string, UnderstoodReport>();
  for (const [report, key] of keys) {
    const other = best.get(key);
    if (!other || isMoreTrusted(report.trust, other.trust)) best.set(key, report);
  }
  // Only now: copies of an identity may have been passed before a better one came.
  return new Set(reports.filter((report) => best.get(keys.get(report) ?? "")?.identity !== report.identity));
}

function twinKey(report: UnderstoodReport): string {
  const { accountId, domainId, reporter, reportId, startAt, endAt, policiesJson } = report;
  return JSON.stringify([
    accountId,
    domainId,
    reporter.toLowerCase(),
    reportId,
    startAt,
    endAt,
    policiesJson,
  ]);
}
