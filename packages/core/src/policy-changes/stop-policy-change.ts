import type { PolicyChangeView } from "@waxseal/contract";
import type { Transaction } from "@waxseal/db";
import type { z } from "zod";
import { AppError } from "../app-error.ts";
import type { Context } from "../context.ts";
import { recordEvent } from "../record-event.ts";
import { requirePermission } from "../require-permission.ts";
import { getPolicyChange } from "./get-policy-change.ts";

/**
 * Ends a prepared change. Domains that still wait keep their policies; applied policies stay.
 * @throws AppError `not_found` – no such change in this account; `conflict` – nothing waits any more; `forbidden`
 */
export async function stopPolicyChange(
  ctx: Context,
  { changeId }: { changeId: string },
): Promise<z.infer<typeof PolicyChangeView>> {
  requirePermission(ctx, "policies.publish");
  await getPolicyChange(ctx, { changeId });
  await ctx.inTransaction((db) => stopWaitingLines(db, ctx, changeId, null));
  return getPolicyChange(ctx, { changeId });
}

/**
 * As `stopPolicyChange`, in the caller's transaction; `haltReason` says why it happened automatically.
 * @throws AppError `conflict` – nothing waits any more
 */
export async function stopWaitingLines(
  db: Transaction,
  ctx: Context,
  changeId: string,
  haltReason: string | null,
): Promise<void> {
  const { accountId } = ctx;
  const ended = await db.policyChange.updateMany({
    where: { accountId, id: changeId, endedAt: null },
    data: { endedAt: ctx.now(), nextWaveAt: null, haltReason },
  });
  if (ended.count === 0)
    throw new AppError("conflict", "This change has ended.", {
      reason: "change_ended",
      collidesWith: { kind: "policyChange", id: changeId },
    });
  const { count } = await db.policyChangeLine.updateMany({
    where: { accountId, changeId, state: "waiting" },
    data: { state: "stopped" },
  });
  await recordEvent(db, ctx, "policyChange.stopped", {
    changeId,
    stopped: count,
    ...(haltReason !== null && { haltReason }),
    before: { waiting: count },
  });
}
