import { AppError } from "../app-error.ts";
import type { Context } from "../context.ts";
import { recordEvent } from "../record-event.ts";
import { requirePermission } from "../require-permission.ts";

/**
 * Ends an API key of the account at once.
 * @throws AppError `not_found` – no such key in this account
 */
export async function deleteApiKey(ctx: Context, input: { apiKeyId: string }): Promise<void> {
  requirePermission(ctx, "apiKeys.manage");
  await ctx.inTransaction(async (db) => {
    const row = await db.apikey.findFirst({ where: { id: input.apiKeyId, referenceId: ctx.accountId } });
    if (!row) throw missing();
    const { count } = await db.apikey.deleteMany({ where: { id: row.id } });
    if (count === 0) throw missing();
    await recordEvent(db, ctx, "apiKey.deleted", { name: row.name, start: row.start });
  });
}

function missing(): AppError {
  return new AppError("not_found", "There is no such API key.");
}
