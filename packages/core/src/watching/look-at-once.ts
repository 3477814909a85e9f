import type { Resolver } from "@waxseal/probes";
import { AppError } from "../app-error.ts";
import type { Context } from "../context.ts";
import { type ProbedMx, readMxProbe } from "../judging/read-mx-probe.ts";
import type { SeenMxHost } from "../judging/seen-mx-host.ts";
import { APART_MS, ageRuns } from "./age-runs.ts";
import { evaluateDomains } from "./evaluate-domains.ts";
import { keepMxProbe } from "./keep-mx-probe.ts";

type Deps = { resolver: Pick<Resolver, "resolveTlsa">; probeMxHost(mxHost: string): Promise<ProbedMx> };

/**
 * Looks at an MX host of a domain and lets it count as two looks 16 minutes apart, then judges the domain: for demonstrations, where people
 * do not wait. A host that could not be tested is neither good nor bad, and nothing changes.
 * @throws AppError `not_found` – not an MX host of a domain of this account
 */
export async function lookAtOnce(
  { db, accountId, now }: Pick<Context, "db" | "accountId" | "now">,
  { resolver, probeMxHost }: Deps,
  { domainId, mxHost }: { domainId: string; mxHost: string },
): Promise<Pick<SeenMxHost, "state" | "detail">> {
  const where = { accountId, id: domainId, mxHosts: { array_contains: [{ mxHost }] } };
  if (!(await db.domain.findFirst({ where }))) throw new AppError("not_found", "There is no such mail host.");
  const [probe, tlsa] = await Promise.all([probeMxHost(mxHost), resolver.resolveTlsa(`_25._tcp.${mxHost}`)]);
  const seen = readMxProbe(mxHost, probe, tlsa);
  const at = now();
  const before = new Date(at.getTime() - APART_MS);
  for (const time of [before, at]) await keepMxProbe(db, seen, probe, time);
  if (seen.state !== "unknown") await ageRuns({ db, now }, { accountId, domainId }, [mxHost]);
  // What opens opens now; what ends was good for a while.
  for (const time of seen.state === "good" ? [before, at] : [at]) {
    await evaluateDomains({ db, now: () => time }, [{ accountId, domainId }]);
  }
  return { state: seen.state, detail: seen.detail };
}
