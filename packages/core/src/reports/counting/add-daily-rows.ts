import { integerColumn, textArray, textColumn } from "@waxseal/db/arrays";
import type { SqlTransaction } from "@waxseal/db/sql";
import { sourceKey } from "../trust/report-source.ts";
import type { FailureRow, SessionRow, UnderstoodReport } from "../understanding/understood-report.ts";

/** What the daily tables need of a report. */
export type DailyReport = Pick<
  UnderstoodReport,
  "accountId" | "reportDay" | "domainId" | "reporter" | "trust" | "submitter" | "sessionRows" | "failureRows"
>;

/** An account's day, domain and source, and all that is to be added there. */
type Place = {
  accountId: string;
  reportDay: string;
  domainId: string;
  reporter: string;
  sessions: SessionRow[];
  failures: readonly FailureRow[];
};

/**
 * Adds reports to the daily tables, in the caller's transaction.
 *
 * Rows are added up first. Two processes never wait for each other in a circle: sessions are written in the order of their key, and
 * a transaction that writes failures of a place and policy type has written its sessions before, and so holds that row.
 */
export async function addDailyRows(sql: SqlTransaction, reports: readonly DailyReport[]): Promise<void> {
  const places = gatherPlaces(reports);
  if (places.length === 0) return;
  const columns = {
    accountIds: textArray(places.map(({ accountId }) => accountId)),
    reportDays: textArray(places.map(({ reportDay }) => reportDay)),
    domainIds: textArray(places.map(({ domainId }) => domainId)),
    reporters: textArray(places.map(({ reporter }) => reporter)),
  };
  await writeSessions(sql, columns, places);
  await writeFailures(sql, columns, places);
}

function gatherPlaces(reports: readonly DailyReport[]): Place[] {
  const byKey = Map.groupBy(reports, (report) => {
    const { accountId, reportDay, domainId } = report;
    return `${accountId}\n${reportDay}\n${domainId}\n${sourceKey(report)}`;
  });
  return [...byKey]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, here]) => {
      const [first] = here;
      if (!first) return [];
      const { accountId, reportDay, domainId } = first;
      const reporter = sourceKey(first);
      const sessions = addUpSessions(here);
      return [{ accountId, reportDay, domainId, reporter, sessions, failures: addUpFailures(here) }];
    });
}

function addUpSessions(reports: readonly DailyReport[]): SessionRow[] {
  const sums = new Map<string, SessionRow>();
  for (const { sessionRows } of reports) {
    for (const row of sessionRows) {
      const sum = sums.get(row.policyType);
      if (!sum) {
        sums.set(row.policyType, { ...row });
        continue;
      }
      sum.reports += row.reports;
      sum.successfulSessions += row.successfulSessions;
      sum.failedSessions += row.failedSessions;
      sum.countedSuccessful += row.countedSuccessful;
      sum.countedFailed += row.countedFailed;
    }
  }
  return [...sums.values()].sort((a, b) => (a.policyType < b.policyType ? -1 : 1));
}

function addUpFailures(reports: readonly DailyReport[]): readonly FailureRow[] {
  const [first, ...others] = reports;
  if (first && others.length === 0) return first.failureRows;
  const sums = new Map<string, FailureRow>();
  for (const { failureRows } of reports) {
    for (const row of failureRows) {
      const { policyType, resultType, sendingMtaIp, mxHost, reasonCode } = row;
      const key = `${policyType}\n${resultType}\n${sendingMtaIp}\n${mxHost}\n${reasonCode}`;
      const sum = sums.get(key);
      if (!sum) {
        sums.set(key, { ...row });
        continue;
      }
      sum.failedSessions += row.failedSessions;
      sum.countedFailed += row.countedFailed;
    }
  }
  return [...sums.values()];
}

type PlaceColumns = { accountIds: Buffer; reportDays: Buffer; domainIds: Buffer; reporters: Buffer };

async function writeSessions(
  sql: SqlTransaction,
  place: PlaceColumns,
  places: readonly Place[],
): Promise<void> {
  const count = places.reduce((sum, { sessions }) => sum + sessions.length, 0);
  if (count === 0) return;
  const policyTypes = textColumn(count);
  const [placeNumbers, reports, successful, failed, countedSuccessful, countedFailed] = integerColumns(count);
  for (const [index, { sessions }] of places.entries()) {
    for (const row of sessions) {
      placeNumbers.add(index + 1);
      policyTypes.add(row.policyType);
      reports.add(row.reports);
      successful.add(row.successfulSessions);
      failed.add(row.failedSessions);
      countedSuccessful.add(row.countedSuccessful);
      countedFailed.add(row.countedFailed);
    }
  }
  await sql.$executeRaw`
    insert into tls_daily_sessions as t (account_id, report_day, domain_id, reporter, policy_type, reports,
      successful_sessions, failed_sessions, counted_successful, counted_failed)
    select place.account_id, place.report_day, place.domain_id::uuid, place.reporter, x.p, x.r, x.s, x.f, x.cs, x.cf
    from unnest(${placeNumbers.end()}::int8[], ${policyTypes.end()}::text[], ${reports.end()}::int8[], ${successful.end()}::int8[],
      ${failed.end()}::int8[], ${countedSuccessful.end()}::int8[], ${countedFailed.end()}::int8[])
      with ordinality as x(n, p, r, s, f, cs, cf, place_in_order)
    join unnest(${place.accountIds}::text[], ${place.reportDays}::text[]::date[], ${place.domainIds}::text[], ${place.reporters}::text[])
      with ordinality as place(account_id, report_day, domain_id, reporter, n) using (n)
    order by x.place_in_order
    on conflict (account_id, report_day, domain_id, reporter, policy_type) do update set
      reports = t.reports + excluded.reports,
      successful_sessions = t.successful_sessions + excluded.successful_sessions,
      failed_sessions = t.failed_sessions + excluded.failed_sessions,
      counted_successful = t.counted_successful + excluded.counted_successful,
      counted_failed = t.counted_failed + excluded.counted_failed`;
}

async function writeFailures(
  sql: SqlTransaction,
  place: PlaceColumns,
  places: readonly Place[],
): Promise<void> {
  const count = places.reduce((sum, { failures }) => sum + failures.length, 0);
  if (count === 0) return;
  const policyTypes = textColumn(count);
  const resultTypes = textColumn(count);
  const addresses = textColumn(count);
  const mxHosts = textColumn(count);
  const reasons = textColumn(count);
  const [placeNumbers, failed, countedFailed] = integerColumns(count);
  for (const [index, { failures }] of places.entries()) {
    for (const row of failures) {
      placeNumbers.add(index + 1);
      policyTypes.add(row.policyType);
      resultTypes.add(row.resultType);
      addresses.add(row.sendingMtaIp);
      mxHosts.add(row.mxHost);
      reasons.add(row.reasonCode);
      failed.add(row.failedSessions);
      countedFailed.add(row.countedFailed);
    }
  }
  await sql.$executeRaw`
    insert into tls_daily_failures as t (account_id, report_day, domain_id, reporter, policy_type, result_type,
      sending_mta_ip, mx_host, reason_code, failed_sessions, counted_failed)
    select place.account_id, place.report_day, place.domain_id::uuid, place.reporter, x.p, x.r, x.i, x.m, x.c, x.f, x.cf
    from unnest(${placeNumbers.end()}::int8[], ${policyTypes.end()}::text[], ${resultTypes.end()}::text[], ${addresses.end()}::text[],
      ${mxHosts.end()}::text[], ${reasons.end()}::text[], ${failed.end()}::int8[], ${countedFailed.end()}::int8[])
      with ordinality as x(n, p, r, i, m, c, f, cf, place_in_order)
    join unnest(${place.accountIds}::text[], ${place.reportDays}::text[]::date[], ${place.domainIds}::text[], ${place.reporters}::text[])
      with ordinality as place(account_id, report_day, domain_id, reporter, n) using (n)
    order by x.place_in_order
    on conflict (account_id, report_day, domain_id, reporter, policy_type, result_type, sending_mta_ip, mx_host, reason_code)
    do update set
      failed_sessions = t.failed_sessions + excluded.failed_sessions,
      counted_failed = t.counted_failed + excluded.counted_failed`;
}

type Integers = ReturnType<typeof integerColumn>;

/** As many as are taken out of it. */
function integerColumns(count: number): [Integers, Integers, Integers, Integers, Integers, Integers] {
  const make = () => integerColumn(count);
  return [make(), make(), make(), make(), make(), make()];
}
