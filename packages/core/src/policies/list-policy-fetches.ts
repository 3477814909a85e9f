import type { FetchQuery, FetchSummaryView } from "@waxseal/contract";
import { Prisma } from "@waxseal/db";
import { DAY_MS, HOUR_MS } from "@waxseal/runtime/time-spans";
import type { z } from "zod";
import type { Context } from "../context.ts";
import { reportRange } from "../day-range.ts";
import { explainHandshakeFailure } from "../domains/explain-handshake-failure.ts";
import { getDomain } from "../domains/get-domain.ts";
import { type PageOf, pageOf } from "../list-page.ts";
import { type FindNetwork, findNoNetwork } from "../networks/create-network-finder.ts";
import { safeCount } from "../safe-count.ts";
import { ownerName } from "../setup-names.ts";
import { loadSenders } from "./load-senders.ts";

type View = z.infer<typeof FetchSummaryView>;
type WithHour<T> = Omit<T, "lastHour"> & { lastHour: Date };
type NetworkRow = WithHour<Omit<View["networks"][number], "owner">>;
type VersionRow = WithHour<Omit<View["versions"][number], "share">>;
type FailureRow = WithHour<Omit<View["handshakeFailures"][number], "meaning">>;

/** Hours from `start`, before `end`, in slots of an hour or a day. */
type Range = { start: Date; end: Date; from: string; to: string; slotMs: number };

const MOST_SLOTS = 3_000;
const MOST_NETWORKS = 50;
const MOST_REASONS = 50;
const MOST_VERSIONS = 100;
const MOST_HOUR_SLOTS = 48;

/**
 * How often a domain's policy was fetched in a range: by day and version, by version, by client network, and the TLS
 * handshakes that failed. What the policy servers answered in the last seconds may be missing.
 *
 * Handshakes that failed before this account's claim belong to the previous host of the domain, and are left out.
 *
 * @throws AppError `not_found` – no such domain in this account
 * @throws AppError `invalid` – the range cannot be used
 */
export async function listPolicyFetches(
  ctx: Context,
  input: { domainId: string } & PageOf<z.infer<typeof FetchQuery>>,
  { findNetwork = findNoNetwork }: { findNetwork?: FindNetwork } = {},
): Promise<View> {
  const range = readRange(input, ctx.now());
  const { id: domainId, domain } = await getDomain(ctx.db, ctx.accountId, input.domainId);
  const where = Prisma.sql`account_id = ${ctx.accountId} and domain_id = ${domainId}::uuid
    and hour >= ${range.start} and hour < ${range.end}`;
  const [slots, versions, networks, handshakeFailures] = await Promise.all([
    sumSlots(ctx, where, range),
    sumVersions(ctx, where),
    sumNetworks(ctx, where),
    sumFailures(ctx, { domainId, domain, range }),
  ]);
  const [{ count = 0 } = {}] = await ctx.db.$queryRaw<{ count: number }[]>`
    select count(distinct network)::int as count from policy_fetch where ${where} and status = 200`;
  const senders = await loadSenders(ctx, input.domainId, findNetwork);
  const items = sumDays(slots);
  const served = items.reduce((sum, item) => sum + item.served, 0);
  return {
    from: range.from,
    to: range.to,
    totals: {
      served,
      refused: items.reduce((sum, item) => sum + item.refused, 0),
      networks: count,
      handshakeFailures: handshakeFailures.reduce((sum, { failures }) => sum + failures, 0),
    },
    ...pageOf({ items }, input, ({ day, version }) => `${day} ${version}`),
    timeline: fillTimeline(slots, range),
    versions: versions.map((row) => ({ ...withHour(row), share: served === 0 ? 0 : row.served / served })),
    networks: await Promise.all(
      networks.map(async (row) => ({ ...withHour(row), owner: await findOwner(row.network, findNetwork) })),
    ),
    ...senders,
    handshakeFailures: handshakeFailures.map((row) => ({
      ...withHour(row),
      meaning: explainHandshakeFailure(row.reason),
    })),
  };
}

function readRange({ from, to, hours }: PageOf<z.infer<typeof FetchQuery>>, now: Date): Range {
  if (hours === undefined) {
    const days = reportRange({ from, to }, now);
    return {
      ...days,
      start: new Date(days.from),
      end: new Date(Date.parse(days.to) + DAY_MS),
      slotMs: DAY_MS,
    };
  }
  const end = new Date((Math.floor(now.getTime() / HOUR_MS) + 1) * HOUR_MS);
  const start = new Date(end.getTime() - hours * HOUR_MS);
  const slotMs = hours <= MOST_HOUR_SLOTS ? HOUR_MS : DAY_MS;
  return { start, end, from: dayOf(start), to: dayOf(now), slotMs };
}

type Slot = { at: Date; version: number; served: number; refused: number };

async function sumSlots(ctx: Context, where: Prisma.Sql, { slotMs }: Range): Promise<Slot[]> {
  const unit = slotMs === HOUR_MS ? "hour" : "day";
  const rows = await ctx.db.$queryRaw<{ at: Date; version: number; served: string; refused: string }[]>`
    select date_trunc(${unit}, hour, 'UTC') as at, version,
           coalesce(sum(fetches) filter (where status = 200), 0)::text as served,
           coalesce(sum(fetches) filter (where status <> 200), 0)::text as refused
    from policy_fetch
    where ${where}
    group by 1, 2
    order by 1 desc, 2 desc
    limit ${MOST_SLOTS}`;
  return rows.map((row) => ({
    ...row,
    served: safeCount(row.served),
    refused: safeCount(row.refused),
  }));
}

/** Hours make up their day; the newest day comes first, in it the newest version. */
function sumDays(slots: readonly Slot[]): View["items"] {
  const items = new Map<string, View["items"][number]>();
  for (const { at, version, served, refused } of slots) {
    const day = dayOf(at);
    const key = `${day} ${version}`;
    const item = items.get(key) ?? { day, version, served: 0, refused: 0 };
    items.set(key, { ...item, served: item.served + served, refused: item.refused + refused });
  }
  return [...items.values()].toSorted((a, b) => b.day.localeCompare(a.day) || b.version - a.version);
}

/** Slots without a fetch are there too: that there was no fetch is known. */
function fillTimeline(slots: readonly Slot[], { start, end, slotMs }: Range): View["timeline"] {
  const known = Map.groupBy(slots, ({ at }) => at.getTime());
  const timeline: View["timeline"] = [];
  for (let at = Math.floor(start.getTime() / slotMs) * slotMs; at < end.getTime(); at += slotMs) {
    const rows = known.get(at) ?? [];
    timeline.push({
      at: new Date(at).toISOString(),
      refused: rows.reduce((sum, row) => sum + row.refused, 0),
      versions: rows.filter(({ served }) => served > 0).map(({ version, served }) => ({ version, served })),
    });
  }
  return timeline;
}

/**
 * A network counts at the newest version that was fetched from it: 192.0.2.0/24 with versions 2 and 3 counts at 3.
 * What was not kept apart ("other", "unknown") is no network.
 */
async function sumVersions(ctx: Context, where: Prisma.Sql): Promise<VersionRow[]> {
  const rows = await ctx.db.$queryRaw<(Omit<VersionRow, "served"> & { served: string })[]>`
    with newest as (
      select network, max(version) as version from policy_fetch
      where ${where} and status = 200 and network not in ('other', 'unknown')
      group by network
    )
    select f.version, sum(f.fetches)::text as served, max(f.hour) as "lastHour",
           (select count(*) from newest n where n.version = f.version)::int as networks
    from policy_fetch f
    where ${where} and status = 200
    group by f.version
    order by f.version desc
    limit ${MOST_VERSIONS}`;
  return rows.map((row) => ({ ...row, served: safeCount(row.served) }));
}

async function sumNetworks(ctx: Context, where: Prisma.Sql): Promise<NetworkRow[]> {
  const rows = await ctx.db.$queryRaw<(Omit<NetworkRow, "fetches"> & { fetches: string })[]>`
    select network, sum(fetches)::text as fetches, max(version) as "newestVersion", max(hour) as "lastHour"
    from policy_fetch
    where ${where} and status = 200
    group by network
    order by sum(fetches) desc, network
    limit ${MOST_NETWORKS}`;
  return rows.map((row) => ({ ...row, fetches: safeCount(row.fetches) }));
}

async function sumFailures(
  ctx: Context,
  { domainId, domain, range }: { domainId: string; domain: string; range: Range },
): Promise<FailureRow[]> {
  const rows = await ctx.db.$queryRaw<(Omit<FailureRow, "failures"> & { failures: string })[]>`
    select h.reason, sum(h.failures)::text as failures, max(h.hour) as "lastHour"
    from handshake_failure h
    join domain_claim c on c.domain = ${domain} and c.account_id = ${ctx.accountId} and c.domain_id = ${domainId}::uuid
    where h.policy_host = ${ownerName("policyHost", domain)} and h.hour >= ${range.start} and h.hour < ${range.end}
      and h.hour >= date_trunc('hour', c.claimed_at)
    group by h.reason
    order by sum(h.failures) desc, h.reason
    limit ${MOST_REASONS}`;
  return rows.map((row) => ({ ...row, failures: safeCount(row.failures) }));
}

/** Networks are announced as a whole or in larger ones, so that the first address represents all. */
async function findOwner(
  network: string,
  findNetwork: FindNetwork,
): Promise<View["networks"][number]["owner"]> {
  const [address = "", length] = network.split("/");
  return length === undefined ? null : findNetwork(address);
}

function withHour<T extends { lastHour: Date }>(row: T): Omit<T, "lastHour"> & { lastHour: string } {
  return { ...row, lastHour: row.lastHour.toISOString() };
}

function dayOf(at: Date): string {
  return at.toISOString().slice(0, 10);
}
