import type { EventKind } from "@waxseal/contract";
import type { Prisma } from "@waxseal/db";
import type { GenericEndpointContext } from "better-auth";
import { createAuthMiddleware } from "better-auth/api";
import { setSessionCookie } from "better-auth/cookies";
import { symmetricDecrypt } from "better-auth/crypto";
import { z } from "zod";
import { mailSecurityChange, type NoticeDeps } from "../accounts/mail-person.ts";
import { recordInAllAccounts } from "../accounts/record-in-all-accounts.ts";
import { cancelReset } from "../accounts/reset-two-factor.ts";
import type { ContextSource } from "../context.ts";
import { keepPasskeyLimit } from "./keep-passkey-limit.ts";

const SIGNS_OUT_OTHERS = ["/two-factor/verify-totp", "/two-factor/disable", "/change-password"];
/** Endpoints where a person proves that they still have the factor, which cancels a reset of it. */
const SHOWS_FACTOR = [
  "/two-factor/verify-totp",
  "/two-factor/verify-backup-code",
  "/two-factor/generate-backup-codes",
  "/two-factor/disable",
];
const CHANGES_CODES = [
  "/two-factor/enable",
  "/two-factor/generate-backup-codes",
  "/two-factor/verify-backup-code",
];
const NewPasskey = z.object({ id: z.string(), name: z.string().nullish() });

/**
 * Completes a change of one's own sign-in: records it in the audit logs, mails the owner of the mailbox and replaces the session.
 *
 * Turning two-factor on or off and changing the password also end the user's other sessions: they were opened with fewer factors, or with a
 * credential that is no longer valid. Adding a passkey involves user verification, so the new session counts as signed in with both factors.
 */
export function followSecurityChanges(source: ContextSource, deps: NoticeDeps) {
  return createAuthMiddleware(async (ctx) => {
    const { path, context } = ctx;
    const person = (context.session ?? context.newSession)?.user;
    if (!person || context.returned instanceof Error) return;
    const record = (kind: EventKind, data: Prisma.JsonObject, text: string) =>
      source.db.$transaction(async (db) => {
        await recordInAllAccounts(db, source, person.id, kind, data);
        await mailSecurityChange(db, deps, { email: person.email, text, at: source.now() });
      });
    if (SHOWS_FACTOR.includes(path)) await source.db.$transaction((db) => cancelReset(db, source, person.id));
    if (CHANGES_CODES.includes(path)) {
      const left = await countRecoveryCodes(ctx, source, person.id);
      if (path === "/two-factor/generate-backup-codes")
        await record(
          "member.recoveryCodesRenewed",
          {},
          "New recovery codes were made. The earlier ones no longer work.",
        );
      if (path === "/two-factor/verify-backup-code" && !context.session)
        await record(
          "member.recoveryCodeUsed",
          { left },
          `A recovery code was used to sign in. It is used up; ${left} ${left === 1 ? "is" : "are"} left.`,
        );
    }
    // A code entered while signing in, without a session, changes nothing.
    if (!context.session) return;
    const before = context.session;
    if (SIGNS_OUT_OTHERS.includes(path)) {
      const { session, user } = context.newSession ?? before;
      await source.db.session.deleteMany({ where: { userId: user.id, token: { not: session.token } } });
    }
    if (path === "/change-password")
      await record("member.passwordChanged", {}, "The password of your sign-in was changed.");
    if (path === "/two-factor/verify-totp" || path === "/two-factor/disable") {
      const enabled = path === "/two-factor/verify-totp";
      // The library makes no new session for a code that changes nothing.
      if (context.newSession && before.user.twoFactorEnabled !== enabled)
        await record(
          "member.twoFactorChanged",
          { enabled },
          enabled
            ? "Two-factor was turned on: your authenticator app is asked for a code from now on."
            : "Two-factor was turned off: no code is asked for any more.",
        );
    }
    if (path === "/passkey/verify-registration") {
      const { id, name } = NewPasskey.parse(context.returned);
      await keepPasskeyLimit(source, { id, userId: before.user.id });
      const title = name || "Passkey";
      await record(
        "member.passkeyAdded",
        { name: title },
        `The passkey “${title}” was added to your sign-in.`,
      );
      const renewed = { ...before.session, signedInBy: "passkey" };
      const session = await context.internalAdapter.createSession(before.user.id, false, renewed);
      await setSessionCookie(ctx, { session, user: before.user });
      await context.internalAdapter.deleteSession(before.session.token);
    }
  });
}

/** Counts the unused recovery codes, which only this process can read, and keeps the number for the pages that show it. */
async function countRecoveryCodes(
  ctx: GenericEndpointContext,
  { db }: ContextSource,
  userId: string,
): Promise<number> {
  const row = await db.twoFactor.findFirst({ where: { userId } });
  if (!row) return 0;
  const data = await symmetricDecrypt({ key: ctx.context.secretConfig, data: row.backupCodes });
  const recoveryCodesLeft = z.array(z.string()).parse(JSON.parse(data)).length;
  await db.twoFactor.update({ where: { id: row.id }, data: { recoveryCodesLeft } });
  return recoveryCodesLeft;
}
