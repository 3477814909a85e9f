import type { ReparsedQuarantineView, ReparseQuarantineBody } from "@waxseal/contract";
import type { z } from "zod";
import type { Context } from "../../context.ts";
import { refuseCursor } from "../../list-cursor.ts";
import { recordEvent } from "../../record-event.ts";
import { requirePermission } from "../../require-permission.ts";
import { failToLookUp, type ImportDeps } from "./import-report.ts";
import { processReportMessage } from "./process-report-messages.ts";

type Reparsed = z.infer<typeof ReparsedQuarantineView>;

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Reprocesses the next messages of the account's quarantine, oldest first, with today's parser, and counts what was not counted before.
 *
 * Without a cursor it begins with the oldest, and says so in the audit log. Each message is a transaction of its own, so it may be
 * stopped anywhere and started again. Messages that another process is reading are skipped; those that arrive during the run are read too.
 *
 * @throws AppError `forbidden`
 * @throws AppError `invalid` – the cursor cannot be used
 */
export async function reparseQuarantine(
  ctx: Context,
  { cursor, limit }: z.infer<typeof ReparseQuarantineBody>,
  { lookUpKey = failToLookUp }: ImportDeps = {},
): Promise<Reparsed> {
  requirePermission(ctx, "reports.change");
  const { accountId, db, reports, now } = ctx;
  if (cursor !== undefined && !UUID.test(cursor)) throw refuseCursor();
  const waiting = (after: string | undefined) => ({
    accountId,
    state: "quarantined" as const,
    ...(after !== undefined && { id: { gt: after } }),
  });
  if (cursor === undefined) {
    const messages = await reports.reportMessage.count({ where: waiting(undefined) });
    await ctx.inTransaction((transaction) =>
      recordEvent(transaction, ctx, "quarantine.reparsed", { messages }),
    );
  }
  const page = await reports.reportMessage.findMany({
    where: waiting(cursor),
    select: { id: true },
    orderBy: { id: "asc" },
    take: limit,
  });
  const result = { read: 0, processed: 0, duplicate: 0, quarantined: 0 };
  for (const { id } of page) {
    const stored = await processReportMessage({ db, now, lookUpKey }, { accountId, id });
    if (!stored) continue;
    result.read++;
    result[stored.state]++;
  }
  const last = page.at(-1)?.id;
  const remaining = last === undefined ? 0 : await reports.reportMessage.count({ where: waiting(last) });
  return { ...result, remaining, nextCursor: remaining > 0 && last !== undefined ? last : null };
}
