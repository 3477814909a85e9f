import type { ReportTrust } from "@waxseal/db";
import { integerArray, textArray } from "@waxseal/db/arrays";
import type { SqlDatabase, SqlTransaction } from "@waxseal/db/sql";
import { findReportDay, NO_REASON, type PolicyResult } from "@waxseal/tls-rpt";
import { judgeSigner, type ReporterClaim } from "../trust/judge-report-trust.ts";
import { listSignerDays, type SignerDay } from "../trust/note-signers.ts";
import { settleClaims } from "../trust/settle-claims.ts";
import { countDomainRows } from "../understanding/count-domain-rows.ts";
import { storedPolicies } from "../understanding/stored-policies.ts";
import type { UnderstoodReport } from "../understanding/understood-report.ts";
import { addDailyRows, type DailyReport } from "./add-daily-rows.ts";

type Row = {
  id: string;
  domain_id: string;
  message_id: string;
  report_id: string;
  report_day: string;
  reporter: string;
  submitter: string | null;
  trust: ReportTrust;
  start_at: Date;
  end_at: Date;
  quirks: string[];
  policies: unknown;
  received_at: Date;
};
type Recounted = DailyReport & {
  id: string;
  successfulSessions: number;
  failedSessions: number;
  resultTypes: string[];
  claim: ReporterClaim | null;
  receivedAt: Date;
};

/** The caller's transaction over reports, state to be read, and what is to be written there. */
type RecountWork = {
  sql: SqlTransaction;
  state: SqlDatabase;
  cause(effects: { signers: SignerDay[] }): void;
};

const PAGE_ROWS = 1_000;
const MISSING_COUNTS = ["missing-session-count", "negative-session-count", "session-count-not-integer"];

/**
 * Recomputes the daily figures of one day of an account from its reports, in the caller's transaction, which reads one snapshot.
 *
 * Each report is counted and judged by the rules of today. One whose day is another by them moves there, and its figures with it.
 * Elements that look alike are the same sessions listed twice, or hosts with one key whose names were not stored before:
 * the message decides (`readAgain`) while it is kept. Reports that arrive during this transaction wait for it, or it fails to serialize.
 */
export async function recountDay(
  { sql, state, cause }: RecountWork,
  { accountId, day }: { accountId: string; day: string },
  readAgain: (messages: { accountId: string; id: string }[]) => Promise<UnderstoodReport[]>,
): Promise<void> {
  await sql.$executeRaw`delete from tls_daily_sessions where account_id = ${accountId} and report_day = ${day}::date`;
  await sql.$executeRaw`delete from tls_daily_failures where account_id = ${accountId} and report_day = ${day}::date`;
  for (let after = "00000000-0000-0000-0000-000000000000"; ; ) {
    const rows = await sql.$queryRaw<Row[]>`
      select id::text, domain_id::text, message_id::text, report_id, report_day::text, reporter, submitter, trust::text, start_at, end_at, quirks, policies, received_at from tls_report
      where account_id = ${accountId} and report_day = ${day}::date and id > ${after}::uuid order by id limit ${PAGE_ROWS}`;
    const last = rows.at(-1);
    if (!last) return;
    after = last.id;
    await readAlikeAgain(sql, rows, accountId, readAgain);
    const recounted = rows.map((row) => recount(row, accountId));
    await settleClaims(state, [{ message: { accountId }, parsed: recounted }]);
    const gone = new Set(await moveReports(sql, recounted, accountId, day));
    const kept = recounted.filter(({ id }) => !gone.has(id));
    await updateReports(sql, kept, accountId);
    await addDailyRows(sql, kept);
    cause({ signers: listSignerDays(kept) });
  }
}

/** Puts what the message says in place of stored policies that hold alike elements. */
async function readAlikeAgain(
  sql: SqlTransaction,
  rows: Row[],
  accountId: string,
  readAgain: (messages: { accountId: string; id: string }[]) => Promise<UnderstoodReport[]>,
): Promise<void> {
  const alike = rows.filter(({ policies }) => holdsAlike(storedPolicies(policies)));
  const messages = [...new Set(alike.map(({ message_id }) => message_id))];
  const understood = await readAgain(messages.map((id) => ({ accountId, id })));
  for (const row of alike) {
    const report = understood.find(
      (each) =>
        each.messageId === row.message_id &&
        each.domainId === row.domain_id &&
        each.reportId === row.report_id,
    );
    if (!report) continue;
    row.policies = JSON.parse(report.policiesJson);
    row.quirks = report.quirks;
    await sql.$executeRaw`
      update tls_report set policies = ${report.policiesJson}::jsonb, quirks = ${report.quirks}::text[]
      where account_id = ${accountId} and report_day = ${row.report_day}::date and id = ${row.id}::uuid`;
  }
}

function holdsAlike(policies: readonly PolicyResult[]): boolean {
  return new Set(policies.map((policy) => JSON.stringify(policy))).size < policies.length;
}

function recount(row: Row, accountId: string): Recounted {
  const { id, domain_id: domainId, reporter, submitter } = row;
  const counts = countDomainRows(restoreUnknown(storedPolicies(row.policies), row.quirks));
  const resultTypes = new Set(counts.failureRows.map(({ resultType }) => resultType));
  resultTypes.delete(NO_REASON);
  const isSigned = row.trust === "aligned" || row.trust === "signed";
  // What From said is not kept: a claim is only ever noted for a report that named its signer.
  const judged = isSigned && submitter !== null ? judgeSigner(reporter, submitter, true) : undefined;
  return {
    ...counts,
    id,
    accountId,
    domainId,
    reporter,
    submitter,
    reportDay: findReportDay(new Date(row.start_at), new Date(row.end_at)),
    resultTypes: [...resultTypes].slice(0, 100),
    trust: isSigned ? (judged ? "aligned" : "signed") : row.trust,
    claim: judged === "known" ? null : (judged ?? null),
    receivedAt: new Date(row.received_at),
  };
}

/** Reports stored before unknown counts were distinguished from 0 have a quirk that says so. */
function restoreUnknown(policies: readonly PolicyResult[], quirks: readonly string[]): PolicyResult[] {
  if (!quirks.some((quirk) => MISSING_COUNTS.includes(quirk))) return [...policies];
  return policies.map((policy) => ({
    ...policy,
    failureDetails: policy.failureDetails.map((detail) => ({
      ...detail,
      failedSessions: detail.failedSessions === 0 ? null : detail.failedSessions,
    })),
  }));
}

/** Moves reports to their day. Returns those that are a copy of one that is there already, which are deleted. */
async function moveReports(
  sql: SqlTransaction,
  reports: readonly Recounted[],
  accountId: string,
  day: string,
): Promise<string[]> {
  const moving = reports.filter(({ reportDay }) => reportDay !== day);
  if (moving.length === 0) return [];
  const ids = textArray(moving.map(({ id }) => id));
  const days = textArray(moving.map(({ reportDay }) => reportDay));
  const copies = await sql.$queryRaw<{ id: string }[]>`
    delete from tls_report t using unnest(${ids}::text[], ${days}::text[]::date[]) as r(id, day)
    where t.account_id = ${accountId} and t.report_day = ${day}::date and t.id = r.id::uuid
      and exists (select 1 from tls_report o where o.account_id = t.account_id and o.report_day = r.day and o.identity = t.identity)
    returning t.id::text`;
  await sql.$executeRaw`
    update tls_report t set report_day = r.day from unnest(${ids}::text[], ${days}::text[]::date[]) as r(id, day)
    where t.account_id = ${accountId} and t.report_day = ${day}::date and t.id = r.id::uuid`;
  return copies.map(({ id }) => id);
}

async function updateReports(
  sql: SqlTransaction,
  reports: readonly Recounted[],
  accountId: string,
): Promise<void> {
  const texts = (pick: (report: Recounted) => string) => textArray(reports.map(pick));
  await sql.$executeRaw`
    update tls_report t set successful_sessions = r.successful, failed_sessions = r.failed,
      result_types = string_to_array(r.result_types, E'\\t'), trust = r.trust::report_trust
    from unnest(${texts(({ id }) => id)}::text[], ${texts(({ reportDay }) => reportDay)}::text[]::date[],
      ${integerArray(reports.map(({ successfulSessions }) => successfulSessions))}::int8[],
      ${integerArray(reports.map(({ failedSessions }) => failedSessions))}::int8[],
      ${texts(({ resultTypes }) => resultTypes.join("\t"))}::text[], ${texts(({ trust }) => trust)}::text[])
      as r(id, day, successful, failed, result_types, trust)
    where t.account_id = ${accountId} and t.report_day = r.day and t.id = r.id::uuid
      and (t.successful_sessions, t.failed_sessions, t.trust::text, t.result_types)
        is distinct from (r.successful, r.failed, r.trust, string_to_array(r.result_types, E'\\t'))`;
}
