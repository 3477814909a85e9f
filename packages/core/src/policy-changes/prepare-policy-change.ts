import type { PolicyChangeBody, PolicyChangeView } from "@waxseal/contract";
import type { Domain, PolicyVersion } from "@waxseal/db";
import { Prisma } from "@waxseal/db";
import type { z } from "zod";
import { AppError } from "../app-error.ts";
import type { Context } from "../context.ts";
import { lockAccount } from "../lock-account.ts";
import { rankedDomains } from "../portfolio/ranked-domains.ts";
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
 * wait; `invalid` – no domain; `forbidden`
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
    planned.flatMap(({ domain, plan: { state, after } }) =>
      state === "waiting" && after?.mode === "enforce" ? [{ domain, policy: after }] : [],
    ),
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

async function findDomains(ctx: Context, { domainIds, filter }: Omit<Body, "edit">): Promise<Domain[]> {
  const ids = domainIds && [...new Set(domainIds)];
  const chosen = ids ? Prisma.sql`where id = any(${ids}::uuid[])` : Prisma.empty;
  const found = await ctx.db.$queryRaw<{ accountId: string; id: string }[]>`
    select "accountId", id from ${ids ? everyDomain(ctx.accountId) : rankedDomains(ctx.accountId, filter ?? {})}
    ${chosen} order by domain collate "C", id limit ${MAX_DOMAINS + 1}`;
  if (ids && found.length !== ids.length) throw new AppError("not_found", "There is no such domain.");
  if (found.length > MAX_DOMAINS) {
    throw new AppError("limit_reached", "These are more than 1,000 domains. Narrow the filter.");
  }
  if (found.length === 0) throw new AppError("invalid", "No domain matches.");
  const rows = await ctx.db.domain.findMany({
    where: {
      accountId: { in: [...new Set(found.map(({ accountId }) => accountId))] },
      id: { in: found.map(({ id }) => id) },
    },
  });
  const rowOf = new Map(rows.map((row) => [row.id, row]));
  return found.flatMap(({ id }) => rowOf.get(id) ?? []);
}

/** As `rankedDomains`, also those that have left. */
function everyDomain(ownId: string): Prisma.Sql {
  return Prisma.sql`(select d.account_id as "accountId", d.id, d.domain from account a join domain d on d.account_id = a.id
    where a.id = ${ownId} or a.parent_id = ${ownId}) every`;
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
