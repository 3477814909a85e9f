import type { NotificationKind } from "@waxseal/contract";
import type { Database, Incident } from "@waxseal/db";
import { HOUR_MS, MINUTE_MS } from "@waxseal/runtime/time-spans";
import { type AlertMessage, composeAlertMessage } from "./alert-message.ts";
import type { ClaimedNotification } from "./claim-notification.ts";
import { loadIncidents } from "./load-incident.ts";
import { OPENING_KINDS, queueMessage } from "./queue-messages.ts";
import { quietUntil } from "./quiet-hours.ts";

/** What is to be sent now, or why nothing is. */
export type Composed = { message: AlertMessage } | { dropped: string } | { postponedTo: Date };

type Deps = { db: Database; now(): Date; publicUrl: string };

/** Messages of an hour; what is more is held back, and one message says so. */
const HOURLY = { channel: 20, person: 10 } as const;
/** Why a message was held back; counted by it. */
export const HELD_BACK = "Held back: too many messages in this hour.";
const WAIT_MS = MINUTE_MS;

/** Reads an incident as it is now and decides whether a claimed message is still to be sent. */
export async function composeNotification(deps: Deps, claimed: ClaimedNotification): Promise<Composed> {
  const { accountId, incidentId } = claimed;
  if (claimed.kind === "overflow") return composeOverflow(deps, claimed);
  const incident =
    incidentId &&
    (await deps.db.incident.findUnique({ where: { accountId_id: { accountId, id: incidentId } } }));
  if (!incident) return { dropped: "The alert does not exist any more." };
  const refusal = await findRefusal(deps, claimed, incident);
  if (refusal) return refusal;
  const [loaded] = await loadIncidents(deps.db, accountId, [incident]);
  if (!loaded) return { dropped: "The alert does not exist any more." };
  const kind = claimed.kind as NotificationKind;
  return { message: composeAlertMessage({ id: claimed.id, kind }, loaded, deps.publicUrl) };
}

async function findRefusal(
  deps: Deps,
  claimed: ClaimedNotification,
  incident: Incident,
): Promise<Composed | undefined> {
  const { kind, mayHaveArrived } = claimed;
  if (kind === "resolved")
    return (await hasHeard(deps, claimed)) ? undefined : { dropped: "Its beginning was not sent." };
  // A beginning that may have arrived is repeated, so that its end follows a beginning.
  if (incident.resolvedAt)
    return mayHaveArrived ? undefined : { dropped: "It was over before this was sent." };
  const now = deps.now();
  if (kind === "reminder" && incident.acknowledgedAt) return { dropped: "The alert was acknowledged." };
  if (incident.snoozedUntil && incident.snoozedUntil > now && (kind === "reminder" || kind === "changed"))
    return { postponedTo: incident.snoozedUntil };
  const quiet = await findQuietEnd(deps, claimed, incident);
  if (quiet) return { postponedTo: quiet };
  if (mayHaveArrived || !(await isOverLimit(deps, claimed))) return undefined;
  await announceOverflow(deps, claimed);
  return { dropped: HELD_BACK };
}

async function hasHeard({ db }: Deps, claimed: ClaimedNotification): Promise<boolean> {
  const { accountId, incidentId, userId, channelId } = claimed;
  const where = { accountId, incidentId, userId, channelId, state: "sent", kind: { in: [...OPENING_KINDS] } };
  return (await db.notification.count({ where })) > 0;
}

async function findQuietEnd(
  deps: Deps,
  claimed: ClaimedNotification,
  incident: Incident,
): Promise<Date | undefined> {
  const { accountId, userId } = claimed;
  if (userId === null || incident.severity === "critical") return undefined;
  const own = await deps.db.subscription.findUnique({ where: { accountId_userId: { accountId, userId } } });
  return own ? quietUntil(own, deps.now()) : undefined;
}

async function isOverLimit({ db, now }: Deps, claimed: ClaimedNotification): Promise<boolean> {
  const { accountId, userId, channelId } = claimed;
  const since = new Date(now().getTime() - HOUR_MS);
  // One question for both: between two, a message would move from one state to the other and be in neither count.
  const before = await db.notification.count({
    where: {
      ...{ accountId, userId, channelId },
      OR: [
        { state: "sent", sentAt: { gt: since } },
        { state: "sending", id: { lt: claimed.id } },
      ],
    },
  });
  return before >= (userId === null ? HOURLY.channel : HOURLY.person);
}

/** Queues the hourly message that states how many messages were held back. */
async function announceOverflow({ db, now }: Deps, claimed: ClaimedNotification): Promise<void> {
  const { accountId, userId, channelId } = claimed;
  const at = now();
  const since = new Date(at.getTime() - HOUR_MS);
  const where = { accountId, userId, channelId, kind: "overflow", createdAt: { gt: since } };
  const recipient = { userId, channelId };
  await db.$transaction(async (tx) => {
    await tx.$executeRaw`select pg_advisory_xact_lock(hashtextextended(${`overflow ${accountId} ${userId} ${channelId}`}, 0))`;
    if ((await tx.notification.count({ where })) > 0) return;
    const nextAt = new Date(at.getTime() + WAIT_MS);
    await queueMessage(tx, { accountId, incidentId: null, recipient, kind: "overflow", now: at, nextAt });
  });
}

/** Composes the message that states how many messages were held back since the last one; waits while more are due. */
async function composeOverflow(
  { db, now, publicUrl }: Deps,
  claimed: ClaimedNotification,
): Promise<Composed> {
  const { accountId, userId, channelId, createdAt } = claimed;
  const to = { accountId, userId, channelId };
  const due = await db.notification.count({
    where: { ...to, state: "waiting", kind: { not: "overflow" }, nextAt: { lte: now() } },
  });
  if (due > 0) return { postponedTo: new Date(now().getTime() + WAIT_MS) };
  const since = new Date(createdAt.getTime() - HOUR_MS);
  const held = await db.notification.count({
    where: { ...to, state: "dropped", summary: HELD_BACK, nextAt: { gt: since } },
  });
  const message = standAlone(claimed, {
    severity: "critical",
    title: "More alerts are open",
    text: `${held} further ${held === 1 ? "alert was" : "alerts were"} not sent one by one, because there were too many in this hour. All of them are in the list.`,
    url: `${publicUrl}/a/${encodeURIComponent(accountId)}/alerts`,
  });
  return { message };
}

function standAlone(
  { id, kind }: ClaimedNotification,
  words: Pick<AlertMessage, "severity" | "title" | "text" | "url">,
): AlertMessage {
  const none = {
    incidentId: null,
    condition: null,
    openedAt: null,
    resolvedAt: null,
    note: null,
    action: null,
  };
  return { ...none, id, kind: kind as NotificationKind, domains: [], domainCount: 0, ...words };
}
