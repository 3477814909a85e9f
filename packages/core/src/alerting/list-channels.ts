import {
  type ChannelListView,
  type DeliveryListView,
  mayDo,
  type NotificationKind,
  type PageQuery,
} from "@waxseal/contract";
import { DAY_MS } from "@waxseal/runtime/time-spans";
import type { z } from "zod";
import type { Context } from "../context.ts";
import { makePage, pageByTime, pageOf, placeOfTime } from "../list-page.ts";
import { HELD_BACK } from "./compose-notification.ts";
import { DEFAULT_SEVERITY } from "./list-recipients.ts";
import { getChannel, MAX_CHANNELS, presentChannel } from "./manage-channels.ts";

/** What a server answered is only for those who may change the channel. */
const NOT_DELIVERED = "The last message was not delivered. An owner or admin can see why.";

/** The account's channels, oldest first, and what is risky about who is reached; what a channel answered only for those who may change it. */
export async function listChannels(
  ctx: Context,
  query: PageQuery = {},
): Promise<z.infer<typeof ChannelListView>> {
  const { accountId, db, role } = ctx;
  const isTrusted = role === "system" || mayDo(role, "alerts.manage");
  const rows = await db.channel.findMany({
    where: { accountId },
    orderBy: [{ createdAt: "asc" }, { id: "asc" }],
    take: MAX_CHANNELS,
  });
  const working = rows.filter(({ state, kind }) => state === "active" && kind !== "mail");
  const items = rows
    .map(presentChannel)
    .map((one) => (isTrusted ? one : { ...one, problem: one.problem && NOT_DELIVERED }));
  const mailed = rows.filter(({ state, kind }) => state === "active" && kind === "mail");
  const addresses = mailed.map(({ targetHint }) => targetHint);
  const hint = working.length > 0 ? null : await findHint(ctx, addresses);
  return pageOf({ items, hint }, query, ({ id }) => id);
}

/** The attempts to reach a channel, newest first; what it answered only for those who may change it. @throws AppError `not_found`; `invalid` – the cursor */
export async function listDeliveries(
  { accountId, db, now, role }: Context,
  { channelId, ...query }: PageQuery & { channelId: string },
): Promise<z.infer<typeof DeliveryListView>> {
  await getChannel(db, accountId, channelId);
  const isTrusted = role === "system" || mayDo(role, "alerts.manage");
  const { where, ...order } = pageByTime(query, "at", "desc");
  const rows = await db.delivery.findMany({
    where: { accountId, channelId, ...where },
    ...order,
  });
  const { page, nextCursor } = makePage(rows, query, ({ at, id }) => placeOfTime(at, id));
  const ids = page.map(({ notificationId }) => notificationId);
  const notifications = await db.notification.findMany({ where: { accountId, id: { in: ids } } });
  const since = new Date(now().getTime() - DAY_MS);
  const heldBack = await db.notification.count({
    where: { accountId, channelId, state: "dropped", summary: HELD_BACK, nextAt: { gt: since } },
  });
  const about = new Map(notifications.map((one) => [one.id, one]));
  return {
    heldBack,
    nextCursor,
    items: page.map((row) => ({
      id: row.id,
      notificationId: row.notificationId,
      incidentId: about.get(row.notificationId)?.incidentId ?? null,
      kind: (about.get(row.notificationId)?.kind ?? "test") as NotificationKind,
      summary: about.get(row.notificationId)?.summary ?? null,
      at: row.at.toISOString(),
      ok: row.outcome === "delivered",
      status: row.status,
      detail: isTrusted ? row.detail : null,
      ms: row.ms,
    })),
  };
}

/** An alert about broken mail must not go only to mailboxes that this mail breaks. `addresses`: of channels. */
async function findHint({ accountId, db }: Context, addresses: readonly string[]): Promise<string | null> {
  const members = await db.member.findMany({
    where: { organizationId: accountId },
    select: { userId: true, role: true, user: { select: { email: true } } },
  });
  const chosen = await db.subscription.findMany({ where: { accountId } });
  const hearing = members.filter(({ userId, role }) => {
    const own = chosen.find((one) => one.userId === userId)?.severity;
    return (own ?? DEFAULT_SEVERITY[role] ?? "off") !== "off";
  });
  const all = [...hearing.map(({ user }) => user.email), ...addresses];
  if (all.length === 0) return "No one receives alerts. Add a channel, or turn on mail for a member.";
  const hosts = [...new Set(all.map((address) => address.split("@").at(-1)?.toLowerCase() ?? ""))];
  const watched = await db.domain.findMany({
    where: {
      OR: [{ accountId }, { accountId: { in: await listCustomerIds(db, accountId) } }],
      domain: { in: hosts },
    },
    select: { domain: true },
  });
  if (hosts.some((host) => !watched.some(({ domain }) => domain === host))) return null;
  return "All alerts go to addresses at domains that are watched here. When their mail breaks, no one receives the alert: add an address elsewhere, or a webhook or chat channel.";
}

async function listCustomerIds(db: Context["db"], parentId: string): Promise<string[]> {
  const rows = await db.organization.findMany({ where: { parentId }, select: { id: true } });
  return rows.map(({ id }) => id);
}
