import { isSilent } from "../judging/judge-reporting.ts";
import type { ReporterRhythm } from "../judging/watched-facts.ts";
import { registeredDomain } from "../reports/trust/judge-report-trust.ts";
import { findKnownSigners } from "../reports/trust/known-reporters.ts";
import { nameSkeleton } from "../reports/trust/name-skeleton.ts";

/** An organisation from whose networks the policy was fetched. */
export type FetchingOwner = { owner: string; networks: number; fetches: number; lastHour: Date };

/** One that fetches, reports, or both. `silent`: it reported regularly and stopped. */
export type PolicySender = {
  name: string;
  reporter: string | null;
  networks: number;
  fetches: number;
  lastHour: Date | null;
  reportDays: number;
  lastReportDay: string | null;
  state: "reports" | "silent" | "never";
  /** It is silent for most accounts that it reported to. */
  isSilentForAll: boolean;
};

/** Shorter names are part of too many others. */
const MIN_LETTERS = 4;

/**
 * Joins who fetches the policy with who reports, by name: "Google LLC" announces the networks of the reporter "Google Inc.". `share`: of the
 * fetches of known networks, those of organisations that report now; null without any.
 */
export function joinSenders(
  owners: readonly FetchingOwner[],
  rhythms: readonly ReporterRhythm[],
  now: Date,
): { items: PolicySender[]; share: number | null } {
  const found = owners.map((own) => {
    const rhythm = rhythms.find((one) => isSame(one, own.owner));
    return { rhythm, sender: { ...own, name: own.owner, ...describeReports(rhythm, now) } };
  });
  const others = rhythms
    .filter((one) => !found.some(({ rhythm }) => rhythm === one))
    .map((rhythm) => ({
      ...{ name: rhythm.reporter, networks: 0, fetches: 0, lastHour: null },
      ...describeReports(rhythm, now),
    }));
  const senders: PolicySender[] = found.map(({ sender: { owner: _, ...sender } }) => sender);
  const sum = (some: readonly PolicySender[]) => some.reduce((total, { fetches }) => total + fetches, 0);
  const all = sum(senders);
  const items = [...senders, ...others].toSorted(
    (a, b) => b.fetches - a.fetches || b.reportDays - a.reportDays || a.name.localeCompare(b.name, "en"),
  );
  return { items, share: all > 0 ? sum(senders.filter(({ state }) => state === "reports")) / all : null };
}

function describeReports(rhythm: ReporterRhythm | undefined, now: Date) {
  const days = [...new Set(rhythm?.days ?? [])].sort();
  const state = !rhythm ? "never" : isSilent(rhythm, now) ? "silent" : "reports";
  return {
    reporter: rhythm?.reporter ?? null,
    reportDays: days.length,
    lastReportDay: days.at(-1) ?? null,
    state: state as PolicySender["state"],
    isSilentForAll: state === "silent" && rhythm?.isSilentForAll === true,
  };
}

function isSame({ reporter, signer }: ReporterRhythm, owner: string): boolean {
  const known = findKnownSigners(reporter);
  if (known)
    return findKnownSigners(owner)?.domains.some((domain) => known.domains.includes(domain)) ?? false;
  const name = nameSkeleton(owner);
  const [label = ""] = signer ? registeredDomain(signer).split(".") : [];
  return [nameSkeleton(reporter), nameSkeleton(label)].some(
    (own) =>
      (own.length >= MIN_LETTERS && name.includes(own)) || (name.length >= MIN_LETTERS && own.includes(name)),
  );
}
