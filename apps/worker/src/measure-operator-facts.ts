import { listCaBudgets } from "@waxseal/core/certificates";
import { measureInstallation, type OperatorFacts } from "@waxseal/core/operating";
import { findFetchFaults } from "@waxseal/core/reports";
import { type Database, reportsOf } from "@waxseal/db";
import type { Resolver } from "@waxseal/probes";
import type { DnsDriftMetrics } from "./create-dns-drift-metrics.ts";

type Deps = {
  db: Database;
  now(): Date;
  directoryUrls: readonly string[];
  dnsDrift: Pick<DnsDriftMetrics, "list">;
  resolver: Pick<Resolver, "resolveAddresses">;
  /** Names that always have an address; empty: the resolver is not judged. */
  controlHosts: readonly string[];
  /** Opens a sealed key; throws without the right one of `SECRET_KEYS`. */
  openKey(jwe: string): unknown;
  /** For how long our own test mail has not arrived; undefined: none is sent. */
  testIntake: (() => Promise<number>) | undefined;
  /** Whether the policy of a domain is served through the public path. */
  isServed(domain: string): Promise<boolean>;
};

const SAMPLE = 20;
const SAMPLE_EVERY_MS = 10 * 60_000;
const FAULTS_EVERY_MS = 60 * 60_000;
const KEYS = 5;

/**
 * Measures the facts that `judgeOperator` judges. Policies are fetched every ten minutes, what reports say of our fetches is asked each hour, and
 * everything else each time. What cannot be measured is null.
 */
export function createOperatorMeasure(deps: Deps): () => Promise<OperatorFacts> {
  const { db, directoryUrls, dnsDrift } = deps;
  const fetches = every(SAMPLE_EVERY_MS, () => sampleFetches(deps));
  const fetchFaults = every(FAULTS_EVERY_MS, () => findFetchFaults(db, deps.now));

  return async () => {
    const stored = await measureInstallation(db, reportsOf(db));
    if (!stored.hasDatabase) return { ...stored, ca: null, dns: dnsDrift.list(), fetches: null };
    const [budget, fallback, keys, resolver, testMailSeconds] = await Promise.all([
      readBudget(db, directoryUrls).catch(() => null),
      readFallback(db, directoryUrls).catch(() => null),
      tryKeys(deps).catch(() => null),
      tryResolver(deps).catch(() => null),
      deps.testIntake?.().catch(() => null) ?? null,
    ]);
    return {
      ...stored,
      ca: stored.ca && { ...stored.ca, budget, fallback },
      dns: dnsDrift.list(),
      ...{ keys, resolver, testMailSeconds },
      fetches: await fetches(),
      fetchFaults: stored.hasReportsDatabase ? await fetchFaults() : null,
    };
  };
}

/** The last answer until it is old; null while there is none. */
function every<T>(everyMs: number, ask: () => Promise<T>): () => Promise<T | null> {
  let answer: T | null = null;
  let askedMs = Number.NEGATIVE_INFINITY;
  return async () => {
    if (performance.now() - askedMs < everyMs) return answer;
    askedMs = performance.now();
    answer = await ask().catch(() => null);
    return answer;
  };
}

async function sampleFetches({ db, isServed }: Deps): Promise<OperatorFacts["fetches"]> {
  const rows = await db.$queryRaw<{ domain: string }[]>`
    select domain from domain where status = 'active' and health = 'good' order by random() limit ${SAMPLE}`;
  const served = await Promise.all(rows.map(({ domain }) => isServed(domain).catch(() => false)));
  return { tried: rows.length, wrong: served.filter((isRight) => !isRight).length };
}

async function readBudget(db: Database, directoryUrls: readonly string[]) {
  const budgets = await listCaBudgets(db, directoryUrls);
  const shares = budgets.map(({ directoryUrl, used, limit }) => ({
    ca: new URL(directoryUrl).host,
    share: used / limit,
  }));
  const [most = null] = shares.toSorted((one, other) => other.share - one.share);
  return most;
}

async function readFallback(db: Database, [first, ...others]: readonly string[]): Promise<string | null> {
  if (first === undefined || others.length === 0) return null;
  const [row] = await db.$queryRaw<{ url: string }[]>`
    select directory_url as url from acme_use
    where directory_url = any(${others}::text[]) and kind in ('order', 'renewal') and at > clock_timestamp() - interval '1 hour'
    order by at desc limit 1`;
  return row ? new URL(row.url).host : null;
}

async function tryKeys({ db, openKey }: Deps): Promise<OperatorFacts["keys"]> {
  const rows = await db.certificate.findMany({
    select: { keyJwe: true },
    orderBy: { createdAt: "desc" },
    take: KEYS,
  });
  const opened = await Promise.allSettled(rows.map(async ({ keyJwe }) => openKey(keyJwe)));
  return { tried: rows.length, wrong: opened.filter(({ status }) => status === "rejected").length };
}

/** That a name does not exist is an answer too. */
async function tryResolver({ resolver, controlHosts }: Deps): Promise<OperatorFacts["resolver"]> {
  if (controlHosts.length === 0) return null;
  const answers = await Promise.all(controlHosts.map((host) => resolver.resolveAddresses(host)));
  const isSilent = (answer: (typeof answers)[number]) =>
    "missing" in answer && (answer.missing === "timeout" || answer.missing === "server-failure");
  return { isFailing: answers.every(isSilent) };
}
