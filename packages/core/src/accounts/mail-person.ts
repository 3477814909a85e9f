import type { Transaction } from "@waxseal/db";
import { securityMail } from "../mail/format-security-mails.ts";
import type { QueueMail } from "../mail/queue-mail.ts";

/** What a notice to a person needs besides the database. */
export type NoticeDeps = { publicUrl: string; queueMail: QueueMail };

/** Queues a mail to the owner of a mailbox that their sign-in was changed; in the caller's transaction. */
export async function mailSecurityChange(
  db: Transaction,
  { publicUrl, queueMail }: NoticeDeps,
  { email, text, at }: { email: string; text: string; at: Date },
): Promise<void> {
  await queueMail(db, securityMail(email, { text, at: at.toISOString(), publicUrl }), { kind: "security" });
}
