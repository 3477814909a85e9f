import type { BetterAuthPlugin } from "better-auth";

/**
 * Every endpoint of the sign-in library and its plugins that is open to the world. All others answer 404: our verbs do what they would do,
 * with the permission table and the audit log, and no answer hands out a session's token.
 */
const ALLOWED_ENDPOINTS = [
  "POST /sign-up/email",
  "GET /verify-email",
  "POST /confirm-email",
  "POST /send-verification-email",
  "POST /sign-in/email",
  "POST /sign-out",
  "POST /request-password-reset",
  "GET /reset-password/:token",
  "POST /reset-password",
  "POST /change-password",
  "POST /two-factor/enable",
  "POST /two-factor/disable",
  "POST /two-factor/verify-totp",
  "POST /two-factor/verify-backup-code",
  "POST /two-factor/generate-backup-codes",
  "GET /passkey/generate-register-options",
  "POST /passkey/verify-registration",
  "GET /passkey/generate-authenticate-options",
  "POST /passkey/verify-authentication",
  "POST /sso/start",
  "POST /sso/finish",
] as const;

const PATTERNS = ALLOWED_ENDPOINTS.map(
  (endpoint) => new RegExp(`^${endpoint.replace(/:\w+/g, "[A-Za-z0-9_-]{1,100}")}$`),
);

/** Closes every endpoint that is not in the list above. Has to be the first plugin. */
export function openOnlyAllowed(basePath: string) {
  return {
    id: "open-only-allowed",
    onRequest: async (request) => {
      const { pathname } = new URL(request.url);
      // As it is written: what a router would decode or shorten is not on the list.
      const path = pathname.startsWith(`${basePath}/`) ? pathname.slice(basePath.length) : pathname;
      if (PATTERNS.some((pattern) => pattern.test(`${request.method} ${path}`))) return;
      const body = { code: "NOT_FOUND", message: "There is nothing at this address." };
      return { response: Response.json(body, { status: 404 }) };
    },
  } satisfies BetterAuthPlugin;
}
