import { refuseStaleSignIn } from "../accounts/refuse-stale-sign-in.ts";
import { AppError } from "../app-error.ts";
import type { Context } from "../context.ts";
import { enqueueJob } from "../enqueue-job.ts";
import { lockAccount } from "../lock-account.ts";
import { accountClosingMail } from "../mail/format-account-mails.ts";
import { recordEvent } from "../record-event.ts";
import { requirePermission } from "../require-permission.ts";
import { getClosing } from "./get-closing.ts";
import { type ClosingDeps, mailOwners } from "./mail-owners.ts";

/**
 * Begins the end of the account: a day later every domain leaves the safe way, and once the last has left everything of the account is
 * deleted. All owners get a mail.
 *
 * Until then it can be kept with `keepAccount`. `name` is the account's name, typed to confirm. An account that manages customers
 * is not closed: they would be left without a provider.
 *
 * @throws AppError `forbidden` – also signed in more than 15 minutes ago; `invalid` – another name; `conflict` – it manages customers, or is being closed already
 */
export async function closeAccount(
  ctx: Context,
  input: { name: string; signedInAt: Date },
  deps: ClosingDeps,
): Promise<void> {
  requirePermission(ctx, "account.close");
  refuseStaleSignIn(ctx.now(), input.signedInAt);
  const { accountId } = ctx;
  const accountName = await ctx.inTransaction(async (db) => {
    await lockAccount(db, accountId);
    const account = await db.organization.findUniqueOrThrow({ where: { id: accountId } });
    if (input.name.trim() !== account.name.trim()) {
      const problem = `This account's name is ${account.name}.`;
      throw new AppError("invalid", problem, { fields: [{ path: "name", problem }] });
    }
    if (account.closingAt)
      throw new AppError("conflict", "The account is being deleted already.", {
        reason: "account_closing",
        collidesWith: { kind: "account", id: accountId },
      });
    const customer = await db.organization.findFirst({
      where: { parentId: accountId },
      orderBy: [{ name: "asc" }, { id: "asc" }],
      select: { id: true },
    });
    if (customer)
      throw new AppError("conflict", "The account still manages customers. Delete their accounts first.", {
        reason: "account_has_customers",
        collidesWith: { kind: "customer", id: customer.id },
      });
    await db.organization.update({ where: { id: accountId }, data: { closingAt: ctx.now() } });
    await recordEvent(db, ctx, "account.closing", { name: account.name });
    await enqueueJob(
      db,
      "account.finishClosing",
      { accountId },
      { key: `account.finishClosing:${accountId}` },
    );
    return account.name;
  });
  const { beginsAt, domains } = await getClosing(ctx);
  const url = `${deps.publicUrl}/a/${accountId}/settings/account`;
  await mailOwners(ctx, deps, (to) =>
    accountClosingMail(to, { accountName, by: ctx.actor.name, url, beginsAt, domains }),
  );
}
