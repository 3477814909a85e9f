import type { PolicyEdit } from "@waxseal/contract";
import type { Domain, PolicyVersion } from "@waxseal/db";
import { normalizeMxPattern, type Policy } from "@waxseal/mta-sts";
import type { z } from "zod";
import { AppError } from "../app-error.ts";
import { findUncoveredMx } from "../domains/find-uncovered-mx.ts";
import { readPolicyFor } from "../policies/set-policy.ts";

/** What an edit means for one domain. `before` is its newest policy. */
export type PlannedEdit = {
  state: "waiting" | "unchanged" | "refused";
  reason: string | null;
  before: Policy | null;
  after: Policy | null;
};

/**
 * What applying an edit to a domain's newest policy would do, or why it would be refused: by the rules of `setPolicy` and
 * the MX hosts of the last look. Applying it looks again. Adding a pattern that is there, or removing one that is not, changes nothing. Never throws.
 *
 * RFC 8461 §3.2
 */
export function planPolicyEdit(
  domain: Domain,
  newest: PolicyVersion | undefined,
  edit: z.infer<typeof PolicyEdit>,
): PlannedEdit {
  if (!newest) return refuse("It has no policy yet.", null, null);
  const before: Policy = { mode: newest.mode, mx: newest.mx, maxAgeSeconds: newest.maxAgeSeconds };
  const wanted = applyEdit(before, edit);
  try {
    const after = readPolicyFor(domain, wanted);
    if (isSame(before, after)) return { state: "unchanged", reason: null, before, after };
    const stop = findKnownStop(domain, after);
    return stop ? refuse(stop, before, after) : { state: "waiting", reason: null, before, after };
  } catch (error) {
    if (error instanceof AppError) return refuse(error.message, before, wanted);
    throw error;
  }
}

/** An MX host that enforcing would hold mail back from, as far as the last look goes. */
function findKnownStop(domain: Domain, policy: Policy): string | undefined {
  if (policy.mode !== "enforce") return undefined;
  const [uncovered] = findUncoveredMx(domain, policy);
  return (
    uncovered &&
    `${uncovered} receives mail for ${domain.domain} but is not in the policy: enforcing it would hold that mail back. Add the host, or open the domain to decide.`
  );
}

function applyEdit(policy: Policy, edit: z.infer<typeof PolicyEdit>): Policy {
  const removed = new Set(edit.removeMx.map(normalizeMxPattern));
  const mx = [...policy.mx, ...edit.addMx.map(normalizeMxPattern)].filter((pattern) => !removed.has(pattern));
  return {
    mode: edit.mode ?? policy.mode,
    mx: [...new Set(mx)],
    maxAgeSeconds: edit.maxAgeSeconds ?? policy.maxAgeSeconds,
  };
}

function isSame(a: Policy, b: Policy): boolean {
  return a.mode === b.mode && a.maxAgeSeconds === b.maxAgeSeconds && a.mx.join(" ") === b.mx.join(" ");
}

function refuse(reason: string, before: Policy | null, after: Policy | null): PlannedEdit {
  return { state: "refused", reason, before, after };
}
