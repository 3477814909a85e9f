import type { Transaction } from "@waxseal/db";
import { rowsAsJson } from "./rows-as-json.ts";
import type { FailureRow, SessionRow, UnderstoodReport } from "./understood-report.ts";

type Place = { account_id: string; report_day: string; domain_id: string; reporter: string };

/**
 * Adds reports to the daily tables, in the caller's transaction.
 *
 * Rows are added up first and written in the order of their key, so that two processes never wait for each other in a circle.
 */
export async function addDailyRows(db: Transaction, reports: readonly UnderstoodReport[]): Promise<void> {
  const sessions = new Map<string, Place & SessionRow>();
  const failures = new Map<string, Place & FailureRow>();
  for (const report of reports) {
    const place = {
      account_id: report.accountId,
      report_day: report.reportDay,
      domain_id: report.domainId,
      reporter: report.reporter,
    };
    for (const row of report.sessionRows) addUp(sessions, { ...place, ...row });
    for (const row of report.failureRows) addUp(failures, { ...place, ...row });
  }
  await writeSessions(db, inKeyOrder(sessions));
  await writeFailures(db, inKeyOrder(failures));
}

/** Adds numbers to the row with the same texts. */
function addUp<Row extends Record<string, string | number>>(rows: Map<string, Row>, row: Row): void {
  const key = Object.values(row)
    .filter((value) => typeof value === "string")
    .join("\n");
  const known = rows.get(key);
  rows.set(key, known ? sum(known, row) : row);
}

/** Both have the same texts; numbers are added. */
function sum<Row extends Record<string, string | number>>(a: Row, b: Row): Row {
  const entries = Object.entries(a).map(([name, value]) => {
    const other = b[name];
    return [name, typeof value === "number" && typeof other === "number" ? value + other : value];
  });
  return Object.fromEntries(entries) as Row;
}

function inKeyOrder<Row>(rows: Map<string, Row>): Row[] {
  return [...rows].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
}

async function writeSessions(db: Transaction, rows: readonly (Place & SessionRow)[]): Promise<void> {
  if (rows.length === 0) return;
  await db.$executeRaw`
    insert into tls_daily_sessions as t (account_id, report_day, domain_id, reporter, policy_type, reports,
      successful_sessions, failed_sessions, counted_successful, counted_failed)
    select account_id, report_day, domain_id, reporter, "policyType", reports,
      "successfulSessions", "failedSessions", "countedSuccessful", "countedFailed"
    from jsonb_to_recordset(${rowsAsJson(rows)}::jsonb) as r(account_id text, report_day date, domain_id uuid, reporter text,
      "policyType" text, reports int, "successfulSessions" bigint, "failedSessions" bigint,
      "countedSuccessful" bigint, "countedFailed" bigint)
    on conflict (account_id, report_day, domain_id, reporter, policy_type) do update set
      reports = t.reports + excluded.reports,
      successful_sessions = t.successful_sessions + excluded.successful_sessions,
      failed_sessions = t.failed_sessions + excluded.failed_sessions,
      counted_successful = t.counted_successful + excluded.counted_successful,
      counted_failed = t.counted_failed + excluded.counted_failed`;
}

async function writeFailures(db: Transaction, rows: readonly (Place & FailureRow)[]): Promise<void> {
  if (rows.length === 0) return;
  await db.$executeRaw`
    insert into tls_daily_failures as t (account_id, report_day, domain_id, reporter, policy_type, result_type,
      sending_mta_ip, mx_host, reason_code, failed_sessions, counted_failed)
    select account_id, report_day, domain_id, reporter, "policyType", "resultType",
      "sendingMtaIp", "mxHost", "reasonCode", "failedSessions", "countedFailed"
    from jsonb_to_recordset(${rowsAsJson(rows)}::jsonb) as r(account_id text, report_day date, domain_id uuid, reporter text,
      "policyType" text, "resultType" text, "sendingMtaIp" text, "mxHost" text, "reasonCode" text,
      "failedSessions" bigint, "countedFailed" bigint)
    on conflict (account_id, report_day, domain_id, reporter, policy_type, result_type, sending_mta_ip, mx_host, reason_code)
    do update set
      failed_sessions = t.failed_sessions + excluded.failed_sessions,
      counted_failed = t.counted_failed + excluded.counted_failed`;
}
