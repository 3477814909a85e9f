import { AppError } from "../app-error.ts";
import type { Context } from "../context.ts";

/**
 * Gives one of the user's passkeys another name.
 * @throws AppError `not_found`
 */
export async function renamePasskey(ctx: Context, input: { passkeyId: string; name: string }): Promise<void> {
  const { count } = await ctx.db.passkey.updateMany({
    where: { id: input.passkeyId, userId: ctx.actor.id },
    data: { name: input.name },
  });
  if (count === 0) throw new AppError("not_found", "There is no such passkey.");
}
