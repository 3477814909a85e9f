import type { PolicyLineAssessment } from "@waxseal/contract";
import { type Domain, isDatabaseAway, type ReportsDatabase } from "@waxseal/db";
import type { Policy } from "@waxseal/mta-sts";
import { DAY_MS } from "@waxseal/runtime/time-spans";
import type { z } from "zod";
import type { Context } from "../context.ts";
import { findFormerMx } from "../domains/find-former-mx.ts";
import { loadDomainFacts } from "../domains/load-domain-facts.ts";
import { readMxHosts } from "../domains/read-mx-hosts.ts";
import {
  assessPolicy,
  type PolicySurroundings,
  type UnsafeReason,
  verdictOf,
} from "../judging/assess-policy.ts";
import type { JudgedFacts } from "../judging/judge-domain.ts";
import type { SeenMxHost } from "../judging/seen-mx-host.ts";
import type { PolicySimulation } from "../judging/simulate-policy.ts";
import { safeCount } from "../safe-count.ts";
import { loadJudgedFacts } from "../watching/load-judged-facts.ts";

/** What is known of one domain that would begin to enforce; `stop` is why it cannot be a part of a change to many. */
export type AssessedLine = {
  assessment: z.infer<typeof PolicyLineAssessment>;
  stop: string | null;
};

/** `enforced`: the policy before, when it enforces too. */
type Wanted = { domain: Domain; policy: Policy; enforced?: Policy | undefined };
type Known = {
  known: JudgedFacts | undefined;
  counted: Sessions | null;
  move: Pick<PolicySurroundings, "formerMx" | "enforcedMx">;
};
type Sessions = { sessions: number; days: number; reporters: string[] };

const NO_SESSIONS: Sessions = { sessions: 0, days: 0, reporters: [] };

const REPORT_DAYS = 14;
/** What is tested when the domain's turn comes: not knowing it yet refuses no domain. */
const NOT_KNOWN = new Set(["mx-unknown", "no-evidence"]);

/**
 * Assesses domains that would begin to enforce by what is stored of them: the last tests of their MX hosts and proven reports of 14 days,
 * in a fixed number of queries. Nothing is connected to; each domain is looked at afresh when its turn comes.
 */
export async function assessLines(
  { db, reports, now: clock }: Pick<Context, "db" | "reports" | "now">,
  wanted: readonly Wanted[],
): Promise<ReadonlyMap<string, AssessedLine>> {
  if (wanted.length === 0) return new Map();
  const now = clock();
  const rows = wanted.map(({ domain }) => domain);
  const accounts = [...new Set(rows.map(({ accountId }) => accountId))];
  const facts = await loadDomainFacts(db, accounts, rows);
  const [judged, sightings, sessions] = await Promise.all([
    loadJudgedFacts({ db, reports }, accounts, facts, now),
    db.mxSighting.findMany({
      where: { accountId: { in: accounts }, domainId: { in: rows.map(({ id }) => id) } },
    }),
    loadSessions(reports, accounts, rows, now).catch((error: unknown) => {
      // In two databases the one of reports may be away: what reports say is unknown then.
      if (Object.is(reports, db) || !isDatabaseAway(error)) throw error;
      return null;
    }),
  ]);
  const seenOf = Map.groupBy(sightings, ({ domainId }) => domainId);
  return new Map(
    wanted.map(({ domain, policy, enforced }) => {
      const known = judged.get(domain.id);
      const counted = sessions && (sessions.get(domain.id) ?? NO_SESSIONS);
      const seen = seenOf.get(domain.id) ?? [];
      const move = {
        formerMx: findFormerMx(domain, seen, readMxHosts(domain), now),
        enforcedMx: enforced?.mx ?? [],
      };
      return [domain.id, assessLine(domain, policy, { known, counted, move }, now)] as const;
    }),
  );
}

function assessLine(
  domain: Domain,
  policy: Policy,
  { known, counted, move }: Known,
  now: Date,
): AssessedLine {
  const mx = readMxHosts(domain).map(({ mxHost }) => seenBefore(mxHost, known));
  const simulation = known?.simulation ?? emptySimulation(counted);
  const reasons = assessPolicy(
    policy,
    {
      domain: domain.domain,
      mx: domain.mxCheckedAt === null ? "unknown" : mx.length > 0 ? mx : "none",
      missingNames: Object.values(known?.records ?? {}).flatMap(({ state, name }) =>
        state === "missing" || state === "wrong" ? [name] : [],
      ),
      hostCertificateNotAfter: known?.certificate?.notAfter ?? null,
      simulation,
      areReportsAway: counted === null,
      earlierMaxAgeSeconds: [],
      ...move,
    },
    now,
  );
  const stops = reasons.filter(({ level, code }) => level === "stop" && !NOT_KNOWN.has(code));
  return {
    assessment: {
      verdict: verdict(reasons, stops),
      codes: [...new Set(reasons.map(({ code }) => code))],
      refusedSessions: simulation.refusedSessions,
      sessions: Math.max(simulation.sessions, counted?.sessions ?? 0),
      hostsGood: mx.filter(({ state }) => state === "good").length,
      hosts: mx.length,
    },
    stop: stops[0]?.text ?? null,
  };
}

function verdict(reasons: readonly UnsafeReason[], stops: readonly UnsafeReason[]) {
  if (stops.length > 0) return "stop";
  return verdictOf(reasons) === "stop" ? "untested" : verdictOf(reasons);
}

function seenBefore(mxHost: string, known: JudgedFacts | undefined): SeenMxHost {
  const host = known?.mxHosts.find((one) => one.mxHost === mxHost);
  return {
    mxHost,
    state: host?.state ?? "unknown",
    fault: host?.fault ?? null,
    detail: host?.state === "unknown" || !host ? "it was not tested yet" : null,
    certificateNotAfter: host?.certificateNotAfter ?? null,
    dane: host?.dane ?? "none",
    addressesGood: host?.state === "good" ? 1 : 0,
    addressesAll: 1,
  };
}

/** The simulation of a domain without failures: no mail would have been refused. */
function emptySimulation(counted: Sessions | null): PolicySimulation {
  return {
    reportDays: counted?.days ?? 0,
    reporters: counted?.reporters ?? [],
    sessions: counted?.sessions ?? 0,
    refusedSessions: 0,
    refusedShare: counted ? 0 : null,
    refusedShareAtMost: null,
    causes: [],
    withoutPolicySessions: 0,
  };
}

async function loadSessions(
  db: ReportsDatabase,
  accounts: readonly string[],
  rows: readonly Domain[],
  now: Date,
): Promise<Map<string, Sessions>> {
  const from = new Date(Math.floor(now.getTime() / DAY_MS) * DAY_MS - REPORT_DAYS * DAY_MS);
  const found = await db.$queryRaw<
    { domainId: string; sessions: string; days: number; reporters: string[] }[]
  >`
    select domain_id::text as "domainId", sum(successful_sessions + failed_sessions)::text as sessions,
      count(distinct report_day)::int as days, array_agg(distinct reporter) as reporters
    from tls_report
    where account_id = any(${[...accounts]}::text[]) and domain_id = any(${rows.map(({ id }) => id)}::uuid[])
      and report_day >= ${from} and trust = 'aligned'
    group by account_id, domain_id`;
  return new Map(
    found.map(({ domainId, sessions, ...counted }) => [
      domainId,
      { ...counted, sessions: safeCount(sessions) },
    ]),
  );
}
