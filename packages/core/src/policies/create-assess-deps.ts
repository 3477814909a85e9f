import type { Database } from "@waxseal/db";
import { createOtherResolvers, type ProbeMxHostOptions, probeMxEverywhere } from "@waxseal/probes";
import { createConnectionGate } from "../watching/create-connection-gate.ts";
import type { AssessDeps } from "./assess-policy-change.ts";

/** An assessment looks at all MX hosts side by side and ends within 10 seconds. */
const TIMEOUT_MS = 9_000;

type Probing = Omit<ProbeMxHostOptions, "mxHost" | "timeoutMs" | "gate"> & {
  /** All processes share the limits of our connections by it. */
  db: Database;
  /** The servers of the resolver. */
  dnsServers: readonly string[];
  timeoutMs?: number;
  /** Unset: 60. */
  connectionsAMinute?: number | undefined;
};

/** What an assessment asks, over real DNS and SMTP. `heloName` names us to MX hosts; a probe ends after `timeoutMs`, usually 9 s. */
export function createAssessDeps({
  timeoutMs = TIMEOUT_MS,
  db,
  dnsServers,
  connectionsAMinute,
  ...probing
}: Probing): AssessDeps {
  const { resolver, guard } = probing;
  const gate = createConnectionGate(db, connectionsAMinute);
  return {
    resolver,
    connectionsAMinute,
    otherResolvers: createOtherResolvers({ servers: dnsServers, resolver, guard }),
    probeMxHost: (mxHost, options) => probeMxEverywhere({ ...probing, ...options, gate, timeoutMs, mxHost }),
  };
}
