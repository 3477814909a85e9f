import type { SignInMethod } from "@waxseal/contract";
import type { GenericEndpointContext } from "better-auth";
import { findFirstFactorSso } from "./ask-second-factor.ts";

/** How a session came about; see `Session` in the schema. */
export type SessionOrigin = { signedInBy: SignInMethod; ssoAccountId: string | null };

/** Endpoints that give a session to a user with two-factor: each asks for the second factor, has just verified it, or renews such a session. */
const ASKS_FOR_BOTH = [
  // The two-factor plugin ends this session and asks for the code.
  "/sign-in/email",
  "/two-factor/verify-totp",
  "/two-factor/verify-backup-code",
  "/passkey/verify-authentication",
  "/passkey/verify-registration",
  "/change-password",
];

/**
 * Returns how a new session was authenticated; `undefined` when it must not be created: the mailbox was never confirmed, or the user has
 * two-factor and this way of signing in does not ask for it. A new way of signing in is refused until it is listed here.
 */
export async function chooseSessionOrigin(
  session: Readonly<Record<string, unknown>>,
  ctx: GenericEndpointContext | null,
  user: { twoFactorEnabled: boolean; emailVerified: boolean },
): Promise<SessionOrigin | undefined> {
  const path = ctx?.path ?? "";
  if (!user.emailVerified) return undefined;
  if (user.twoFactorEnabled && !ASKS_FOR_BOTH.includes(path)) return undefined;
  if (path === "/passkey/verify-authentication") return { signedInBy: "passkey", ssoAccountId: null };
  // Replaces another one, or by single sign-on.
  if (typeof session.ssoAccountId === "string")
    return { signedInBy: "sso", ssoAccountId: session.ssoAccountId };
  if (session.signedInBy === "passkey") return { signedInBy: "passkey", ssoAccountId: null };
  const ssoAccountId =
    ctx && path.startsWith("/two-factor/verify-") ? await findFirstFactorSso(ctx) : undefined;
  if (ssoAccountId !== undefined) return { signedInBy: "sso", ssoAccountId };
  return { signedInBy: "password", ssoAccountId: null };
}
