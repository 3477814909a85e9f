import { createHash } from "node:crypto";
import type { Transaction } from "@waxseal/db";
import { rowsAsJson } from "./rows-as-json.ts";
import type { KeptMessage } from "./understand-message.ts";

/**
 * Keeps messages, in the caller's transaction. All bytes travel as one parameter and are cut apart by Postgres: that is
 * several times cheaper than a parameter each.
 */
export async function insertImportedMessages(
  db: Transaction,
  messages: readonly KeptMessage[],
): Promise<void> {
  let offset = 0;
  const rows = messages.map(({ accountId, id, transport, raw, fileName, receivedAt }) => {
    const start = offset;
    offset += raw.length;
    return {
      account_id: accountId,
      uuid: id,
      transport,
      file_name: fileName,
      received_at: receivedAt,
      sha256: createHash("sha256").update(raw).digest("hex"),
      start: start + 1,
      length: raw.length,
    };
  });
  const bytes = Buffer.concat(messages.map(({ raw }) => raw));
  await db.$executeRaw`
    with sent as materialized (select ${bytes}::bytea as bytes)
    insert into report_message (account_id, id, transport, received_at, file_name, content_sha256, raw)
    select r.account_id, r.uuid, r.transport, r.received_at, r.file_name, r.sha256, substr(sent.bytes, r.start, r.length)
    from sent, jsonb_to_recordset(${rowsAsJson(rows)}::jsonb) as r(account_id text, uuid uuid, transport report_transport,
      received_at timestamptz, file_name text, sha256 text, start int, length int)`;
}
