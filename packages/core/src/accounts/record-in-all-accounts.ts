import { type EventKind, readRole } from "@waxseal/contract";
import type { Prisma, Transaction } from "@waxseal/db";
import { type ContextSource, createContext } from "../context.ts";
import { recordEvent } from "../record-event.ts";

/**
 * Records a change of a user's own sign-in, with their address, in the audit log of every account they belong to: the owners of each rely on
 * that sign-in. Runs in the caller's transaction.
 */
export async function recordInAllAccounts(
  db: Transaction,
  source: ContextSource,
  userId: string,
  kind: EventKind,
  data: Prisma.JsonObject,
): Promise<void> {
  const user = await db.user.findUniqueOrThrow({ where: { id: userId }, include: { members: true } });
  const actor = { kind: "user", id: user.id, name: user.name } as const;
  for (const { organizationId, role } of user.members) {
    const ctx = createContext(source, organizationId, actor, readRole(role));
    await recordEvent(db, ctx, kind, { email: user.email, ...data });
  }
}
