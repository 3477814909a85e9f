import { reportsOf, sqlDatabase } from "@waxseal/db";
import { textArray } from "@waxseal/db/arrays";
import { addDailyRows } from "../counting/add-daily-rows.ts";
import { negate } from "../counting/exchange-reports.ts";
import { removeEmptyDailyRows } from "../counting/remove-empty-daily-rows.ts";
import type { JudgedTrust } from "../trust/judge-report-trust.ts";
import { listSignerDays } from "../trust/note-signers.ts";
import { settleClaims } from "../trust/settle-claims.ts";
import { countDomainRows } from "../understanding/count-domain-rows.ts";
import { type KeptMessage, parseMessage } from "../understanding/parse-message.ts";
import { storedPolicies } from "../understanding/stored-policies.ts";
import { inReportsTransaction, type ReportsWork } from "./in-reports-transaction.ts";
import {
  type MessageKey,
  type ProcessDeps,
  processReportMessage,
  readMessages,
} from "./process-report-messages.ts";

/** The messages since an instant whose signature could not be checked, newest first, at most `limit`. */
export async function listUncheckedMessages(
  { db }: ProcessDeps,
  { since, limit }: { since: Date; limit: number },
): Promise<MessageKey[]> {
  // Reports are about days at most 400 before they came; naming days lets Postgres leave out most partitions.
  const rows = await reportsOf(db).$queryRaw<{ account_id: string; message_id: string }[]>`
    select account_id, message_id::text
    from tls_report
    where trust = 'unknown' and received_at > ${since}::timestamptz
      and report_day >= ${since}::timestamptz::date - 10
    order by received_at desc
    limit ${limit}`;
  return rows.map((row) => ({ accountId: row.account_id, id: row.message_id }));
}

/**
 * Checks the signature of a message again whose key could not be looked up before, and notes the trust of its reports.
 *
 * One that turns out more trusted than a counted copy which says something else counts in its place from now on.
 * Answers whether it is known now; a message that is gone counts as known. Safe to repeat: a trust once known is never changed.
 */
export async function recheckReportTrust(deps: ProcessDeps, key: MessageKey): Promise<boolean> {
  const [message] = await readMessages({ reports: reportsOf(deps.db), state: deps.db }, [key]);
  if (!message) return true;
  const { parsed } = await parseMessage(message, deps);
  await settleClaims(sqlDatabase(deps.db), [{ message: key, parsed }]);
  const judged: Judged = new Map();
  for (const { report, trust, submitter, claim } of parsed)
    judged.set(report.reportId, { trust, submitter, claim });
  if ([...judged.values()].some(({ trust }) => trust === "unknown")) return false;
  await inReportsTransaction(deps, (transaction) => noteTrust(transaction, message, judged), TRANSACTION);
  const where = { accountId: key.accountId, id: key.id, quarantineReason: "changed-copy" };
  if ((await reportsOf(deps.db).reportMessage.count({ where })) > 0) await processReportMessage(deps, key);
  return true;
}

type Judged = Map<string, JudgedTrust>;
type NotedRow = {
  domain_id: string;
  report_day: string;
  reporter: string;
  report_id: string;
  policies: unknown;
};

const TRANSACTION = { timeoutMs: 60_000 };

/** Notes the trust of a message's reports, and moves their figures to where those of that trust are. */
async function noteTrust(
  { sql, cause }: ReportsWork,
  { accountId, id, receivedAt }: KeptMessage,
  judged: Judged,
): Promise<void> {
  const rows = [...judged];
  const noted = await sql.$queryRaw<NotedRow[]>`
    update tls_report t set trust = r.trust::report_trust, submitter = r.submitter
    from unnest(${textArray(rows.map(([reportId]) => reportId))}::text[], ${textArray(rows.map(([, { trust }]) => trust))}::text[],
      ${textArray(rows.map(([, { submitter }]) => submitter))}::text[]) as r(report_id, trust, submitter)
    where t.account_id = ${accountId} and t.message_id = ${id}::uuid and t.report_id = r.report_id and t.trust = 'unknown'
    returning t.domain_id::text, t.report_day::text, t.reporter, t.report_id, t.policies`;
  const moved = noted.flatMap((row) => {
    const now = judged.get(row.report_id);
    if (!now) return [];
    const place = { accountId, domainId: row.domain_id, reportDay: row.report_day, reporter: row.reporter };
    const counts = countDomainRows(storedPolicies(row.policies));
    const unknown = { ...place, trust: "unknown" as const, submitter: null };
    return [{ old: { ...unknown, ...negate(counts) }, now: { ...place, ...now, receivedAt, ...counts } }];
  });
  await addDailyRows(
    sql,
    moved.flatMap(({ old, now }) => [old, now]),
  );
  await removeEmptyDailyRows(
    sql,
    moved.map(({ old }) => old),
  );
  cause({ signers: listSignerDays(moved.map(({ now }) => now)) });
}
