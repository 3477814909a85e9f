import type { NotificationKind } from "@waxseal/contract";
import type { Notification, Transaction } from "@waxseal/db";
import { HOUR_MS, MINUTE_MS } from "@waxseal/runtime/time-spans";
import { enqueueJob } from "../enqueue-job.ts";
import { newRowId } from "../new-row-id.ts";
import { deadReceiverOf } from "./judge-receivers.ts";
import { listOwners, listRecipients, type Recipient } from "./list-recipients.ts";

type IncidentKey = { accountId: string; incidentId: string };

/** A broken provider shows in waves: domains that follow within this time are in the first message. Where there are few, nothing follows. */
const WAIT_MS = { short: 0.75 * MINUTE_MS, long: 5 * MINUTE_MS } as const;
const FEW_DOMAINS = 10;
/** Further domains of an incident are not mentioned more often. */
const CHANGES_APART_MS = HOUR_MS / 2;

/** Kinds of message after which the receiver knows of an incident. */
export const OPENING_KINDS: readonly NotificationKind[] = ["opened", "worse", "changed", "reminder"];

/**
 * Queues what those who are concerned by an open incident have not heard: that it opened, that it became worse, or that further domains
 * have it. What already waits for them is not queued twice. The incident is locked by the caller.
 */
export async function queueOpening(
  tx: Transaction,
  { accountId, incidentId, isWorse }: IncidentKey & { isWorse: boolean },
  now: Date,
): Promise<void> {
  const incident = await tx.incident.findUniqueOrThrow({
    where: { accountId_id: { accountId, id: incidentId } },
  });
  const alerts = await tx.incidentAlert.findMany({ where: { accountId, incidentId, resolvedAt: null } });
  const { severity } = incident;
  const concerned = await listRecipients(tx, {
    ...{ accountId, severity },
    conditions: alerts.map(({ condition }) => condition),
    domainIds: alerts.flatMap(({ domainId }) => domainId ?? []),
    ownerIds: alerts.map(({ ownerId }) => ownerId),
  });
  // An alert about a dead receiver goes to the other receivers, or to the owners when there are none.
  const dead = alerts.flatMap(({ evidence }) => deadReceiverOf(evidence)?.id ?? []);
  const isReached = ({ userId, channelId }: Recipient) => !dead.includes(userId ?? channelId);
  const reached = concerned.filter(isReached);
  const isUnheard = reached.length === 0 && (severity === "critical" || dead.length > 0);
  const recipients = isUnheard ? (await listOwners(tx, accountId)).filter(isReached) : reached;
  const before = await tx.notification.findMany({ where: { accountId, incidentId } });
  const isShort = severity === "critical" || (await hasFewDomains(tx, accountId));
  const soonAt = new Date(now.getTime() + (isShort ? WAIT_MS.short : WAIT_MS.long));
  for (const recipient of recipients) {
    const own = before.filter((one) => isTo(one, recipient));
    const waiting = own.find(({ kind, state }) => state === "waiting" && kind !== "reminder");
    if (waiting) {
      const kind = isWorse && waiting.kind === "changed" ? "worse" : waiting.kind;
      const nextAt = isWorse && soonAt < waiting.nextAt ? soonAt : waiting.nextAt;
      await tx.notification.updateMany({ where: { accountId, id: waiting.id }, data: { kind, nextAt } });
      await wakeSender(tx, nextAt);
    } else if (own.length === 0) {
      await queueMessage(tx, { accountId, incidentId, recipient, kind: "opened", now, nextAt: soonAt });
    } else if (isWorse) {
      await queueMessage(tx, { accountId, incidentId, recipient, kind: "worse", now, nextAt: now });
    } else if (!incident.acknowledgedAt) {
      const lastMs = Math.max(...own.map(({ sentAt, nextAt }) => (sentAt ?? nextAt).getTime()));
      const nextAt = new Date(Math.max(soonAt.getTime(), lastMs + CHANGES_APART_MS));
      await queueMessage(tx, { accountId, incidentId, recipient, kind: "changed", now, nextAt });
    }
  }
}

/** Whether the account and its customers have few domains together. */
async function hasFewDomains(tx: Transaction, accountId: string): Promise<boolean> {
  const customers = await tx.organization.findMany({
    where: { parentId: accountId },
    select: { id: true },
    take: FEW_DOMAINS + 1,
  });
  if (customers.length > FEW_DOMAINS) return false;
  const accountIds = [accountId, ...customers.map(({ id }) => id)];
  return (await tx.domain.count({ where: { accountId: { in: accountIds } } })) <= FEW_DOMAINS;
}

/**
 * Queues the end of an incident for exactly those who heard of it or may have, whatever is subscribed to now. What was not sent at all is
 * dropped: a cause that ended before it was mentioned is not mentioned.
 */
export async function queueClosing(
  tx: Transaction,
  { accountId, incidentId }: IncidentKey,
  now: Date,
): Promise<void> {
  await tx.notification.updateMany({
    where: { accountId, incidentId, state: "waiting", OR: [{ maybeSent: false }, { kind: "reminder" }] },
    data: { state: "dropped", summary: "It was over before this was sent." },
  });
  const before = await tx.notification.findMany({
    where: { accountId, incidentId, OR: [{ state: "sent" }, { maybeSent: true }] },
  });
  const heard = new Map(before.map((one) => [`${one.userId} ${one.channelId}`, recipientOf(one)]));
  for (const recipient of heard.values()) {
    await queueMessage(tx, { accountId, incidentId, recipient, kind: "resolved", now, nextAt: now });
  }
}

/** Puts one message into the outbox and wakes the sender when it is due. */
export async function queueMessage(
  tx: Transaction,
  message: {
    accountId: string;
    incidentId: string | null;
    recipient: { userId: string | null; channelId: string | null };
    kind: NotificationKind;
    now: Date;
    nextAt: Date;
  },
): Promise<void> {
  const { accountId, incidentId, recipient, kind, now, nextAt } = message;
  const { userId, channelId } = recipient;
  const id = newRowId(now);
  await tx.notification.create({
    data: { accountId, id, incidentId, userId, channelId, kind, createdAt: now, nextAt },
  });
  await wakeSender(tx, nextAt);
}

const WAKE_MS = 10_000;

/** One job for all messages that become due within ten seconds. */
export async function wakeSender(tx: Transaction, at: Date): Promise<void> {
  const runAt = new Date(Math.ceil(at.getTime() / WAKE_MS) * WAKE_MS);
  await enqueueJob(tx, "notify.send", {}, { key: `notify.send:${runAt.getTime()}`, runAt });
}

function isTo(one: Notification, { userId, channelId }: Recipient): boolean {
  return one.userId === userId && one.channelId === channelId;
}

function recipientOf({ userId, channelId }: Notification) {
  return { userId, channelId };
}
