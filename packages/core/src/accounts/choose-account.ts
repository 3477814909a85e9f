import { AppError } from "../app-error.ts";
import type { Context } from "../context.ts";
import { findUserAccess } from "./find-access.ts";

/**
 * Makes the dashboard start in another account. Requests name their account themselves.
 * @throws AppError `not_found` – no such account, or the user has no role in it; `conflict` – asked with an API key
 */
export async function chooseAccount(
  ctx: Context,
  input: { sessionId: string | undefined; ssoAccountId: string | null | undefined; accountId: string },
): Promise<void> {
  const { sessionId, ssoAccountId, accountId } = input;
  if (sessionId === undefined) {
    throw new AppError(
      "conflict",
      "An API key names a customer in the header X-Waxseal-Account of each request.",
      { reason: "not_a_person" },
    );
  }
  const access = await findUserAccess(ctx.db, ctx.actor.id, accountId, ssoAccountId);
  if (!access) throw new AppError("not_found", "There is no such account.");
  await ctx.db.session.updateMany({ where: { id: sessionId }, data: { activeOrganizationId: accountId } });
  // The next sign-in starts there too; an account's single sign-on has no say in it.
  if (!ssoAccountId)
    await ctx.db.user.update({ where: { id: ctx.actor.id }, data: { lastAccountId: accountId } });
}
