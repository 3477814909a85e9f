import type { Domain, PolicyVersion } from "@waxseal/db";
import { allowsMxHost, isPolicyMode, normalizeMxPattern, type Policy } from "@waxseal/mta-sts";
import { AppError } from "../app-error.ts";
import type { Context } from "../context.ts";
import { lockDomain } from "../domains/get-domain.ts";
import { readMxHosts } from "../domains/read-mx-hosts.ts";
import { requirePermission } from "../require-permission.ts";
import { addPolicyVersion, type PolicyNote } from "./add-policy-version.ts";
import { refuseFaultyPolicy } from "./store-policy-version.ts";

/** What an owner asks to be served; mx patterns as typed. */
export type PolicyInput = {
  domainId: string;
  mode: string;
  mx: readonly string[];
  maxAgeSeconds: number;
  /** false: nobody has agreed yet that mail to a live MX host may be held back. */
  acknowledgeUncovered?: boolean | undefined;
  /** The older version this repeats. */
  restoredVersion?: number;
  /** The change to many policies that this is a part of. */
  changeId?: string;
};

/**
 * Makes a policy the newest version of a domain. It is served at once; its id goes into the TXT record after that, as
 * `policy.publish` does it. Publishing what is served already gives it a new id.
 *
 * @throws AppError `invalid` – see `checkPolicy`, `fields` name each; `not_found`; `conflict` – leaving or left, or mode enforce
 * while the policy does not allow an MX host of the last look-up and `acknowledgeUncovered` is false
 *
 * RFC 8461 §3.2, §5, §8.1
 */
export async function setPolicy(ctx: Context, input: PolicyInput): Promise<PolicyVersion> {
  requirePermission(ctx, "policies.publish");
  const policy = readPolicy(input);
  return ctx.inTransaction(async (db) => {
    const domain = await lockDomain(db, ctx.accountId, input.domainId);
    const uncovered = refuseForDomain(domain, policy, input);
    const note: PolicyNote = {
      ...(input.changeId !== undefined && { changeId: input.changeId }),
      ...(input.restoredVersion !== undefined && { restoredVersion: input.restoredVersion }),
      ...(uncovered.length > 0 && { uncoveredMxHosts: uncovered }),
    };
    return addPolicyVersion(db, ctx, domain, policy, note);
  });
}

/**
 * The policy that this input means for a domain, if setting it now would not be refused.
 * @throws AppError as `setPolicy`
 */
export function readPolicyFor(domain: Domain, input: PolicyInput): Policy {
  const policy = readPolicy(input);
  refuseForDomain(domain, policy, input);
  return policy;
}

/** The MX hosts that enforcing the policy would hold mail back from. @throws AppError `conflict` */
function refuseForDomain(domain: Domain, policy: Policy, input: PolicyInput): string[] {
  if (domain.status === "leaving" || domain.status === "left") {
    throw new AppError(
      "conflict",
      `${domain.domain} ${domain.status === "left" ? "has left" : "is leaving"}; its policy cannot change any more.`,
    );
  }
  const uncovered = policy.mode === "enforce" ? listUncovered(domain, policy) : [];
  if (uncovered.length > 0 && input.acknowledgeUncovered === false) throw refusal(domain, uncovered);
  return uncovered;
}

function listUncovered(domain: Domain, policy: Policy): string[] {
  return readMxHosts(domain)
    .map(({ mxHost }) => mxHost)
    .filter((mxHost) => !allowsMxHost(policy.mx, mxHost));
}

function refusal(domain: Domain, uncovered: readonly string[]): AppError {
  const hosts = uncovered.slice(0, 10).join(", ");
  const [receive, are] = uncovered.length === 1 ? ["receives", "is"] : ["receive", "are"];
  return new AppError(
    "conflict",
    `${hosts} ${receive} mail for ${domain.domain} but ${are} not in the policy: enforcing it would hold that mail back. Add ${uncovered.length === 1 ? "the host" : "them"}, or agree to it for this domain alone.`,
  );
}

function readPolicy(input: PolicyInput): Policy {
  const draft = { ...input, mx: input.mx.map(normalizeMxPattern) };
  refuseFaultyPolicy(draft);
  if (!isPolicyMode(draft.mode)) throw new AppError("invalid", "There is no such mode.");
  return { mode: draft.mode, mx: draft.mx, maxAgeSeconds: draft.maxAgeSeconds };
}
