import { isDeepStrictEqual } from "node:util";
import type { Transaction } from "@waxseal/db";
import { addDailyRows } from "./add-daily-rows.ts";
import { type CountedReport, exchangeReports } from "./exchange-reports.ts";
import { isMoreTrusted } from "./is-more-trusted.ts";
import { removeEmptyDailyRows } from "./remove-empty-daily-rows.ts";
import { reportAsRow } from "./report-as-row.ts";
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
 * A report whose identity is there already is counted no more: a duplicate when it says the same, else a changed copy.
 * Unless it is more trusted than the counted one: then it counts instead, and the other is the changed copy. A message of which anything could not be used is in quarantine, whatever else of it counted. The month partitions must be
 * there. Answers are in the order of `messages`.
 */
export async function storeUnderstoodMessages(
  db: Transaction,
  messages: readonly UnderstoodMessage[],
  now: Date,
): Promise<StoredMessage[]> {
  const reports = messages.flatMap((message) => message.reports);
  const fates = new Map<UnderstoodReport, Fate>();
  const left = await insertReports(db, reports, fates);
  const exchanges = await compareWithCounted(db, left, fates);
  const withdrawn = await exchangeReports(db, exchanges, now);
  const counted = reports.filter((report) => fates.get(report) === "counted");
  await addDailyRows(db, [...counted, ...withdrawn]);
  await removeEmptyDailyRows(db, withdrawn);
  const stored = messages.map((message) => conclude(message, fates));
  await updateMessages(db, stored, now);
  return stored;
}

async function insertReports(
  db: Transaction,
  reports: readonly UnderstoodReport[],
  fates: Map<UnderstoodReport, Fate>,
): Promise<UnderstoodReport[]> {
  if (reports.length === 0) return [];
  // Two processes with the same report wait for each other on the unique key: one order for all means no deadlock.
  const sorted = reports.toSorted(byIdentity);
  const json = rowsAsJson(sorted.map((report, n) => reportAsRow(report, n)));
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
  return left;
}

type Comparison = Omit<CountedReport, "same"> & { n: number; same: boolean; own: boolean };

/** Says what becomes of reports whose identity is there, and which of them take the place of the counted one. */
async function compareWithCounted(
  db: Transaction,
  reports: readonly UnderstoodReport[],
  fates: Map<UnderstoodReport, Fate>,
): Promise<Map<UnderstoodReport, CountedReport>> {
  const exchanges = new Map<UnderstoodReport, CountedReport>();
  if (reports.length === 0) return exchanges;
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
  // Locked in the order in which they are inserted, so that of two better copies the second sees the first.
  const rows = await db.$queryRaw<Comparison[]>`
    select r.n, t.policies = r.policies as same, t.message_id = r.message_id as own,
      t.trust::text, t.message_id::text as "messageId", t.reporter, t.policies
    from jsonb_to_recordset(${json}::jsonb) as r(n int, account_id text, report_day date, identity text, message_id uuid, policies jsonb)
    join tls_report t on t.account_id = r.account_id and t.report_day = r.report_day and t.identity = r.identity
    order by r.n
    for update of t`;
  const inPlace = new Map<string, UnderstoodReport>();
  for (const { n, same, own, ...counted } of rows) {
    const report = reports[n];
    if (!report) continue;
    const place = `${report.accountId} ${report.identity}`;
    const better = inPlace.get(place);
    if (better) {
      fates.set(report, isDeepStrictEqual(report.policies, better.policies) ? "duplicate" : "changed");
    } else if (!own && isMoreTrusted(report.trust, counted.trust)) {
      inPlace.set(place, report);
      exchanges.set(report, { ...counted, same });
      fates.set(report, "counted");
    } else {
      fates.set(report, same ? (own ? "known" : "duplicate") : "changed");
    }
  }
  return exchanges;
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

/** Of copies of one report the most trusted is first, and so the one that counts. */
function byIdentity(a: UnderstoodReport, b: UnderstoodReport): number {
  const [keyA, keyB] = [sortKey(a), sortKey(b)];
  if (keyA !== keyB) return keyA < keyB ? -1 : 1;
  return Number(isMoreTrusted(b.trust, a.trust)) - Number(isMoreTrusted(a.trust, b.trust));
}

function sortKey({ accountId, reportDay, identity }: UnderstoodReport): string {
  return `${accountId} ${reportDay} ${identity}`;
}
