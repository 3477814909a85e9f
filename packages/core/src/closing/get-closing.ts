import type { ClosingView } from "@waxseal/contract";
import type { z } from "zod";
import type { Context } from "../context.ts";
import { cacheHorizonAt } from "../policies/cache-horizon-at.ts";
import { requirePermission } from "../require-permission.ts";

/** Domains named at most; the count is of all. */
const MAX_NAMED = 100;

/**
 * Whether the account is being deleted, and which domains have not left yet, with the instant each can.
 * @throws AppError `forbidden`
 */
export async function getClosing(ctx: Context): Promise<z.infer<typeof ClosingView>> {
  requirePermission(ctx, "account.read");
  const { db, accountId } = ctx;
  const { closingAt } = await db.organization.findUniqueOrThrow({ where: { id: accountId } });
  const where = { accountId, status: { not: "left" as const } };
  const domains = await db.domain.findMany({ where, orderBy: { domain: "asc" }, take: MAX_NAMED });
  const versions = await db.policyVersion.findMany({
    where: { accountId, domainId: { in: domains.map(({ id }) => id) } },
  });
  return {
    closingAt: closingAt?.toISOString() ?? null,
    domainsStaying: await db.domain.count({ where }),
    domains: domains.map(({ id, domain, status }) => ({
      domain,
      status,
      leavesAt:
        status === "leaving"
          ? (cacheHorizonAt(versions.filter(({ domainId }) => domainId === id))?.toISOString() ?? null)
          : null,
    })),
  };
}
