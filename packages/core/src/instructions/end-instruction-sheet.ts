import { AppError } from "../app-error.ts";
import type { Context } from "../context.ts";
import { requirePermission } from "../require-permission.ts";
import { recordSheet } from "./record-sheet.ts";

/**
 * Ends a link to an instruction sheet at once.
 * @throws AppError `not_found` – no such link of this account, or one that was ended already; `forbidden`
 */
export async function endInstructionSheet(ctx: Context, { sheetId }: { sheetId: string }): Promise<void> {
  requirePermission(ctx, "domains.change");
  const key = { accountId: ctx.accountId, id: sheetId, endedAt: null };
  await ctx.inTransaction(async (db) => {
    const row = await db.instructionSheet.findFirst({ where: key });
    const { count } = await db.instructionSheet.updateMany({ where: key, data: { endedAt: ctx.now() } });
    if (!row || count === 0) throw new AppError("not_found", "There is no such link.");
    await recordSheet(db, ctx, "sheet.ended", row);
  });
}
