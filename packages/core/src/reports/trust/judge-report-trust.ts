import type { ReportTrust } from "@waxseal/db";
import { getDomain } from "tldts";
import type { DkimVerdict } from "./verify-dkim.ts";

/** How far a report can be believed, and who is taken to have sent it. */
export type JudgedTrust = { trust: ReportTrust; submitter: string | null };

/**
 * Compares who signed a mail with who its report says made it.
 *
 * Aligned: a verified signing domain belongs to the same registered domain as one of `claimedDomains` (contact
 * address, submitter header, From). `verdict` is `null` for what came by HTTPS or as a bare file, where nobody signs.
 *
 * RFC 8460 §3, §5.4
 */
export function judgeReportTrust(
  verdict: DkimVerdict | null,
  claimedDomains: readonly (string | null)[],
): JudgedTrust {
  const claimed = claimedDomains.filter((domain) => domain !== null);
  if (verdict === null) return { trust: "unauthenticated", submitter: null };
  if (verdict.outcome !== "verified") return { trust: verdict.outcome, submitter: claimed[0] ?? null };
  const registered = new Set(claimed.map(registeredDomain));
  const aligned = verdict.domains.find((domain) => registered.has(registeredDomain(domain)));
  return aligned
    ? { trust: "aligned", submitter: aligned }
    : { trust: "verified", submitter: verdict.domains[0] ?? null };
}

function registeredDomain(domain: string): string {
  return getDomain(domain, { allowPrivateDomains: true }) ?? domain;
}
