import { findMxHostProblem, MAX_MX_PATTERNS, type Policy } from "@waxseal/mta-sts";
import { findMailProvider } from "./find-mail-provider.ts";

/** An MX host of a domain as DNS answers it; a null MX has the `mxHost` ".". */
export type MxHost = { mxHost: string; preference: number };

/** A week: long enough for large senders to take a testing policy in earnest, short enough to correct a mistake. */
const TESTING_MAX_AGE_SECONDS = 604_800;

/**
 * The first policy of a domain, from its MX hosts now: mode testing for a week.
 *
 * Known providers get their own wildcards, other hosts are listed by name. Without an MX record mail goes to the domain
 * itself (RFC 5321 §5.1), which then is the only pattern; so it is when no certificate can prove any of the hosts
 * (`findMxHostProblem`), since such hosts never enter a policy. A null MX alone (RFC 7505 §3) means no mail: mode none.
 *
 * RFC 8461 §3.2, §4.1
 */
export function draftPolicy(domain: string, mxHosts: readonly MxHost[]): Policy {
  const hosts = mxHosts
    .map(({ mxHost }) => mxHost)
    .filter((mxHost) => findMxHostProblem(mxHost) === undefined);
  if (hosts.length === 0) {
    const takesNoMail = mxHosts.length > 0 && mxHosts.every(({ mxHost }) => mxHost === ".");
    const mode = takesNoMail ? "none" : "testing";
    return { mode, mx: [domain], maxAgeSeconds: TESTING_MAX_AGE_SECONDS };
  }
  const patterns = hosts.flatMap((mxHost) => findMailProvider(mxHost)?.mxPatterns ?? [mxHost]);
  const mx = [...new Set(patterns)].slice(0, MAX_MX_PATTERNS);
  return { mode: "testing", mx, maxAgeSeconds: TESTING_MAX_AGE_SECONDS };
}
