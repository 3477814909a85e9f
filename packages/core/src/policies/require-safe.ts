import type { Domain, PolicyAssessment } from "@waxseal/db";
import { AppError } from "../app-error.ts";
import type { UnsafeReason } from "../judging/assess-policy.ts";
import { readReasons } from "./assess-policy-change.ts";
import { acknowledgedKey } from "./hold-unsafe-policy.ts";

/** What a person says to the reasons that stop a policy. */
type Consent = {
  acknowledge?: readonly string[] | undefined;
  confirmDomain?: string | undefined;
  /** The assessment that the person saw, when another one is gone by now: what it did not name is not acknowledged. */
  shown?: PolicyAssessment | undefined;
};

/**
 * Throws unless the assessment lets this policy be enforced: every code that stops has to be acknowledged, and the domain typed.
 * @throws AppError `unsafe` – with the reasons
 */
export function requireSafe(
  assessment: PolicyAssessment,
  domain: Pick<Domain, "domain">,
  { acknowledge = [], confirmDomain, shown }: Consent,
): UnsafeReason[] {
  const reasons = readReasons(assessment.reasons);
  const stops = reasons.filter(({ level }) => level === "stop");
  const seen = shown && new Set(readReasons(shown.reasons).map(acknowledgedKey));
  const open = stops.filter(
    (stop) => !acknowledge.includes(stop.code) || (seen && !seen.has(acknowledgedKey(stop))),
  );
  const isConfirmed = confirmDomain?.trim().toLowerCase() === domain.domain;
  if (stops.length === 0 || (open.length === 0 && isConfirmed)) return stops;
  const unsafe = { assessmentId: assessment.id, reasons };
  throw new AppError("unsafe", describeRefusal(domain.domain, open, stops), { unsafe });
}

function describeRefusal(
  domain: string,
  open: readonly UnsafeReason[],
  stops: readonly UnsafeReason[],
): string {
  const [first] = open.length > 0 ? open : stops;
  const more = (open.length || stops.length) - 1;
  const others = more > 0 ? ` (and ${more} more)` : "";
  return open.length > 0
    ? `Enforcing this policy could hold mail back: ${first?.text ?? ""}${others}`
    : `Type ${domain} to confirm that mail may be held back.`;
}
