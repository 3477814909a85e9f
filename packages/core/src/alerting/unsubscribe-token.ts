import { randomBytes } from "node:crypto";
import { hashSecret } from "../accounts/hash-secret.ts";
import type { SendDeps } from "./send-notifications.ts";

/** The token by which this person turns these mails off. It stays the same, so that links in old mails work. */
export async function unsubscribeToken(
  { db, secretBox }: Pick<SendDeps, "db" | "secretBox">,
  key: { accountId: string; userId: string },
): Promise<string> {
  const where = { accountId_userId: key };
  const own = await db.subscription.findUnique({ where });
  if (own?.unsubscribeJwe) return secretBox.open(own.unsubscribeJwe);
  const token = randomBytes(16).toString("base64url");
  const made = { unsubscribeJwe: await secretBox.seal(token), unsubscribeHash: hashSecret(token) };
  await db.subscription.createMany({ data: { ...key, ...made }, skipDuplicates: true });
  await db.subscription.updateMany({ where: { ...key, unsubscribeJwe: null }, data: made });
  // Another process may have been first.
  const kept = await db.subscription.findUniqueOrThrow({ where });
  return kept.unsubscribeJwe === null ? token : secretBox.open(kept.unsubscribeJwe);
}
