import type { Database } from "@waxseal/db";
import { z } from "zod";
import { mailboxHash } from "./mailbox-hash.ts";

/** What a sign-up form said, while its address is not confirmed. */
export type PendingSignUp = z.infer<typeof Pending>;

const Pending = z.object({
  /** Known to the browser that signed up, and to no mail. */
  id: z.string(),
  name: z.string(),
  accountName: z.string().optional(),
  /** As hashed. */
  password: z.string(),
});

/** Keeps what a sign-up form said, in place of what an earlier one said for the same address. Nothing of it opens anything. */
export async function keepSignUp(
  db: Database,
  email: string,
  signUp: PendingSignUp,
  expiresAt: Date,
): Promise<void> {
  const id = nameOf(email);
  const data = { identifier: id, value: JSON.stringify(signUp), expiresAt };
  await db.verification.upsert({ where: { id }, create: { id, ...data }, update: data });
}

/** The sign-up that waits for this address to be confirmed. */
export async function findSignUp(db: Database, email: string, now: Date): Promise<PendingSignUp | undefined> {
  const row = await db.verification.findFirst({ where: { id: nameOf(email), expiresAt: { gt: now } } });
  return row ? Pending.parse(JSON.parse(row.value)) : undefined;
}

/** The sign-up of this address when the browser with `id` made it; it is taken once. */
export async function takeSignUp(
  db: Database,
  email: string,
  id: string,
  now: Date,
): Promise<PendingSignUp | undefined> {
  const rows = await db.$queryRaw<{ value: string }[]>`
    delete from verification
    where id = ${nameOf(email)} and expires_at > ${now} and value::jsonb->>'id' = ${id}
    returning value`;
  return rows[0] ? Pending.parse(JSON.parse(rows[0].value)) : undefined;
}

function nameOf(email: string): string {
  return `sign-up-${mailboxHash(email)}`;
}
