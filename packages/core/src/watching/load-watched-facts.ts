import type { PolicyVersion } from "@waxseal/db";
import { DAY_MS, HOUR_MS } from "@waxseal/runtime/time-spans";
import {
  findFirstPublishedAt,
  cacheHorizonAt as horizonOf,
  versionHorizonAt,
} from "../domains/cache-horizon-at.ts";
import { explainHandshakeFailure } from "../domains/explain-handshake-failure.ts";
import type { DomainFacts } from "../domains/load-domain-facts.ts";
import { readMxHosts } from "../domains/read-mx-hosts.ts";
import type { MxSighted, PolicyRefusals, WatchedFacts } from "../judging/watched-facts.ts";
import { safeCount } from "../safe-count.ts";
import { ownerName } from "../setup-names.ts";
import type { Readers } from "./load-judged-facts.ts";

type Reader = Readers["db"];
type Refusal = { domainId: string; reason: string; network: string; failures: number; lastAt: Date };

const REFUSED_MS = 48 * HOUR_MS;
const FETCH_DAYS = 7;
/** A network belongs to a known sender when it fetched the policy on at least this many of the last 30 days. */
const SENDER_DAYS = 2;
/** A client that offers several kinds of signature tries the next one after `no-suitable-signature-algorithm`, and gets the policy. */
const REASONS = [
  ...["tlsv1-alert-unknown-ca", "sslv3-alert-certificate-unknown", "sslv3-alert-bad-certificate"],
  ...[
    "sslv3-alert-certificate-expired",
    "version-too-low",
    "unsupported-protocol",
    "no-certificate",
    "unavailable",
  ],
];

/** The facts behind notices and rarer conditions that come from other sources than reports, by domain id, in a fixed number of queries. */
export async function loadWatchedState(
  db: Reader,
  accounts: readonly string[],
  all: readonly DomainFacts[],
  now: Date,
): Promise<Map<string, Omit<WatchedFacts, "reports">>> {
  const accountId = { in: [...accounts] };
  const ids = (some: readonly DomainFacts[]) => ({ in: some.map(({ row }) => row.id) });
  const served = all.filter(({ row }) => row.status === "active");
  const leaving = all.filter(({ row }) => row.status === "leaving");
  const [claims, sightings, versions, networks, refusals] = await Promise.all([
    db.domainClaim.findMany({ where: { domain: { in: served.map(({ row }) => row.domain) } } }),
    db.mxSighting.findMany({ where: { accountId, domainId: ids(served) } }),
    leaving.length > 0 ? db.policyVersion.findMany({ where: { accountId, domainId: ids(leaving) } }) : [],
    countNetworks(db, accounts, served, now),
    loadRefusals(db, served, now),
  ]);
  const claimOf = new Map(claims.map((claim) => [claim.domain, claim]));
  const seenOf = Map.groupBy(sightings, ({ domainId }) => domainId);
  const versionsOf = Map.groupBy(versions, ({ domainId }) => domainId);
  const refusalsOf = Map.groupBy(refusals, ({ domainId }) => domainId);
  return new Map(
    all.map(({ row, records }) => {
      const claim = claimOf.get(row.domain);
      const isOwn = claim?.accountId === row.accountId && claim.domainId === row.id;
      const own = versionsOf.get(row.id) ?? [];
      const { state, correctSince } = records.tlsRptRecord;
      return [
        row.id,
        {
          claim: isOwn ? "own" : claim ? "other" : "none",
          mxSeen: (seenOf.get(row.id) ?? []) satisfies MxSighted[],
          mxNow: readMxHosts(row).map(({ mxHost }) => mxHost),
          horizonAt: horizonOf(own),
          enforcedUntil: enforcedUntil(own),
          leftAt: row.leftAt,
          tlsRptSince: state === "correct" ? correctSince : null,
          fetchingNetworks: networks.get(row.id) ?? 0,
          refusals: joinRefusals(refusalsOf.get(row.id) ?? [], now),
        },
      ] as const;
    }),
  );
}

function enforcedUntil(versions: readonly PolicyVersion[]): Date | null {
  const firstAt = findFirstPublishedAt(versions);
  const enforced = versions.filter(({ mode }) => mode === "enforce");
  const times = enforced.flatMap((version) => versionHorizonAt(version, firstAt)?.getTime() ?? []);
  return times.length > 0 ? new Date(Math.max(...times)) : null;
}

async function countNetworks(
  db: Reader,
  accounts: readonly string[],
  served: readonly DomainFacts[],
  now: Date,
): Promise<Map<string, number>> {
  if (served.length === 0) return new Map();
  const rows = await db.$queryRaw<{ id: string; networks: number }[]>`
    select domain_id::text as id, count(distinct network)::int as networks from policy_fetch
    where account_id = any(${[...accounts]}::text[]) and domain_id = any(${served.map(({ row }) => row.id)}::uuid[])
      and hour >= ${new Date(now.getTime() - FETCH_DAYS * DAY_MS)} and status = 200 and network not in ('other', 'unknown')
    group by 1`;
  return new Map(rows.map(({ id, networks }) => [id, networks]));
}

/** Loads refused handshakes of networks that also fetched the policy without a fault, which scanners and strangers' tests have not. */
async function loadRefusals(db: Reader, served: readonly DomainFacts[], now: Date): Promise<Refusal[]> {
  if (served.length === 0) return [];
  const hosts = served.map(({ row }) => ownerName("policyHost", row.domain));
  const rows = await db.$queryRaw<(Omit<Refusal, "failures"> & { failures: string })[]>`
    select d.id::text as "domainId", h.reason, h.network, sum(h.failures)::text as failures, max(h.hour) as "lastAt"
    from unnest(${served.map(({ row }) => row.accountId)}::text[], ${served.map(({ row }) => row.id)}::uuid[], ${hosts}::text[]) as d(account_id, id, host)
    join handshake_client h on h.policy_host = d.host and h.hour >= ${new Date(now.getTime() - REFUSED_MS)}
      and h.network not in ('other', 'unknown') and h.reason = any(${REASONS}::text[])
    where (select count(distinct date_trunc('day', f.hour)) from policy_fetch f
      where f.account_id = d.account_id and f.domain_id = d.id and f.network = h.network and f.status = 200) >= ${SENDER_DAYS}
    group by 1, 2, 3`;
  return rows.map((row) => ({ ...row, failures: safeCount(row.failures) }));
}

function joinRefusals(rows: readonly Refusal[], now: Date): PolicyRefusals | null {
  const [worst] = rows.toSorted((a, b) => b.failures - a.failures);
  if (!worst) return null;
  const namesOf = (some: readonly Refusal[]) => [...new Set(some.map(({ network }) => network))].sort();
  const ofOneDay = namesOf(rows.filter(({ lastAt }) => now.getTime() - lastAt.getTime() < DAY_MS));
  const failures = rows.reduce((sum, row) => sum + row.failures, 0);
  return { ofOneDay, ofTwoDays: namesOf(rows), reason: explainHandshakeFailure(worst.reason), failures };
}
