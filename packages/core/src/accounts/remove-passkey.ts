import { AppError } from "../app-error.ts";
import type { Context } from "../context.ts";
import { lockUser } from "./lock-user.ts";
import { mailSecurityChange, type NoticeDeps } from "./mail-person.ts";
import { recordInAllAccounts } from "./record-in-all-accounts.ts";
import { refuseLastFactor } from "./refuse-last-factor.ts";

/**
 * Takes one of the user's passkeys away and signs them out everywhere else, since the holder of the passkey may be signed in there.
 *
 * When it was the last one, the session that asks does not count as two factors any more.
 * @throws AppError `not_found`; `conflict` – an account requires two-factor, and it is the last second factor
 */
export async function removePasskey(
  ctx: Context,
  input: { passkeyId: string; sessionId: string | undefined },
  deps: NoticeDeps,
): Promise<void> {
  const userId = ctx.actor.id;
  await ctx.inTransaction(async (db) => {
    // Of the last two factors, both removed at once, neither would be the last one.
    await lockUser(db, userId);
    const passkey = await db.passkey.findFirst({ where: { id: input.passkeyId, userId } });
    if (!passkey) throw new AppError("not_found", "There is no such passkey.");
    const user = await db.user.findUniqueOrThrow({ where: { id: userId } });
    const others = await db.passkey.count({ where: { userId, id: { not: passkey.id } } });
    await refuseLastFactor(db, userId, { app: user.twoFactorEnabled, passkey: others > 0 });
    await db.passkey.delete({ where: { id: passkey.id } });
    await db.session.deleteMany({ where: { userId, id: { not: input.sessionId ?? "" } } });
    if (others === 0)
      await db.session.updateMany({
        where: { userId, signedInBy: "passkey" },
        data: { signedInBy: "password" },
      });
    const name = passkey.name || "Passkey";
    await recordInAllAccounts(db, ctx, userId, "member.passkeyRemoved", { name });
    const text = `The passkey “${name}” was removed.`;
    await mailSecurityChange(db, deps, { email: user.email, text, at: ctx.now() });
  });
}
