import {
  type Database,
  type Domain,
  isDatabaseAway,
  type MxHostProbe,
  type PolicyVersion,
  type ReportsTransaction,
  type Transaction,
} from "@waxseal/db";
import { DAY_MS } from "@waxseal/runtime/time-spans";
import { isCertificateFailing } from "../domains/is-certificate-failing.ts";
import type { DomainFacts } from "../domains/load-domain-facts.ts";
import { readMxHosts } from "../domains/read-mx-hosts.ts";
import { subjectOf } from "../judging/failure-cause.ts";
import type { JudgedFacts, KnownMxHost } from "../judging/judge-domain.ts";
import type { ReporterDay } from "../judging/judge-failure-rate.ts";
import { simulatePolicy, type TrustedReport } from "../judging/simulate-policy.ts";
import { storedPolicies } from "../reports/understanding/stored-policies.ts";
import { ownerName, type RecordKind } from "../setup-names.ts";
import { loadWatchedState } from "./load-watched-facts.ts";
import { type Arrival, loadWatchedReports } from "./load-watched-reports.ts";

const FAILURE_DAYS = 14;
const RHYTHM_DAYS = 28;
/** Fewer failed sessions never decide anything. */
const MIN_FAILED = 3;
const MAX_REPORTS = 5_000;
const REPORTS_AT_ONCE = 4;
/** The last week, and 28 days before it. */
const RATE_DAYS = 36;
const PAST_DAYS = 90;

type Reader = Database | Transaction;
/** State and reports, each as it is read. */
export type Readers = { db: Reader; reports: ReportsTransaction };
type Days = { days: string[]; failed: number; reporterDays: ReporterDay[]; arrivals: Arrival[] };

/** The facts that some domains are judged by, by domain id, in a fixed number of queries. Only proven reports count. */
export async function loadJudgedFacts(
  { db, reports: reportsDb }: Readers,
  accounts: string[],
  all: readonly DomainFacts[],
  now: Date,
): Promise<ReadonlyMap<string, JudgedFacts>> {
  const served = all.filter(({ policy, row }) => policy !== undefined && row.status !== "left");
  const [hosts, watched, reported] = await Promise.all([
    loadMxHosts(
      db,
      served.map(({ row }) => row),
    ),
    loadWatchedState(db, accounts, all, now),
    loadReported({ db, reports: reportsDb }, accounts, served, now).catch((error: unknown) => {
      // In one database nothing can be judged. In two, what reports say is unknown.
      if (Object.is(reportsDb, db) || !isDatabaseAway(error)) throw error;
      return null;
    }),
  ]);
  return new Map(
    all.map((facts) => {
      const { row, policy } = facts;
      const own = reported?.reports.get(row.id);
      const state = watched.get(row.id);
      const said = reported?.said.get(row.id);
      const pastCauses = own && policy ? listPastCauses(own, policy, now) : [];
      const judged: JudgedFacts = {
        ...toJudged(facts),
        mxHosts: readMxHosts(row).flatMap(({ mxHost }) => hosts.get(mxHost) ?? []),
        ...(own && policy
          ? replay(own, policy, now)
          : { simulation: null, reporterDays: reported?.days.get(row.id)?.reporterDays ?? [] }),
        reportDays: reported && (reported.days.get(row.id)?.days ?? []),
        ...(state && { watched: { ...state, reports: said ? { ...said, pastCauses } : null } }),
      };
      return [row.id, judged] as const;
    }),
  );
}

/** What is stored about a domain itself, as the judge takes it; what is known of its MX hosts and reports comes to it. */
export function toJudged({
  row,
  records,
  policy,
  certificateName,
  certificate,
  uncoveredMxHosts,
}: DomainFacts) {
  const record = (kind: RecordKind) => ({
    name: ownerName(kind, row.domain),
    state: records[kind].state,
    isMisplaced: records[kind].misplaced !== null,
    isMisdirected: records[kind].misdirected !== null,
    checkedAt: records[kind].checkedAt,
  });
  return {
    domain: row.domain,
    status: row.status,
    mode: policy?.mode ?? null,
    records: {
      policyHost: record("policyHost"),
      stsRecord: record("stsRecord"),
      tlsRptRecord: record("tlsRptRecord"),
    },
    publishProblem: row.publishProblem,
    certificate: certificateName
      ? {
          isFailing: isCertificateFailing(certificateName),
          notBefore: certificate?.notBefore ?? null,
          notAfter: certificate?.notAfter ?? null,
          detail: certificateName.lastErrorDetail,
        }
      : null,
    uncoveredMxHosts,
    mxCheckedAt: row.mxCheckedAt,
  };
}

/** What is known of the MX hosts of some domains, by name. */
export async function loadMxHosts(db: Reader, rows: readonly Domain[]): Promise<Map<string, KnownMxHost>> {
  const names = [...new Set(rows.flatMap((row) => readMxHosts(row).map(({ mxHost }) => mxHost)))];
  if (names.length === 0) return new Map();
  const probes = await db.mxHostProbe.findMany({ where: { mxHost: { in: names } } });
  const known = probes.map(
    (probe): KnownMxHost => ({
      mxHost: probe.mxHost,
      state: stateOf(probe),
      fault: probe.confirmedFault as KnownMxHost["fault"],
      since: probe.badSince,
      probedAt: probe.probedAt,
      certificateNotAfter: probe.certificateNotAfter,
      certificateNotBefore: probe.certificateNotBefore,
      dane: probe.dane as KnownMxHost["dane"],
    }),
  );
  const byHost = Map.groupBy(known, ({ mxHost }) => mxHost);
  return new Map([...byHost].map(([mxHost, addresses]) => [mxHost, joinAddresses(addresses)]));
}

/** What two looks confirmed. Of a host that nothing is confirmed of yet, a good look is not contradicted by anything. */
function stateOf({ state, confirmedState }: MxHostProbe): KnownMxHost["state"] {
  const isFirstGood = confirmedState === "unknown" && state === "good";
  return isFirstGood ? "good" : (confirmedState as KnownMxHost["state"]);
}

/** A sender tries the next address when one fails: a host is bad when all its addresses are. */
function joinAddresses(addresses: readonly KnownMxHost[]): KnownMxHost {
  const order = ["good", "unknown", "bad"];
  const [best] = addresses.toSorted((a, b) => order.indexOf(a.state) - order.indexOf(b.state));
  if (!best) throw new Error("An MX host without a look");
  const hasMatch = addresses.some(({ dane }) => dane === "match");
  const hasMismatch = addresses.some(({ dane }) => dane === "mismatch");
  return { ...best, dane: hasMismatch && !hasMatch ? "mismatch" : best.dane };
}

async function loadReported(readers: Readers, accounts: string[], served: readonly DomainFacts[], now: Date) {
  const accountId = { in: accounts };
  const days = await loadReportDays(readers.reports, accountId, served, now);
  const failing = served.filter(({ row }) => (days.get(row.id)?.failed ?? 0) >= MIN_FAILED);
  const arrivals = new Map([...days].map(([id, own]) => [id, own.arrivals]));
  const active = served.filter(({ row }) => row.status === "active");
  const [reports, said] = await Promise.all([
    loadReports(readers.reports, accountId, failing, now),
    loadWatchedReports(readers, accounts, active, arrivals, now),
  ]);
  return { days, reports, said };
}

async function loadReportDays(
  reports: ReportsTransaction,
  accountId: { in: string[] },
  all: readonly DomainFacts[],
  now: Date,
): Promise<Map<string, Days>> {
  if (all.length === 0) return new Map();
  const rows = await reports.tlsReport.groupBy({
    by: ["domainId", "reportDay", "reporter"],
    where: { ...aligned(accountId, all), reportDay: { gte: daysBefore(now, RHYTHM_DAYS) } },
    _sum: { failedSessions: true, successfulSessions: true },
    _min: { receivedAt: true, submitter: true },
  });
  const from = daysBefore(now, FAILURE_DAYS);
  const found = new Map<string, Days>();
  for (const { domainId, reportDay, reporter, _sum, _min } of rows) {
    const own = found.get(domainId) ?? { days: [], failed: 0, reporterDays: [], arrivals: [] };
    const [day, refused] = [dayOf(reportDay), Number(_sum.failedSessions ?? 0)];
    own.days.push(day);
    own.arrivals.push({ reporter, day, at: _min.receivedAt, signer: _min.submitter });
    // Few failures, if any: whether enforcement would refuse them changes little.
    own.reporterDays.push({
      reporter,
      day,
      sessions: refused + Number(_sum.successfulSessions ?? 0),
      refused,
    });
    if (reportDay >= from) own.failed += refused;
    found.set(domainId, own);
  }
  return found;
}

type OwnReport = TrustedReport & { domainId: string };

/** What the served policy would have refused lately, and what each reporter says of each day. */
function replay(reports: readonly OwnReport[], policy: PolicyVersion, now: Date) {
  const from = dayOf(daysBefore(now, FAILURE_DAYS));
  const recent = reports.filter(({ reportDay }) => reportDay >= from);
  const counted = reports.filter(({ reportDay }) => reportDay >= dayOf(daysBefore(now, RATE_DAYS)));
  const byReporter = Map.groupBy(counted, ({ reporter, reportDay }) => `${reportDay} ${reporter}`);
  const reporterDays = [...byReporter.values()].flatMap((alike): ReporterDay[] => {
    const [first] = alike;
    if (!first) return [];
    const { sessions, refusedSessions: refused } = simulatePolicy(alike, policy);
    return [{ reporter: first.reporter, day: first.reportDay, sessions, refused }];
  });
  return { simulation: simulatePolicy(recent, policy), reporterDays };
}

/** The causes of failures that were seen before those of the last days. */
function listPastCauses(reports: readonly OwnReport[], policy: PolicyVersion, now: Date): string[] {
  const from = dayOf(daysBefore(now, FAILURE_DAYS));
  const past = reports.filter(({ reportDay }) => reportDay < from);
  return simulatePolicy(past, policy).causes.map(subjectOf);
}

/** A few domains at a time, so that what is held in memory stays small. */
async function loadReports(
  reportsDb: ReportsTransaction,
  accountId: { in: string[] },
  failing: readonly DomainFacts[],
  now: Date,
): Promise<ReadonlyMap<string, OwnReport[]>> {
  const found = new Map<string, OwnReport[]>();
  for (let from = 0; from < failing.length; from += REPORTS_AT_ONCE) {
    const some = failing.slice(from, from + REPORTS_AT_ONCE);
    const rows = await reportsDb.tlsReport.findMany({
      where: {
        ...aligned(accountId, some),
        OR: [
          { reportDay: { gte: daysBefore(now, RATE_DAYS) } },
          // What failed before shows which failures are new.
          { reportDay: { gte: daysBefore(now, PAST_DAYS) }, failedSessions: { gt: 0 } },
        ],
      },
      select: { domainId: true, reporter: true, reportDay: true, policies: true },
      orderBy: { reportDay: "desc" },
      take: MAX_REPORTS * some.length,
    });
    for (const { domainId, reporter, reportDay, policies } of rows) {
      const own = found.get(domainId) ?? [];
      own.push({ domainId, reporter, reportDay: dayOf(reportDay), policies: storedPolicies(policies) });
      found.set(domainId, own);
    }
  }
  return found;
}

/** Only reports signed for the organisation they name: a stranger's reports move no health. */
function aligned(accountId: { in: string[] }, all: readonly DomainFacts[]) {
  return { accountId, domainId: { in: all.map(({ row }) => row.id) }, trust: "aligned" as const };
}

function daysBefore(now: Date, days: number): Date {
  return new Date(Math.floor(now.getTime() / DAY_MS) * DAY_MS - days * DAY_MS);
}

function dayOf(at: Date): string {
  return at.toISOString().slice(0, 10);
}
