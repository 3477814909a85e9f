import { ATTENTION_STATES, EVENT_KINDS, HealthState, type HomeView } from "@waxseal/contract";
import type { z } from "zod";
import { presentEvent } from "../audit/list-events.ts";
import type { Context } from "../context.ts";
import { shiftDay } from "../day-range.ts";
import { presentStoredHealth } from "../domain-views/present-health.ts";
import { type AccountSums, sumAccountDays } from "../reports/totals/sum-account-days.ts";
import { unlessAway } from "../reports/totals/unless-away.ts";
import { nameAction } from "./name-action.ts";
import { needsAttention, rankedDomains } from "./ranked-domains.ts";

type View = z.infer<typeof HomeView>;
type Ref = View["next"]["ready"][number];

const MAX_ITEMS = 8;
const MAX_NEXT = 5;
/** Kinds of events about the account itself; only the audit log shows sign-ins. */
const SHOWN_KINDS = EVENT_KINDS.filter((kind) =>
  /^(?:domain|setup|mx|policy|certificate|report)\./.test(kind),
);

/**
 * Whether mail is safe, what needs a person, what changed and what is next, about all domains of the account and of the customers it
 * manages. Nothing in it costs more with more reports: it reads totals, stored health and alerts.
 */
export async function getHome(ctx: Context): Promise<View> {
  const { db, accountId } = ctx;
  const customers = await db.organization.findMany({ where: { parentId: accountId }, select: { id: true } });
  const accounts = [accountId, ...customers.map(({ id }) => id)];
  const [byHealth, refusing, mail, attention, changes, ready, expiring, waves] = await Promise.all([
    countByHealth(ctx, accounts),
    countRefusing(ctx, accounts),
    unlessAway(sumAccountDays(ctx.reports, accounts, ctx.now())),
    findAttention(ctx),
    listChanges(ctx, accounts),
    findReady(ctx),
    listExpiring(ctx, accounts),
    listWaves(ctx),
  ]);
  const count = (states: readonly HealthState[]) =>
    states.reduce((sum, state) => sum + (byHealth[state] ?? 0), 0);
  return {
    customers: customers.length,
    domains: count(HealthState.options.filter((state) => state !== "off")),
    byHealth,
    refusing,
    mail: mail && { now: mail.now, before: mail.before },
    attention: { total: count(ATTENTION_STATES), items: attention },
    changes,
    next: { ...ready, expiring, waves, silent: mail ? silentOf(mail.reporters, ctx.now()) : [] },
  };
}

/** How many domains of some accounts are how. */
export async function countByHealth(
  { db }: Pick<Context, "db">,
  accounts: readonly string[],
): Promise<View["byHealth"]> {
  const rows = await db.$queryRaw<{ health: string; count: number }[]>`
    select health, count(*)::int as count from domain where account_id = any(${accounts}::text[]) group by 1`;
  const counts = new Map(rows.map(({ health, count }) => [health, count]));
  return Object.fromEntries(
    HealthState.options.map((state) => [state, counts.get(state) ?? 0]),
  ) as View["byHealth"];
}

/** How many failing domains of some accounts are under an enforced policy, so that senders refuse their mail. */
export async function countRefusing(
  { db }: Pick<Context, "db">,
  accounts: readonly string[],
): Promise<number> {
  const [row] = await db.$queryRaw<{ count: number }[]>`
    select count(*)::int as count
    from domain d
      join policy_version p on p.account_id = d.account_id and p.domain_id = d.id and p.version = d.served_version
    where d.account_id = any(${accounts}::text[]) and d.health = 'mail-failing' and p.mode = 'enforce'`;
  return row?.count ?? 0;
}

/** The domains of an account and its customers that need a person, worst first, of these first where a policy is enforced; at most eight. */
export async function findAttention(ctx: Context): Promise<View["attention"]["items"]> {
  const found = await ctx.db.$queryRaw<(Omit<Ref, "domainId"> & { id: string })[]>`
    select "accountId", ranked.id, ranked.domain, customer
    from ${rankedDomains(ctx.accountId, { health: "attention" })}
      join domain d on d.account_id = ranked."accountId" and d.id = ranked.id
      left join policy_version v
        on v.account_id = d.account_id and v.domain_id = d.id and v.version = d.served_version
    order by rank, coalesce(v.mode = 'enforce', false) desc, ranked.domain collate natural_order, ranked.id
    limit ${MAX_ITEMS}`;
  const rows = await ctx.db.domain.findMany({
    where: { accountId: { in: found.map((one) => one.accountId) }, id: { in: found.map(({ id }) => id) } },
  });
  const served = rows.flatMap(({ accountId, id: domainId, servedVersion }) =>
    servedVersion === null ? [] : [{ accountId, domainId, version: servedVersion }],
  );
  const policies = served.length > 0 ? await ctx.db.policyVersion.findMany({ where: { OR: served } }) : [];
  return found.flatMap(({ id, ...one }) => {
    const row = rows.find((candidate) => candidate.id === id);
    if (!row) return [];
    const mode = policies.find(({ domainId }) => domainId === id)?.mode ?? null;
    const health = presentStoredHealth(row, mode);
    return [{ ...one, domainId: id, health, action: nameAction(health.code) }];
  });
}

async function listChanges({ db }: Context, accounts: readonly string[]): Promise<View["changes"]> {
  const ids = await db.$queryRaw<{ accountId: string; id: string }[]>`
    select e.account_id as "accountId", e.id::text from unnest(${accounts}::text[]) as a(id)
      cross join lateral (
        select account_id, id, at from event
        where account_id = a.id and kind = any(${SHOWN_KINDS}::text[]) order by at desc, id desc limit ${MAX_ITEMS}
      ) as e
    order by e.at desc, e.id desc limit ${MAX_ITEMS}`;
  const rows = await db.event.findMany({
    where: { accountId: { in: ids.map(({ accountId }) => accountId) }, id: { in: ids.map(({ id }) => id) } },
    orderBy: [{ at: "desc" }, { id: "desc" }],
  });
  const domains = await db.domain.findMany({
    where: {
      accountId: { in: rows.map(({ accountId }) => accountId) },
      id: { in: rows.flatMap(({ domainId }) => domainId ?? []) },
    },
    select: { id: true, domain: true },
  });
  return rows.flatMap((row) => {
    const event = presentEvent(row);
    const domain = domains.find(({ id }) => id === row.domainId)?.domain ?? null;
    return event ? [{ ...event, domain, accountId: row.accountId }] : [];
  });
}

async function findReady(ctx: Context): Promise<Pick<View["next"], "ready" | "readyTotal">> {
  const rows = await ctx.db.$queryRaw<(Ref & { total: number })[]>`
    select d.account_id as "accountId", d.id::text as "domainId", d.domain,
      case when a.id = ${ctx.accountId} then null else a.name end as customer, count(*) over ()::int as total
    from account a join domain d on d.account_id = a.id
    where (a.id = ${ctx.accountId} or a.parent_id = ${ctx.accountId}) and d.enforce_ready_at is not null and not ${needsAttention}
    order by d.enforce_ready_at, d.id limit ${MAX_NEXT}`;
  return { ready: rows.map(({ total: _, ...ref }) => ref), readyTotal: rows[0]?.total ?? 0 };
}

/** Certificates that will expire: a domain behind one that has expired needs attention already. */
async function listExpiring(
  { db, now }: Context,
  accounts: readonly string[],
): Promise<View["next"]["expiring"]> {
  const from = now().toISOString();
  const rows = await db.$queryRaw<
    { host: string; notAfter: string; domains: number; domainId: string; accountId: string }[]
  >`
    select subject as host, min(evidence->>'notAfter') as "notAfter", count(distinct domain_id)::int as domains,
      min(domain_id::text) as "domainId", (array_agg(account_id order by domain_id::text))[1] as "accountId"
    from alert
    where account_id = any(${accounts}::text[]) and resolved_at is null and condition in ('mx.expiring', 'host.certificate')
      and domain_id is not null and evidence->>'notAfter' > ${from}
    group by 1 order by 2 limit ${MAX_NEXT}`;
  return rows.map((row) => ({ ...row, notAfter: new Date(row.notAfter).toISOString() }));
}

async function listWaves({ db, accountId }: Context): Promise<View["next"]["waves"]> {
  const changes = await db.policyChange.findMany({
    where: { accountId, endedAt: null, goesOn: true },
    orderBy: [{ nextWaveAt: "asc" }, { id: "asc" }],
    take: MAX_NEXT,
  });
  if (changes.length === 0) return [];
  const waiting = await db.policyChangeLine.groupBy({
    by: ["changeId"],
    where: { accountId, changeId: { in: changes.map(({ id }) => id) }, state: "waiting" },
    _count: true,
  });
  return changes.map(({ id: changeId, wave, nextWaveAt }) => ({
    changeId,
    wave: wave + 1,
    domains: waiting.find((one) => one.changeId === changeId)?._count ?? 0,
    beginsAt: nextWaveAt?.toISOString() ?? null,
  }));
}

const SILENT_DAYS = 5;
const REGULAR_DAYS = 10;

/** Returns the reporters that reported on many earlier days and on none of the last ones. */
function silentOf(reporters: AccountSums["reporters"], now: Date): View["next"]["silent"] {
  const since = shiftDay(now.toISOString().slice(0, 10), -SILENT_DAYS);
  return reporters
    .filter(({ days, lastDay }) => days >= REGULAR_DAYS && lastDay < since)
    .sort((a, b) => (a.lastDay < b.lastDay ? 1 : -1))
    .slice(0, MAX_NEXT)
    .map(({ reporter, lastDay }) => ({ reporter, lastDay }));
}
