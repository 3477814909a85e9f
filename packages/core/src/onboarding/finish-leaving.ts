import type { Database } from "@waxseal/db";
import { stopCertificate } from "../certificates/stop-certificate.ts";
import type { Context } from "../context.ts";
import { cacheHorizonAt } from "../domains/cache-horizon-at.ts";
import { lockDomain } from "../domains/get-domain.ts";
import { domainJobKey, enqueueJob } from "../enqueue-job.ts";
import { recordEvent } from "../record-event.ts";
import { recordServingChange } from "../serving/record-serving-change.ts";
import { ownerName } from "../setup-names.ts";

/**
 * Completes the exit of a domain once no sender can hold a policy older than mode none: we stop answering for it and renewing its certificate,
 * another account can claim it, and its owner may delete the CNAMEs. Returns whether the domain has left.
 *
 * @throws AppError `not_found`
 *
 * RFC 8461 §8.3
 */
export async function finishLeaving(ctx: Context, { domainId }: { domainId: string }): Promise<boolean> {
  return ctx.inTransaction(async (db) => {
    const { accountId } = ctx;
    const domain = await lockDomain(db, accountId, domainId);
    if (domain.status !== "leaving") return false;
    const key = { accountId, domainId };
    const horizonAt = cacheHorizonAt(await db.policyVersion.findMany({ where: key }));
    const at = ctx.now();
    if (horizonAt && horizonAt > at) return false;
    await db.policyVersion.updateMany({
      where: { ...key, lastServedAt: null },
      data: { lastServedAt: at, state: "superseded" },
    });
    await db.domainClaim.deleteMany({ where: { domain: domain.domain, ...key } });
    await stopCertificate(db, ctx, ownerName("policyHost", domain.domain));
    await db.domain.update({
      where: { accountId_id: { accountId, id: domainId } },
      data: {
        status: "left",
        leftAt: at,
        servedVersion: null,
        publishedVersion: null,
        publishProblem: null,
        publishHold: null,
        nextCheckAt: null,
      },
    });
    await recordEvent(db, ctx, "domain.left", { domainId, domain: domain.domain });
    await enqueueJob(db, "record.publish", key, { key: domainJobKey("record.publish", domainId) });
    await recordServingChange(db, "policy", domain.domain, at);
    await recordServingChange(db, "record", domain.token, at);
    return true;
  });
}

/** The leaving domains, those that have been leaving longest first. */
export async function listLeavingDomains(
  db: Database,
  limit: number,
): Promise<{ accountId: string; domainId: string }[]> {
  const rows = await db.domain.findMany({
    where: { status: "leaving" },
    orderBy: [{ leavingAt: "asc" }, { id: "asc" }],
    select: { accountId: true, id: true },
    take: limit,
  });
  return rows.map(({ accountId, id }) => ({ accountId, domainId: id }));
}
