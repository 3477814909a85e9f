import type { Transaction } from "@waxseal/db";
import { type Context, jobActor } from "../context.ts";
import { recordEvent } from "../record-event.ts";
import type { StoredMessage } from "./store-understood-messages.ts";

const HOUR_MS = 60 * 60 * 1000;

/**
 * Tells the timeline of the first report of a domain ever, and of quarantine at most once an hour and domain: a stranger
 * who floods an address must not flood the audit log.
 */
export async function recordReportEvents(
  db: Transaction,
  stored: readonly StoredMessage[],
  source: Pick<Context, "now" | "db" | "inTransaction">,
): Promise<void> {
  const told = new Set<string>();
  const tellOnce = async (
    message: StoredMessage,
    kind: "report.received" | "report.quarantined",
    domainId: string | null,
  ) => {
    const key = `${kind} ${message.accountId} ${domainId}`;
    if (told.has(key)) return;
    told.add(key);
    const since = kind === "report.received" ? new Date(0) : new Date(source.now().getTime() - HOUR_MS);
    const where = { accountId: message.accountId, domainId, kind, at: { gt: since } };
    if (await db.event.findFirst({ where, select: { id: true } })) return;
    const actor = jobActor("report-ingest");
    const ctx: Context = { ...source, accountId: message.accountId, actor, role: "system" };
    const data = message.problem && kind === "report.quarantined" ? message.problem : {};
    await recordEvent(db, ctx, kind, {
      ...(domainId !== null && { domainId }),
      messageId: message.messageId,
      ...data,
    });
  };
  for (const message of stored) {
    for (const domainId of new Set(message.domainIds)) await tellOnce(message, "report.received", domainId);
    if (message.state === "quarantined") await tellOnce(message, "report.quarantined", message.domainId);
  }
}
