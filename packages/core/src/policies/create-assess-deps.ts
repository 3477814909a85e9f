import { type ProbeMxHostOptions, probeMxEverywhere } from "@waxseal/probes";
import type { AssessDeps } from "./assess-policy-change.ts";

/** An assessment looks at all MX hosts side by side and ends within 10 seconds. */
const TIMEOUT_MS = 9_000;

type Probing = Omit<ProbeMxHostOptions, "mxHost" | "timeoutMs"> & { timeoutMs?: number };

/** What an assessment asks, over real DNS and SMTP. `heloName` names us to MX hosts; a probe ends after `timeoutMs`, usually 9 s. */
export function createAssessDeps({ timeoutMs = TIMEOUT_MS, ...probing }: Probing): AssessDeps {
  return {
    resolver: probing.resolver,
    probeMxHost: (mxHost) => probeMxEverywhere({ ...probing, timeoutMs, mxHost }),
  };
}
