import { type Database, reportsOf, sqlDatabase, type Transaction } from "@waxseal/db";
import { AppError } from "../app-error.ts";

/** What the operator allows one account; undefined: what every account has. */
export type AccountQuota = {
  domains: number | undefined;
  members: number | undefined;
  reportsADay: number | undefined;
};

const ASK_FOR_MORE = "Ask the operator of this service for more.";

/** What an account may have at most; of an account that is gone, what every account has. */
export async function getAccountQuota(db: Database | Transaction, accountId: string): Promise<AccountQuota> {
  const row = await db.organization.findUnique({
    where: { id: accountId },
    select: { quotaDomains: true, quotaMembers: true, quotaReportsADay: true },
  });
  return {
    domains: row?.quotaDomains ?? undefined,
    members: row?.quotaMembers ?? undefined,
    reportsADay: row?.quotaReportsADay ?? undefined,
  };
}

/**
 * Sets what an account may have at most; null: what every account has. What it has already stays.
 * @throws AppError `not_found` – the account was deleted
 */
export async function setAccountQuota(
  db: Database,
  accountId: string,
  quota: { domains?: number | null; members?: number | null; reportsADay?: number | null },
): Promise<AccountQuota> {
  const { count: found } = await db.organization.updateMany({
    where: { id: accountId },
    data: {
      ...(quota.domains !== undefined && { quotaDomains: quota.domains }),
      ...(quota.members !== undefined && { quotaMembers: quota.members }),
      ...(quota.reportsADay !== undefined && { quotaReportsADay: quota.reportsADay }),
    },
  });
  if (found === 0) throw new AppError("not_found", "There is no such account.");
  return getAccountQuota(db, accountId);
}

/** Call it after `lockAccount`. Domains that have left do not count. @throws AppError `limit_reached` */
export async function refuseDomainOverQuota(db: Transaction, accountId: string): Promise<void> {
  const { domains } = await getAccountQuota(db, accountId);
  if (domains === undefined) return;
  if ((await db.domain.count({ where: { accountId, status: { not: "left" } } })) >= domains)
    throw new AppError(
      "limit_reached",
      `This account may have ${count(domains, "domain")}. ${ASK_FOR_MORE}`,
      {
        reason: "too_many_objects",
      },
    );
}

/** Call it after `lockAccount`. @throws AppError `limit_reached` – members, and with `invited` open invitations, are as many as allowed */
export async function refuseMemberOverQuota(
  db: Transaction,
  accountId: string,
  { at, invited }: { at: Date; invited: boolean },
): Promise<void> {
  const { members } = await getAccountQuota(db, accountId);
  if (members === undefined) return;
  const where = { organizationId: accountId };
  const open = { ...where, status: "pending", expiresAt: { gt: at } };
  const used =
    (await db.member.count({ where })) + (invited ? await db.invitation.count({ where: open }) : 0);
  if (used >= members)
    throw new AppError(
      "limit_reached",
      `This account may have ${count(members, "member")}, open invitations included. ${ASK_FOR_MORE}`,
      { reason: "too_many_objects" },
    );
}

/** Those of the accounts that have received as many reports today (UTC) as they may. */
export async function findAccountsOverReports(
  db: Database,
  accountIds: readonly string[],
  now: Date,
): Promise<Set<string>> {
  const limited = await sqlDatabase(db).$queryRaw<{ id: string; most: number }[]>`
    select id, quota_reports_a_day as most from account
    where id = any(${[...accountIds]}::text[]) and quota_reports_a_day is not null`;
  if (limited.length === 0) return new Set();
  const since = new Date(now.toISOString().slice(0, 10));
  const over = new Set<string>();
  for (const { id, most } of limited) {
    const [row] = await sqlDatabase(reportsOf(db)).$queryRaw<{ taken: bigint }[]>`
      select count(*) as taken from report_message where account_id = ${id} and received_at >= ${since}`;
    if (Number(row?.taken ?? 0) >= most) over.add(id);
  }
  return over;
}

function count(most: number, noun: string): string {
  return most === 1 ? `1 ${noun}` : `${most} ${noun}s`;
}
