import { allowsMxHost } from "@waxseal/mta-sts";
import type { FixOwner } from "@waxseal/tls-rpt";
import type { Context } from "../../context.ts";
import type { ReportedPolicy } from "./find-policy-evidence.ts";

/** What comparing the sender's copy of a policy with our versions shows: a sentence, and who has to act. */
export type HeldPolicy = { sentence: string; fixedBy: FixOwner | "nobody"; nextStep: string };

type Version = { version: number; mode: string; mx: string[]; maxAgeSeconds: number };

const MAX_VERSIONS = 200;

/**
 * Compares the policy that a sender held with the versions of the domain that we published, where it did not list the domain's MX hosts.
 *
 * No one has to fix an old version that lacks a host which the current one lists: senders fetch the new one. Otherwise the policy has to
 * change, which the domain's owner does. RFC 8461 §3.3, §5.1
 */
export async function describeHeldPolicy(
  ctx: Context,
  held: ReportedPolicy,
  failedMxHosts: readonly string[],
): Promise<HeldPolicy> {
  const domain = await ctx.db.domain.findFirst({
    where: { accountId: ctx.accountId, id: held.domainId },
    select: { mxHosts: true },
  });
  const versions: Version[] = await ctx.db.policyVersion.findMany({
    where: { accountId: ctx.accountId, domainId: held.domainId, publishedAt: { not: null } },
    select: { version: true, mode: true, mx: true, maxAgeSeconds: true },
    orderBy: { version: "desc" },
    take: MAX_VERSIONS,
  });
  const mxHosts = [...new Set([...failedMxHosts, ...readMxHosts(domain?.mxHosts)])];
  return compareHeldPolicy(held, versions, mxHosts);
}

/** The mode that all versions we had published by a day and since have in common, by domain; domains without one are left out. */
export async function loadOwnModes(
  ctx: Context,
  policies: readonly ReportedPolicy[],
  fromDay: string,
): Promise<Map<string, string>> {
  const domainIds = [...new Set(policies.filter(isUnquoted).map(({ domainId }) => domainId))];
  if (domainIds.length === 0) return new Map();
  const rows = await ctx.db.policyVersion.groupBy({
    by: ["domainId", "mode"],
    where: { accountId: ctx.accountId, domainId: { in: domainIds }, publishedAt: { not: null } },
    _min: { publishedAt: true },
  });
  const from = new Date(`${fromDay}T00:00:00Z`);
  const modes = new Map<string, string>();
  for (const [domainId, [only, ...others]] of Map.groupBy(rows, (row) => row.domainId)) {
    const since = only?._min.publishedAt;
    if (only && others.length === 0 && since && since <= from) modes.set(domainId, only.mode);
  }
  return modes;
}

/** The mode that answers for all of these policies that no report quotes; undefined when it is not the same for all. */
export function findOwnMode(
  policies: readonly ReportedPolicy[],
  ownModes: ReadonlyMap<string, string>,
): string | undefined {
  const modes = new Set(policies.filter(isUnquoted).map(({ domainId }) => ownModes.get(domainId)));
  return modes.size === 1 ? [...modes][0] : undefined;
}

function isUnquoted({ policyType, mode }: ReportedPolicy): boolean {
  return policyType === "sts" && mode === null;
}

/** {@link describeHeldPolicy} with everything looked up; `versions` newest first. */
export function compareHeldPolicy(
  held: Pick<ReportedPolicy, "domain" | "mx" | "mode">,
  versions: readonly Version[],
  mxHosts: readonly string[],
): HeldPolicy {
  const missing = mxHosts.filter((mxHost) => !allowsMxHost(held.mx, mxHost));
  const lacks =
    missing.length > 0 ? `which does not list ${listNames(missing)}` : "which lists all MX hosts of today";
  const [current] = versions;
  const same = versions.find(
    ({ mx, mode }) => sameNames(mx, held.mx) && (held.mode === null || mode === held.mode),
  );
  const stillMissing = current ? missing.filter((mxHost) => !allowsMxHost(current.mx, mxHost)) : missing;
  const what = same
    ? `The sender still had version ${same.version} of the policy, ${lacks}.`
    : `The sender had a policy with ${listNames(held.mx)}, ${lacks}. Waxseal has not published that policy.`;
  if (current && stillMissing.length > 0) {
    return {
      sentence: what,
      fixedBy: "domain-owner",
      nextStep: `Add ${listNames(stillMissing)} to the MX list of ${held.domain}'s policy: the current version ${current.version} does not list it either.`,
    };
  }
  if (current && same && same.version !== current.version) {
    return {
      sentence: `${what} The current version ${current.version} does.`,
      fixedBy: "nobody",
      nextStep: "Nothing to do: the sender fetches the current version, at the latest when its copy expires.",
    };
  }
  if (current && !same) {
    return {
      sentence: what,
      fixedBy: "domain-owner",
      nextStep: `Check that mta-sts.${held.domain} and _mta-sts.${held.domain} point to Waxseal only. If they do, the copy is older than that and expires.`,
    };
  }
  return {
    sentence: what,
    fixedBy: "domain-owner",
    nextStep: `Compare the policy of ${held.domain} with its MX records, and add what is missing to the policy.`,
  };
}

function sameNames(a: readonly string[], b: readonly string[]): boolean {
  return a.toSorted().join() === b.toSorted().join();
}

function listNames(names: readonly string[]): string {
  const shown = names.slice(0, 5);
  const rest = names.length - shown.length;
  const all = rest > 0 ? [...shown, `${rest} more`] : shown;
  return all.length < 2 ? (all[0] ?? "no host") : `${all.slice(0, -1).join(", ")} and ${all.at(-1)}`;
}

function readMxHosts(mxHosts: unknown): string[] {
  if (!Array.isArray(mxHosts)) return [];
  return mxHosts.flatMap((each: unknown) =>
    typeof each === "object" && each !== null && "mxHost" in each && typeof each.mxHost === "string"
      ? [each.mxHost]
      : [],
  );
}
