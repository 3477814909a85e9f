import type { Transaction } from "@waxseal/db";
import { rowsAsJson } from "./rows-as-json.ts";
import type { UnderstoodReport } from "./understood-report.ts";

type Place = { n: number; account_id: string; report_day: string; domain_id: string; reporter: string };

/**
 * Adds reports to the daily tables, in the caller's transaction.
 *
 * Rows are added up first and written in the order of their key, so that two processes never wait for each other in a circle.
 */
export async function addDailyRows(db: Transaction, reports: readonly UnderstoodReport[]): Promise<void> {
  const byPlace = Map.groupBy(reports, (report) =>
    [report.accountId, report.reportDay, report.domainId, report.reporter].join("\n"),
  );
  const places: Place[] = [];
  const sessions: SessionTuple[] = [];
  const failures: FailureTuple[] = [];
  for (const [, here] of [...byPlace].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const [first] = here;
    if (!first) continue;
    const n = places.length;
    const { accountId, reportDay, domainId, reporter } = first;
    places.push({ n, account_id: accountId, report_day: reportDay, domain_id: domainId, reporter });
    sessions.push(...addUpSessions(n, here));
    failures.push(...addUpFailures(n, here));
  }
  await writeSessions(db, places, sessions);
  await writeFailures(db, places, failures);
}

/** A row to be written; short names because thousands of them travel in one parameter. */
type SessionTuple = { n: number; p: string; r: number; s: number; f: number; cs: number; cf: number };

type FailureTuple = {
  n: number;
  p: string;
  r: string;
  i: string;
  m: string;
  c: string;
  f: number;
  cf: number;
};

function addUpSessions(n: number, reports: readonly UnderstoodReport[]): SessionTuple[] {
  const sums = new Map<string, SessionTuple>();
  for (const row of reports.flatMap(({ sessionRows }) => sessionRows)) {
    const sum = sums.get(row.policyType) ?? { n, p: row.policyType, r: 0, s: 0, f: 0, cs: 0, cf: 0 };
    sums.set(row.policyType, sum);
    sum.r += row.reports;
    sum.s += row.successfulSessions;
    sum.f += row.failedSessions;
    sum.cs += row.countedSuccessful;
    sum.cf += row.countedFailed;
  }
  return inKeyOrder(sums);
}

function addUpFailures(n: number, reports: readonly UnderstoodReport[]): FailureTuple[] {
  const sums = new Map<string, FailureTuple>();
  for (const row of reports.flatMap(({ failureRows }) => failureRows)) {
    const { policyType: p, resultType: r, sendingMtaIp: i, mxHost: m, reasonCode: c } = row;
    const key = `${p}\n${r}\n${i}\n${m}\n${c}`;
    const sum = sums.get(key) ?? { n, p, r, i, m, c, f: 0, cf: 0 };
    sums.set(key, sum);
    sum.f += row.failedSessions;
    sum.cf += row.countedFailed;
  }
  return inKeyOrder(sums);
}

function inKeyOrder<Row>(rows: Map<string, Row>): Row[] {
  return [...rows].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
}

async function writeSessions(
  db: Transaction,
  places: readonly Place[],
  rows: readonly SessionTuple[],
): Promise<void> {
  if (rows.length === 0) return;
  await db.$executeRaw`
    insert into tls_daily_sessions as t (account_id, report_day, domain_id, reporter, policy_type, reports,
      successful_sessions, failed_sessions, counted_successful, counted_failed)
    select place.account_id, place.report_day, place.domain_id, place.reporter, x.p, x.r, x.s, x.f, x.cs, x.cf
    from rows from (jsonb_to_recordset(${rowsAsJson(rows)}::jsonb) as (n int, p text, r int, s bigint, f bigint, cs bigint, cf bigint))
      with ordinality as x(n, p, r, s, f, cs, cf, place_in_order)
    join jsonb_to_recordset(${rowsAsJson(places)}::jsonb)
      as place(n int, account_id text, report_day date, domain_id uuid, reporter text) using (n)
    order by x.place_in_order
    on conflict (account_id, report_day, domain_id, reporter, policy_type) do update set
      reports = t.reports + excluded.reports,
      successful_sessions = t.successful_sessions + excluded.successful_sessions,
      failed_sessions = t.failed_sessions + excluded.failed_sessions,
      counted_successful = t.counted_successful + excluded.counted_successful,
      counted_failed = t.counted_failed + excluded.counted_failed`;
}

async function writeFailures(
  db: Transaction,
  places: readonly Place[],
  rows: readonly FailureTuple[],
): Promise<void> {
  if (rows.length === 0) return;
  await db.$executeRaw`
    insert into tls_daily_failures as t (account_id, report_day, domain_id, reporter, policy_type, result_type,
      sending_mta_ip, mx_host, reason_code, failed_sessions, counted_failed)
    select place.account_id, place.report_day, place.domain_id, place.reporter, x.p, x.r, x.i, x.m, x.c, x.f, x.cf
    from rows from (jsonb_to_recordset(${rowsAsJson(rows)}::jsonb) as (n int, p text, r text, i text, m text, c text, f bigint, cf bigint))
      with ordinality as x(n, p, r, i, m, c, f, cf, place_in_order)
    join jsonb_to_recordset(${rowsAsJson(places)}::jsonb)
      as place(n int, account_id text, report_day date, domain_id uuid, reporter text) using (n)
    order by x.place_in_order
    on conflict (account_id, report_day, domain_id, reporter, policy_type, result_type, sending_mta_ip, mx_host, reason_code)
    do update set
      failed_sessions = t.failed_sessions + excluded.failed_sessions,
      counted_failed = t.counted_failed + excluded.counted_failed`;
}
