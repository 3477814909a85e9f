import type { EventKind } from "@waxseal/contract";
import type { Prisma } from "@waxseal/db";
import { createAuthMiddleware } from "better-auth/api";
import { setSessionCookie } from "better-auth/cookies";
import { z } from "zod";
import { recordInAllAccounts } from "../accounts/record-in-all-accounts.ts";
import type { ContextSource } from "../context.ts";
import { keepPasskeyLimit } from "./keep-passkey-limit.ts";

const SIGNS_OUT_OTHERS = ["/two-factor/verify-totp", "/two-factor/disable", "/change-password"];
const NewPasskey = z.object({ id: z.string(), name: z.string().nullish() });

/**
 * What follows from a change of one's own sign-in: it is written to the audit logs, and the session is replaced.
 *
 * Two-factor on or off and another password also sign the user out everywhere else: other sessions were opened with less, or by
 * what is not valid any more. A new passkey was shown with user verification, so the session has both factors from then on.
 */
export function followSecurityChanges(source: ContextSource) {
  return createAuthMiddleware(async (ctx) => {
    const { path, context } = ctx;
    // Only with a session: a code while signing in changes nothing.
    if (!context.session || context.returned instanceof Error) return;
    const before = context.session;
    const record = (kind: EventKind, data: Prisma.JsonObject) =>
      source.db.$transaction((db) => recordInAllAccounts(db, source, before.user.id, kind, data));
    if (SIGNS_OUT_OTHERS.includes(path)) {
      const { session, user } = context.newSession ?? before;
      await source.db.session.deleteMany({ where: { userId: user.id, token: { not: session.token } } });
    }
    if (path === "/two-factor/verify-totp" || path === "/two-factor/disable") {
      const enabled = path === "/two-factor/verify-totp";
      // A code that proves nothing new makes no new session.
      if (context.newSession && before.user.twoFactorEnabled !== enabled)
        await record("member.twoFactorChanged", { enabled });
    }
    if (path === "/passkey/verify-registration") {
      const { id, name } = NewPasskey.parse(context.returned);
      await keepPasskeyLimit(source, { id, userId: before.user.id });
      await record("member.passkeyAdded", { name: name || "Passkey" });
      const renewed = { ...before.session, signedInBy: "passkey" };
      const session = await context.internalAdapter.createSession(before.user.id, false, renewed);
      await setSessionCookie(ctx, { session, user: before.user });
      await context.internalAdapter.deleteSession(before.session.token);
    }
  });
}
