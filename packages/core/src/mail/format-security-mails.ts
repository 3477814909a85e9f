import { formatInstant } from "@waxseal/contract/format-instant";
import { composeMail } from "./compose-mail.ts";
import type { Mail } from "./create-mailer.ts";
import { inBody, oneLine } from "./format-mail-html.ts";

/** A notice to the owner of a mailbox that their sign-in was changed: what, in one sentence. `at` is ISO 8601. */
export function securityMail(to: string, change: { text: string; at: string; publicUrl: string }): Mail {
  return composeMail(to, "Your Waxseal sign-in was changed", [
    `${inBody(change.text)} This happened on ${formatInstant(change.at)}.`,
    "If it was you, there is nothing to do. If it was not you, set a new password at once, then look at your sessions and factors under Settings:",
    { url: `${change.publicUrl}/forgot-password`, label: "Set a new password" },
    "Tell an owner of your account too: the change is in its audit log.",
  ]);
}

/** A notice to a person that their second factor will be reset, and how they stop it. `effectiveAt` is ISO 8601. */
export function twoFactorResetMail(
  to: string,
  reset: { by: string; effectiveAt: string; publicUrl: string },
): Mail {
  return composeMail(to, "Your second factor on Waxseal will be reset", [
    `${inBody(reset.by)} asked to reset your second factor. From ${formatInstant(reset.effectiveAt)} on, your authenticator app and recovery codes are not asked any more; your password or passkey still is.`,
    "If you still have your app or a recovery code, you can stop the reset: sign in with it before that time.",
    { url: `${reset.publicUrl}/sign-in`, label: "Sign in" },
    "If you do not know why this was asked, tell an owner of your account.",
  ]);
}

/** A notice to the owner who asked for a reset about what happens next. */
export function twoFactorResetAskedMail(
  to: string,
  reset: { email: string; effectiveAt: string; publicUrl: string },
): Mail {
  return composeMail(to, `The second factor of ${oneLine(reset.email)} will be reset`, [
    `You asked to reset the second factor of ${inBody(reset.email)}. It takes effect on ${formatInstant(reset.effectiveAt)}, unless they sign in with it before. They got a mail too.`,
    "If it was not you, set a new password at once, and tell the other owners:",
    { url: `${reset.publicUrl}/forgot-password`, label: "Set a new password" },
  ]);
}

/** Asks one of the two mailboxes to confirm that an address changes. */
export function emailChangeMail(to: string, change: { before: string; after: string; url: string }): Mail {
  return composeMail(to, "Confirm your new email address", [
    `You asked to sign in to Waxseal with ${inBody(change.after)} instead of ${inBody(change.before)}. Both addresses have to confirm it. Confirm it here for ${to}:`,
    { url: change.url, label: "Confirm the change" },
    "The link works for one day. If you did not ask for it, do not open it: nothing changes.",
  ]);
}

/** A notice to the owner of an address with a sign-in that another person wanted to use it. */
export function emailTakenMail(to: string, publicUrl: string): Mail {
  return composeMail(to, "This address already has a Waxseal sign-in", [
    "Someone wanted to change the address of their Waxseal sign-in to this one, but it has a sign-in already. If it was you, sign in here:",
    { url: `${publicUrl}/sign-in`, label: "Sign in" },
    "If it was not you, ignore this mail: nothing has changed.",
  ]);
}
