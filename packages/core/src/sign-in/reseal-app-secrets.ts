import type { Database } from "@waxseal/db";
import { parseEnvelope, symmetricDecrypt, symmetricEncrypt } from "better-auth/crypto";
import type { AuthSecret } from "./derive-auth-secrets.ts";

/**
 * Encrypts the secrets of authenticator apps and the recovery codes again under the first secret, so that the others can be
 * dropped. Safe to repeat and to cut off. `unreadable` names users who must be helped back in.
 */
export async function resealAppSecrets(
  db: Database,
  secrets: readonly AuthSecret[],
): Promise<{ seen: number; resealed: number; unreadable: string[] }> {
  const keys = new Map(secrets.map(({ version, value }) => [version, value]));
  const currentVersion = secrets[0]?.version ?? 0;
  const key = { keys, currentVersion };
  const result = { seen: 0, resealed: 0, unreadable: [] as string[] };
  const reseal = async (data: string) =>
    symmetricEncrypt({ key, data: await symmetricDecrypt({ key, data }) });
  const rows = await db.twoFactor.findMany({ include: { user: { select: { email: true } } } });
  for (const { id, secret, backupCodes, user } of rows) {
    result.seen++;
    const isCurrent = [secret, backupCodes].every((data) => parseEnvelope(data)?.version === currentVersion);
    if (isCurrent) continue;
    try {
      const data = { secret: await reseal(secret), backupCodes: await reseal(backupCodes) };
      // Exactly what was read: a code that was used or a new app meanwhile is left alone.
      const { count } = await db.twoFactor.updateMany({ where: { id, secret, backupCodes }, data });
      result.resealed += count;
    } catch {
      result.unreadable.push(`authenticator app of ${user.email}`);
    }
  }
  return result;
}
