import type { Domain, PolicyVersion, Transaction } from "@waxseal/db";
import type { Policy } from "@waxseal/mta-sts";
import type { Context } from "../context.ts";
import { domainJobKey, enqueueJob } from "../enqueue-job.ts";
import { recordEvent } from "../record-event.ts";
import { recordServingChange } from "../serving/record-serving-change.ts";
import { LEASE_MS } from "../serving/renew-serving-lease.ts";
import { storePolicyVersion } from "./store-policy-version.ts";

/** What the event of a new version says besides: the version it repeats, the reasons acknowledged against it, the change it is part of. */
export type PolicyNote = {
  restoredVersion?: number;
  acknowledged?: string[];
  /** The reasons acknowledged, each with its MX host. */
  acknowledgedFor?: string[];
  uncoveredMxHosts?: string[];
  /** Drafted from the MX hosts; no person has changed it. */
  drafted?: boolean;
  changeId?: string;
};

/**
 * Stores a policy as the newest version of a locked domain, has it served, and sends it on its way to the TXT record.
 *
 * The version served until now counts as served for one more lease: a policy server cut off from us answers with it
 * that long. Takes the lock of the change feed: call it last.
 *
 * @throws AppError `invalid` – as `storePolicyVersion`
 *
 * RFC 8461 §8.1
 */
export async function addPolicyVersion(
  db: Transaction,
  ctx: Context,
  domain: Domain,
  policy: Policy,
  note: PolicyNote = {},
): Promise<PolicyVersion> {
  const { accountId } = ctx;
  const key = { accountId, domainId: domain.id };
  const at = ctx.now();
  const newest = await db.policyVersion.findFirst({ where: key, orderBy: { version: "desc" } });
  await db.policyVersion.updateMany({
    where: { ...key, lastServedAt: null },
    data: { state: "superseded", lastServedAt: new Date(at.getTime() + LEASE_MS) },
  });
  const version = await storePolicyVersion(db, ctx, domain.id, policy);
  await db.domain.update({
    where: { accountId_id: { accountId, id: domain.id } },
    data: { servedVersion: version.version, publishProblem: null, publishHold: null },
  });
  const { mode, mx, maxAgeSeconds } = version;
  await recordEvent(db, ctx, "policy.created", {
    domainId: domain.id,
    version: version.version,
    mode,
    mx,
    maxAgeSeconds,
    ...note,
    before: newest && { mode: newest.mode, mx: newest.mx, maxAgeSeconds: newest.maxAgeSeconds },
  });
  await enqueueJob(db, "policy.publish", key, { key: domainJobKey("policy.publish", domain.id) });
  await recordServingChange(db, "policy", domain.domain, at);
  return version;
}
