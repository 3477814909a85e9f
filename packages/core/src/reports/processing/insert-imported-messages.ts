import { hash } from "node:crypto";
import { bytesArray, textArray } from "@waxseal/db/arrays";
import type { SqlTransaction } from "@waxseal/db/sql";
import type { KeptMessage } from "../understanding/parse-message.ts";
import type { StoredMessage } from "./store-understood-messages.ts";

/** Keeps imported messages together with what became of them, in the caller's transaction; both lists are in the same order. */
export async function insertImportedMessages(
  sql: SqlTransaction,
  messages: readonly KeptMessage[],
  stored: readonly StoredMessage[],
): Promise<void> {
  const [first] = messages;
  if (!first) return;
  const { accountId, receivedAt } = first;
  const texts = (pick: (message: StoredMessage) => string | null) => textArray(stored.map(pick));
  await sql.$executeRaw`
    insert into report_message (account_id, id, domain_id, transport, received_at, file_name, content_sha256, raw, state,
      quarantine_reason, quarantine_detail, processed_at)
    select ${accountId}, r.id::uuid, r.domain_id::uuid, 'import', ${receivedAt}::timestamptz, r.file_name, r.sha256, r.raw,
      r.state::report_message_state, r.reason, r.detail, ${receivedAt}::timestamptz
    from unnest(${textArray(messages.map(({ id }) => id))}::text[], ${texts(({ domainId }) => domainId)}::text[],
      ${textArray(messages.map(({ fileName }) => fileName))}::text[], ${textArray(messages.map(({ raw }) => hash("sha256", raw)))}::text[],
      ${bytesArray(messages.map(({ raw }) => raw))}::bytea[], ${texts(({ state }) => state)}::text[],
      ${texts(({ problem }) => problem?.reason ?? null)}::text[], ${texts(({ problem }) => problem?.detail ?? null)}::text[])
      as r(id, domain_id, file_name, sha256, raw, state, reason, detail)`;
}
