import { APIError } from "better-auth/api";
import { lockUser } from "../accounts/lock-user.ts";
import type { ContextSource } from "../context.ts";

const MAX_PASSKEYS = 20;

/**
 * Removes the passkey that a person has just added when they have more than 20. It counts after the insert, under a lock: several that count
 * first at the same instant would all find room.
 */
export async function keepPasskeyLimit(
  { db }: Pick<ContextSource, "db">,
  added: { id: string; userId: string },
): Promise<void> {
  const { userId } = added;
  const isKept = await db.$transaction(async (tx) => {
    await lockUser(tx, userId);
    if ((await tx.passkey.count({ where: { userId } })) <= MAX_PASSKEYS) return true;
    await tx.passkey.deleteMany({ where: { id: added.id, userId } });
    return false;
  });
  if (isKept) return;
  throw new APIError("BAD_REQUEST", {
    code: "TOO_MANY_PASSKEYS",
    message: `You have ${MAX_PASSKEYS} passkeys. Remove one first.`,
  });
}
