import { formatInstant } from "@waxseal/contract/format-instant";
import { type Database, sqlDatabase } from "@waxseal/db";
import { clipText } from "../clip-text.ts";
import type { Mailer } from "./create-mailer.ts";

/** How the operator's mail leaves. */
export type ForwardDeps = {
  db: Database;
  mailer: Mailer;
  operatorAddress: string;
  /** Marks what was forwarded, so that it is known when it comes back. */
  reportsDomain: string;
  onFailure(error: unknown): void;
};

type Row = {
  id: string;
  mailbox: string;
  received_at: Date;
  remote_address: string | null;
  envelope_from: string | null;
  raw: Uint8Array;
};

const MAX_AT_ONCE = 20;
/** In the header of every mail that we forward, with the reports domain as its value. */
export const FORWARDED_HEADER = "X-Waxseal-Forwarded";

/**
 * Forwards the mails for the operator that are due, oldest first; each goes as an attachment of a mail of our own, so that it passes
 * DMARC. What the mail server does not take is tried again after 2, 4, 8 … minutes, at most 6 hours; nothing is given up.
 *
 * Safe to run twice and several at once: a mail is reserved before it is sent. Killed in between, it is sent again, with the same
 * Message-ID.
 *
 * RFC 5321 §4.5.1, §6.3
 */
export async function forwardOperatorMail(deps: ForwardDeps): Promise<{ sent: number; failed: number }> {
  const result = { sent: 0, failed: 0 };
  for (let count = 0; count < MAX_AT_ONCE; count++) {
    const row = await reserveNext(deps.db);
    if (!row) break;
    try {
      await deps.mailer.sendMail(formatForward(row, deps));
      await sqlDatabase(deps.db).$queryRaw`delete from operator_mail where id = ${row.id}::uuid returning 1`;
      result.sent += 1;
    } catch (error) {
      deps.onFailure(error);
      result.failed += 1;
    }
  }
  return result;
}

async function reserveNext(db: Database): Promise<Row | undefined> {
  const [row] = await sqlDatabase(db).$queryRaw<Row[]>`
    update operator_mail set attempts = attempts + 1,
      next_attempt_at = clock_timestamp() + least(interval '1 minute' * power(2, least(attempts, 12) + 1), interval '6 hours')
    where id = (
      select id from operator_mail where next_attempt_at <= clock_timestamp() and mailbox not like 'b+%'
      order by received_at limit 1 for update skip locked
    )
    returning id::text, mailbox, received_at, remote_address, envelope_from, raw`;
  return row;
}

function formatForward(row: Row, { operatorAddress, reportsDomain }: ForwardDeps) {
  const sender = row.envelope_from || "none (a bounce or an automatic reply)";
  const text = [
    `This mail was sent to ${row.mailbox}. It is attached as it arrived.`,
    "",
    `From: ${clipText(sender, 320)}`,
    `Sent by: ${row.remote_address ?? "unknown"}`,
    `Received: ${formatInstant(row.received_at)}`,
    "",
    "Waxseal forwards mail to postmaster and abuse at the reports domain to you (OPERATOR_MAIL).",
  ].join("\n");
  return {
    to: operatorAddress,
    subject: `Mail to ${row.mailbox}`,
    text,
    html: `<pre>${escapeHtml(text)}</pre>`,
    messageId: `<${row.id}@${reportsDomain}>`,
    headers: { [FORWARDED_HEADER]: reportsDomain, "Auto-Submitted": "auto-generated" },
    original: row.raw,
  };
}

function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
