import type { ReportView } from "../../api/contract.ts";
import type { Tone } from "../../ui/Status.tsx";

type Words = { tone: Tone; word: string; detail: string };

/** Who a report is known to come from, in words. RFC 8460 §3 */
export function describeTrust(
  report: Pick<ReportView, "trust" | "signature" | "signedBy" | "reporter" | "transport">,
): Words {
  if (report.trust === "signed") {
    return {
      tone: "notice",
      word: `Signed by ${report.signedBy ?? "another domain"}`,
      detail: `Signed by ${report.signedBy ?? "another domain"}, calls itself ${report.reporter}. Anyone can use any name, so its figures are shown apart.`,
    };
  }
  if (report.trust === "aligned") {
    return {
      tone: "good",
      word: "Signed by the reporter",
      detail: "The email has a valid DKIM signature of a domain that signs for this reporter.",
    };
  }
  if (report.transport === "https") {
    return {
      tone: "notice",
      word: "Sender unproven",
      detail: "Uploaded over HTTPS, which proves nothing about the sender.",
    };
  }
  return UNSIGNED_WORDS[report.signature];
}

const UNSIGNED_WORDS = {
  valid: { tone: "idle", word: "Not checked", detail: "The signature was not checked." },
  broken: {
    tone: "bad",
    word: "Broken signature",
    detail: "The DKIM signature is not valid. Forwarding can cause this; so can a forgery.",
  },
  none: {
    tone: "notice",
    word: "Not signed",
    detail: "The email has no DKIM signature, so anyone may have sent it.",
  },
  unchecked: {
    tone: "idle",
    word: "Not checked",
    detail: "The DKIM key could not be looked up, so the signature is not checked yet.",
  },
} satisfies Record<ReportView["signature"], Words>;

/** The name by which figures of this report's source can be asked for. */
export function sourceOf({
  reporter,
  trust,
  signedBy,
}: Pick<ReportView, "reporter" | "trust" | "signedBy">): string {
  return trust === "signed" ? `${reporter} (signed by ${signedBy})` : reporter;
}

/** Reports by who is known to have sent them. */
export const TRUST_WORDS = {
  aligned: "Signed by the reporter",
  signed: "Signed by another domain",
  unsigned: "Unsigned",
} satisfies Record<ReportView["trust"], string>;

export const TRANSPORT_WORDS = {
  smtp: "by mail",
  https: "by HTTPS upload",
  import: "imported",
} satisfies Record<ReportView["transport"], string>;

const POLICY_TYPE_WORDS: Readonly<Record<string, string>> = {
  sts: "MTA-STS",
  tlsa: "DANE (TLSA)",
  "no-policy-found": "No policy found",
};

/** The policy types of RFC 8460 §4.4, for a choice. */
export const POLICY_TYPES = Object.entries(POLICY_TYPE_WORDS).map(([value, label]) => ({ value, label }));

/** The kind of policy a sender applied. RFC 8460 §4.4 */
export function formatPolicyType(policyType: string): string {
  return POLICY_TYPE_WORDS[policyType] ?? policyType;
}
