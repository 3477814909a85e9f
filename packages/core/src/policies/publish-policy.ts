import type { Domain, PolicyAssessment, PolicyVersion } from "@waxseal/db";
import { formatPolicy } from "@waxseal/mta-sts";
import type { EveryAddress, FetchedPolicy } from "@waxseal/probes";
import { AppError } from "../app-error.ts";
import type { Context } from "../context.ts";
import { getDomain, lockDomain } from "../domains/get-domain.ts";
import { keepDomainMx } from "../domains/keep-domain-mx.ts";
import { seeDomainMx } from "../domains/see-domain-mx.ts";
import type { HostingSettings } from "../hosting-settings.ts";
import type { Publisher } from "../publishing/publisher.ts";
import { recordEvent } from "../record-event.ts";
import { awaitServingNodes } from "../serving/await-serving-nodes.ts";
import { recordServingChange } from "../serving/record-serving-change.ts";
import { ownerName } from "../setup-names.ts";
import { tokenRecords } from "../zone/token-records.ts";
import type { AssessDeps } from "./assess-policy-change.ts";
import { findBrokenSince, hasAssessedHosts } from "./assessed-hosts.ts";
import { followMx } from "./follow-mx.ts";
import { holdUnsafe, PolicyHeld } from "./hold-unsafe-policy.ts";
import { findPolicySeq } from "./publish-policy-seq.ts";
import { refuseFaultyPolicy } from "./store-policy-version.ts";

/** What publishing depends on. */
export type PublishPolicyDeps = {
  publisher: Publisher;
  /** How a policy is assessed before its id is published. */
  interlock: AssessDeps;
  settings: HostingSettings;
  /** Fetches a domain's policy through the public path, as a sender does, from every address of its host. */
  fetchPolicy(domain: string): Promise<FetchedPolicy & { every?: EveryAddress }>;
};

/**
 * `published`: the id is in DNS now. `current`: it already was, or there is nothing to publish. `waiting`: the domain or its
 * certificate is not there yet; the job that brings it calls again.
 */
export type PublishOutcome = { outcome: "published" | "current" | "waiting" };

/**
 * Walks the served policy version to the TXT record: every policy server answers with it, our own fetch through the public path sees
 * exactly it, and only then its id is published. The first time makes the domain active.
 *
 * A policy that would hold mail back as far as we can see now is held: served, but without an id, so that no sender knows of it. A draft
 * that no person has changed follows the MX hosts until its first publication.
 *
 * Safe to repeat after being cut off anywhere. The reason of a failure is kept for the owner; the timeline gets it once.
 *
 * @throws AppError `not_found`; `unavailable` – not done yet, for the reason in the message: try again later
 *
 * RFC 8461 §8.1
 */
export async function publishPolicy(
  ctx: Context,
  { domainId }: { domainId: string },
  deps: PublishPolicyDeps,
): Promise<PublishOutcome> {
  const domain = await getDomain(ctx.db, ctx.accountId, domainId);
  const version = await findServedVersion(ctx, domain);
  if (!version || version.state === "live") return { outcome: "current" };
  if (!(await isReady(ctx, domain))) return { outcome: "waiting" };
  try {
    if (domain.publishedVersion !== version.version) {
      refuseOldFaults(version);
      if (await draftAgain(ctx, domain, deps.interlock)) return { outcome: "current" };
      await seeNewBody(ctx, domain, version, deps);
      const assessed = await holdUnsafe(ctx, domain, version, deps.interlock);
      if (!(await commitPolicyId(ctx, domain, version, assessed))) return { outcome: "current" };
    }
    await deps.publisher.publish({
      token: domain.token,
      kind: "stsRecord",
      records: tokenRecords(
        "stsRecord",
        { token: domain.token, publishedPolicyId: version.policyId },
        deps.settings,
        [],
      ),
    });
  } catch (error) {
    if (error instanceof AppError && error.code === "unavailable") {
      const isKept = await keepProblem(ctx, domain, version, error);
      // A newer version took over meanwhile, and its own job is on its way.
      if (!isKept) return { outcome: "current" };
    }
    throw error;
  }
  await finish(ctx, domain, version);
  return { outcome: "published" };
}

async function findServedVersion(ctx: Context, domain: Domain): Promise<PolicyVersion | null> {
  const { accountId, id: domainId, servedVersion } = domain;
  if (servedVersion === null || domain.status === "left") return null;
  return ctx.db.policyVersion.findUnique({
    where: { accountId_domainId_version: { accountId, domainId, version: servedVersion } },
  });
}

/** Whether the domain is ours to serve and has a certificate to be served with. */
async function isReady(ctx: Context, { accountId, id, domain }: Domain): Promise<boolean> {
  const claim = await ctx.db.domainClaim.findUnique({ where: { domain } });
  if (claim?.accountId !== accountId || claim.domainId !== id) return false;
  const host = ownerName("policyHost", domain);
  const name = await ctx.db.certificateName.findUnique({ where: { accountId_host: { accountId, host } } });
  return name?.currentCertificateId != null;
}

/** A version that an older release of ours stored may have faults which nothing lets in today. */
function refuseOldFaults(version: PolicyVersion): void {
  try {
    refuseFaultyPolicy(version);
  } catch (cause) {
    const faults = cause instanceof AppError ? cause.message : "";
    throw new AppError("unavailable", `The policy has faults. ${faults} Edit the policy.`, {
      reason: "not_published_yet",
      cause,
    });
  }
}

/** Whether the draft of a domain that was never published had to follow its MX hosts; the new version has its own job then. */
async function draftAgain(ctx: Context, domain: Domain, deps: AssessDeps): Promise<boolean> {
  if (domain.status !== "pending" || domain.publishedVersion !== null) return false;
  const seen = await seeDomainMx(domain, deps);
  if (!seen) return false;
  return ctx.inTransaction(async (db) => {
    const row = await lockDomain(db, ctx.accountId, domain.id);
    const kept = await keepDomainMx(db, ctx, row, seen);
    return kept !== undefined && (await followMx(db, ctx, row, kept.mxHosts));
  });
}

async function seeNewBody(
  ctx: Context,
  domain: Domain,
  version: PolicyVersion,
  { fetchPolicy }: PublishPolicyDeps,
): Promise<void> {
  const seq = await findPolicySeq(ctx.db, domain.domain);
  const { lagging } = await awaitServingNodes(ctx.db, "policy", seq);
  if (lagging.length > 0) {
    const text = `${lagging.length} of our policy servers do not answer with the new policy yet. Nothing for you to do.`;
    throw new AppError("unavailable", text, { reason: "not_published_yet" });
  }
  const answer = await fetchPolicy(domain.domain);
  const url = `https://${ownerName("policyHost", domain.domain)}/.well-known/mta-sts.txt`;
  if ("missing" in answer) {
    const text = `We fetched ${url} as a sender would and got no policy: ${answer.detail}. The new id is published once that works.`;
    throw new AppError("unavailable", text, { reason: "not_published_yet", cause: answer });
  }
  const isEverywhere = !answer.every?.addresses.some(({ servesOtherPolicy }) => servesOtherPolicy);
  if (answer.found.body === formatPolicy(version) && isEverywhere) return;
  const text = `We fetched ${url} as a sender would and got another policy than the new one. The new id is published once it is seen everywhere.`;
  throw new AppError("unavailable", text, { reason: "not_published_yet" });
}

/**
 * Records the id as the published one; returns false when a newer version has replaced it.
 * @throws AppError `unavailable` – what was assessed is not what there is now
 */
async function commitPolicyId(
  ctx: Context,
  domain: Domain,
  version: PolicyVersion,
  assessed: PolicyAssessment | undefined,
): Promise<boolean> {
  return ctx.inTransaction(async (db) => {
    const row = await lockDomain(db, ctx.accountId, domain.id);
    if (row.servedVersion !== version.version || row.status === "left") return false;
    if (assessed && (!hasAssessedHosts(row, assessed) || (await findBrokenSince(db, assessed)))) {
      const text = `The mail hosts of ${row.domain} changed while we looked at them. We look again before the policy is published.`;
      throw new AppError("unavailable", text, { reason: "not_published_yet" });
    }
    await db.domain.update({
      where: { accountId_id: { accountId: row.accountId, id: row.id } },
      data: { publishedVersion: version.version },
    });
    await db.policyVersion.updateMany({
      where: { accountId: row.accountId, domainId: row.id, version: version.version },
      data: { publishedAt: ctx.now() },
    });
    await recordServingChange(db, "record", row.token, ctx.now());
    return true;
  });
}

/** Keeps why a version is not published yet, unless a newer one took over meanwhile; false then. */
async function keepProblem(
  ctx: Context,
  domain: Domain,
  version: PolicyVersion,
  error: AppError,
): Promise<boolean> {
  const problem = error.message;
  const publishHold = error instanceof PolicyHeld ? error.hold : null;
  return ctx.inTransaction(async (db) => {
    const row = await lockDomain(db, ctx.accountId, domain.id);
    if (row.servedVersion !== version.version) return false;
    await db.domain.update({
      where: { accountId_id: { accountId: row.accountId, id: row.id } },
      data: { publishProblem: problem, publishHold },
    });
    if (publishHold !== null && row.publishHold === null) {
      await recordEvent(db, ctx, "policy.held", { domainId: row.id, version: version.version, problem });
    } else if (row.publishProblem === null) {
      await recordEvent(db, ctx, "policy.publishFailed", { domainId: row.id, problem });
    }
    return true;
  });
}

async function finish(ctx: Context, domain: Domain, version: PolicyVersion): Promise<void> {
  await ctx.inTransaction(async (db) => {
    const row = await lockDomain(db, ctx.accountId, domain.id);
    const at = ctx.now();
    const { count } = await db.policyVersion.updateMany({
      where: { accountId: row.accountId, domainId: row.id, version: version.version, state: "publishing" },
      data: { state: "live" },
    });
    const isFirst = row.status === "pending";
    await db.domain.update({
      where: { accountId_id: { accountId: row.accountId, id: row.id } },
      data: { publishProblem: null, publishHold: null, ...(isFirst && { status: "active", activeAt: at }) },
    });
    if (count > 0) {
      const { policyId, mode } = version;
      await recordEvent(db, ctx, "policy.published", {
        domainId: row.id,
        version: version.version,
        policyId,
        mode,
      });
    }
    if (isFirst) await recordEvent(db, ctx, "domain.active", { domainId: row.id, domain: row.domain });
  });
}
