import type { ReportedPolicy } from "./find-policy-evidence.ts";

/**
 * Says in a sentence what the sender tried and what became of the mail, by the policy it went by.
 *
 * Only enforce and DANE hold mail back. RFC 8461 §5, RFC 7672 §2.2
 */
export function describeOutcome(policies: readonly ReportedPolicy[]): string {
  const modes = new Set(
    policies.map(({ policyType, mode }) => (policyType === "sts" ? (mode ?? "unknown") : policyType)),
  );
  const [only] = modes;
  if (modes.size > 1) {
    const holdsBack = modes.has("enforce") || modes.has("tlsa");
    return holdsBack
      ? "Senders went by different policies: mail was held back where MTA-STS was in mode enforce or DANE was used, and delivered otherwise."
      : "Senders went by different policies, none of which holds mail back: the mail was delivered.";
  }
  switch (only) {
    case "enforce":
      return "The sender tried to deliver over verified TLS. MTA-STS is in mode enforce, so it held the mail back and tried again later.";
    case "testing":
      return "The sender tried to deliver over verified TLS. MTA-STS is in mode testing, so the mail was delivered all the same.";
    case "none":
      return "The sender tried to deliver over TLS. MTA-STS is in mode none, so the mail was delivered all the same.";
    case "tlsa":
      return "The sender tried to deliver over TLS verified by DANE, so it held the mail back and tried again later.";
    case "no-policy-found":
      return "The sender tried to deliver over TLS without a policy, so the mail was delivered all the same.";
    default:
      return "The sender tried to deliver over TLS. The report does not say by which policy, so it is unknown whether the mail was delivered.";
  }
}
