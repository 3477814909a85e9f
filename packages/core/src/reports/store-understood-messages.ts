import type { Transaction } from "@waxseal/db";
import { addDailyRows } from "./add-daily-rows.ts";
import { newRowId } from "./new-row-id.ts";
import type { ReportProblem } from "./report-problem.ts";
import { rowsAsJson } from "./rows-as-json.ts";
import type { UnderstoodMessage } from "./understand-message.ts";
import type { UnderstoodReport } from "./understood-report.ts";

/** What became of a message; `reports` are those counted now. */
export type StoredMessage = {
  accountId: string;
  messageId: string;
  domainId: string | null;
  state: "processed" | "duplicate" | "quarantined";
  problem: ReportProblem | null;
  reports: number;
  /** Domains that were given a report now. */
  domainIds: string[];
  /** A key could not be looked up: worth checking again later. */
  hasUnknownTrust: boolean;
};

type Fate = "counted" | "known" | "duplicate" | "changed";

/**
 * Counts the reports of messages and says what became of each message, in the caller's transaction.
 *
 * A report whose identity is there already is counted no more: a duplicate when it says the same, else a changed copy. A
 * message of which anything could not be used is in quarantine, whatever else of it counted. The month partitions must be
 * there. Answers are in the order of `messages`.
 */
export async function storeUnderstoodMessages(
  db: Transaction,
  messages: readonly UnderstoodMessage[],
  now: Date,
): Promise<StoredMessage[]> {
  const fates = await insertReports(
    db,
    messages.flatMap(({ reports }) => reports),
  );
  await addDailyRows(
    db,
    messages.flatMap(({ reports }) => reports).filter((report) => fates.get(report) === "counted"),
  );
  const stored = messages.map((message) => conclude(message, fates));
  await updateMessages(db, stored, now);
  return stored;
}

async function insertReports(
  db: Transaction,
  reports: readonly UnderstoodReport[],
): Promise<Map<UnderstoodReport, Fate>> {
  const fates = new Map<UnderstoodReport, Fate>();
  if (reports.length === 0) return fates;
  // Two processes with the same report wait for each other on the unique key: one order for all means no deadlock.
  const sorted = reports.toSorted((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
  const json = rowsAsJson(sorted.map((report, n) => presentRow(report, n)));
  const inserted = await db.$queryRaw<{ account_id: string; identity: string; message_id: string }[]>`
    insert into tls_report (account_id, report_day, id, domain_id, message_id, reporter, submitter, contact_info, report_id,
      start_at, end_at, successful_sessions, failed_sessions, result_types, trust, transport, quirks, identity, policies, received_at)
    select account_id, report_day, uuid, domain_id, message_id, reporter, submitter, contact_info, report_id,
      start_at, end_at, successful_sessions, failed_sessions, result_types, trust, transport, quirks, identity, policies, received_at
    from jsonb_to_recordset(${json}::jsonb) as r(n int, account_id text, report_day date, uuid uuid, domain_id uuid, message_id uuid,
      reporter text, submitter text, contact_info text, report_id text, start_at timestamptz, end_at timestamptz,
      successful_sessions bigint, failed_sessions bigint, result_types text[], trust report_trust,
      transport report_transport, quirks text[], identity text, policies jsonb, received_at timestamptz)
    order by n
    on conflict (account_id, report_day, identity) do nothing
    returning account_id, identity, message_id::text`;
  const fresh = new Set(inserted.map((row) => `${row.account_id} ${row.identity} ${row.message_id}`));
  const left: UnderstoodReport[] = [];
  for (const report of sorted) {
    const key = `${report.accountId} ${report.identity} ${report.messageId}`;
    // A message that holds the same report twice: the first of them is the one that went in.
    if (fresh.delete(key)) fates.set(report, "counted");
    else left.push(report);
  }
  await compareWithCounted(db, left, fates);
  return fates;
}

async function compareWithCounted(
  db: Transaction,
  reports: readonly UnderstoodReport[],
  fates: Map<UnderstoodReport, Fate>,
): Promise<void> {
  if (reports.length === 0) return;
  const json = rowsAsJson(
    reports.map((report, n) => ({
      n,
      account_id: report.accountId,
      report_day: report.reportDay,
      identity: report.identity,
      message_id: report.messageId,
      policies: report.policies,
    })),
  );
  const rows = await db.$queryRaw<{ n: number; same: boolean; own: boolean }[]>`
    select r.n, t.policies = r.policies as same, t.message_id = r.message_id as own
    from jsonb_to_recordset(${json}::jsonb) as r(n int, account_id text, report_day date, identity text, message_id uuid, policies jsonb)
    join tls_report t on t.account_id = r.account_id and t.report_day = r.report_day and t.identity = r.identity`;
  for (const { n, same, own } of rows) {
    const report = reports[n];
    if (report) fates.set(report, same ? (own ? "known" : "duplicate") : "changed");
  }
}

function conclude({ message, reports, problems }: UnderstoodMessage, fates: Map<UnderstoodReport, Fate>) {
  const countOf = (fate: Fate) => reports.filter((report) => fates.get(report) === fate).length;
  const [first, ...others] = [...problems, ...changedProblems(reports, fates)];
  const counted = countOf("counted");
  const notes = [
    ...(first && counted + countOf("known") > 0
      ? [`${counted + countOf("known")} reports in it were counted.`]
      : []),
    ...(others.length > 0 ? [`${others.length} more problems.`] : []),
  ];
  const problem = first ? { ...first, detail: [first.detail, ...notes].join(" ") } : null;
  const stored: StoredMessage = {
    accountId: message.accountId,
    messageId: message.id,
    domainId: message.home?.domainId ?? reports[0]?.domainId ?? null,
    state: problem ? "quarantined" : counted + countOf("known") > 0 ? "processed" : "duplicate",
    problem,
    reports: counted,
    domainIds: reports.filter((report) => fates.get(report) === "counted").map(({ domainId }) => domainId),
    hasUnknownTrust: reports.some(({ trust }) => trust === "unknown"),
  };
  return stored;
}

function changedProblems(reports: readonly UnderstoodReport[], fates: Map<UnderstoodReport, Fate>) {
  return reports
    .filter((report) => fates.get(report) === "changed")
    .map<ReportProblem>(({ reporter, reportDay }) => ({
      reason: "changed-copy",
      detail: `A report of ${reporter} for ${reportDay} with the same id was counted before, and says something else.`,
    }));
}

async function updateMessages(db: Transaction, stored: readonly StoredMessage[], now: Date): Promise<void> {
  const json = rowsAsJson(
    stored.map((each) => ({
      account_id: each.accountId,
      uuid: each.messageId,
      domain_id: each.domainId,
      state: each.state,
      reason: each.problem?.reason ?? null,
      detail: each.problem?.detail ?? null,
    })),
  );
  await db.$executeRaw`
    update report_message m
    set state = r.state, quarantine_reason = r.reason, quarantine_detail = r.detail, processed_at = ${now}::timestamptz,
      domain_id = coalesce(m.domain_id, r.domain_id)
    from jsonb_to_recordset(${json}::jsonb) as r(account_id text, uuid uuid, domain_id uuid, state report_message_state, reason text, detail text)
    where m.account_id = r.account_id and m.id = r.uuid`;
}

function presentRow(report: UnderstoodReport, n: number) {
  return {
    n,
    account_id: report.accountId,
    report_day: report.reportDay,
    uuid: newRowId(report.receivedAt),
    domain_id: report.domainId,
    message_id: report.messageId,
    reporter: report.reporter,
    submitter: report.submitter,
    contact_info: report.contactInfo,
    report_id: report.reportId,
    start_at: report.startAt,
    end_at: report.endAt,
    successful_sessions: report.successfulSessions,
    failed_sessions: report.failedSessions,
    result_types: report.resultTypes,
    trust: report.trust,
    transport: report.transport,
    quirks: report.quirks,
    identity: report.identity,
    policies: report.policies,
    received_at: report.receivedAt,
  };
}

function sortKey({ accountId, reportDay, identity }: UnderstoodReport): string {
  return `${accountId} ${reportDay} ${identity}`;
}
