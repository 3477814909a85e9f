import { AppError } from "../app-error.ts";
import type { Context } from "../context.ts";
import { lockAccount } from "../lock-account.ts";
import { recordEvent } from "../record-event.ts";
import { requirePermission } from "../require-permission.ts";
import { endSsoSessions } from "./end-sso-sessions.ts";

/**
 * Removes the account's single sign-on and ends every session opened with it. Members without a password set one by mail.
 * @throws AppError `forbidden`; `not_found` – there is none
 */
export async function removeSso(ctx: Context): Promise<void> {
  requirePermission(ctx, "sso.manage");
  const { accountId } = ctx;
  await ctx.inTransaction(async (db) => {
    await lockAccount(db, accountId);
    const sso = await db.accountSso.findUnique({ where: { accountId } });
    if (!sso) throw new AppError("not_found", "This account has no single sign-on.");
    await db.accountSso.delete({ where: { accountId } });
    await db.ssoIdentity.deleteMany({ where: { accountId } });
    await endSsoSessions(db, accountId);
    const { issuer, clientId, domains, isRequired } = sso;
    await recordEvent(db, ctx, "sso.removed", { issuer, before: { clientId, domains, isRequired } });
  });
}
