import type { InstructionSheet, Transaction } from "@waxseal/db";
import type { Context } from "../context.ts";
import { recordEvent } from "../record-event.ts";
import { findSubject, inScope } from "./instruction-scope.ts";

/**
 * Leaves an event in the log of this account, and in that of every customer whose domains are shown, which reads of its own domains only.
 * In the transaction that makes or ends the link.
 */
export async function recordSheet(
  db: Transaction,
  ctx: Context,
  kind: "sheet.created" | "sheet.ended",
  row: InstructionSheet,
): Promise<void> {
  const subject = await findSubject(db, row);
  const owners = row.domainIds.length > 0 ? await listOwners(db, row) : [];
  const owned = Map.groupBy(owners, ({ accountId }) => accountId);
  const facts = { only: row.missingOnly ? "missing" : "all", expiresAt: row.expiresAt.toISOString() };
  const subjectIds = subject && row.subjectId !== null ? [row.subjectId] : [];
  for (const accountId of new Set([ctx.accountId, ...subjectIds, ...owned.keys()])) {
    const domainIds =
      accountId === ctx.accountId ? row.domainIds : (owned.get(accountId) ?? []).map(({ id }) => id);
    await recordEvent(db, { ...ctx, accountId }, kind, {
      subject: subject?.name ?? `${domainIds.length} chosen ${domainIds.length === 1 ? "domain" : "domains"}`,
      domainIds,
      sheetId: row.id,
      mailedTo: row.mailedTo,
      ...(kind === "sheet.created" ? facts : { before: facts }),
    });
  }
}

async function listOwners(
  db: Transaction,
  row: InstructionSheet,
): Promise<{ accountId: string; id: string }[]> {
  return db.$queryRaw`select d.account_id as "accountId", d.id from ${inScope(row)} order by d.domain, d.id`;
}
