import { randomBytes } from "node:crypto";
import type { GenericEndpointContext } from "better-auth";
import { deleteSessionCookie } from "better-auth/cookies";

const TEN_MINUTES_SECONDS = 600;
const COOKIE_NAME = "two_factor";

/**
 * Leaves a user who has shown a first factor between the two: the next answer carries no session but a challenge, which the
 * two-factor plugin's own routes take, with their limits.
 *
 * Its rows and cookie are the plugin's, whose hook does this for passwords only.
 */
export async function askSecondFactor(
  ctx: GenericEndpointContext,
  { userId, ssoAccountId, now }: { userId: string; ssoAccountId: string; now: Date },
): Promise<void> {
  deleteSessionCookie(ctx, true);
  const identifier = `2fa-${randomBytes(20).toString("base64url")}`;
  const expiresAt = new Date(now.getTime() + TEN_MINUTES_SECONDS * 1_000);
  const keep = (name: string, value: string) =>
    ctx.context.internalAdapter.createVerificationValue({ identifier: name, value, expiresAt });
  await keep(identifier, userId);
  await keep(`2fa-attempts-${identifier}`, "0");
  await keep(ssoName(identifier), ssoAccountId);
  const cookie = ctx.context.createAuthCookie(COOKIE_NAME, { maxAge: TEN_MINUTES_SECONDS });
  await ctx.setSignedCookie(cookie.name, identifier, ctx.context.secret, cookie.attributes);
}

/** The account whose single sign-on was the first factor of the challenge that is being answered; `undefined`: it was a password. */
export async function findFirstFactorSso(ctx: GenericEndpointContext): Promise<string | undefined> {
  const identifier = await readChallenge(ctx);
  if (identifier === undefined) return undefined;
  return (await ctx.context.internalAdapter.findVerificationValue(ssoName(identifier)))?.value;
}

/** The user who is between the two factors. */
export async function findChallenged(ctx: GenericEndpointContext): Promise<string | undefined> {
  const identifier = await readChallenge(ctx);
  if (identifier === undefined) return undefined;
  return (await ctx.context.internalAdapter.findVerificationValue(identifier))?.value;
}

async function readChallenge(ctx: GenericEndpointContext): Promise<string | undefined> {
  const { name } = ctx.context.createAuthCookie(COOKIE_NAME);
  return (await ctx.getSignedCookie(name, ctx.context.secret)) || undefined;
}

function ssoName(identifier: string): string {
  return `2fa-sso-${identifier}`;
}
