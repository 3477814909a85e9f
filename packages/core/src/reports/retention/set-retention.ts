import type { RetentionBody } from "@waxseal/contract";
import type { z } from "zod";
import type { Context } from "../../context.ts";
import { recordEvent } from "../../record-event.ts";
import { requirePermission } from "../../require-permission.ts";
import { allowDeletions } from "./hold-large-deletions.ts";
import { DEFAULT_RETENTION } from "./report-retention.ts";

/**
 * Says how many days the account's reports are kept. What is older goes with the next daily run; a longer time brings nothing back.
 * @throws AppError `forbidden`
 */
export async function setRetention(
  ctx: Context,
  { rawDays, dailyDays }: z.infer<typeof RetentionBody>,
): Promise<void> {
  requirePermission(ctx, "account.manage");
  const { accountId } = ctx;
  await ctx.inTransaction(async (db) => {
    const old = (await db.reportRetention.findUnique({ where: { accountId } })) ?? DEFAULT_RETENTION;
    const data = { rawDays, dailyDays };
    // The owner has confirmed what this deletes: the operator is not asked as well.
    if (rawDays < old.rawDays || dailyDays < old.dailyDays) await allowDeletions(db, accountId);
    await db.reportRetention.upsert({ where: { accountId }, create: { accountId, ...data }, update: data });
    await recordEvent(db, ctx, "retention.changed", {
      ...data,
      before: { rawDays: old.rawDays, dailyDays: old.dailyDays },
    });
  });
}
