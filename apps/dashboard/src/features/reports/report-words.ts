import type { ReportTrust, ReportView } from "../../api/contract.ts";
import type { Tone } from "../../ui/Status.tsx";

/** How far a report can be believed, in words. RFC 8460 §3 */
export const TRUST_WORDS = {
  aligned: {
    tone: "good",
    word: "Signed by the reporter",
    detail: "The mail carries a valid DKIM signature of the reporting domain.",
  },
  verified: {
    tone: "notice",
    word: "Signed by another domain",
    detail: "The mail carries a valid DKIM signature, but not of the domain that reports.",
  },
  broken: {
    tone: "bad",
    word: "Broken signature",
    detail: "The DKIM signature does not verify. Forwarding can do this; so can a forgery.",
  },
  unsigned: {
    tone: "notice",
    word: "Not signed",
    detail: "The mail carries no DKIM signature, so anybody may have sent it.",
  },
  unauthenticated: {
    tone: "notice",
    word: "Sender unproven",
    detail: "Uploaded over HTTPS, which proves nothing about the sender.",
  },
  unknown: { tone: "idle", word: "Not checked", detail: "Imported by hand; no signature was checked." },
} satisfies Record<ReportTrust, { tone: Tone; word: string; detail: string }>;

export const TRANSPORT_WORDS = {
  smtp: "by mail",
  https: "by HTTPS upload",
  import: "imported",
} satisfies Record<ReportView["transport"], string>;

const OWNER_WORDS: Readonly<Record<string, string>> = {
  "mx-operator": "The operator of the mail server",
  "domain-owner": "You, the domain's owner",
  "dns-operator": "The operator of the MX host's DNS zone",
  us: "Waxseal",
  sender: "The sender",
  nobody: "Nobody",
};

const POLICY_TYPE_WORDS: Readonly<Record<string, string>> = {
  sts: "MTA-STS",
  tlsa: "DANE (TLSA)",
  "no-policy-found": "No policy found",
};

/** Who usually needs to fix a failure. */
export function formatFixOwner(owner: string): string {
  return OWNER_WORDS[owner] ?? owner;
}

/** The kind of policy a sender applied. RFC 8460 §4.4 */
export function formatPolicyType(policyType: string): string {
  return POLICY_TYPE_WORDS[policyType] ?? policyType;
}
