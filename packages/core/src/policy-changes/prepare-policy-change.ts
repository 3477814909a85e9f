import type { PolicyChangeBody, PolicyChangeView } from "@waxseal/contract";
import type { Domain, PolicyVersion } from "@waxseal/db";
import type { z } from "zod";
import type { Context } from "../context.ts";
import { lockAccount } from "../lock-account.ts";
import { chooseDomains, type DomainSelection } from "../portfolio/choose-domains.ts";
import { requirePermission } from "../require-permission.ts";
import { assessLines } from "./assess-lines.ts";
import { getPolicyChange } from "./get-policy-change.ts";
import { insertPolicyChange, type NewLine } from "./insert-policy-change.ts";
import { planPolicyEdit } from "./plan-policy-edit.ts";

type Body = z.infer<typeof PolicyChangeBody>;

const MAX_DOMAINS = 1_000;

/**
 * Prepares a change to the policies of many domains of this account and its customers, and applies none of it yet: each domain says
 * what would become different, that it is as wanted already, or why it is refused: what is known to hold mail back cannot be acknowledged for
 * many domains at once. `continuePolicyChange` then applies it.
 *
 * @throws AppError `not_found` – a named domain is not here or at a customer; `limit_reached` – more than 1,000 domains, or 50 changes
 * wait; `invalid` – no domain; `conflict` – the filter leaves another number than expected; `forbidden`
 */
export async function preparePolicyChange(
  ctx: Context,
  { edit, ...selection }: Body,
): Promise<z.infer<typeof PolicyChangeView>> {
  requirePermission(ctx, "policies.publish");
  const { accountId } = ctx;
  const domains = await findDomains(ctx, selection);
  const newest = await findNewestVersions(ctx, domains);
  const planned = domains.map((domain) => {
    const version = newest.get(domain.id);
    return { domain, version, plan: planPolicyEdit(domain, version, edit) };
  });
  const assessed = await assessLines(
    ctx,
    planned.flatMap(({ domain, plan: { state, before, after } }) => {
      const enforced = before?.mode === "enforce" ? before : undefined;
      return state === "waiting" && after?.mode === "enforce" ? [{ domain, policy: after, enforced }] : [];
    }),
  );
  const lines = planned.map(({ domain, version, plan }): NewLine => {
    const line = assessed.get(domain.id);
    const stop = line?.stop ?? null;
    return {
      domain,
      fromVersion: version?.version ?? null,
      ...plan,
      ...(stop !== null && { state: "refused", reason: `${stop} Open the domain to decide.` }),
      assessment: line?.assessment ?? null,
    };
  });
  const id = await ctx.inTransaction(async (db) => {
    await lockAccount(db, accountId);
    return insertPolicyChange(db, ctx, { edit, lines });
  });
  return getPolicyChange(ctx, { changeId: id });
}

async function findDomains(ctx: Context, selection: DomainSelection): Promise<Domain[]> {
  const found = await chooseDomains(ctx, selection, MAX_DOMAINS);
  const rows = await ctx.db.domain.findMany({
    where: {
      accountId: { in: [...new Set(found.map(({ accountId }) => accountId))] },
      id: { in: found.map(({ id }) => id) },
    },
  });
  const rowOf = new Map(rows.map((row) => [row.id, row]));
  return found.flatMap(({ id }) => rowOf.get(id) ?? []);
}

async function findNewestVersions(
  { db }: Context,
  domains: readonly Domain[],
): Promise<Map<string, PolicyVersion>> {
  const rows = await db.policyVersion.findMany({
    where: {
      accountId: { in: [...new Set(domains.map(({ accountId }) => accountId))] },
      domainId: { in: domains.map(({ id }) => id) },
    },
    distinct: ["accountId", "domainId"],
    orderBy: [{ accountId: "asc" }, { domainId: "asc" }, { version: "desc" }],
  });
  return new Map(rows.map((row) => [row.domainId, row]));
}
