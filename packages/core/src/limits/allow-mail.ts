import { createHash } from "node:crypto";
import type { Database, Transaction } from "@waxseal/db";
import { type Allowance, takeAllowance } from "./take-allowance.ts";

const HOUR_SECONDS = 3_600;

/**
 * How many mails of each kind one mailbox gets, no matter who causes them, and from where. Links in `confirm` and `reset` mails live
 * longer than the refill takes, so that a flood never leaves the owner of the mailbox without one that works.
 */
const MAILS = {
  confirm: { burst: 4, refillSeconds: 6 * HOUR_SECONDS },
  alreadyRegistered: { burst: 2, refillSeconds: 24 * HOUR_SECONDS },
  reset: { burst: 4, refillSeconds: 2_700 },
  invitation: { burst: 5, refillSeconds: 6 * HOUR_SECONDS },
  instructions: { burst: 10, refillSeconds: 2 * HOUR_SECONDS },
} as const satisfies Record<string, Allowance>;

/** A kind of mail that a person can cause without knowing the recipient. */
export type MailKind = keyof typeof MAILS;

/** Whether one more mail of this kind may go to this mailbox; when it may, it is counted. */
export function allowMail(db: Database | Transaction, kind: MailKind, to: string): Promise<boolean> {
  return takeAllowance(db, `mail:${kind}:${mailboxKey(to)}`, MAILS[kind]);
}

const IGNORES_DOTS = new Set(["gmail.com", "googlemail.com"]);

/**
 * The same text for all spellings of an address that usually reach one mailbox: case, `+tag`, and the dots that Google ignores.
 * A hash, so that nothing that counts holds addresses.
 */
export function mailboxKey(email: string): string {
  const plain = email.trim().toLowerCase();
  const at = plain.lastIndexOf("@");
  const domain = plain.slice(at + 1);
  const [local = ""] = plain.slice(0, Math.max(0, at)).split("+");
  const mailbox = IGNORES_DOTS.has(domain) ? `${local.replaceAll(".", "")}@gmail.com` : `${local}@${domain}`;
  return createHash("sha256").update(mailbox).digest("base64url");
}
