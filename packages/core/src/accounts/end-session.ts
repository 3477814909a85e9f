import { AppError } from "../app-error.ts";
import type { Context } from "../context.ts";

/**
 * Signs the user out where that session is, from its next request on.
 * @throws AppError `not_found` – the user has no such session
 */
export async function endSession(
  ctx: Context,
  input: { sessionId: string; ssoAccountId: string | null | undefined },
): Promise<void> {
  const { count } = await ctx.db.session.deleteMany({
    where: { id: input.sessionId, ...withinReach(ctx, input) },
  });
  if (count === 0) throw new AppError("not_found", "There is no such session.");
}

/**
 * Signs the user out everywhere but in the session that asks.
 * @throws AppError `conflict` – asked with an API key
 */
export async function endOtherSessions(
  ctx: Context,
  input: { sessionId: string | undefined; ssoAccountId: string | null | undefined },
): Promise<void> {
  if (input.sessionId === undefined)
    throw new AppError("conflict", "An API key has no sessions. Sign in to see yours.", {
      reason: "not_a_person",
    });
  await ctx.db.session.deleteMany({ where: { ...withinReach(ctx, input), id: { not: input.sessionId } } });
}

/** The user's sessions; for one who came by single sign-on those of it, since its provider could have signed in as anybody. */
export function withinReach(ctx: Context, { ssoAccountId }: { ssoAccountId: string | null | undefined }) {
  return { userId: ctx.actor.id, ...(ssoAccountId && { ssoAccountId }) };
}
