import { AppError } from "../app-error.ts";
import type { Context } from "../context.ts";
import { enqueueJob } from "../enqueue-job.ts";
import { lockAccount } from "../lock-account.ts";
import { accountKeptMail } from "../mail/format-account-mails.ts";
import { recordEvent } from "../record-event.ts";
import { requirePermission } from "../require-permission.ts";
import { type ClosingDeps, mailOwners } from "./mail-owners.ts";

/**
 * Takes the closing of the account back. Domains that began to leave because of it are restored by a job, enforced policies in mode testing;
 * those that have left must be added again. All owners get a mail.
 * @throws AppError `forbidden`; `conflict` – it is not being closed
 */
export async function keepAccount(ctx: Context, deps: ClosingDeps): Promise<void> {
  requirePermission(ctx, "account.close");
  const { accountId } = ctx;
  const name = await ctx.inTransaction(async (db) => {
    await lockAccount(db, accountId);
    const account = await db.organization.findUniqueOrThrow({ where: { id: accountId } });
    if (!account.closingAt)
      throw new AppError("conflict", "The account is not being deleted.", {
        reason: "account_not_closing",
        collidesWith: { kind: "account", id: accountId },
      });
    await db.organization.update({ where: { id: accountId }, data: { closingAt: null } });
    await recordEvent(db, ctx, "account.keptOpen", {});
    const closingAt = account.closingAt.toISOString();
    const key = `account.restoreDomains:${accountId}`;
    await enqueueJob(db, "account.restoreDomains", { accountId, closingAt }, { key });
    return account.name;
  });
  await mailOwners(ctx, deps, (to) => accountKeptMail(to, { accountName: name, by: ctx.actor.name }));
}
