import { AppError } from "../app-error.ts";
import type { Context } from "../context.ts";
import { enqueueJob } from "../enqueue-job.ts";
import { lockAccount } from "../lock-account.ts";
import { recordEvent } from "../record-event.ts";
import { requirePermission } from "../require-permission.ts";

/**
 * Begins the end of the account: every domain leaves the safe way, and once the last has left everything of the account is deleted.
 *
 * Until then it can be kept with `keepAccount`. `name` is the account's name, typed by the person. An account that manages customers
 * is not closed: they would be left without anybody.
 *
 * @throws AppError `forbidden`; `invalid` – another name; `conflict` – it manages customers, or is being closed already
 */
export async function closeAccount(ctx: Context, input: { name: string }): Promise<void> {
  requirePermission(ctx, "account.close");
  const { accountId } = ctx;
  await ctx.inTransaction(async (db) => {
    await lockAccount(db, accountId);
    const account = await db.organization.findUniqueOrThrow({ where: { id: accountId } });
    if (input.name.trim() !== account.name.trim()) {
      const problem = `This account's name is ${account.name}.`;
      throw new AppError("invalid", problem, { fields: [{ path: "name", problem }] });
    }
    if (account.closingAt) throw new AppError("conflict", "The account is being deleted already.");
    const customers = await db.organization.count({ where: { parentId: accountId } });
    if (customers > 0)
      throw new AppError("conflict", "The account still manages customers. Delete their accounts first.");
    await db.organization.update({ where: { id: accountId }, data: { closingAt: ctx.now() } });
    await recordEvent(db, ctx, "account.closing", { name: account.name });
    await enqueueJob(
      db,
      "account.finishClosing",
      { accountId },
      { key: `account.finishClosing:${accountId}` },
    );
  });
}
