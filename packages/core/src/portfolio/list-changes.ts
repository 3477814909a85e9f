import { formatDay } from "@waxseal/contract/format-instant";
import { Prisma } from "@waxseal/db";
import { loadIncidents } from "../alerting/load-incident.ts";
import type { Context } from "../context.ts";
import { type ReportRange, shiftDay } from "../day-range.ts";

const MAX_NAMED = 3;
const MAX_LINES = 6;

/** What the summary says of events, by kind; everything else is in the audit log. */
const CHANGES: Record<string, string> = {
  "domain.added": "Added",
  "domain.active": "Went live",
  "domain.leaving": "Being turned off",
  "domain.left": "Turned off",
  "domain.removed": "Deleted",
  "mx.changed": "MX records changed",
  "policy.published": "New policy",
};

/** A period of some accounts; of one domain only, if it is named. */
type Asked = { accounts: readonly string[]; range: ReportRange; domainId?: string | undefined };

/** What changed in a period, a sentence each: alerts of the account first, then events of all the accounts by kind. */
export async function listChanges(ctx: Context, asked: Asked): Promise<string[]> {
  const [incidents, events] = await Promise.all([listIncidentChanges(ctx, asked), listEvents(ctx, asked)]);
  return [...incidents, ...events];
}

/** Incidents that began or ended in the period: what a person may have heard of already, in one line each. */
async function listIncidentChanges(
  { db, accountId }: Context,
  { range, domainId }: Asked,
): Promise<string[]> {
  const ids =
    domainId === undefined ? undefined : await findIncidentsOf({ db, accountId }, { range, domainId });
  const within = { gte: startOf(range), lt: endOf(range) };
  const rows = await db.incident.findMany({
    where: {
      accountId,
      OR: [{ openedAt: within }, { resolvedAt: within }],
      ...(ids && { id: { in: ids } }),
    },
    orderBy: [{ openedAt: "desc" }, { id: "desc" }],
    take: MAX_LINES + 1,
  });
  const loaded = await loadIncidents(db, accountId, rows.slice(0, MAX_LINES));
  const lines = loaded.map(({ incident: { openedAt, resolvedAt }, title }) =>
    resolvedAt
      ? `Resolved on ${formatDay(resolvedAt)}: ${title}.`
      : `Open since ${formatDay(openedAt)}: ${title}.`,
  );
  return rows.length > MAX_LINES ? [...lines, "Further alerts are in the list of alerts."] : lines;
}

/** The newest incidents that were open in the period and name a domain. */
async function findIncidentsOf(
  { db, accountId }: Pick<Context, "db" | "accountId">,
  { range, domainId }: { range: ReportRange; domainId: string },
): Promise<string[]> {
  const rows = await db.incidentAlert.findMany({
    where: {
      ...{ accountId, domainId, openedAt: { lt: endOf(range) } },
      OR: [{ resolvedAt: null }, { resolvedAt: { gte: startOf(range) } }],
    },
    distinct: ["incidentId"],
    orderBy: { openedAt: "desc" },
    select: { incidentId: true },
    take: 200,
  });
  return rows.map(({ incidentId }) => incidentId);
}

async function listEvents({ db }: Context, { accounts, range, domainId }: Asked): Promise<string[]> {
  const ofDomain = domainId === undefined ? Prisma.sql`true` : Prisma.sql`e.domain_id = ${domainId}::uuid`;
  const rows = await db.$queryRaw<{ kind: string; domains: string[]; total: number }[]>`
    select e.kind, (array_agg(distinct coalesce(d.domain, e.data->>'domain')) filter (where coalesce(d.domain, e.data->>'domain') is not null))[1:${MAX_NAMED}::int] as domains,
      count(distinct coalesce(e.domain_id::text, e.data->>'domain'))::int as total
    from event e left join domain d on d.account_id = e.account_id and d.id = e.domain_id
    where e.account_id = any(${accounts}::text[]) and e.kind = any(${Object.keys(CHANGES)}::text[])
      and ${ofDomain} and e.at >= ${startOf(range)}::timestamptz and e.at < ${endOf(range)}::timestamptz
    group by 1`;
  return Object.keys(CHANGES).flatMap((kind) => {
    const row = rows.find((one) => one.kind === kind);
    if (!row?.domains || row.total === 0) return [];
    const more = row.total - row.domains.length;
    return [`${CHANGES[kind]}: ${row.domains.join(", ")}${more > 0 ? ` and ${more} more` : ""}.`];
  });
}

function startOf({ from }: ReportRange): Date {
  return new Date(`${from}T00:00:00Z`);
}

/** The instant at which the last day ends. */
function endOf({ to }: ReportRange): Date {
  return new Date(`${shiftDay(to, 1)}T00:00:00Z`);
}
