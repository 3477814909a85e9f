import type { RetentionView } from "@waxseal/contract";
import type { z } from "zod";
import type { Context } from "../../context.ts";
import { requirePermission } from "../../require-permission.ts";
import { DEFAULT_RETENTION } from "./report-retention.ts";

/** How many days the account's reports are kept. @throws AppError `forbidden` */
export async function getRetention(ctx: Context): Promise<z.infer<typeof RetentionView>> {
  requirePermission(ctx, "account.read");
  const row = await ctx.db.reportRetention.findUnique({ where: { accountId: ctx.accountId } });
  const { rawDays, dailyDays } = row ?? DEFAULT_RETENTION;
  return { rawDays, dailyDays, isDefault: row === null };
}
