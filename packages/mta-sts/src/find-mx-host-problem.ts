import { findMxPatternProblem } from "./find-mx-pattern-problem.ts";

/** Why no certificate can ever prove an MX host. */
export type MxHostProblem =
  | "null-mx"
  | "empty"
  | "ip-address"
  | "proxy-name"
  | "underscore"
  | "single-label"
  | "private-name"
  | "wildcard"
  | "u-label"
  | "too-long"
  | "syntax";

/** The problem with an MX host in one sentence, and what to change in another. */
export type ExplainedMxHostProblem = { code: MxHostProblem; problem: string; fix: string };

// Names that no public DNS answers and no public CA certifies. RFC 6761 §6, RFC 6762 §3 and Appendix G, RFC 7686 §2, RFC 9476 §2; ICANN
// keeps `internal` for private use, and does not delegate `corp` and `home`.
const PRIVATE_ZONES = new Set([
  ...["localhost", "localdomain", "local", "invalid", "onion", "alt"],
  ...["internal", "intranet", "private", "corp", "home", "lan"],
]);
/** Home networks. RFC 8375 §4 */
const HOME_ZONE = /(?:^|\.)home\.arpa$/i;

const NAME_IT = "Point the MX record to a host name such as mx1.example.com.";

const EXPLANATIONS: Record<MxHostProblem, (host: string) => { problem: string; fix: string }> = {
  "null-mx": () => ({
    problem: "The MX record is “.”: the domain says that it receives no mail.",
    fix: "Remove this record if the domain does receive mail.",
  }),
  empty: () => ({ problem: "The MX record names no host.", fix: NAME_IT }),
  "ip-address": (host) => ({
    problem: `${host} ${/^[^[].*[g-wyz]/i.test(host) ? "ends in a number, so senders read it as" : "is"} an IP address. MX records and certificates for mail need a host name.`,
    fix: NAME_IT,
  }),
  "proxy-name": (host) => ({
    problem: `${host} is a name that Cloudflare puts in place of a proxied mail host. No CA may issue a certificate for it.`,
    fix: "In Cloudflare, set the DNS record of your mail host to “DNS only”.",
  }),
  underscore: (host) => ({
    problem: `${host} contains an underscore. No CA may issue a certificate for such a name.`,
    fix: "Rename the mail host without the underscore, and point the MX record to the new name.",
  }),
  "single-label": (host) => ({
    problem: `${host} is a single word. No CA issues a certificate for a name without a domain.`,
    fix: "Write the full name into the MX record, such as mx1.example.com.",
  }),
  "private-name": (host) => ({
    problem: `${host} is a name for private networks. Senders cannot look it up, and no CA issues a certificate for it.`,
    fix: "Point the MX record to a name in your public DNS.",
  }),
  wildcard: (host) => ({ problem: `${host} is a wildcard. An MX record names one host.`, fix: NAME_IT }),
  "u-label": (host) => ({
    problem: `${host} is not in ASCII. Senders compare the ASCII form (xn--…).`,
    fix: "Write the ASCII form of the name into the MX record.",
  }),
  "too-long": (host) => ({
    problem: `${host.slice(0, 60)}… is too long for a host name.`,
    fix: "Use a name of at most 253 characters, with at most 63 between two dots.",
  }),
  syntax: (host) => ({
    problem: `${host.slice(0, 100)} is not a host name.`,
    fix: NAME_IT,
  }),
};

/**
 * Why this MX host can never be authenticated, or `undefined` when a certificate can prove it.
 *
 * Takes the host as DNS gives it: lower-case, without a trailing dot; a null MX is ".". Such a host must never enter a policy:
 * in mode enforce no mail would reach it. Never throws.
 *
 * RFC 8461 §3.2, §4.1; RFC 7505 §3
 */
export function findMxHostProblem(mxHost: string): MxHostProblem | undefined {
  if (mxHost === ".") return "null-mx";
  if (mxHost.startsWith("*")) return "wildcard";
  const found = findMxPatternProblem(mxHost);
  if (found === "underscore") return mxHost.startsWith("_dc-mx.") ? "proxy-name" : "underscore";
  if (found) return found === "trailing-dot" ? "syntax" : found;
  const labels = mxHost.split(".");
  if (isPrivateName(mxHost)) return "private-name";
  return labels.length < 2 ? "single-label" : undefined;
}

/** `findMxHostProblem` in words for the owner of the domain. */
export function explainMxHostProblem(mxHost: string): ExplainedMxHostProblem | undefined {
  const code = findMxHostProblem(mxHost);
  return code && { code, ...EXPLANATIONS[code](mxHost) };
}

/** Whether a name lies in a zone that exists in private networks only. */
export function isPrivateName(name: string): boolean {
  return PRIVATE_ZONES.has(name.slice(name.lastIndexOf(".") + 1).toLowerCase()) || HOME_ZONE.test(name);
}
