import { HealthState, type HealthView } from "@waxseal/contract";
import type { Domain } from "@waxseal/db";
import type { z } from "zod";
import { describeFinding } from "../judging/describe-domain-finding.ts";
import type { Health } from "../judging/health-of.ts";
import type { JudgedFacts } from "../judging/judge-domain.ts";
import { readStoredFinding } from "../watching/stored-finding.ts";

type Shown = z.infer<typeof HealthView>;

/** A domain's health as the API shows it, as it was last judged. */
export function presentStoredHealth(row: Domain, mode: JudgedFacts["mode"]): Shown {
  const reason = readStoredFinding(row.healthReason);
  return {
    state: HealthState.catch("working").parse(row.health),
    code: reason?.code ?? null,
    reason: reason && describeFinding(reason, mode),
    since: row.healthSince?.toISOString() ?? null,
  };
}

/** A domain's health as the API shows it, just judged. */
export function presentHealth({ state, worst }: Health, mode: JudgedFacts["mode"]): Shown {
  return {
    state,
    code: worst?.code ?? null,
    reason: worst && describeFinding(worst, mode),
    since: worst?.since?.toISOString() ?? null,
  };
}
