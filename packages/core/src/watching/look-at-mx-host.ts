import type { Resolver } from "@waxseal/probes";
import { type ProbedMx, readMxProbe } from "../judging/read-mx-probe.ts";
import type { SeenMxHost } from "../judging/seen-mx-host.ts";

/** How an MX host is looked at. */
export type MxProbeDeps = {
  resolver: Pick<Resolver, "resolveTlsa">;
  /** Connects to an MX host as a sender does, at each of its addresses. Never rejects. */
  probeMxHost(mxHost: string, options?: MxProbeOptions): Promise<ProbedMx>;
  /** Our connections to MX hosts in a minute, of all processes together; unset: 60. */
  connectionsAMinute?: number | undefined;
};

/** `skipsOtherKey`: its certificate of the other kind, RSA or ECDSA, is not asked for, which saves a connection. */
export type MxProbeOptions = { skipsOtherKey?: boolean };

/** One look at an MX host: what it is worth to a sender, and the probe itself. Never rejects. */
export async function lookAtMxHost(
  { probeMxHost, resolver }: MxProbeDeps,
  mxHost: string,
  options: MxProbeOptions = {},
): Promise<{ seen: SeenMxHost; probe: ProbedMx }> {
  const [probe, tlsa] = await Promise.all([
    probeMxHost(mxHost, options),
    resolver.resolveTlsa(`_25._tcp.${mxHost}`),
  ]);
  return { seen: readMxProbe(mxHost, probe, tlsa), probe };
}
