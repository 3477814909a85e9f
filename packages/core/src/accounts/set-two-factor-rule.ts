import { AppError } from "../app-error.ts";
import type { Context } from "../context.ts";
import { recordEvent } from "../record-event.ts";
import { requirePermission } from "../require-permission.ts";
import { lockUser } from "./lock-user.ts";

/**
 * Sets whether all members of this account must sign in with two-factor. From their next request on, members without it can only set it up.
 * API keys keep working.
 * @throws AppError `forbidden`; `conflict` – the caller would lose access
 */
export async function setTwoFactorRule(ctx: Context, input: { required: boolean }): Promise<void> {
  requirePermission(ctx, "account.manage");
  const { required } = input;
  await ctx.inTransaction(async (db) => {
    if (required && ctx.actor.kind === "user") {
      const userId = ctx.actor.id;
      await lockUser(db, userId);
      const user = await db.user.findUniqueOrThrow({ where: { id: userId } });
      const hasPasskey = (await db.passkey.count({ where: { userId } })) > 0;
      if (!user.twoFactorEnabled && !hasPasskey)
        throw new AppError("conflict", "Set up two-factor or a passkey for yourself first.", {
          reason: "second_factor_missing",
          collidesWith: { kind: "member", id: userId },
        });
    }
    const { count } = await db.organization.updateMany({
      where: { id: ctx.accountId, requiresTwoFactor: !required },
      data: { requiresTwoFactor: required },
    });
    if (count > 0) await recordEvent(db, ctx, "account.twoFactorChanged", { required });
  });
}
