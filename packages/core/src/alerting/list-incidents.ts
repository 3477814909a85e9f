import type {
  IncidentDetailView,
  IncidentListView,
  IncidentQuery,
  NotificationKind,
} from "@waxseal/contract";
import type { Notification, Prisma } from "@waxseal/db";
import type { z } from "zod";
import { AppError } from "../app-error.ts";
import type { Context } from "../context.ts";
import { makePage, type PageOf, pageByTime, placeOfTime } from "../list-page.ts";
import { loadIncidents } from "./load-incident.ts";
import { presentIncident } from "./present-incident.ts";

const MAX_DOMAINS = { list: 50, detail: 1_000 } as const;
const MAX_MESSAGES = 500;

/** Incidents of the account, newest first. Those of customers' domains are the provider's own rows. @throws AppError `invalid` – the cursor */
export async function listIncidents(
  { db, accountId }: Context,
  query: PageOf<z.infer<typeof IncidentQuery>>,
): Promise<z.infer<typeof IncidentListView>> {
  const { state, severity, condition, domainId } = query;
  const { where, ...order } = pageByTime(query, "openedAt", "desc");
  const ofDomain = domainId && (await db.incidentAlert.findMany({ where: { accountId, domainId } }));
  const filter: Prisma.IncidentWhereInput = {
    accountId,
    ...(state !== "all" && { resolvedAt: state === "open" ? null : { not: null } }),
    ...(severity && { severity }),
    ...(condition && { condition }),
    ...(ofDomain && { id: { in: ofDomain.map(({ incidentId }) => incidentId) } }),
    ...where,
  };
  const rows = await db.incident.findMany({ where: filter, ...order });
  const { page, nextCursor } = makePage(rows, query, ({ openedAt, id }) => placeOfTime(openedAt, id));
  const loaded = await loadIncidents(db, accountId, page);
  return {
    items: loaded.map((one) => presentIncident(one, MAX_DOMAINS.list)),
    nextCursor,
    open: await countOpen(db, accountId),
  };
}

/** An incident with the messages about it. @throws AppError `not_found` – no such incident in this account */
export async function getIncident(
  { db, accountId }: Context,
  { incidentId }: { incidentId: string },
): Promise<z.infer<typeof IncidentDetailView>> {
  const incident = await db.incident.findUnique({ where: { accountId_id: { accountId, id: incidentId } } });
  const [loaded] = incident ? await loadIncidents(db, accountId, [incident]) : [];
  if (!loaded) throw new AppError("not_found", "There is no such alert.");
  const rows = await db.notification.findMany({
    where: { accountId, incidentId },
    orderBy: [{ createdAt: "asc" }, { id: "asc" }],
    take: MAX_MESSAGES,
  });
  const names = await nameReceivers(db, accountId, rows);
  return {
    ...presentIncident(loaded, MAX_DOMAINS.detail),
    messages: rows.map((row) => ({
      id: row.id,
      kind: row.kind as NotificationKind,
      to: names.get(row.channelId ?? row.userId ?? "") ?? "A former member or channel",
      state: row.state as "waiting" | "sending" | "sent" | "given_up" | "dropped",
      at: (row.sentAt ?? row.nextAt).toISOString(),
      summary: row.summary,
    })),
  };
}

async function countOpen(db: Context["db"], accountId: string) {
  const groups = await db.incident.groupBy({
    by: ["severity"],
    where: { accountId, resolvedAt: null },
    _count: true,
  });
  const of = (severity: string) => groups.find((group) => group.severity === severity)?._count ?? 0;
  return { critical: of("critical"), warning: of("warning"), notice: of("notice") };
}

async function nameReceivers(db: Context["db"], accountId: string, rows: readonly Notification[]) {
  const channelIds = rows.flatMap(({ channelId }) => channelId ?? []);
  const userIds = rows.flatMap(({ userId }) => userId ?? []);
  const channels = await db.channel.findMany({ where: { accountId, id: { in: channelIds } } });
  const members = await db.member.findMany({
    where: { organizationId: accountId, userId: { in: userIds } },
    select: { userId: true, user: { select: { name: true } } },
  });
  return new Map([
    ...channels.map(({ id, name }): [string, string] => [id, name]),
    ...members.map(({ userId, user }): [string, string] => [userId, user.name]),
  ]);
}
