import { coversScope, mayDo, type Role } from "@waxseal/contract";
import type { Transaction } from "@waxseal/db";
import type { Context } from "../context.ts";
import { recordEvent } from "../record-event.ts";
import { findUserAccess } from "./find-access.ts";
import { readScope } from "./present-api-key.ts";

/**
 * Ends what a person made in this account and its customers and may no longer make: API keys with more rights than the person now has, and
 * open invitations where the person may no longer invite. Either would let the person in again.
 *
 * With `heir` the keys keep working and belong to that person. Call it after writing the new role.
 */
export async function endWhatTheyMade(
  db: Transaction,
  ctx: Context,
  userId: string,
  heir?: { id: string; name: string },
): Promise<void> {
  const { accountId } = ctx;
  const customers = await db.organization.findMany({ where: { parentId: accountId }, select: { id: true } });
  const accounts = [accountId, ...customers.map(({ id }) => id)];
  const keys = await db.apikey.findMany({ where: { createdById: userId, referenceId: { in: accounts } } });
  const invitations = await db.invitation.findMany({
    where: { inviterId: userId, organizationId: { in: accounts }, status: "pending" },
  });
  const roles = new Map<string, Role | undefined>();
  for (const { referenceId } of [...keys, ...invitations.map((row) => ({ referenceId: row.organizationId }))])
    if (!roles.has(referenceId))
      roles.set(referenceId, (await findUserAccess(db, userId, referenceId))?.role);
  for (const key of keys) {
    const left = roles.get(key.referenceId);
    if (left && coversScope(left, readScope(key.scope))) continue;
    const { name, start } = key;
    if (heir) {
      const data = { createdById: heir.id, createdByName: heir.name };
      await db.apikey.updateMany({ where: { id: key.id }, data });
      continue;
    }
    // Someone may have deleted it since it was read.
    const { count } = await db.apikey.deleteMany({ where: { id: key.id } });
    if (count > 0)
      await recordEvent(db, { ...ctx, accountId: key.referenceId }, "apiKey.deleted", { name, start });
  }
  for (const { id, organizationId, email, role } of invitations) {
    const left = roles.get(organizationId);
    if (left && mayDo(left, "members.manage") && (role !== "owner" || left === "owner")) continue;
    await db.invitation.update({ where: { id }, data: { status: "canceled" } });
    await recordEvent(db, { ...ctx, accountId: organizationId }, "invitation.revoked", { email, role });
  }
}
