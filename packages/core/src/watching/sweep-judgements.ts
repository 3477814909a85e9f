import { type Database, reportsOf } from "@waxseal/db";
import type { ContextSource } from "../context.ts";
import { type DomainKey, evaluateDomains } from "./evaluate-domains.ts";
import { probeReportedHosts } from "./probe-reported-hosts.ts";

const BATCH = 200;
const MARKS = 2_000;
/** Domains of one run; the next run takes the remaining ones. */
const MAX_MARKS = 100_000;
const MAX_DUE = 20_000;

/**
 * Judges the domains whose reports changed, and those for which time alone may have changed something, longest due first. Safe to run twice
 * and at once.
 */
export async function sweepJudgements(source: ContextSource): Promise<{ marks: number; due: number }> {
  const swept = { marks: 0, due: 0 };
  for (let size = MARKS; size === MARKS && swept.marks < MAX_MARKS; swept.marks += size)
    size = await judgeMarked(source);
  for (let size = BATCH; size === BATCH && swept.due < MAX_DUE; swept.due += size) {
    const due = await listDue(source.db, source.now());
    size = due.length;
    await evaluateDomains(source, due, { skipsLocked: true });
  }
  return swept;
}

type Mark = DomainKey & { id: bigint };

/** Marks go after their domains were judged, so that a run that is cut off loses none; those that came meanwhile stay. */
async function judgeMarked(source: ContextSource): Promise<number> {
  const reports = reportsOf(source.db);
  const marks = await reports.$queryRaw<Mark[]>`
    select account_id as "accountId", domain_id::text as "domainId", id from tls_changed_domain order by id limit ${MARKS}`;
  const keys = new Map(marks.map(({ accountId, domainId }) => [domainId, { accountId, domainId }]));
  const all = [...keys.values()];
  for (let from = 0; from < all.length; from += BATCH)
    await evaluateDomains(source, all.slice(from, from + BATCH));
  await probeReportedHosts(source.db, all, source.now());
  await reports.$executeRaw`delete from tls_changed_domain where id = any(${marks.map(({ id }) => id)}::int8[])`;
  return marks.length;
}

function listDue(db: Database, now: Date): Promise<DomainKey[]> {
  return db.$queryRaw<DomainKey[]>`
    select account_id as "accountId", id::text as "domainId" from domain where judge_at <= ${now}
    order by judge_at limit ${BATCH}`;
}
