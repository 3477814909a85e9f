import type { Database, Domain } from "@waxseal/db";
import { HOUR_MS, MINUTE_MS } from "@waxseal/runtime/time-spans";
import { type ContextSource, createContext, jobActor } from "../context.ts";
import { isSameMx } from "../domains/count-mx-answer.ts";
import { lockDomain } from "../domains/get-domain.ts";
import { keepDomainMx } from "../domains/keep-domain-mx.ts";
import { readStoredMx } from "../domains/read-mx-hosts.ts";
import { type MxLookUpDeps, type SeenMx, seeDomainMx } from "../domains/see-domain-mx.ts";
import { followMx } from "../policies/follow-mx.ts";
import { nextMxLookAt, type WatchedMode } from "../watching/next-mx-look.ts";

/** What looking needs. */
export type LookAtMxDeps = MxLookUpDeps & { random(): number };

/** `looks`: domains looked up. `changed`: other hosts count now. `unanswered`: DNS did not answer. */
export type LookAtMxOutcome = { looks: number; changed: number; unanswered: number };

type Due = { domain: Domain; mode: WatchedMode };
type Looked = Due & { seen: SeenMx | undefined; nextAt: Date };

const BATCH = 250;
const AT_ONCE = 50;
/** A run that is cut off leaves its domains to a later one. */
const CLAIM_MS = 3 * MINUTE_MS;
/** How exact the last sighting of a host is while nothing changes. */
const SIGHTING_MS = 6 * HOUR_MS;

/**
 * Looks up the MX hosts of all domains that are due, longest due first: every 15 minutes where the policy enforces, hourly in testing, else every
 * six hours. An answer like the last one is noted for many domains at once; another one counts as `keepDomainMx` says, and an
 * unpublished draft follows it. Ends when nothing is due, or after `longestMs`.
 *
 * Safe to run twice and at once: each domain is claimed by one run.
 */
export async function lookAtDueMx(
  source: ContextSource,
  deps: LookAtMxDeps,
  { longestMs }: { longestMs: number },
): Promise<LookAtMxOutcome> {
  const total = { looks: 0, changed: 0, unanswered: 0 };
  const beganMs = performance.now();
  for (let size = BATCH; size === BATCH && performance.now() - beganMs < longestMs; ) {
    const due = await claimDue(source.db, source.now());
    size = due.length;
    const looked = await lookAtAll(source, due, deps);
    const quiet = looked.filter(isQuiet);
    await noteQuiet(source.db, quiet, source.now());
    for (const one of looked) if (!isQuiet(one) && (await keepLook(source, one))) total.changed += 1;
    total.looks += looked.length;
    total.unanswered += looked.filter(({ seen }) => !seen).length;
  }
  return total;
}

async function claimDue(db: Database, now: Date): Promise<Due[]> {
  const claimed = await db.$queryRaw<{ accountId: string; id: string }[]>`
    with due as (
      select account_id, id from domain where next_mx_look_at <= ${now}
      order by next_mx_look_at limit ${BATCH} for no key update skip locked)
    update domain d set next_mx_look_at = ${new Date(now.getTime() + CLAIM_MS)}
    from due where d.account_id = due.account_id and d.id = due.id
    returning d.account_id as "accountId", d.id::text`;
  return loadDue(db, claimed);
}

async function loadDue(db: Database, keys: readonly { accountId: string; id: string }[]): Promise<Due[]> {
  const accountId = { in: keys.map((key) => key.accountId) };
  const rows = await db.domain.findMany({ where: { accountId, id: { in: keys.map(({ id }) => id) } } });
  const served = rows.flatMap(({ id, servedVersion }) =>
    servedVersion === null ? [] : [{ domainId: id, version: servedVersion }],
  );
  const policies =
    served.length > 0 ? await db.policyVersion.findMany({ where: { accountId, OR: served } }) : [];
  const modes = new Map(policies.map(({ domainId, mode }) => [domainId, mode]));
  return rows.map((domain) => ({ domain, mode: modes.get(domain.id) ?? "none" }));
}

/** Number of domains at a time: a resolver accepts a limited number of questions. */
async function lookAtAll({ now }: ContextSource, due: readonly Due[], deps: LookAtMxDeps): Promise<Looked[]> {
  const waiting = [...due];
  const looked: Looked[] = [];
  const work = async () => {
    for (let one = waiting.shift(); one; one = waiting.shift()) {
      const { domain, mode } = one;
      // One that has left is looked at again when it is added again.
      const seen = domain.status === "left" ? undefined : await seeDomainMx(domain, deps);
      const isUncounted = seen !== undefined && seen.opinion !== "agrees";
      const nextAt = nextMxLookAt(now(), { mode, isUncounted }, deps.random());
      looked.push({ ...one, seen, nextAt });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return looked;
}

/** Whether a look found nothing to store except that it took place. */
function isQuiet({ domain, seen }: Looked): boolean {
  if (!seen) return true;
  const isSame = domain.mxCheckedAt !== null && isSameMx(readStoredMx(domain.mxHosts), seen.mxHosts);
  return isSame && domain.mxUncounted === null;
}

/** Locked in the order in which domains are judged; a domain that is locked by another transaction is looked at again soon. */
async function noteQuiet(db: Database, quiet: readonly Looked[], at: Date): Promise<void> {
  if (quiet.length === 0) return;
  const rows = quiet.map(({ domain: { accountId, id }, nextAt, seen }) => ({
    accountId,
    id,
    nextAt,
    isAnswered: seen !== undefined,
  }));
  await db.$executeRaw`
    with looked as (
      select * from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
        l ("accountId" text, id uuid, "nextAt" timestamptz, "isAnswered" boolean)),
    locked as (
      select d.account_id, d.id from domain d join looked l on d.account_id = l."accountId" and d.id = l.id
      order by d.account_id, d.id for no key update of d skip locked),
    noted as (
      update domain d set next_mx_look_at = l."nextAt",
        mx_checked_at = case when l."isAnswered" then ${at}::timestamptz else d.mx_checked_at end
      from locked k join looked l on l."accountId" = k.account_id and l.id = k.id
      where d.account_id = k.account_id and d.id = k.id
      returning d.account_id, d.id, d.mx_hosts, l."isAnswered")
    update mx_sighting s set last_seen_at = ${at}
    from noted n
    where n."isAnswered" and s.account_id = n.account_id and s.domain_id = n.id
      and s.last_seen_at < ${new Date(at.getTime() - SIGHTING_MS)}
      and n.mx_hosts @> jsonb_build_array(jsonb_build_object('mxHost', s.mx_host))`;
}

/** Whether other hosts count now. */
async function keepLook(
  source: ContextSource,
  { domain: { accountId, id }, seen, nextAt }: Looked,
): Promise<boolean> {
  const ctx = createContext(source, accountId, jobActor("watch.lookMx"));
  return ctx.inTransaction(async (db) => {
    // It may have been deleted since.
    if ((await db.domain.count({ where: { accountId, id } })) === 0) return false;
    const row = await lockDomain(db, accountId, id);
    if (row.status === "left" || !seen) return false;
    await db.domain.update({
      where: { accountId_id: { accountId, id } },
      data: { nextMxLookAt: nextAt },
    });
    const kept = await keepDomainMx(db, ctx, row, seen);
    if (!kept) return false;
    await followMx(db, ctx, row, kept.mxHosts);
    return kept.isChanged;
  });
}
