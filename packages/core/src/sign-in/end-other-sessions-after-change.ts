import type { Database } from "@waxseal/db";
import { createAuthMiddleware } from "better-auth/api";

const PATHS = ["/two-factor/verify-totp", "/two-factor/disable", "/change-password"];

/**
 * Signs a user out everywhere else when two-factor goes on or off and when the password is changed: whoever else was signed in
 * got there by less, or by what is not valid any more.
 */
export function endOtherSessionsAfterChange(db: Database) {
  return createAuthMiddleware(async ({ path, context }) => {
    // Only with a session: a code while signing in changes nothing.
    if (!PATHS.includes(path) || !context.session || context.returned instanceof Error) return;
    const { session, user } = context.newSession ?? context.session;
    await db.session.deleteMany({ where: { userId: user.id, token: { not: session.token } } });
  });
}
