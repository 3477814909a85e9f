import type { Role } from "@waxseal/contract";
import { formatInstant } from "@waxseal/contract/format-instant";
import { composeMail } from "./compose-mail.ts";
import type { Mail } from "./create-mailer.ts";
import { inBody, oneLine } from "./format-mail-html.ts";
import type { MailBrand } from "./mail-brand.ts";

/** Asks a new user to confirm the address. */
export function verificationMail(to: string, url: string): Mail {
  return composeMail(to, "Confirm your email address", [
    "Someone signed up for Waxseal with this address. If it was you, open this link to confirm the address:",
    { url, label: "Confirm my address" },
    "The link works for one day. If you did not sign up, ignore this mail: nothing will happen.",
  ]);
}

/** A mail to the owner of an address with which a form signed up again. */
export function alreadyRegisteredMail(to: string, publicUrl: string): Mail {
  return composeMail(to, "You already have a Waxseal account", [
    "Someone just signed up for Waxseal with this address, but it already has a sign-in. If it was you, sign in here:",
    { url: `${publicUrl}/sign-in`, label: "Sign in" },
    "If it was not you, ignore this mail: nothing has changed.",
  ]);
}

/** Carries the link to set a new password. */
export function passwordResetMail(to: string, url: string): Mail {
  return composeMail(to, "Set a new password", [
    "Open this link to set a new password for Waxseal:",
    { url, label: "Set a new password" },
    "The link works for one hour. If you did not ask for it, ignore this mail: your password stays as it is.",
  ]);
}

/** Invites a person into an account; without an inviter in its own name. `expiresAt` is ISO 8601. */
export function invitationMail(
  to: string,
  invitation: { url: string; accountName: string; inviter: string | null; role: Role; expiresAt: string },
  brand?: MailBrand,
): Mail {
  const accountName = oneLine(invitation.accountName);
  const inviter = inBody(invitation.inviter ?? invitation.accountName);
  return composeMail(
    to,
    `Invitation to ${accountName} on Waxseal`,
    [
      `${inviter} invites you to look after the domains of ${accountName} as ${ROLE_WORDS[invitation.role]}.`,
      { url: invitation.url, label: "See the invitation" },
      `The link works until ${formatInstant(invitation.expiresAt)}, for ${to} only. If you have no sign-in yet, you create one on the way. If you do not know them, ignore this mail: nothing will happen.`,
    ],
    brand,
  );
}

const ROLE_WORDS: Record<Role, string> = {
  owner: "owner (full access)",
  admin: "admin (domains, members and API keys)",
  editor: "editor (domains, policies and reports)",
  viewer: "viewer (read only)",
};

/** A mail to a person that their sign-in is deleted. */
export function signInDeletedMail(to: string): Mail {
  return composeMail(to, "Your Waxseal sign-in was deleted", [
    "Your sign-in was deleted, as you asked, with your password, passkeys and sessions. You no longer belong to any account.",
    "If it was not you, tell an owner of your account at once, and change the password of this mailbox.",
  ]);
}

/** A mail to an owner that the account is being deleted, from when, and how to keep it. Instants are ISO 8601. */
export function accountClosingMail(
  to: string,
  closing: {
    accountName: string;
    by: string;
    url: string;
    beginsAt: string;
    domains: readonly { domain: string; leavesAt: string | null }[];
  },
): Mail {
  const accountName = oneLine(closing.accountName);
  const lines = closing.domains
    .slice(0, MAX_LINES)
    .map(({ domain, leavesAt }) =>
      leavesAt
        ? `${domain} is served until ${formatInstant(leavesAt)}.`
        : `${domain} was never published and leaves at once.`,
    );
  const more = closing.domains.length - lines.length;
  return composeMail(to, `${accountName} on Waxseal is being deleted`, [
    `${inBody(closing.by)} asked to delete the account ${accountName}. Nothing changes until ${formatInstant(closing.beginsAt)}; then its domains begin to leave, and when the last has left, all data is deleted.`,
    ...(lines.length > 0
      ? [`${lines.join(" ")}${more > 0 ? " The dates of the others are under Settings." : ""}`]
      : []),
    "Leave the CNAME records in place until then. To keep the account, open its settings:",
    { url: closing.url, label: "See the account" },
  ]);
}

/** A mail to an owner that the account is kept after all. */
export function accountKeptMail(to: string, kept: { accountName: string; by: string }): Mail {
  const accountName = oneLine(kept.accountName);
  return composeMail(to, `${accountName} on Waxseal is kept`, [
    `${inBody(kept.by)} took back the deletion of the account ${accountName}. Domains that had begun to leave are restored; policies that were enforced come back in mode testing.`,
  ]);
}

/** Domains named in one mail. */
const MAX_LINES = 20;
