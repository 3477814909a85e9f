import { QuarantineReason, type ReparseView } from "@waxseal/contract";
import type { z } from "zod";
import { AppError } from "../../app-error.ts";
import type { Context } from "../../context.ts";
import { requirePermission } from "../../require-permission.ts";
import { explainQuarantine } from "../reading/explain-quarantine.ts";
import type { ImportDeps } from "./import-report.ts";
import { failToLookUp } from "./import-report.ts";
import { processReportMessage } from "./process-report-messages.ts";

/**
 * Reads a message in quarantine again, with today's parser, and counts what was not counted before.
 *
 * @throws AppError `not_found` – no such message in this account's quarantine
 * @throws AppError `conflict` – it is being read right now
 */
export async function reparseMessage(
  ctx: Context,
  { messageId }: { messageId: string },
  { lookUpKey = failToLookUp }: ImportDeps = {},
): Promise<z.infer<typeof ReparseView>> {
  requirePermission(ctx, "reports.change");
  const message = await ctx.reports.reportMessage.findFirst({
    where: { accountId: ctx.accountId, id: messageId, state: "quarantined" },
    select: { id: true },
  });
  if (!message) throw new AppError("not_found", "There is no such message in quarantine.");
  const deps = { db: ctx.db, now: ctx.now, lookUpKey };
  const stored = await processReportMessage(deps, { accountId: ctx.accountId, id: messageId });
  if (!stored)
    throw new AppError("conflict", "This message is being read right now.", {
      reason: "message_in_use",
      collidesWith: { kind: "message", id: messageId },
    });
  const reason = stored.problem ? QuarantineReason.parse(stored.problem.reason) : null;
  return { state: stored.state, reason, title: reason && explainQuarantine(reason, null).title };
}
