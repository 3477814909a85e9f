import { explainResultType, type FixOwner } from "@waxseal/tls-rpt";
import { UNSPECIFIED } from "./count-domain-rows.ts";

/** A result type in words: what it means, who usually has to act, and what first. */
export type ResultExplanation = { title: string; meaning: string; usualOwner: FixOwner; nextStep: string };

/** Explains a result type, also {@link UNSPECIFIED} and those nobody has registered. RFC 8460 §4.3 */
export function explainResult(resultType: string): ResultExplanation {
  if (resultType === UNSPECIFIED) {
    return {
      title: "No reason given",
      meaning: "The sender counted failed sessions without saying why they failed.",
      usualOwner: "sender",
      nextStep:
        "Nothing in the report leads further. If it goes on, ask the sender's postmaster what its log says.",
    };
  }
  const { title, meaning, usualOwner, nextStep } = explainResultType(resultType);
  return { title, meaning, usualOwner, nextStep };
}
