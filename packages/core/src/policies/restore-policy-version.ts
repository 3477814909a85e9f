import type { PolicyVersion } from "@waxseal/db";
import { AppError } from "../app-error.ts";
import type { Context } from "../context.ts";
import { getDomain } from "../domains/get-domain.ts";
import { requirePermission } from "../require-permission.ts";
import type { AssessDeps } from "./assess-policy-change.ts";
import { type PolicyInput, setPolicy } from "./set-policy.ts";

/**
 * Publishes an older version of a domain's policy again, under a new id. An enforcing one is assessed like a new
 * policy.
 * @throws AppError `not_found` – no such domain or version; as `setPolicy`
 *
 * RFC 8461 §8.1
 */
export async function restorePolicyVersion(
  ctx: Context,
  input: { domainId: string; version: number } & Pick<
    PolicyInput,
    "acknowledge" | "confirmDomain" | "assessmentId"
  >,
  deps: AssessDeps,
): Promise<PolicyVersion> {
  requirePermission(ctx, "policies.publish");
  const { accountId } = ctx;
  const domain = await getDomain(ctx.db, accountId, input.domainId);
  const older = await ctx.db.policyVersion.findUnique({
    where: { accountId_domainId_version: { accountId, domainId: domain.id, version: input.version } },
  });
  if (!older) throw new AppError("not_found", "There is no such version.");
  const { mode, mx, maxAgeSeconds } = older;
  const { acknowledge, confirmDomain, assessmentId } = input;
  const consent = { acknowledge, confirmDomain, assessmentId };
  const restored = { domainId: domain.id, mode, mx, maxAgeSeconds, restoredVersion: older.version };
  return setPolicy(ctx, { ...restored, ...consent }, deps);
}
