import type { Database, Transaction } from "@waxseal/db";

/** An account with a custom host for its pages. */
export type OwnHost = { accountId: string; host: string };

/** Returns the account that holds this host by its DNS, unless it is suspended. `host` is in lower-case A-labels without a port. */
export async function findOwnHost(db: Database, host: string): Promise<OwnHost | undefined> {
  const row = await db.brandHost.findUnique({ where: { heldHost: host }, select: { accountId: true } });
  if (!row) return undefined;
  const { accountId } = row;
  const isOpen = await db.organization.count({ where: { id: accountId, suspendedAt: null, parentId: null } });
  return isOpen > 0 ? { accountId, host } : undefined;
}

/** Where links for people of an account lead: the host of its provider, else its own, once it has a certificate; undefined: to our own site. */
export async function findOwnSite(
  db: Database | Transaction,
  accountId: string,
  now: Date,
): Promise<string | undefined> {
  const account = await db.organization.findUnique({ where: { id: accountId }, select: { parentId: true } });
  const ownerId = account?.parentId ?? accountId;
  const row = await db.brandHost.findUnique({ where: { accountId: ownerId }, select: { heldHost: true } });
  if (!row?.heldHost) return undefined;
  const certificates = await db.certificate.count({
    where: { accountId: ownerId, host: row.heldHost, notAfter: { gt: now } },
  });
  return certificates > 0 ? `https://${row.heldHost}` : undefined;
}

/** Whether an account is this one or its customer. */
export async function isInFamily(db: Database, accountId: string, ownerId: string): Promise<boolean> {
  if (accountId === ownerId) return true;
  return (await db.organization.count({ where: { id: accountId, parentId: ownerId } })) > 0;
}
