import type { PolicyChangeBody, PolicyChangeView } from "@waxseal/contract";
import type { Domain, PolicyVersion, Transaction } from "@waxseal/db";
import { Prisma } from "@waxseal/db";
import type { z } from "zod";
import { AppError } from "../app-error.ts";
import type { Context } from "../context.ts";
import { lockAccount } from "../lock-account.ts";
import { readDeletionTime } from "../operating/read-deletion-time.ts";
import { rankedDomains } from "../portfolio/ranked-domains.ts";
import { recordEvent } from "../record-event.ts";
import { requirePermission } from "../require-permission.ts";
import { getPolicyChange } from "./get-policy-change.ts";
import { planPolicyEdit } from "./plan-policy-edit.ts";

type Body = z.infer<typeof PolicyChangeBody>;

const MAX_DOMAINS = 1_000;
const MAX_OPEN = 50;
const FORGOTTEN_AFTER_MS = 400 * 86_400_000;

/**
 * Prepares a change to the policies of many domains of this account and its customers, and applies none of it yet: each domain is told
 * what would become different, that it is as wanted already, or why it is refused. `continuePolicyChange` then applies it.
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
  const lines = domains.map((domain) => {
    const version = newest.get(domain.id);
    return { domain, version, plan: planPolicyEdit(domain, version, edit) };
  });
  const waiting = lines.filter(({ plan }) => plan.state === "waiting").length;
  const id = await ctx.inTransaction(async (db) => {
    await lockAccount(db, accountId);
    if ((await db.policyChange.count({ where: { accountId, endedAt: null } })) >= MAX_OPEN) {
      throw new AppError(
        "limit_reached",
        `${MAX_OPEN} changes wait to be applied. Apply or stop some first.`,
      );
    }
    const createdAt = ctx.now();
    await forgetOld(db, accountId, createdAt);
    const change = await db.policyChange.create({
      data: {
        accountId,
        edit,
        createdAt,
        createdBy: ctx.actor.name,
        endedAt: waiting === 0 ? createdAt : null,
      },
    });
    await db.policyChangeLine.createMany({
      data: lines.map(({ domain, version, plan }, place) => ({
        accountId,
        changeId: change.id,
        place,
        ownerId: domain.accountId,
        domainId: domain.id,
        domain: domain.domain,
        state: plan.state,
        reason: plan.reason,
        fromVersion: version?.version ?? null,
        before: plan.before ?? Prisma.DbNull,
        after: plan.after ?? Prisma.DbNull,
      })),
    });
    const summary = describeEdit(edit);
    await recordEvent(db, ctx, "policyChange.prepared", {
      changeId: change.id,
      edit,
      summary,
      domains: lines.length,
      waiting,
    });
    return change.id;
  });
  return getPolicyChange(ctx, { changeId: id });
}

/** What was applied stays in the audit log. */
async function forgetOld(db: Transaction, accountId: string, now: Date): Promise<void> {
  const lt = new Date((await readDeletionTime(db, now)).getTime() - FORGOTTEN_AFTER_MS);
  const old = await db.policyChange.findMany({ where: { accountId, endedAt: { lt } }, take: 100 });
  const ids = old.map(({ id }) => id);
  await db.policyChangeLine.deleteMany({ where: { accountId, changeId: { in: ids } } });
  await db.policyChange.deleteMany({ where: { accountId, id: { in: ids } } });
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

function describeEdit({ mode, maxAgeSeconds, addMx, removeMx }: Body["edit"]): string {
  return [
    mode && `mode ${mode}`,
    maxAgeSeconds !== undefined && `max_age ${maxAgeSeconds}`,
    addMx.length > 0 && `with ${addMx.join(", ")}`,
    removeMx.length > 0 && `without ${removeMx.join(", ")}`,
  ]
    .filter(Boolean)
    .join("; ");
}
