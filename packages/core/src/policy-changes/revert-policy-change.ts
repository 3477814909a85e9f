import { type PolicyChangeView, PolicyEdit } from "@waxseal/contract";
import type { PolicyChangeLine, Transaction } from "@waxseal/db";
import type { Policy } from "@waxseal/mta-sts";
import { z } from "zod";
import { AppError } from "../app-error.ts";
import type { Context } from "../context.ts";
import { lockAccount } from "../lock-account.ts";
import { requirePermission } from "../require-permission.ts";
import { getPolicyChange } from "./get-policy-change.ts";
import { insertPolicyChange, type NewLine } from "./insert-policy-change.ts";
import { stopWaitingLines } from "./stop-policy-change.ts";

const StoredPolicy = z.object({
  mode: z.enum(["enforce", "testing", "none"]),
  mx: z.array(z.string()),
  maxAgeSeconds: z.number(),
});

/**
 * Prepares a change that gives each domain the policy that it had before another change, and stops that one where it still waits.
 * `continuePolicyChange` then applies it; the way back to testing or none is never stopped. A policy that was changed since stays, and its line
 * says so.
 *
 * @throws AppError `not_found` – no such change in this account; `conflict` – it changed no policy; `forbidden`; `limit_reached`
 */
export async function revertPolicyChange(
  ctx: Context,
  { changeId }: { changeId: string },
): Promise<z.infer<typeof PolicyChangeView>> {
  requirePermission(ctx, "policies.publish");
  await getPolicyChange(ctx, { changeId });
  const { accountId } = ctx;
  const id = await ctx.inTransaction(async (db) => {
    await lockAccount(db, accountId);
    const change = await db.policyChange.findUniqueOrThrow({
      where: { accountId_id: { accountId, id: changeId } },
    });
    if (change.endedAt === null) await stopWaitingLines(db, ctx, changeId, null);
    const applied = await db.policyChangeLine.findMany({
      where: { accountId, changeId, state: "applied" },
      orderBy: { place: "asc" },
    });
    if (applied.length === 0)
      throw new AppError("conflict", "This change has changed no policy.", {
        reason: "change_without_effect",
        collidesWith: { kind: "policyChange", id: changeId },
      });
    const newest = await findNewest(db, applied);
    const lines = applied.map((line) => takeBack(line, newest.get(line.domainId)));
    return insertPolicyChange(db, ctx, { edit: PolicyEdit.parse(change.edit), lines, revertsId: changeId });
  });
  return getPolicyChange(ctx, { changeId: id });
}

async function findNewest(db: Transaction, lines: readonly PolicyChangeLine[]): Promise<Map<string, number>> {
  const found = await db.policyVersion.groupBy({
    by: ["accountId", "domainId"],
    where: {
      accountId: { in: [...new Set(lines.map(({ ownerId }) => ownerId))] },
      domainId: { in: lines.map(({ domainId }) => domainId) },
    },
    _max: { version: true },
  });
  return new Map(found.map(({ domainId, _max }) => [domainId, _max.version ?? 0]));
}

function takeBack(line: PolicyChangeLine, newest: number | undefined): NewLine {
  const read = (stored: unknown): Policy => StoredPolicy.parse(stored);
  const isCurrent = newest !== undefined && newest === line.version;
  return {
    domain: { accountId: line.ownerId, id: line.domainId, domain: line.domain },
    fromVersion: newest ?? null,
    state: isCurrent ? "waiting" : "refused",
    reason: isCurrent ? null : "Its policy was changed again afterwards.",
    before: read(line.after),
    after: read(line.before),
    assessment: null,
  };
}
