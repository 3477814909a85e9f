import { hash } from "node:crypto";
import { type Database, reportsOf, sqlDatabase } from "@waxseal/db";
import { newRowId } from "../../new-row-id.ts";
import type { TokenOwner } from "./find-token-owners.ts";

/** The Postgres channel on which a message that waits to be understood is announced. */
export const REPORTS_CHANNEL = "waxseal_reports";

/** What arrived, as it arrived. */
export type ArrivingReport = {
  /** One row is kept for each. */
  owners: readonly TokenOwner[];
  transport: "smtp" | "https";
  raw: Buffer;
  remoteAddress: string | null;
  envelopeFrom: string | null;
  contentType: string | null;
  receivedAt: Date;
};

/**
 * Stores a message: when this returns, it is committed, and the sender may be given a success answer.
 * The processes that understand reports are woken. Returns the ids of the rows, in the order of `owners`.
 *
 * RFC 8460 §5.4
 */
export async function receiveReport(db: Database, arriving: ArrivingReport): Promise<string[]> {
  const { owners, raw, receivedAt } = arriving;
  const ids = owners.map(() => newRowId(receivedAt));
  // One statement: all rows or none, the bytes sent once, and the notification with the commit.
  await sqlDatabase(reportsOf(db)).$queryRaw`
    with kept as (
      insert into report_message (account_id, id, domain_id, token, transport, received_at, remote_address,
        envelope_from, content_type, content_sha256, raw)
      select o.account_id, o.id, o.domain_id, o.token, ${arriving.transport}::report_transport, ${receivedAt}::timestamptz,
        ${oneLine(arriving.remoteAddress)}, ${oneLine(arriving.envelopeFrom)}, ${oneLine(arriving.contentType)},
        ${hash("sha256", raw)}, ${raw}::bytea
      from unnest(${owners.map((owner) => owner.accountId)}::text[], ${ids}::uuid[],
        ${owners.map((owner) => owner.domainId)}::uuid[], ${owners.map((owner) => owner.token)}::text[])
        as o(account_id, id, domain_id, token)
      returning 1
    )
    select pg_notify(${REPORTS_CHANNEL}, count(*)::text)::text from kept`;
  return ids;
}

/** Strangers' words for a text column: no control characters (Postgres refuses NUL), at most 500 characters. */
export function oneLine(text: string | null): string | null {
  if (text === null) return null;
  return Array.from(text.slice(0, 500), (char) => (char < " " || char === "\x7f" ? " " : char))
    .join("")
    .toWellFormed();
}
