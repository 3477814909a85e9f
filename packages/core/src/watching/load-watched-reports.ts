import { DAY_MS } from "@waxseal/runtime/time-spans";
import type { DomainFacts } from "../domains/load-domain-facts.ts";
import type { ReporterRhythm, WatchedFacts } from "../judging/watched-facts.ts";
import { registeredDomain } from "../reports/trust/judge-report-trust.ts";
import { findKnownSigners } from "../reports/trust/known-reporters.ts";
import type { Readers } from "./load-judged-facts.ts";

/** When the first report of a reporter about a day arrived, and who signed it. */
export type Arrival = { reporter: string; day: string; at: Date | null; signer: string | null };

type Said = NonNullable<WatchedFacts["reports"]>;
type Counted = { domainId: string; sender: string; messages: number };
type Unproven = {
  domainId: string;
  reporter: string;
  submitter: string | null;
  trust: string;
  reports: number;
};

const WEEK_MS = 7 * DAY_MS;
const USUAL_DELAY_MS = 2 * DAY_MS;
const LATEST_MS = 4 * DAY_MS;
/** What was sent as a report and cannot be read; ordinary mail and bounces are none. */
const REJECTED = [
  ...["attachment-removed", "encrypted-archive", "encrypted-mail", "truncated", "bad-gzip"],
  ...["unsupported-archive", "too-large", "over-limit", "not-json", "not-a-report"],
];
const FETCH_ERRORS = ["sts-policy-fetch-error", "sts-webpki-invalid"];

/** What reports say beside their figures, by domain id, in a fixed number of queries. `arrivals`: of proven ones, by domain. */
export async function loadWatchedReports(
  { db, reports }: Readers,
  accounts: readonly string[],
  served: readonly DomainFacts[],
  arrivals: ReadonlyMap<string, readonly Arrival[]>,
  now: Date,
): Promise<Map<string, Omit<Said, "pastCauses">>> {
  if (served.length === 0) return new Map();
  const ids = served.map(({ row }) => row.id);
  const scope = { accounts, ids, since: new Date(now.getTime() - WEEK_MS) };
  const without = ids.filter((id) => (arrivals.get(id) ?? []).length === 0);
  const signers = [...arrivals.values()].flatMap((own) => own.flatMap(({ signer }) => signer ?? []));
  const [ever, rejected, unproven, errors, silence] = await Promise.all([
    findEver(reports, { ...scope, ids: without }),
    countRejected(reports, scope),
    countUnproven(reports, scope),
    findFetchErrors(reports, scope),
    findGlobalSilence(db, [...new Set(signers.map(registeredDomain))], now),
  ]);
  return new Map(
    ids.map((id) => {
      const own = arrivals.get(id) ?? [];
      const ofDomain = <Row extends { domainId: string }>(rows: readonly Row[]) =>
        rows.filter(({ domainId }) => domainId === id);
      return [
        id,
        {
          hasAny: own.length > 0 || ever.has(id),
          rhythms: listRhythms(own, silence),
          rejected: ofDomain(rejected),
          forged: listForged(ofDomain(unproven), own),
          fetchErrors: ofDomain(errors).map(({ reporter }) => reporter),
        },
      ] as const;
    }),
  );
}

type Scope = { accounts: readonly string[]; ids: readonly string[]; since: Date };
type Reports = Readers["reports"];

async function findEver(reports: Reports, { accounts, ids }: Scope): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const rows = await reports.$queryRaw<{ id: string }[]>`
    select d.id::text as id from unnest(${[...ids]}::uuid[]) as d(id)
    where exists (select from tls_report t where t.account_id = any(${[...accounts]}::text[]) and t.domain_id = d.id)`;
  return new Set(rows.map(({ id }) => id));
}

function countRejected(reports: Reports, { accounts, ids, since }: Scope): Promise<Counted[]> {
  return reports.$queryRaw<Counted[]>`
    select domain_id::text as "domainId", lower(substring(envelope_from from '@([^@>]+)>?$')) as sender, count(*)::int as messages
    from report_message
    where account_id = any(${[...accounts]}::text[]) and state = 'quarantined' and received_at >= ${since}
      and domain_id = any(${[...ids]}::uuid[]) and transport <> 'import' and quarantine_reason = any(${REJECTED}::text[])
      and substring(envelope_from from '@([^@>]+)>?$') is not null
    group by 1, 2 order by 3 desc, 2 limit 1000`;
}

function countUnproven(reports: Reports, { accounts, ids, since }: Scope): Promise<Unproven[]> {
  return reports.$queryRaw<Unproven[]>`
    select domain_id::text as "domainId", reporter, submitter, trust::text as trust, count(*)::int as reports
    from tls_report
    where account_id = any(${[...accounts]}::text[]) and domain_id = any(${[...ids]}::uuid[]) and report_day >= ${since}::date
      and trust in ('signed', 'broken', 'unsigned', 'unauthenticated') and transport <> 'import'
    group by 1, 2, 3, 4 order by 5 desc, 2 limit 1000`;
}

function findFetchErrors(reports: Reports, { accounts, ids, since }: Scope) {
  return reports.$queryRaw<{ domainId: string; reporter: string }[]>`
    select distinct domain_id::text as "domainId", reporter from tls_report
    where account_id = any(${[...accounts]}::text[]) and domain_id = any(${[...ids]}::uuid[]) and report_day >= ${since}::date
      and trust = 'aligned' and result_types && ${FETCH_ERRORS}::text[] order by 2 limit 1000`;
}

const ACTIVE_DAYS = 14;
const SILENT_DAYS = 3;
const MIN_DAYS = 7;
const MIN_ACCOUNTS = 5;

/** Signers from which more than half of the accounts that they wrote to, and at least five, have heard nothing lately. */
async function findGlobalSilence(
  db: Readers["db"],
  domains: readonly string[],
  now: Date,
): Promise<ReadonlySet<string>> {
  if (domains.length === 0) return new Set();
  const rows = await db.$queryRaw<{ domain: string; accounts: number; silent: number }[]>`
    select domain, count(*)::int as accounts, count(*) filter (where last_day < ${now}::timestamptz::date - ${SILENT_DAYS}::int)::int as silent
    from reporter_signer
    where domain = any(${[...domains]}::text[]) and days >= ${MIN_DAYS} and last_day >= ${now}::timestamptz::date - ${ACTIVE_DAYS}::int
    group by 1`;
  return new Set(
    rows
      .filter(({ accounts, silent }) => silent >= MIN_ACCOUNTS && silent > accounts / 2)
      .map(({ domain }) => domain),
  );
}

function listRhythms(arrivals: readonly Arrival[], silence: ReadonlySet<string>): ReporterRhythm[] {
  return [...Map.groupBy(arrivals, ({ reporter }) => reporter)].map(([reporter, own]) => ({
    reporter,
    days: own.map(({ day }) => day),
    delayMs: delayOf(own),
    signer: own.find(({ signer }) => signer !== null)?.signer ?? null,
    isSilentForAll: own.some(({ signer }) => signer !== null && silence.has(registeredDomain(signer))),
  }));
}

/** Reports that came days later were brought in afterwards and say nothing about the rhythm. */
function delayOf(own: readonly Arrival[]): number {
  const delays = own
    .flatMap(({ at, day }) => (at ? [at.getTime() - Date.parse(day) - DAY_MS] : []))
    .filter((delayMs) => delayMs < LATEST_MS)
    .sort((a, b) => a - b);
  return Math.max(delays[Math.floor((delays.length - 1) * 0.95)] ?? USUAL_DELAY_MS, 0);
}

/** Under the name of a large sender, and either signed by another domain or unsigned beside signed ones. */
function listForged(unproven: readonly Unproven[], arrivals: readonly Arrival[]): Said["forged"] {
  return unproven.flatMap(({ reporter, submitter, trust, reports }): Said["forged"][number][] => {
    if (trust === "signed" && submitter !== null) {
      const known = findKnownSigners(reporter);
      const signer = registeredDomain(submitter);
      return known?.isCertain && !known.domains.includes(signer) ? [{ reporter, signer, reports }] : [];
    }
    const isUsuallySigned = arrivals.some((one) => one.reporter === reporter);
    return isUsuallySigned && trust !== "signed" ? [{ reporter, signer: null, reports }] : [];
  });
}
