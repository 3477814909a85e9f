import { explainCause, explainFailure, type FixOwner, NO_REASON, SEVERAL_REASONS } from "@waxseal/tls-rpt";

/** A result type in words: what it means, who usually has to act, and what first. */
export type ResultExplanation = { title: string; meaning: string; usualOwner: FixOwner; nextStep: string };

/** Explains a result type or the cause found behind it, also those of our own counting and unregistered ones. RFC 8460 §4.3 */
export function explainResult(resultType: string): ResultExplanation {
  const own = OWN_RESULTS.get(resultType);
  if (own) return own;
  const { title, meaning, usualOwner, nextStep } = explainCause(resultType);
  return { title, meaning, usualOwner, nextStep };
}

/** Explains a failure by its result type and, where that says more, by its reason code. RFC 8460 §4.3, RFC 8460 §4.4 */
export function explainReason(resultType: string, reasonCode: string | null): ResultExplanation {
  return explainResult(explainFailure({ resultType, reasonCode }).cause);
}

const OWN_RESULTS = new Map<string, ResultExplanation>([
  [
    NO_REASON,
    {
      title: "No reason given",
      meaning: "The report counts failed sessions without saying why they failed.",
      usualOwner: "sender",
      nextStep:
        "Search the logs of the sending mail servers for failed TLS sessions to this domain on these days.",
    },
  ],
  [
    SEVERAL_REASONS,
    {
      title: "Several reasons, counts unknown",
      meaning: "The report lists more than one reason for these failed sessions, without a count for each.",
      usualOwner: "sender",
      nextStep: "Compare the reasons listed with the logs of the sending mail servers for these days.",
    },
  ],
  [
    "unknown",
    {
      title: "Result type missing",
      meaning: "The report lists these failed sessions without a result type.",
      usualOwner: "sender",
      nextStep:
        "Read the reason code, and compare it with the logs of the sending mail servers for these days.",
    },
  ],
]);
