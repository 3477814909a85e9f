import type { PolicyVersion, Transaction } from "@waxseal/db";
import { checkPolicy, newPolicyId, type Policy, type PolicyDraft } from "@waxseal/mta-sts";
import { AppError } from "../app-error.ts";
import type { Context } from "../context.ts";

/**
 * Throws unless our own checker would find this policy free of errors.
 *
 * @throws AppError `invalid` – see `checkPolicy`; `fields` name each fault
 *
 * RFC 8461 §3.2
 */
export function refuseFaultyPolicy(policy: PolicyDraft): void {
  const faults = checkPolicy(policy).filter(({ severity }) => severity === "error");
  if (faults.length === 0) return;
  const sentences = faults.map(({ index, problem }) => {
    const pattern = index === undefined ? "" : (policy.mx[index] ?? "");
    return pattern === "" ? problem : `${pattern.slice(0, 100)}: ${problem}`;
  });
  const fields = faults.map(({ field, index, problem }) => ({
    path: index === undefined ? field : `${field}.${index}`,
    problem,
  }));
  throw new AppError("invalid", sentences.join(" "), { fields });
}

/**
 * Stores a policy as the next version of a domain. Nothing else creates a version, so a policy with an error can neither be served
 * nor published.
 *
 * @throws AppError `invalid` – as `refuseFaultyPolicy`
 *
 * RFC 8461 §3.2
 */
export async function storePolicyVersion(
  db: Transaction,
  ctx: Context,
  domainId: string,
  policy: Policy,
): Promise<PolicyVersion> {
  refuseFaultyPolicy(policy);
  const key = { accountId: ctx.accountId, domainId };
  const newest = await db.policyVersion.aggregate({ where: key, _max: { version: true } });
  const at = ctx.now();
  return db.policyVersion.create({
    data: {
      ...key,
      version: (newest._max.version ?? 0) + 1,
      policyId: newPolicyId(at),
      mode: policy.mode,
      mx: [...policy.mx],
      maxAgeSeconds: policy.maxAgeSeconds,
      createdAt: at,
      createdBy: ctx.actor.name,
    },
  });
}
