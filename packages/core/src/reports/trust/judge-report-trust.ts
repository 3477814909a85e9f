import type { ReportTrust } from "@waxseal/db";
import { getDomain } from "tldts";
import { findKnownSigners } from "./known-reporters.ts";
import { nameSkeleton } from "./name-skeleton.ts";
import type { DkimVerdict } from "./verify-dkim.ts";

/** A name, as its skeleton, and the registered domain that signs under it. */
export type ReporterClaim = { nameKey: string; domain: string };

/**
 * How far a report can be believed, and who is taken to have sent it: the signing domain where a signature is valid, else only a claim.
 *
 * `claim` is set where `trust` is `aligned` only if this domain is known to sign for this name (`settleClaims`).
 */
export type JudgedTrust = { trust: ReportTrust; submitter: string | null; claim: ReporterClaim | null };

/**
 * Compares who signed a mail with who its report says made it.
 *
 * Aligned: a valid signature belongs to a domain that signs for the organisation named. For the large reporters, and all names that
 * look like theirs, those domains are listed. A name that is a domain is signed for by that registered domain. Any other name is a claim
 * of a domain that resembles it and that the contact address, submitter header or From name (`claimedDomains`): anyone can register
 * such a domain, so it has to become known first. A valid signature of any other domain is `signed`. `verdict` is `null` for what came
 * by HTTPS or as a bare file, which have no signature.
 *
 * RFC 8460 §3, §5.4, §7
 */
export function judgeReportTrust(
  verdict: DkimVerdict | null,
  claimedDomains: readonly (string | null)[],
  organizationName: string | null,
): JudgedTrust {
  const claimed = claimedDomains.filter((domain) => domain !== null);
  if (verdict === null) return { trust: "unauthenticated", submitter: null, claim: null };
  if (verdict.outcome !== "verified") {
    return { trust: verdict.outcome, submitter: claimed[0] ?? null, claim: null };
  }
  const registered = new Set(claimed.map(registeredDomain));
  for (const domain of verdict.domains) {
    const name = organizationName ?? domain;
    const judged = judgeSigner(name, domain, registered.has(registeredDomain(domain)));
    if (judged) return { trust: "aligned", submitter: domain, claim: judged === "known" ? null : judged };
  }
  return { trust: "signed", submitter: verdict.domains[0] ?? null, claim: null };
}

/** Whether a domain signs for a name: certainly, once the claim is known, or not at all. */
export function judgeSigner(
  name: string,
  domain: string,
  isClaimed: boolean,
): "known" | ReporterClaim | undefined {
  const signer = registeredDomain(domain);
  const known = findKnownSigners(name);
  if (known && !known.domains.includes(signer)) return undefined;
  if (known?.isCertain) return "known";
  const named = /^[\w-]+(?:\.[\w-]+)+$/.test(name.trim())
    ? registeredDomain(name.trim().toLowerCase())
    : null;
  if (named !== null) return named === signer ? "known" : undefined;
  const nameKey = nameSkeleton(name).slice(0, 200);
  return isClaimed && (known || resembles(nameKey, signer)) ? { nameKey, domain: signer } : undefined;
}

const MIN_LABEL_CHARS = 3;

function resembles(nameKey: string, domain: string): boolean {
  const [label = ""] = domain.split(".");
  const key = nameSkeleton(label.replaceAll("-", " "));
  if (key === nameKey) return true;
  return (
    Math.min(key.length, nameKey.length) >= MIN_LABEL_CHARS &&
    (nameKey.includes(key) || key.includes(nameKey))
  );
}

/** The registered domain that a name belongs to, or the name itself where it has none. */
export function registeredDomain(domain: string): string {
  return getDomain(domain, { allowPrivateDomains: true }) ?? domain;
}
