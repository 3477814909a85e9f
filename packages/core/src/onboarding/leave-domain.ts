import type { Domain, Transaction } from "@waxseal/db";
import { checkPolicy, MAX_MX_PATTERNS } from "@waxseal/mta-sts";
import { AppError } from "../app-error.ts";
import { stopCertificate } from "../certificates/stop-certificate.ts";
import type { Context } from "../context.ts";
import { lockDomain } from "../domains/get-domain.ts";
import { domainJobKey, enqueueJob } from "../enqueue-job.ts";
import { addPolicyVersion } from "../policies/add-policy-version.ts";
import { recordEvent } from "../record-event.ts";
import { requirePermission } from "../require-permission.ts";
import { recordServingChange } from "../serving/record-serving-change.ts";
import { ownerName } from "../setup-names.ts";

/** A day: what senders must wait after the last of them fetched mode none. */
const LEAVING_MAX_AGE_SECONDS = 86_400;

/**
 * Starts the safe exit of a domain: publishes mode none under a new id and keeps answering until no sender can
 * hold an older policy. A domain whose TXT record was never published leaves at once.
 *
 * @throws AppError `not_found`; `conflict` – it is leaving or has left
 *
 * RFC 8461 §8.3
 */
export async function leaveDomain(ctx: Context, input: { domainId: string }): Promise<Domain> {
  requirePermission(ctx, "domains.leave");
  return ctx.inTransaction((db) => leaveLockedDomain(db, ctx, input.domainId));
}

/** As `leaveDomain`, in the caller's transaction and without asking for permission. */
export async function leaveLockedDomain(db: Transaction, ctx: Context, domainId: string): Promise<Domain> {
  const domain = await lockDomain(db, ctx.accountId, domainId);
  if (domain.status === "leaving")
    throw new AppError("conflict", `${domain.domain} is already leaving.`, {
      reason: "domain_leaving",
      collidesWith: { kind: "domain", id: domainId },
    });
  if (domain.status === "left")
    throw new AppError("conflict", `${domain.domain} has already left.`, {
      reason: "domain_left",
      collidesWith: { kind: "domain", id: domainId },
    });
  return domain.publishedVersion === null ? leaveAtOnce(db, ctx, domain) : startLeaving(db, ctx, domain);
}

async function startLeaving(db: Transaction, ctx: Context, domain: Domain): Promise<Domain> {
  const mx = await usableMx(db, domain);
  const where = { accountId_id: { accountId: ctx.accountId, id: domain.id } };
  await db.domain.update({ where, data: { status: "leaving", leavingAt: ctx.now() } });
  await recordEvent(db, ctx, "domain.leaving", { domainId: domain.id, domain: domain.domain });
  await addPolicyVersion(db, ctx, domain, { mode: "none", mx, maxAgeSeconds: LEAVING_MAX_AGE_SECONDS });
  return db.domain.findUniqueOrThrow({ where });
}

async function leaveAtOnce(db: Transaction, ctx: Context, domain: Domain): Promise<Domain> {
  const { accountId } = ctx;
  const at = ctx.now();
  const left = await db.domain.update({
    where: { accountId_id: { accountId, id: domain.id } },
    data: { status: "left", leavingAt: at, leftAt: at, servedVersion: null, nextCheckAt: null },
  });
  await db.domainClaim.deleteMany({ where: { domain: domain.domain, accountId, domainId: domain.id } });
  await db.policyVersion.updateMany({
    where: { accountId, domainId: domain.id, lastServedAt: null },
    data: { lastServedAt: at, state: "superseded" },
  });
  await stopCertificate(db, ctx, ownerName("policyHost", domain.domain));
  await recordEvent(db, ctx, "domain.left", { domainId: domain.id, domain: domain.domain });
  const job = { accountId, domainId: domain.id };
  await enqueueJob(db, "record.publish", job, { key: domainJobKey("record.publish", domain.id) });
  await recordServingChange(db, "record", domain.token, at);
  await recordServingChange(db, "policy", domain.domain, at);
  return left;
}

/** The patterns of the newest policy that may still be published, so that no fault of an old policy can block the exit. */
async function usableMx(db: Transaction, domain: Domain): Promise<string[]> {
  const newest = await db.policyVersion.findFirst({
    where: { accountId: domain.accountId, domainId: domain.id },
    orderBy: { version: "desc" },
  });
  const faults = checkPolicy({ mode: "none", mx: newest?.mx ?? [], maxAgeSeconds: LEAVING_MAX_AGE_SECONDS });
  const faulty = new Set(faults.map(({ severity, index }) => (severity === "error" ? index : undefined)));
  const mx = (newest?.mx ?? []).filter((_, index) => !faulty.has(index)).slice(0, MAX_MX_PATTERNS);
  return mx.length > 0 ? mx : [domain.domain];
}
