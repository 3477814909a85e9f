import { type ClosingView, compareNames } from "@waxseal/contract";
import type { Domain, PolicyVersion } from "@waxseal/db";
import type { z } from "zod";
import type { Context } from "../context.ts";
import { cacheHorizonAt } from "../domains/cache-horizon-at.ts";
import { requirePermission } from "../require-permission.ts";
import { LEASE_MS } from "../serving/renew-serving-lease.ts";
import { leavingBeginsAt } from "./leaving-begins-at.ts";

/** Domains and customers named at most; the counts are of all. */
const MAX_NAMED = 100;

/**
 * Whether the account is being deleted, which domains have not left yet, with the instant each can, and what is in the way. While it is not
 * being deleted, the instants are those of a closing that begins now.
 * @throws AppError `forbidden`
 */
export async function getClosing(ctx: Context): Promise<z.infer<typeof ClosingView>> {
  requirePermission(ctx, "account.read");
  const { db, accountId } = ctx;
  const account = await db.organization.findUniqueOrThrow({ where: { id: accountId } });
  const { closingAt } = account;
  const beginsAt = await leavingBeginsAt(db, account, closingAt ?? ctx.now());
  const where = { accountId, status: { not: "left" as const } };
  const first = await db.$queryRaw<{ id: string }[]>`
    select id from domain where account_id = ${accountId} and status <> 'left'
    order by domain collate natural_order limit ${MAX_NAMED}`;
  const rows = await db.domain.findMany({ where: { accountId, id: { in: first.map(({ id }) => id) } } });
  const domains = rows.sort((a, b) => compareNames(a.domain, b.domain));
  const versions = await db.policyVersion.findMany({
    where: { accountId, domainId: { in: domains.map(({ id }) => id) } },
  });
  const customers = { parentId: accountId };
  const named = await db.organization.findMany({
    where: customers,
    orderBy: [{ name: "asc" }, { id: "asc" }],
    take: MAX_NAMED,
  });
  return {
    closingAt: closingAt?.toISOString() ?? null,
    beginsAt: beginsAt.toISOString(),
    customers: await db.organization.count({ where: customers }),
    customerNames: named.map(({ name }) => name).sort(compareNames),
    domainsGone: closingAt ? await db.domain.count({ where: { accountId, leftAt: { gte: closingAt } } }) : 0,
    domainsStaying: await db.domain.count({ where }),
    domains: domains.map((row) => ({
      domain: row.domain,
      status: row.status,
      leavesAt: leavesAt(row, versions, beginsAt)?.toISOString() ?? null,
    })),
  };
}

/** null: it leaves at once, because its TXT record was never published. */
function leavesAt(domain: Domain, versions: readonly PolicyVersion[], beginsAt: Date): Date | null {
  const own = versions.filter(({ domainId }) => domainId === domain.id);
  if (domain.status === "leaving") return cacheHorizonAt(own);
  if (domain.publishedVersion === null) return null;
  // The version that is served now is served until the domain begins to leave.
  const lastServedAt = new Date(beginsAt.getTime() + LEASE_MS);
  return cacheHorizonAt(own.map((row) => (row.lastServedAt ? row : { ...row, lastServedAt })));
}
