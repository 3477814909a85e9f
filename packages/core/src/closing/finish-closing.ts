import type { Database, Transaction } from "@waxseal/db";
import { recordDeparture } from "../accounts/record-departure.ts";
import type { Context } from "../context.ts";
import { lockAccount } from "../lock-account.ts";
import { leaveLockedDomain } from "../onboarding/leave-domain.ts";
import { endEffects } from "../reports/processing/report-effects.ts";
import { recordServingChange } from "../serving/record-serving-change.ts";
import { ACCOUNT_TABLES, isReportTable } from "./account-tables.ts";
import { leavingBeginsAt } from "./leaving-begins-at.ts";

/**
 * Continues to close an account. A day after the request it starts the exit of each domain; when all have left, it deletes everything of the
 * account. Returns whether the account is deleted.
 *
 * People keep their sign-in, since they may belong to other accounts. Tokens stay taken, so that a CNAME left behind can never point to
 * another account's. Safe to run twice and to be killed: the account's own row is the last to go.
 */
export async function finishClosing(ctx: Context): Promise<boolean> {
  const { db, accountId } = ctx;
  const account = await db.organization.findUnique({ where: { id: accountId } });
  if (!account?.closingAt || (await leavingBeginsAt(db, account, account.closingAt)) > ctx.now())
    return false;
  const staying = await db.domain.findMany({
    where: { accountId, status: { in: ["pending", "active"] } },
    select: { id: true },
  });
  for (const { id } of staying) if (!(await leaveWhileClosing(ctx, id))) return false;
  if ((await db.domain.count({ where: { accountId, status: { not: "left" } } })) > 0) return false;
  return deleteAccount(ctx);
}

/** Starts the exit of one domain unless an owner has kept the account since; the lock puts the two in order. */
function leaveWhileClosing(ctx: Context, domainId: string): Promise<boolean> {
  return ctx.inTransaction(async (tx) => {
    await lockAccount(tx, ctx.accountId);
    const account = await tx.organization.findUnique({ where: { id: ctx.accountId } });
    if (!account?.closingAt) return false;
    const domain = await tx.domain.findFirst({ where: { accountId: ctx.accountId, id: domainId } });
    if (domain?.status === "pending" || domain?.status === "active")
      await leaveLockedDomain(tx, ctx, domainId);
    return true;
  });
}

/** Accounts that are being closed, the longest first. */
export async function listClosingAccounts(db: Database, limit: number): Promise<string[]> {
  const rows = await db.organization.findMany({
    where: { closingAt: { not: null } },
    orderBy: [{ closingAt: "asc" }, { id: "asc" }],
    select: { id: true },
    take: limit,
  });
  return rows.map(({ id }) => id);
}

async function deleteAccount(ctx: Context): Promise<boolean> {
  const { db, reports, accountId } = ctx;
  // From here on no sign-in and no key opens it, and an owner can no longer change their mind.
  const isFirm = await ctx.inTransaction(async (tx) => {
    await lockAccount(tx, accountId);
    const account = await tx.organization.findUnique({ where: { id: accountId } });
    const staying = await tx.domain.count({ where: { accountId, status: { not: "left" } } });
    if (!account?.closingAt || staying > 0) return false;
    const members = await tx.member.findMany({ where: { organizationId: accountId } });
    const userIds = members.map(({ userId }) => userId);
    await recordDeparture(tx, { userIds, account, reason: "deleted", byName: null, at: ctx.now() });
    await tx.member.deleteMany({ where: { organizationId: accountId } });
    await tx.apikey.deleteMany({ where: { referenceId: accountId } });
    await tx.session.deleteMany({ where: { ssoAccountId: accountId } });
    await tx.session.updateMany({
      where: { activeOrganizationId: accountId },
      data: { activeOrganizationId: null },
    });
    await withdrawCertificates(tx, ctx);
    return true;
  });
  if (!isFirm) return false;
  for (const table of ACCOUNT_TABLES) {
    const owner = isReportTable(table) ? reports : db;
    await owner.$executeRawUnsafe(`delete from ${table} where account_id = $1`, accountId);
  }
  await ctx.inTransaction(async (tx) => {
    await endEffects(tx, accountId);
    await tx.organization.delete({ where: { id: accountId } });
  });
  return true;
}

async function withdrawCertificates(tx: Transaction, ctx: Context): Promise<void> {
  const { accountId } = ctx;
  const hosts = await tx.certificateName.findMany({ where: { accountId }, select: { host: true } });
  await tx.certificate.deleteMany({ where: { accountId } });
  await tx.certificateName.deleteMany({ where: { accountId } });
  for (const { host } of hosts) await recordServingChange(tx, "certificate", host, ctx.now());
}
