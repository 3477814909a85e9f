import { Prisma } from "@waxseal/db";
import { networkOf } from "@waxseal/runtime";
import type { Context } from "../../context.ts";
import { safeCount } from "../../safe-count.ts";
import { ownerName } from "../../setup-names.ts";
import { matchesSource, type SourceFilter } from "../trust/report-source.ts";
import { type HostingVerdict, judgePolicyHosting } from "./judge-policy-hosting.ts";

type Question = {
  /** Affected domains, most failures first. */
  domains: readonly string[];
  resultTypes: readonly string[];
  from: string;
  to: string;
  trust: SourceFilter["trust"];
  sendingAddresses: readonly string[];
};
type Asked = { id: string; domain: string; days: string[] };

/** The client networks that the fetch log keeps apart. */
const LOGGED_SIZES = { ipv4: 24, ipv6: 48 };
const MAX_DOMAINS = 5;
const MAX_ROWS = 5_000;
/** The failure that is shown when domains differ, first of these. */
const PRECEDENCE = ["us", "domain-owner", "sender", "unknown"];

/**
 * Judges failures to fetch, trust or read policies by our own logs, for the five domains with most of them. Undefined when none of
 * them has such a failure on these days.
 */
export async function describePolicyHosting(
  ctx: Context,
  question: Question,
): Promise<HostingVerdict | undefined> {
  const asked = await findFailingDays(ctx, question);
  const senderNetworks = [
    ...new Set(question.sendingAddresses.map((address) => networkOf(address, LOGGED_SIZES))),
  ].filter((network) => network.includes("/"));
  const verdicts = await Promise.all(
    asked.map(async (one) => judgePolicyHosting({ ...(await loadEvidence(ctx, one)), senderNetworks })),
  );
  const [worst, ...others] = verdicts.toSorted(
    (a, b) => PRECEDENCE.indexOf(a.fixedBy) - PRECEDENCE.indexOf(b.fixedBy),
  );
  if (!worst) return undefined;
  const sentence = [worst, ...others].map((verdict) => verdict.sentence).join(" ");
  return { ...worst, sentence };
}

async function findFailingDays(ctx: Context, question: Question): Promise<Asked[]> {
  const { accountId, db } = ctx;
  const domains = await db.domain.findMany({
    where: { accountId, domain: { in: question.domains.slice(0, MAX_DOMAINS) } },
    select: { id: true, domain: true },
    orderBy: { domain: "asc" },
  });
  const rows = await ctx.reports.$queryRaw<{ id: string; day: string }[]>`
    select distinct domain_id::text as id, report_day::text as day
    from tls_daily_failures
    where account_id = ${accountId} and report_day between ${question.from}::date and ${question.to}::date
      and domain_id = any(${domains.map(({ id }) => id)}::uuid[])
      and result_type = any(${[...question.resultTypes]}::text[]) and counted_failed > 0
      and ${matchesSource(Prisma.sql`reporter`, { trust: question.trust })}
    order by 1, 2
    limit ${MAX_ROWS}`;
  return domains
    .map((domain) => ({ ...domain, days: rows.filter(({ id }) => id === domain.id).map(({ day }) => day) }))
    .filter(({ days }) => days.length > 0);
}

async function loadEvidence(ctx: Context, { id, domain, days }: Asked) {
  const { db, accountId } = ctx;
  const host = ownerName("policyHost", domain);
  const claim = await db.domainClaim.findFirst({ where: { domain, accountId, domainId: id } });
  const [certificates, handshakes, clients, fetches, events] = await Promise.all([
    db.certificate.findMany({
      where: { accountId, host },
      select: { notBefore: true, notAfter: true, createdAt: true },
      orderBy: { notAfter: "desc" },
      take: 100,
    }),
    // Handshakes that failed before this account's claim belong to the previous host of the domain.
    db.$queryRaw<{ day: string; reason: string; failures: string }[]>`
      select to_char(hour at time zone 'UTC', 'YYYY-MM-DD') as day, reason, sum(failures)::text as failures from handshake_failure
      where policy_host = ${host} and to_char(hour at time zone 'UTC', 'YYYY-MM-DD') = any(${days}::text[])
        and hour >= date_trunc('hour', ${claim?.claimedAt ?? ctx.now()}::timestamptz)
      group by 1, 2 limit ${MAX_ROWS}`,
    db.$queryRaw<{ day: string; reason: string; network: string; failures: number }[]>`
      select to_char(hour at time zone 'UTC', 'YYYY-MM-DD') as day, reason, network, failures from handshake_client
      where policy_host = ${host} and to_char(hour at time zone 'UTC', 'YYYY-MM-DD') = any(${days}::text[])
        and hour >= date_trunc('hour', ${claim?.claimedAt ?? ctx.now()}::timestamptz)
      order by hour desc limit ${MAX_ROWS}`,
    db.$queryRaw<{ day: string; status: number; network: string; fetches: string }[]>`
      select to_char(hour at time zone 'UTC', 'YYYY-MM-DD') as day, status::int, network, sum(fetches)::text as fetches from policy_fetch
      where account_id = ${accountId} and domain_id = ${id}::uuid
        and to_char(hour at time zone 'UTC', 'YYYY-MM-DD') = any(${days}::text[])
      group by 1, 2, 3 order by sum(fetches) desc limit ${MAX_ROWS}`,
    loadEvents(ctx, id),
  ]);
  return {
    domain,
    days,
    now: ctx.now(),
    claimedAt: claim?.claimedAt ?? null,
    certificates: certificates.map(({ notBefore, notAfter, createdAt }) => ({
      from: createdAt > notBefore ? createdAt : notBefore,
      until: notAfter,
    })),
    handshakes: handshakes.map((row) => ({ ...row, failures: safeCount(row.failures) })),
    clients,
    fetches: fetches.map((row) => ({ ...row, fetches: safeCount(row.fetches) })),
    ...events,
  };
}

/** What the domain's timeline says of its CNAME, and of policies that could not be published. */
async function loadEvents(ctx: Context, domainId: string) {
  const { accountId, db } = ctx;
  const rows = await db.$queryRaw<{ at: Date; kind: string; from: string | null; to: string | null }[]>`
    select at, kind, data->>'from' as from, data->>'to' as to from event
    where account_id = ${accountId} and domain_id = ${domainId}::uuid
      and (kind = 'policy.publishFailed' or (kind = 'setup.changed' and data->>'record' = 'policyHost'))
    order by at desc, id desc limit ${MAX_ROWS}`;
  const changes = rows.filter(({ kind }) => kind === "setup.changed").toReversed();
  const record = await db.setupRecord.findFirst({ where: { accountId, domainId, kind: "policyHost" } });
  const [first] = changes;
  const before = first ? (first.from ?? "unchecked") : (record?.state ?? "unchecked");
  return {
    cname: [
      { at: new Date(0), state: before },
      ...changes.map(({ at, to }) => ({ at, state: to ?? "unchecked" })),
    ],
    publishFailedDays: rows
      .filter(({ kind }) => kind === "policy.publishFailed")
      .map(({ at }) => at.toISOString().slice(0, 10)),
  };
}
