import type { ReportedPolicy } from "./find-policy-evidence.ts";

const HELD_BACK = "so it held the mail back and tried again later.";
const DELIVERED = "so the mail was delivered all the same.";
const TYPES_WITHOUT_MODE = ["tlsa", "no-policy-found"];

/** Mode of the policy that the sender followed; `sts` where the report does not quote it. */
function modeOf(
  { policyType, mode }: Pick<ReportedPolicy, "policyType" | "mode">,
  ownMode: string | undefined,
) {
  if (policyType === "sts") return mode ?? ownMode ?? "sts";
  return TYPES_WITHOUT_MODE.includes(policyType) ? policyType : "unknown";
}

/**
 * Says in a sentence what the sender tried and what became of the mail, by the policy it followed.
 *
 * Only enforce and DANE hold mail back. `ownMode` is the mode of every version that we have published, where they have one in common: it
 * answers for reports that do not quote the policy. A `cause` that begins with `sts-` is a failure to get the policy. RFC 8461 §5, RFC 7672 §2.2
 */
export function describeOutcome(
  policies: readonly ReportedPolicy[],
  { cause = "", ownMode }: { cause?: string; ownMode?: string | undefined } = {},
): string {
  if (cause.startsWith("sts-") && policies.every(({ mode }) => mode === null))
    return "The sender could not get a valid policy, so the mail was delivered, unless an older copy in mode enforce still applied.";
  const modes = new Set(policies.map((policy) => modeOf(policy, ownMode)));
  const [only = "unknown"] = modes;
  const isUnknown = modes.has("unknown") || modes.has("sts");
  if (modes.size > 1) {
    const holdsBack = modes.has("enforce") || modes.has("tlsa");
    const otherwise = isUnknown
      ? "; some reports do not say which policy was used"
      : ", and delivered otherwise";
    if (holdsBack)
      return `Senders followed different policies: mail was held back where MTA-STS was in mode enforce or DANE was used${otherwise}.`;
    return isUnknown
      ? "Senders followed different policies, and some reports do not say which, so it is unknown whether all mail was delivered."
      : "Senders followed different policies, none of which holds mail back: the mail was delivered.";
  }
  const isOwn = policies.some(({ policyType, mode }) => policyType === "sts" && mode === null);
  const source = isOwn ? "Every version that Waxseal published is" : "MTA-STS is";
  switch (only) {
    case "enforce":
      return `The sender tried to deliver over verified TLS. ${source} in mode enforce, ${HELD_BACK}`;
    case "testing":
      return `The sender tried to deliver over verified TLS. ${source} in mode testing, ${DELIVERED}`;
    case "none":
      return `The sender tried to deliver over TLS. ${source} in mode none, ${DELIVERED}`;
    case "tlsa":
      return `The sender tried to deliver over TLS verified by DANE, ${HELD_BACK}`;
    case "no-policy-found":
      return `The sender tried to deliver over TLS without a policy, ${DELIVERED}`;
    case "sts":
      return "The sender tried to deliver over verified TLS, by MTA-STS. The report does not quote the policy, so it is unknown whether the mail was delivered.";
    default:
      return "The sender tried to deliver over TLS. The report does not say by which policy, so it is unknown whether the mail was delivered.";
  }
}
