import { AppError } from "../app-error.ts";
import type { Context } from "../context.ts";

/**
 * Signs the user out where that session is; its next request finds nobody signed in.
 * @throws AppError `not_found` – the user has no such session
 */
export async function endSession(ctx: Context, input: { sessionId: string }): Promise<void> {
  const { count } = await ctx.db.session.deleteMany({ where: { id: input.sessionId, userId: ctx.actor.id } });
  if (count === 0) throw new AppError("not_found", "There is no such session.");
}

/**
 * Signs the user out everywhere but in the session that asks.
 * @throws AppError `conflict` – asked with an API key
 */
export async function endOtherSessions(
  ctx: Context,
  input: { sessionId: string | undefined },
): Promise<void> {
  if (input.sessionId === undefined)
    throw new AppError("conflict", "An API key has no sessions. Sign in to see yours.");
  await ctx.db.session.deleteMany({ where: { userId: ctx.actor.id, id: { not: input.sessionId } } });
}
