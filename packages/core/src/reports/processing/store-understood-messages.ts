import { formatDay } from "@waxseal/contract/format-instant";
import { textArray } from "@waxseal/db/arrays";
import type { SqlTransaction } from "@waxseal/db/sql";
import { addDailyRows } from "../counting/add-daily-rows.ts";
import { type CountedReport, exchangeReports } from "../counting/exchange-reports.ts";
import { removeEmptyDailyRows } from "../counting/remove-empty-daily-rows.ts";
import { newReportIds, reportColumns } from "../counting/report-columns.ts";
import { withdrawForeignTwins } from "../counting/withdraw-foreign-twins.ts";
import type { ReportProblem } from "../reading/report-problem.ts";
import { isMoreTrusted } from "../trust/is-more-trusted.ts";
import { listSignerDays } from "../trust/note-signers.ts";
import type { UnderstoodMessage } from "../understanding/route-message.ts";
import type { UnderstoodReport } from "../understanding/understood-report.ts";
import type { ReportsWork } from "./in-reports-transaction.ts";

/** What became of a message; `reports` are those counted now. */
export type StoredMessage = {
  accountId: string;
  messageId: string;
  domainId: string | null;
  state: "processed" | "duplicate" | "quarantined";
  problem: ReportProblem | null;
  reports: number;
  /** Reports that were counted before, word for word. */
  duplicates: number;
  /** All that could not be used; `problem` sums them up. */
  problems: ReportProblem[];
  /** Domains that were given a report now. */
  domainIds: string[];
  /** A key could not be looked up: worth checking again later. */
  hasUnknownTrust: boolean;
};

type CountingWork = Pick<ReportsWork, "sql" | "isDistributed" | "cause">;

type Fate = "counted" | "known" | "duplicate" | "changed";

/**
 * Counts the reports of messages and records the outcome of each message, in the caller's transaction.
 * The rules of {@link countUnderstoodMessages} hold here too.
 */
export async function storeUnderstoodMessages(
  transaction: CountingWork,
  messages: readonly UnderstoodMessage[],
  now: Date,
): Promise<StoredMessage[]> {
  const count = transaction.isDistributed ? countByAccount : countUnderstoodMessages;
  const stored = await count(transaction, messages, now);
  await updateMessages(transaction.sql, stored, now);
  return stored;
}

/** Where tables are distributed: one node has all rows of an account. Processes take accounts in one order. */
async function countByAccount(
  transaction: CountingWork,
  messages: readonly UnderstoodMessage[],
  now: Date,
): Promise<StoredMessage[]> {
  const byAccount = [...Map.groupBy(messages, ({ message }) => message.accountId)];
  const counted = new Map<string, StoredMessage>();
  for (const [, own] of byAccount.sort(([a], [b]) => (a < b ? -1 : 1))) {
    for (const each of await countUnderstoodMessages(transaction, own, now))
      counted.set(each.messageId, each);
  }
  return messages.flatMap(({ message }) => counted.get(message.id) ?? []);
}

/**
 * Counts the reports of messages and answers what became of each message, in the caller's transaction, which has to keep it.
 *
 * A report whose identity is there already is counted no more: a duplicate when it says the same, else a changed copy.
 * Unless it is more trusted than the counted one: then it counts instead, and the other is the changed copy. A copy that
 * another domain signed counts beside the reporter's own where it says something else, and not at all where it says the same. A message of which
 * anything could not be used is in quarantine, whatever else of it counted. The month partitions must be there. Answers are in
 * the order of `messages`.
 */
export async function countUnderstoodMessages(
  { sql, isDistributed, cause }: CountingWork,
  messages: readonly UnderstoodMessage[],
  now: Date,
): Promise<StoredMessage[]> {
  const reports = messages.flatMap((message) => message.reports);
  const fates = new Map<UnderstoodReport, Fate>();
  const twins = await withdrawForeignTwins({ sql, isDistributed }, reports);
  for (const report of twins.known) fates.set(report, "duplicate");
  const left = await insertReports(
    sql,
    reports.filter((report) => !twins.known.has(report)),
    fates,
  );
  const exchanges = await compareWithCounted(sql, left, fates);
  const withdrawn = [...twins.withdrawn, ...(await exchangeReports(sql, exchanges, now))];
  const counted = reports.filter((report) => fates.get(report) === "counted");
  await addDailyRows(sql, [...counted, ...withdrawn]);
  await removeEmptyDailyRows(sql, withdrawn);
  cause({ signers: listSignerDays(counted) });
  return messages.map((message) => conclude(message, fates));
}

async function insertReports(
  sql: SqlTransaction,
  reports: readonly UnderstoodReport[],
  fates: Map<UnderstoodReport, Fate>,
): Promise<UnderstoodReport[]> {
  if (reports.length === 0) return [];
  // Two processes with the same report wait for each other on the unique key: one order for all means no deadlock.
  const sorted = inOrderOfIdentity(reports);
  const ids = newReportIds(sorted);
  const columns = reportColumns(sorted);
  const inserted = await sql.$queryRaw<{ id: string }[]>`
    insert into tls_report (account_id, report_day, id, domain_id, message_id, reporter, submitter, contact_info, report_id,
      start_at, end_at, successful_sessions, failed_sessions, result_types, trust, transport, quirks, identity, policies, received_at)
    select account_id, report_day, id::uuid, domain_id::uuid, message_id::uuid, reporter, submitter, contact_info, report_id,
      start_at, end_at, successful, failed, string_to_array(result_types, E'\\t'), trust::report_trust, transport::report_transport,
      string_to_array(quirks, E'\\t'), identity, policies, received_at
    from unnest(${columns.accountIds}::text[], ${columns.reportDays}::text[]::date[], ${textArray(ids)}::text[], ${columns.domainIds}::text[],
      ${columns.messageIds}::text[], ${columns.reporters}::text[], ${columns.submitters}::text[], ${columns.contactInfos}::text[],
      ${columns.reportIds}::text[], ${columns.startsAt}::timestamptz[], ${columns.endsAt}::timestamptz[], ${columns.successful}::int8[],
      ${columns.failed}::int8[], ${columns.resultTypes}::text[], ${columns.trusts}::text[], ${columns.transports}::text[],
      ${columns.quirks}::text[], ${columns.identities}::text[], ${columns.policies}::jsonb[], ${columns.receivedAt}::timestamptz[])
      with ordinality as r(account_id, report_day, id, domain_id, message_id, reporter, submitter, contact_info, report_id, start_at,
        end_at, successful, failed, result_types, trust, transport, quirks, identity, policies, received_at, n)
    order by n
    on conflict (account_id, report_day, identity) do nothing
    returning id::text`;
  const fresh = new Set(inserted.map(({ id }) => id));
  const left: UnderstoodReport[] = [];
  for (const [index, report] of sorted.entries()) {
    if (fresh.has(ids[index] ?? "")) fates.set(report, "counted");
    else left.push(report);
  }
  return left;
}

type Outcome = { fates: Map<UnderstoodReport, Fate>; exchanges: Map<UnderstoodReport, CountedReport> };
type Comparison = Omit<CountedReport, "same"> & { n: number; same: boolean; own: boolean };

/** Says what becomes of reports whose identity is there, and which of them take the place of the counted one. */
async function compareWithCounted(
  sql: SqlTransaction,
  reports: readonly UnderstoodReport[],
  fates: Map<UnderstoodReport, Fate>,
): Promise<Map<UnderstoodReport, CountedReport>> {
  const exchanges = new Map<UnderstoodReport, CountedReport>();
  // Distributed tables lock rows of one account at a time.
  for (const [accountId, own] of Map.groupBy(reports, (report) => report.accountId))
    await compareInAccount(sql, accountId, own, { fates, exchanges });
  return exchanges;
}

async function compareInAccount(
  sql: SqlTransaction,
  accountId: string,
  reports: readonly UnderstoodReport[],
  { fates, exchanges }: Outcome,
): Promise<void> {
  const columns = reportColumns(reports);
  // Locked in the order in which they are inserted, so that of two better copies the second sees the first.
  const rows = await sql.$queryRaw<Comparison[]>`
    select r.n::int - 1 as n, t.policies = r.policies as same, t.message_id = r.message_id::uuid as own,
      t.trust::text, t.submitter, t.message_id::text as "messageId", t.reporter, t.policies
    from unnest(${columns.reportDays}::text[]::date[], ${columns.identities}::text[], ${columns.messageIds}::text[],
      ${columns.policies}::jsonb[]) with ordinality as r(report_day, identity, message_id, policies, n)
    join tls_report t on t.account_id = ${accountId} and t.report_day = r.report_day and t.identity = r.identity
    order by r.n
    for update of t`;
  const inPlace = new Map<string, UnderstoodReport>();
  for (const { n, same, own, ...counted } of rows) {
    const report = reports[n];
    if (!report) continue;
    const better = inPlace.get(report.identity);
    if (better) {
      fates.set(report, report.policiesJson === better.policiesJson ? "duplicate" : "changed");
    } else if (!own && isMoreTrusted(report.trust, counted.trust)) {
      inPlace.set(report.identity, report);
      exchanges.set(report, { ...counted, same });
      fates.set(report, "counted");
    } else {
      fates.set(report, same ? (own ? "known" : "duplicate") : "changed");
    }
  }
}

function conclude({ message, reports, problems }: UnderstoodMessage, fates: Map<UnderstoodReport, Fate>) {
  const countOf = (fate: Fate) => reports.filter((report) => fates.get(report) === fate).length;
  const all = [...problems, ...changedProblems(reports, fates)];
  const [first, ...others] = all;
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
    duplicates: countOf("duplicate"),
    problems: all,
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
      detail: `A report of ${reporter} for ${formatDay(reportDay)} with the same id was counted before, and says something else.`,
    }));
}

async function updateMessages(
  sql: SqlTransaction,
  stored: readonly StoredMessage[],
  now: Date,
): Promise<void> {
  const texts = (pick: (message: StoredMessage) => string | null) => textArray(stored.map(pick));
  await sql.$executeRaw`
    update report_message m
    set state = r.state::report_message_state, quarantine_reason = r.reason, quarantine_detail = r.detail, processed_at = ${now}::timestamptz,
      domain_id = coalesce(m.domain_id, r.domain_id::uuid)
    from unnest(${texts((each) => each.accountId)}::text[], ${texts((each) => each.messageId)}::text[], ${texts((each) => each.domainId)}::text[],
      ${texts((each) => each.state)}::text[], ${texts((each) => each.problem?.reason ?? null)}::text[],
      ${texts((each) => each.problem?.detail ?? null)}::text[]) as r(account_id, id, domain_id, state, reason, detail)
    where m.account_id = r.account_id and m.id = r.id::uuid`;
}

/** Sorts copies of one report by trust: the first one counts. */
function inOrderOfIdentity(reports: readonly UnderstoodReport[]): UnderstoodReport[] {
  return reports
    .map((report) => ({ report, key: `${report.accountId} ${report.reportDay} ${report.identity}` }))
    .sort((a, b) =>
      a.key === b.key
        ? Number(isMoreTrusted(b.report.trust, a.report.trust)) -
          Number(isMoreTrusted(a.report.trust, b.report.trust))
        : a.key < b.key
          ? -1
          : 1,
    )
    .map(({ report }) => report);
}
