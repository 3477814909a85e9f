import type { Domain, PolicyAssessment, PolicyVersion, Transaction } from "@waxseal/db";
import { isPolicyMode, normalizeMxPattern, type Policy, type PolicyDraft } from "@waxseal/mta-sts";
import { AppError } from "../app-error.ts";
import type { Context } from "../context.ts";
import { getDomain, lockDomain } from "../domains/get-domain.ts";
import type { UnsafeReason } from "../judging/assess-policy.ts";
import { requirePermission } from "../require-permission.ts";
import { addPolicyVersion, type PolicyNote } from "./add-policy-version.ts";
import { type AssessDeps, assessPolicyChange, findAssessment } from "./assess-policy-change.ts";
import { findBrokenSince, hasAssessedHosts } from "./assessed-hosts.ts";
import { findNewestVersion } from "./get-policy.ts";
import { acknowledgedKey } from "./hold-unsafe-policy.ts";
import { requireSafe } from "./require-safe.ts";
import { refuseFaultyPolicy } from "./store-policy-version.ts";

/** What an owner asks to be served; mx patterns as typed. */
export type PolicyInput = {
  domainId: string;
  mode: string;
  mx: readonly string[];
  maxAgeSeconds: number;
  /** Codes of reasons that stop it and were read: mail may be held back for these. */
  acknowledge?: readonly string[] | undefined;
  /** The domain, typed, when something is acknowledged. */
  confirmDomain?: string | undefined;
  /** The assessment that was shown to the person who publishes. Without one, or when it is too old, we look again. */
  assessmentId?: string | undefined;
  /** The older version this repeats. */
  restoredVersion?: number;
  /** The change to many policies that this is a part of. */
  changeId?: string;
  /** Throws when the newest version is not the one that the caller knows. Asked again while the domain is locked. */
  requireKnown?: ((newest: PolicyVersion | null) => void) | undefined;
};

/**
 * Makes a policy the newest version of a domain. It is served at once; its id goes into the TXT record after that, as
 * `policy.publish` does it. A policy that is served or on its way already stays as it is, with its version and id: senders fetch again
 * only when something changed. So does one that is restored while it is served.
 *
 * Nothing that could hold back mail happens without a fresh look: mode enforce is assessed first, and what stops it has to be
 * acknowledged by name. Testing and none are never stopped.
 *
 * @throws AppError `invalid` – see `checkPolicy`, `fields` name each; `not_found`; `conflict` – leaving or left, or the MX hosts or
 * the policy changed while we looked; `unsafe` – with the reasons; what `requireKnown` throws
 *
 * RFC 8461 §3.2, §5, §8.1
 */
export async function setPolicy(ctx: Context, input: PolicyInput, deps: AssessDeps): Promise<PolicyVersion> {
  requirePermission(ctx, "policies.publish");
  const policy = readPolicy(input);
  const domain = await getDomain(ctx.db, ctx.accountId, input.domainId);
  refuseLeaving(domain);
  input.requireKnown?.(await findNewestVersion(ctx.db, domain));
  const current = await findSameVersion(ctx.db, domain, policy, input);
  if (current) return current;
  const { assessment, acknowledged } =
    policy.mode === "enforce"
      ? await look(ctx, domain, { input, policy }, deps)
      : { assessment: undefined, acknowledged: [] };
  return ctx.inTransaction(async (db) => {
    const row = await lockDomain(db, ctx.accountId, input.domainId);
    refuseLeaving(row);
    input.requireKnown?.(await findNewestVersion(db, row));
    const concurrent = await findSameVersion(db, row, policy, input);
    if (concurrent) return concurrent;
    if (assessment) await requireUnchanged(db, row, assessment);
    return addPolicyVersion(db, ctx, row, policy, noteOf(input, acknowledged));
  });
}

/**
 * The policy that this input means for a domain, if it has no fault and the domain still serves one. Says nothing about whether it
 * is safe to enforce.
 * @throws AppError `invalid`, `conflict` – as `setPolicy`
 */
export function readPolicyFor(domain: Domain, input: Omit<PolicyInput, "domainId">): Policy {
  const policy = readPolicy(input);
  refuseLeaving(domain);
  return policy;
}

/**
 * The policy that this input means, for assessing it.
 * @throws AppError `not_found` – no such domain in this account; `invalid`, `conflict` – as `setPolicy`
 */
export async function readPolicyForDomain(ctx: Context, input: PolicyInput): Promise<Policy> {
  requirePermission(ctx, "policies.publish");
  return readPolicyFor(await getDomain(ctx.db, ctx.accountId, input.domainId), input);
}

/** The assessment that the change goes by, and which of its reasons are acknowledged. */
async function look(
  ctx: Context,
  domain: Domain,
  { input, policy }: { input: PolicyInput; policy: Policy },
  deps: AssessDeps,
): Promise<{ assessment: PolicyAssessment; acknowledged: UnsafeReason[] }> {
  const { domainId, assessmentId } = input;
  const shown = assessmentId ? await findAssessment(ctx, { assessmentId, domainId, policy }) : undefined;
  const isValid = shown !== undefined && shown.validUntil > ctx.now();
  const assessment = isValid ? shown : await assessPolicyChange(ctx, { domainId, policy }, deps);
  return { assessment, acknowledged: requireSafe(assessment, domain, { ...input, shown }) };
}

/**
 * The served version, when it already says what is asked for. The order of the MX patterns has no meaning. A version that is held is none
 * when the reasons against it are acknowledged now.
 */
async function findSameVersion(
  db: Context["db"] | Transaction,
  { accountId, id: domainId, servedVersion, publishHold }: Domain,
  policy: Policy,
  { acknowledge = [] }: Pick<PolicyInput, "acknowledge">,
): Promise<PolicyVersion | undefined> {
  if (servedVersion === null || (publishHold !== null && acknowledge.length > 0)) return undefined;
  const served = await db.policyVersion.findUnique({
    where: { accountId_domainId_version: { accountId, domainId, version: servedVersion } },
  });
  return served && canonicalText(served) === canonicalText(policy) ? served : undefined;
}

function canonicalText({ mode, mx, maxAgeSeconds }: PolicyDraft): string {
  return JSON.stringify([mode, maxAgeSeconds, ...new Set([...mx].sort())]);
}

/** @throws AppError `conflict` – what was assessed is not what there is now */
async function requireUnchanged(
  db: Transaction,
  domain: Domain,
  assessment: PolicyAssessment,
): Promise<void> {
  const { accountId, id: domainId } = domain;
  const { _max } = await db.policyVersion.aggregate({
    where: { accountId, domainId },
    _max: { version: true },
  });
  const isSameVersion = (_max.version ?? 0) === assessment.newestVersion;
  const collidesWith = { kind: "domain", id: domainId } as const;
  if (!isSameVersion) {
    const text = `The policy of ${domain.domain} changed while you looked. Review the change again.`;
    throw new AppError("conflict", text, { reason: "policy_changed", collidesWith });
  }
  const broken = await findBrokenSince(db, assessment);
  if (broken === undefined && hasAssessedHosts(domain, assessment)) return;
  const what = broken ? `A test of ${broken} failed` : `The mail hosts of ${domain.domain} changed`;
  const text = `${what} while you looked. Review the change again.`;
  throw new AppError("conflict", text, { reason: "mx_changed", collidesWith });
}

function noteOf(
  { changeId, restoredVersion }: PolicyInput,
  acknowledged: readonly UnsafeReason[],
): PolicyNote {
  const uncovered = acknowledged.flatMap(({ code, mxHost }) =>
    code === "mx-uncovered" && mxHost ? [mxHost] : [],
  );
  return {
    ...(changeId !== undefined && { changeId }),
    ...(restoredVersion !== undefined && { restoredVersion }),
    ...(acknowledged.length > 0 && { acknowledged: [...new Set(acknowledged.map(({ code }) => code))] }),
    ...(acknowledged.length > 0 && { acknowledgedFor: acknowledged.map(acknowledgedKey) }),
    ...(uncovered.length > 0 && { uncoveredMxHosts: uncovered }),
  };
}

/** @throws AppError `conflict` */
function refuseLeaving({ id, domain, status }: Domain): void {
  if (status !== "leaving" && status !== "left") return;
  throw new AppError(
    "conflict",
    `${domain} ${status === "left" ? "has left" : "is leaving"}; its policy cannot change any more.`,
    { reason: `domain_${status}`, collidesWith: { kind: "domain", id } },
  );
}

function readPolicy(input: Pick<PolicyInput, "mode" | "mx" | "maxAgeSeconds">): Policy {
  const { mode, maxAgeSeconds } = input;
  const draft = { mode, mx: input.mx.map(normalizeMxPattern), maxAgeSeconds };
  refuseFaultyPolicy(draft);
  if (!isPolicyMode(draft.mode)) throw new AppError("invalid", "There is no such mode.");
  return { mode: draft.mode, mx: draft.mx, maxAgeSeconds };
}
