import type { Context } from "../context.ts";
import { lockDomain } from "../domains/get-domain.ts";
import { domainJobKey, enqueueJob } from "../enqueue-job.ts";
import { lockAccount } from "../lock-account.ts";
import { addPolicyVersion } from "../policies/add-policy-version.ts";
import { recordEvent } from "../record-event.ts";
import { requirePermission } from "../require-permission.ts";

/**
 * Takes the exit of a leaving domain back: its last policy before the exit is published under a new id. Returns whether it was restored.
 *
 * Mode enforce comes back as testing, because the MX hosts may have changed while the domain was leaving. A domain that is no longer leaving,
 * or whose account is being deleted, is left alone. Safe to run twice.
 *
 * @throws AppError `not_found`
 *
 * RFC 8461 §8.1
 */
export async function restoreLeavingDomain(
  ctx: Context,
  { domainId }: { domainId: string },
): Promise<boolean> {
  requirePermission(ctx, "domains.leave");
  return ctx.inTransaction(async (db) => {
    const { accountId } = ctx;
    await lockAccount(db, accountId);
    const { closingAt } = await db.organization.findUniqueOrThrow({ where: { id: accountId } });
    const domain = await lockDomain(db, accountId, domainId);
    if (closingAt || domain.status !== "leaving" || !domain.leavingAt) return false;
    const key = { accountId, domainId };
    const before = await db.policyVersion.findFirst({
      where: { ...key, createdAt: { lt: domain.leavingAt } },
      orderBy: { version: "desc" },
    });
    if (!before) return false;
    await db.domain.update({
      where: { accountId_id: { accountId, id: domainId } },
      data: { status: domain.activeAt ? "active" : "pending", leavingAt: null, nextCheckAt: ctx.now() },
    });
    await recordEvent(db, ctx, "domain.restored", { domainId, domain: domain.domain });
    const job = domainJobKey("domain.check", domainId);
    await enqueueJob(db, "domain.check", key, { key: job });
    const { mx, maxAgeSeconds } = before;
    const mode = before.mode === "enforce" ? "testing" : before.mode;
    await addPolicyVersion(db, ctx, domain, { mode, mx, maxAgeSeconds }, { restoredVersion: before.version });
    return true;
  });
}
