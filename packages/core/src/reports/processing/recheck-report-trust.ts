import type { ReportTrust } from "@waxseal/db";
import { parseMessage } from "../understanding/understand-message.ts";
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
  const rows = await db.$queryRaw<{ account_id: string; message_id: string }[]>`
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
  const [message] = await readMessages(deps.db, [key]);
  if (!message) return true;
  const { parsed } = await parseMessage(message, deps);
  const judged = new Map<string, { trust: ReportTrust; submitter: string | null }>();
  for (const { report, trust, submitter } of parsed) judged.set(report.reportId, { trust, submitter });
  for (const [reportId, { trust, submitter }] of judged) {
    if (trust === "unknown") return false;
    await deps.db.tlsReport.updateMany({
      where: { accountId: key.accountId, messageId: key.id, reportId, trust: "unknown" },
      data: { trust, submitter },
    });
  }
  const where = { accountId: key.accountId, id: key.id, quarantineReason: "changed-copy" };
  if ((await deps.db.reportMessage.count({ where })) > 0) await processReportMessage(deps, key);
  return true;
}
