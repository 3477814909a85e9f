import type { PolicyVersion } from "@waxseal/db";
import { AppError } from "../app-error.ts";
import type { Context } from "../context.ts";
import { getDomain } from "../domains/get-domain.ts";
import { requirePermission } from "../require-permission.ts";
import { setPolicy } from "./set-policy.ts";

/**
 * Publishes an older version of a domain's policy again, under a new id. An enforcing one that does not allow a live MX host
 * is refused unless that is acknowledged.
 * @throws AppError `not_found` – no such domain or version; as `setPolicy`
 *
 * RFC 8461 §8.1
 */
export async function restorePolicyVersion(
  ctx: Context,
  input: { domainId: string; version: number; acknowledgeUncovered?: boolean | undefined },
): Promise<PolicyVersion> {
  requirePermission(ctx, "policies.publish");
  const { accountId } = ctx;
  const domain = await getDomain(ctx.db, accountId, input.domainId);
  const older = await ctx.db.policyVersion.findUnique({
    where: { accountId_domainId_version: { accountId, domainId: domain.id, version: input.version } },
  });
  if (!older) throw new AppError("not_found", "There is no such version.");
  const { mode, mx, maxAgeSeconds } = older;
  return setPolicy(ctx, {
    domainId: domain.id,
    mode,
    mx,
    maxAgeSeconds,
    acknowledgeUncovered: input.acknowledgeUncovered ?? false,
    restoredVersion: older.version,
  });
}
