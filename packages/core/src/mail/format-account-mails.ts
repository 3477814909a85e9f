import type { Mail } from "./create-mailer.ts";
import { formatMailHtml, type MailLink, mailButton, mailParagraph, oneLine } from "./format-mail-html.ts";

/** Asks a new user to confirm the address. */
export function verificationMail(to: string, url: string): Mail {
  return compose(to, "Confirm your e-mail address", [
    "Welcome to Waxseal. Open this link to confirm your e-mail address and sign in:",
    { url, label: "Confirm my address" },
    "The link works for one day. If you did not sign up, ignore this mail: nothing will happen.",
  ]);
}

/** Tells the owner of an address that somebody, perhaps they, signed up with it again. */
export function alreadyRegisteredMail(to: string, publicUrl: string): Mail {
  return compose(to, "You already have a Waxseal account", [
    "Someone just signed up for Waxseal with this address, but it already has a sign-in. If it was you, sign in here:",
    { url: `${publicUrl}/sign-in`, label: "Sign in" },
    "If it was not you, ignore this mail: nothing has changed.",
  ]);
}

/** Carries the link to set a new password. */
export function passwordResetMail(to: string, url: string): Mail {
  return compose(to, "Set a new password", [
    "Open this link to set a new password for Waxseal:",
    { url, label: "Set a new password" },
    "The link works for one hour. If you did not ask for it, ignore this mail: your password stays as it is.",
  ]);
}

/** Invites somebody into an account. */
export function invitationMail(
  to: string,
  invitation: { url: string; accountName: string; inviter: string },
): Mail {
  return compose(to, `Invitation to ${oneLine(invitation.accountName)} on Waxseal`, [
    `${oneLine(invitation.inviter)} invites you to look after the domains of ${oneLine(invitation.accountName)}:`,
    { url: invitation.url, label: "See the invitation" },
    "Sign in with this address, or create a sign-in for it. If you do not know them, ignore this mail: nothing will happen.",
  ]);
}

type Paragraph = string | MailLink;

function compose(to: string, subject: string, paragraphs: Paragraph[]): Mail {
  const text = paragraphs.map((part) => (typeof part === "string" ? part : part.url)).join("\n\n");
  const html = formatMailHtml({
    title: subject,
    head: "Waxseal",
    blocks: paragraphs.map((part) => (typeof part === "string" ? mailParagraph(part) : mailButton(part))),
    foot: "Waxseal looks after MTA-STS policies, their certificates and TLS reports.",
  });
  return { to, subject, text: `${text}\n`, html };
}
