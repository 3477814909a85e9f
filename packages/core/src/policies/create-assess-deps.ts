import {
  createNetworkGate,
  createOtherResolvers,
  type ProbeMxHostOptions,
  probeMxEverywhere,
} from "@waxseal/probes";
import type { AssessDeps } from "./assess-policy-change.ts";

/** An assessment looks at all MX hosts side by side and ends within 10 seconds. */
const TIMEOUT_MS = 9_000;
/** Our connections to one provider network at a time. */
const PER_NETWORK = 2;

type Probing = Omit<ProbeMxHostOptions, "mxHost" | "timeoutMs" | "gate"> & {
  /** The servers of the resolver. */
  dnsServers: readonly string[];
  timeoutMs?: number;
};

/** What an assessment asks, over real DNS and SMTP. `heloName` names us to MX hosts; a probe ends after `timeoutMs`, usually 9 s. */
export function createAssessDeps({ timeoutMs = TIMEOUT_MS, dnsServers, ...probing }: Probing): AssessDeps {
  const { resolver, guard } = probing;
  const gate = createNetworkGate(PER_NETWORK);
  return {
    resolver,
    otherResolvers: createOtherResolvers({ servers: dnsServers, resolver, guard }),
    probeMxHost: (mxHost) => probeMxEverywhere({ ...probing, gate, timeoutMs, mxHost }),
  };
}
