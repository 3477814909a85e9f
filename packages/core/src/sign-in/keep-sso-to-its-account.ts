import type { BetterAuthPlugin } from "better-auth";
import { APIError, createAuthMiddleware, getSessionFromCtx } from "better-auth/api";

/** Endpoints open to a single sign-on session: sign out, sign in another way, and set up two-factor. */
const OPEN = [
  // Asked by this process.
  "/get-session",
  "/sign-out",
  "/sign-in/email",
  "/sign-up/email",
  "/send-verification-email",
  "/verify-email",
  "/confirm-email",
  "/request-password-reset",
  "/reset-password",
  "/reset-password/:token",
  "/sso/start",
  "/sso/finish",
  "/two-factor/enable",
  "/two-factor/disable",
  "/two-factor/verify-totp",
  "/two-factor/verify-backup-code",
  "/two-factor/generate-backup-codes",
  "/passkey/generate-authenticate-options",
  "/passkey/verify-authentication",
];

/**
 * Keeps a session of an account's single sign-on away from what belongs to the user beyond that account: passkeys, password,
 * invitations of other accounts. Its provider could have signed in as anybody. A new route is closed until it is named here.
 */
export function keepSsoToItsAccount() {
  return {
    id: "keep-sso-to-its-account",
    hooks: {
      before: [
        {
          matcher: ({ path }) => path === undefined || !OPEN.includes(path),
          handler: createAuthMiddleware(async (ctx) => {
            const session = await getSessionFromCtx(ctx, { disableRefresh: true }).catch(() => null);
            if (typeof session?.session.ssoAccountId !== "string") return;
            throw new APIError("FORBIDDEN", {
              code: "SSO_SESSION",
              message: "You came by single sign-on. For this, sign in with your password or a passkey.",
            });
          }),
        },
      ],
    },
  } satisfies BetterAuthPlugin;
}
