import { listCaBudgets } from "@waxseal/core/certificates";
import { measureInstallation, type OperatorFacts } from "@waxseal/core/operating";
import { type Database, reportsOf } from "@waxseal/db";
import type { DnsDriftMetrics } from "./create-dns-drift-metrics.ts";

type Deps = {
  db: Database;
  directoryUrls: readonly string[];
  dnsDrift: Pick<DnsDriftMetrics, "list">;
  /** Whether the policy of a domain is served through the public path. */
  isServed(domain: string): Promise<boolean>;
};

const SAMPLE = 20;
const SAMPLE_EVERY_MS = 10 * 60_000;

/** Measures what `judgeOperator` goes by. Policies are fetched every ten minutes, everything else each time. */
export function createOperatorMeasure({
  db,
  directoryUrls,
  dnsDrift,
  isServed,
}: Deps): () => Promise<OperatorFacts> {
  let fetches: OperatorFacts["fetches"] = null;
  let sampledMs = Number.NEGATIVE_INFINITY;

  async function sample(): Promise<OperatorFacts["fetches"]> {
    const rows = await db.$queryRaw<{ domain: string }[]>`
      select domain from domain where status = 'active' and health = 'good' order by random() limit ${SAMPLE}`;
    const served = await Promise.all(rows.map(({ domain }) => isServed(domain).catch(() => false)));
    return { tried: rows.length, wrong: served.filter((isRight) => !isRight).length };
  }

  return async () => {
    const stored = await measureInstallation(db, reportsOf(db));
    const budgets = stored.hasDatabase ? await listCaBudgets(db, directoryUrls).catch(() => []) : [];
    const shares = budgets.map(({ directoryUrl, used, limit }) => ({
      ca: new URL(directoryUrl).host,
      share: used / limit,
    }));
    const [budget = null] = shares.toSorted((one, other) => other.share - one.share);
    if (stored.hasDatabase && performance.now() - sampledMs >= SAMPLE_EVERY_MS) {
      sampledMs = performance.now();
      fetches = await sample().catch(() => null);
    }
    return { ...stored, ca: stored.ca && { ...stored.ca, budget }, dns: dnsDrift.list(), fetches };
  };
}
