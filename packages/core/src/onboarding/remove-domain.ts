import type { Domain, Transaction } from "@waxseal/db";
import { recordAlertChanges } from "../alerting/record-alert-changes.ts";
import { AppError } from "../app-error.ts";
import { stopCertificate } from "../certificates/stop-certificate.ts";
import type { Context } from "../context.ts";
import { lockDomain } from "../domains/get-domain.ts";
import { domainJobKey, enqueueJob } from "../enqueue-job.ts";
import { recordEvent } from "../record-event.ts";
import { requirePermission } from "../require-permission.ts";
import { recordServingChange } from "../serving/record-serving-change.ts";
import { ownerName } from "../setup-names.ts";

/** Tables of state with rows of one domain, by `account_id` and `domain_id`. */
const DOMAIN_TABLES = [
  "setup_record",
  "domain_share",
  "domain_tag",
  "domain_claim",
  "policy_assessment",
  "policy_fetch",
  "policy_version",
  "mx_sighting",
  "alert",
] as const;

/**
 * Deletes a domain for good: at once when its policy id was never published, otherwise only after it has left, since senders may hold its
 * policy until then. Its reports and daily figures are deleted by a job afterwards.
 *
 * The audit log keeps what happened, and its token stays taken, so that a CNAME left behind never points to anybody else.
 *
 * @throws AppError `not_found`; `conflict` – it must be turned off first, or is leaving; `precondition_failed` – it is not as it was `seen`
 *
 * RFC 8461 §8.3
 */
export async function removeDomain(
  ctx: Context,
  { domainId, seen }: { domainId: string; seen?: Domain | undefined },
): Promise<void> {
  requirePermission(ctx, "domains.leave");
  await ctx.inTransaction(async (db) => {
    const { accountId } = ctx;
    const domain = await lockDomain(db, accountId, domainId);
    await refuseHeldPolicy(db, domain);
    if (seen) refuseChanged(domain, seen);
    const key = { accountId, domainId };
    await removeCertificate(db, ctx, domain);
    await endAlerts(db, ctx, domainId);
    for (const table of DOMAIN_TABLES) {
      await db.$executeRawUnsafe(
        `delete from ${table} where account_id = $1 and domain_id = $2::uuid`,
        accountId,
        domainId,
      );
    }
    await db.domain.delete({ where: { accountId_id: { accountId, id: domainId } } });
    const { domain: name, createdAt, leftAt } = domain;
    const before = {
      domain: name,
      createdAt: createdAt.toISOString(),
      leftAt: leftAt?.toISOString() ?? null,
    };
    await recordEvent(db, ctx, "domain.removed", { domainId, domain: name, before });
    await enqueueJob(db, "domain.removeReports", key, {
      key: domainJobKey("domain.removeReports", domainId),
    });
    await recordServingChange(db, "policy", name, ctx.now());
    await recordServingChange(db, "record", domain.token, ctx.now());
  });
}

/** @throws AppError `conflict` – senders may hold a policy of it */
async function refuseHeldPolicy(
  db: Transaction,
  { accountId, id: domainId, domain, status }: Domain,
): Promise<void> {
  if (status === "left") return;
  const published = await db.policyVersion.count({
    where: { accountId, domainId, publishedAt: { not: null } },
  });
  if (status === "pending" && published === 0) return;
  const text =
    status === "leaving"
      ? `${domain} is still being turned off: senders may hold its policy. Delete it when that is over.`
      : `Senders may hold the policy of ${domain}. Turn MTA-STS off first; then the domain can be deleted.`;
  throw new AppError("conflict", text, {
    reason: status === "leaving" ? "domain_leaving" : "domain_cached",
    collidesWith: { kind: "domain", id: domainId },
  });
}

/** @throws AppError `precondition_failed` – what a person decides about the domain changed since it was seen */
function refuseChanged(now: Domain, seen: Domain): void {
  const isSame =
    now.status === seen.status &&
    now.servedVersion === seen.servedVersion &&
    now.publishedVersion === seen.publishedVersion;
  if (isSame) return;
  throw new AppError("precondition_failed", `${now.domain} changed since it was read. Read it again.`, {
    reason: "etag_mismatch",
    collidesWith: { kind: "domain", id: now.id },
  });
}

/** Resolves the alerts of a removed domain, and notifies the people who got them. */
async function endAlerts(db: Transaction, { accountId, now }: Context, domainId: string): Promise<void> {
  const open = await db.alert.findMany({ where: { accountId, domainId, state: "open" } });
  const changes = open.map((alert) => ({ kind: "resolved", isKnown: false, alert }) as const);
  await recordAlertChanges(db, changes, now());
}

async function removeCertificate(db: Transaction, ctx: Context, { id, domain }: Domain): Promise<void> {
  const { accountId } = ctx;
  const host = ownerName("policyHost", domain);
  await stopCertificate(db, ctx, host);
  await db.certificate.deleteMany({ where: { accountId, host } });
  await db.certificateName.deleteMany({ where: { accountId, domainId: id } });
  await recordServingChange(db, "certificate", host, ctx.now());
}
