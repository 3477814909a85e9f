import { randomBytes } from "node:crypto";
import type { EmailChangeView } from "@waxseal/contract";
import { isUniqueViolation, type Transaction } from "@waxseal/db";
import { DAY_MS } from "@waxseal/runtime/time-spans";
import { z } from "zod";
import { AppError } from "../app-error.ts";
import type { ContextSource } from "../context.ts";
import { emailChangeMail, emailTakenMail } from "../mail/format-security-mails.ts";
import { hashSecret } from "./hash-secret.ts";
import { lockUser } from "./lock-user.ts";
import { mailSecurityChange, type NoticeDeps } from "./mail-person.ts";
import type { Person } from "./person.ts";
import { recordInAllAccounts } from "./record-in-all-accounts.ts";
import { refuseSso } from "./refuse-sso.ts";
import { refuseStaleSignIn } from "./refuse-stale-sign-in.ts";

const Pending = z.object({
  userId: z.string(),
  before: z.string(),
  after: z.string(),
  oldHash: z.string(),
  newHash: z.string(),
  confirmed: z.array(z.enum(["old", "new"])),
});
const SIDES = ["old", "new"] as const;

/**
 * Asks the mailboxes of the present and the new address to confirm that a person signs in with the new one. The answer is the same whether the
 * new address is taken or not; its owner reads it by mail. A later wish replaces an earlier one.
 * @throws AppError `forbidden` – by single sign-on, or signed in more than 15 minutes ago; `invalid` – it is the present address
 */
export async function askEmailChange(
  source: ContextSource,
  person: Person,
  input: { email: string },
  deps: NoticeDeps,
): Promise<void> {
  refuseSso(person);
  refuseStaleSignIn(source.now(), person.signedInAt);
  const { id: userId, email: before } = person;
  const after = input.email.trim().toLowerCase();
  if (after === before) {
    const problem = "This is your address already.";
    throw new AppError("invalid", problem, { fields: [{ path: "email", problem }] });
  }
  const [id, oldSecret, newSecret] = [newSecretText(), newSecretText(), newSecretText()];
  const value = JSON.stringify({
    userId,
    before,
    after,
    oldHash: hashSecret(oldSecret),
    newHash: hashSecret(newSecret),
    confirmed: [],
  });
  const url = (secret: string) => `${deps.publicUrl}/email-change/${id}.${secret}`;
  await source.db.$transaction(async (db) => {
    const identifier = `email-change-of-${userId}`;
    await db.verification.deleteMany({ where: { identifier } });
    const expiresAt = new Date(source.now().getTime() + DAY_MS);
    await db.verification.create({ data: { id: rowId(id), identifier, value, expiresAt } });
    const isTaken = (await db.user.count({ where: { email: after } })) > 0;
    const terms = { kind: "security", usefulSeconds: DAY_MS / 1_000 } as const;
    const toOld = emailChangeMail(before, { before, after, url: url(oldSecret) });
    const toNew = isTaken
      ? emailTakenMail(after, deps.publicUrl)
      : emailChangeMail(after, { before, after, url: url(newSecret) });
    await deps.queueMail(db, toOld, terms);
    await deps.queueMail(db, toNew, terms);
  });
}

/**
 * Confirms a change of address for the mailbox whose link this is. With the second one it is made: the person signs in again, with the new address.
 * @throws AppError `not_found` – expired, replaced, or never made; `conflict` – the new address has a sign-in by now
 */
export async function confirmEmailChange(
  source: ContextSource,
  input: { emailChangeToken: string },
  deps: NoticeDeps,
): Promise<z.infer<typeof EmailChangeView>> {
  const [id = "", secret = ""] = input.emailChangeToken.split(".");
  try {
    return await source.db.$transaction(async (db) => {
      const row = await db.verification.findFirst({
        where: { id: rowId(id), expiresAt: { gt: source.now() } },
      });
      const found = row ? Pending.parse(JSON.parse(row.value)) : undefined;
      if (found) await lockUser(db, found.userId);
      // Again: the other mailbox may have confirmed at the same instant.
      const locked = await db.verification.findUnique({ where: { id: rowId(id) } });
      const pending = locked ? Pending.parse(JSON.parse(locked.value)) : undefined;
      const hash = hashSecret(secret);
      const side = SIDES.find((one) => pending?.[`${one}Hash`] === hash);
      if (!pending || !side || !found)
        throw new AppError("not_found", "This link has expired, was used, or was replaced by a newer one.");
      const confirmed = [...new Set([...pending.confirmed, side])];
      const waitsFor = SIDES.find((one) => !confirmed.includes(one)) ?? null;
      if (waitsFor === null) await changeEmail(db, source, pending, deps);
      else {
        const value = JSON.stringify({ ...pending, confirmed });
        await db.verification.update({ where: { id: rowId(id) }, data: { value } });
      }
      return { email: pending.after, waitsFor };
    });
  } catch (cause) {
    if (!isUniqueViolation(cause)) throw cause;
    throw new AppError("conflict", "The new address has a sign-in by now. Ask for another address.", {
      reason: "user_exists",
      cause,
    });
  }
}

async function changeEmail(
  db: Transaction,
  source: ContextSource,
  { userId, before, after }: z.infer<typeof Pending>,
  deps: NoticeDeps,
): Promise<void> {
  await db.user.update({ where: { id: userId }, data: { email: after } });
  await db.verification.deleteMany({ where: { identifier: `email-change-of-${userId}` } });
  await db.session.deleteMany({ where: { userId } });
  await recordInAllAccounts(db, source, userId, "member.emailChanged", { before });
  const text = `The address of your sign-in was changed from ${before} to ${after}.`;
  for (const email of [before, after]) await mailSecurityChange(db, deps, { email, text, at: source.now() });
}

function newSecretText(): string {
  return randomBytes(24).toString("base64url");
}

function rowId(id: string): string {
  return `email-change-${id}`;
}
