import { AppError } from "../app-error.ts";
import type { Context } from "../context.ts";
import { lockUser } from "./lock-user.ts";
import { mailSecurityChange, type NoticeDeps } from "./mail-person.ts";
import { recordInAllAccounts } from "./record-in-all-accounts.ts";
import { refuseLastFactor } from "./refuse-last-factor.ts";

/**
 * Removes one of the user's passkeys and ends the user's other sessions, since the holder of the passkey may have opened them.
 *
 * After the last passkey, the session of this request no longer counts as signed in with two factors.
 * @throws AppError `not_found`; `conflict` – an account requires two-factor, and it is the last second factor
 */
export async function removePasskey(
  ctx: Context,
  input: { passkeyId: string; sessionId: string | undefined },
  deps: NoticeDeps,
): Promise<void> {
  const userId = ctx.actor.id;
  await ctx.inTransaction(async (db) => {
    // Without the lock, two removals at once would each still see the other's factor.
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
