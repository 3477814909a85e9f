import { integerArray, textArray } from "@waxseal/db/arrays";
import type { SqlTransaction } from "@waxseal/db/sql";
import type { FailureRow, SessionRow, UnderstoodReport } from "./understood-report.ts";

/** An account's day, domain and reporter, and all that is to be added there. */
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
 * whoever writes failures of a place and policy type has written its sessions before, and so holds that row.
 */
export async function addDailyRows(sql: SqlTransaction, reports: readonly UnderstoodReport[]): Promise<void> {
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

function gatherPlaces(reports: readonly UnderstoodReport[]): Place[] {
  const byKey = Map.groupBy(
    reports,
    ({ accountId, reportDay, domainId, reporter }) => `${accountId}\n${reportDay}\n${domainId}\n${reporter}`,
  );
  return [...byKey]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, here]) => {
      const [first] = here;
      if (!first) return [];
      const { accountId, reportDay, domainId, reporter } = first;
      const sessions = addUpSessions(here);
      return [{ accountId, reportDay, domainId, reporter, sessions, failures: addUpFailures(here) }];
    });
}

function addUpSessions(reports: readonly UnderstoodReport[]): SessionRow[] {
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

function addUpFailures(reports: readonly UnderstoodReport[]): readonly FailureRow[] {
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
  const rows = places.flatMap(({ sessions }) => sessions);
  if (rows.length === 0) return;
  const numbers = (pick: (row: SessionRow) => number) => integerArray(rows.map(pick));
  await sql.$executeRaw`
    insert into tls_daily_sessions as t (account_id, report_day, domain_id, reporter, policy_type, reports,
      successful_sessions, failed_sessions, counted_successful, counted_failed)
    select place.account_id, place.report_day::date, place.domain_id::uuid, place.reporter, x.p, x.r, x.s, x.f, x.cs, x.cf
    from unnest(${placeNumbers(places, ({ sessions }) => sessions.length)}::int8[], ${textArray(rows.map((row) => row.policyType))}::text[],
      ${numbers((row) => row.reports)}::int8[], ${numbers((row) => row.successfulSessions)}::int8[], ${numbers((row) => row.failedSessions)}::int8[],
      ${numbers((row) => row.countedSuccessful)}::int8[], ${numbers((row) => row.countedFailed)}::int8[])
      with ordinality as x(n, p, r, s, f, cs, cf, place_in_order)
    join unnest(${place.accountIds}::text[], ${place.reportDays}::text[], ${place.domainIds}::text[], ${place.reporters}::text[])
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
  const rows = places.flatMap(({ failures }) => failures);
  if (rows.length === 0) return;
  const texts = (pick: (row: FailureRow) => string) => textArray(rows.map(pick));
  await sql.$executeRaw`
    insert into tls_daily_failures as t (account_id, report_day, domain_id, reporter, policy_type, result_type,
      sending_mta_ip, mx_host, reason_code, failed_sessions, counted_failed)
    select place.account_id, place.report_day::date, place.domain_id::uuid, place.reporter, x.p, x.r, x.i, x.m, x.c, x.f, x.cf
    from unnest(${placeNumbers(places, ({ failures }) => failures.length)}::int8[], ${texts((row) => row.policyType)}::text[],
      ${texts((row) => row.resultType)}::text[], ${texts((row) => row.sendingMtaIp)}::text[], ${texts((row) => row.mxHost)}::text[],
      ${texts((row) => row.reasonCode)}::text[], ${integerArray(rows.map((row) => row.failedSessions))}::int8[],
      ${integerArray(rows.map((row) => row.countedFailed))}::int8[])
      with ordinality as x(n, p, r, i, m, c, f, cf, place_in_order)
    join unnest(${place.accountIds}::text[], ${place.reportDays}::text[], ${place.domainIds}::text[], ${place.reporters}::text[])
      with ordinality as place(account_id, report_day, domain_id, reporter, n) using (n)
    order by x.place_in_order
    on conflict (account_id, report_day, domain_id, reporter, policy_type, result_type, sending_mta_ip, mx_host, reason_code)
    do update set
      failed_sessions = t.failed_sessions + excluded.failed_sessions,
      counted_failed = t.counted_failed + excluded.counted_failed`;
}

/** For each row the number of its place, from 1. */
function placeNumbers(places: readonly Place[], countRows: (place: Place) => number): Buffer {
  return integerArray(places.flatMap((place, index) => new Array<number>(countRows(place)).fill(index + 1)));
}
