import type { ChannelKind, NotificationKind } from "@waxseal/contract";
import type { Channel, Transaction } from "@waxseal/db";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "@waxseal/runtime/time-spans";
import { newRowId } from "../new-row-id.ts";
import { type AlertMessage, subjectOf } from "./alert-message.ts";
import type { ClaimedNotification } from "./claim-notification.ts";
import type { Attempt } from "./post-to-channel.ts";
import { OPENING_KINDS, queueMessage } from "./queue-messages.ts";
import type { SendDeps } from "./send-notifications.ts";

const SECOND_MS = 1_000;
/** Waits before the second, third … attempt. Webhooks: as Standard Webhooks 1.0 recommends. */
const RETRIES_MS: Record<ChannelKind, readonly number[]> = {
  webhook: [
    5 * SECOND_MS,
    ...[5, 30].map((n) => n * MINUTE_MS),
    ...[2, 5, 10, 14, 20, 24].map((n) => n * HOUR_MS),
  ],
  mail: [...[1, 5, 30].map((n) => n * MINUTE_MS), ...[2, 6, 12, 24].map((n) => n * HOUR_MS)],
  ...chatRetries(),
};

function chatRetries() {
  const chat = [
    5 * SECOND_MS,
    MINUTE_MS,
    5 * MINUTE_MS,
    30 * MINUTE_MS,
    2 * HOUR_MS,
    6 * HOUR_MS,
    14 * HOUR_MS,
  ];
  return { slack: chat, teams: chat, discord: chat, pagerduty: chat };
}

/** Delays of the two reminders about a critical alert, each counted from the last message about it. */
const REMINDERS_MS = [DAY_MS, 2 * DAY_MS];
/** A channel is turned off after failing this long and this many times. */
const DISABLE = { afterMs: 5 * DAY_MS, failures: 10 };

/** Records the outcome of an attempt in one transaction: the message, the delivery log, the channel, and a reminder if one is due. */
export async function finishAttempt(
  deps: Pick<SendDeps, "db" | "now">,
  claimed: ClaimedNotification,
  message: AlertMessage,
  attempt: Attempt & { ms?: number },
): Promise<void> {
  const now = deps.now();
  await deps.db.$transaction(async (tx) => {
    const { accountId, channelId } = claimed;
    await recordDelivery(tx, { accountId, channelId, notificationId: claimed.id, attempt }, now);
    const channel = await noteChannel(tx, claimed, attempt, now);
    const data = attempt.ok ? sentAs(message, now) : nextTry(claimed, attempt, channel, now);
    const { count } = await tx.notification.updateMany({
      where: { accountId, id: claimed.id, state: "sending", attempts: claimed.attempts },
      data: { leaseUntil: null, ...data },
    });
    if (attempt.ok && count > 0) await queueReminder(tx, claimed, message, now);
  });
}

/** Writes one line of the delivery log. */
export async function recordDelivery(
  tx: Transaction,
  row: {
    accountId: string;
    channelId: string | null;
    notificationId: string;
    attempt: Attempt & { ms?: number };
  },
  at: Date,
): Promise<void> {
  const { attempt, ...keys } = row;
  const { ok, status, detail, ms = 0 } = attempt;
  await tx.delivery.create({
    data: { ...keys, id: newRowId(at), at, outcome: ok ? "delivered" : "failed", status, detail, ms },
  });
}

function sentAs(message: AlertMessage, now: Date) {
  return { state: "sent", sentAt: now, summary: subjectOf(message).slice(0, 200) };
}

function nextTry({ attempts }: ClaimedNotification, attempt: Attempt, channel: Channel | null, now: Date) {
  const { isGone, isUncertain, retryAfterMs, detail } = attempt;
  const waits = RETRIES_MS[(channel?.kind ?? "mail") as ChannelKind];
  const waitMs = retryAfterMs ?? waits[attempts - 1];
  const summary = detail;
  if (isGone || waitMs === undefined) return { state: "given_up", maybeSent: isUncertain, summary };
  const nextAt = new Date(now.getTime() + waitMs);
  return { state: "waiting", nextAt, maybeSent: isUncertain, summary };
}

/** Counts a channel's failures, and turns it off when no later attempt can succeed; `reviewReceivers` then opens an alert. */
async function noteChannel(
  tx: Transaction,
  { accountId, channelId, userId }: ClaimedNotification,
  attempt: Attempt,
  now: Date,
): Promise<Channel | null> {
  if (channelId === null || userId !== null) return null;
  const channel = await tx.channel.findUnique({ where: { accountId_id: { accountId, id: channelId } } });
  if (channel?.state !== "active") return channel;
  const where = { accountId, id: channelId };
  if (attempt.ok) {
    const data = { failures: 0, failingSince: null, disabledWhy: null, deliveredAt: now };
    await tx.channel.updateMany({ where, data });
    return channel;
  }
  // Too many messages is no fault of the channel.
  if (attempt.status === 429) return channel;
  const failures = channel.failures + 1;
  const failingSince = channel.failingSince ?? now;
  const isLong = now.getTime() - failingSince.getTime() >= DISABLE.afterMs && failures >= DISABLE.failures;
  const isOff = attempt.isGone || isLong;
  const data = { failures, failingSince, disabledWhy: attempt.detail, ...(isOff && { state: "disabled" }) };
  await tx.channel.updateMany({ where, data });
  return channel;
}

async function queueReminder(
  tx: Transaction,
  { accountId, incidentId, userId, channelId }: ClaimedNotification,
  { kind, severity }: AlertMessage,
  now: Date,
): Promise<void> {
  if (severity !== "critical" || !OPENING_KINDS.includes(kind as NotificationKind)) return;
  const to = { accountId, incidentId, userId, channelId };
  const earlier = await tx.notification.findMany({ where: { ...to, kind: "reminder" } });
  if (earlier.some(({ state }) => state === "waiting")) return;
  const waitMs = REMINDERS_MS[earlier.length];
  if (waitMs === undefined) return;
  const nextAt = new Date(now.getTime() + waitMs);
  await queueMessage(tx, {
    accountId,
    incidentId,
    recipient: { userId, channelId },
    kind: "reminder",
    now,
    nextAt,
  });
}
