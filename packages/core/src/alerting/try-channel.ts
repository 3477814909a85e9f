import type { ChannelTestView } from "@waxseal/contract";
import type { z } from "zod";
import { AppError } from "../app-error.ts";
import type { Context } from "../context.ts";
import { takeAllowance } from "../limits/take-allowance.ts";
import { newRowId } from "../new-row-id.ts";
import { requirePermission } from "../require-permission.ts";
import type { AlertMessage } from "./alert-message.ts";
import { deliverToChannel } from "./deliver-notification.ts";
import { recordDelivery } from "./finish-attempt.ts";
import { getChannel, isUnconfirmed } from "./manage-channels.ts";
import { wakeSender } from "./queue-messages.ts";
import type { SendDeps } from "./send-notifications.ts";

/** What a test message takes. */
export type TestDeps = Pick<
  SendDeps,
  "https" | "secretBox" | "queueMail" | "mailDomain" | "publicUrl" | "bounces"
>;

/** Sends a test message to a channel at once, and says what it answered. Not tried again. @throws AppError `forbidden`, `not_found`, `limit_reached`; `conflict` – an address that is not confirmed */
export async function tryChannel(
  ctx: Context,
  deps: TestDeps,
  { channelId }: { channelId: string },
): Promise<z.infer<typeof ChannelTestView>> {
  requirePermission(ctx, "alerts.manage");
  const { accountId, db, now } = ctx;
  const channel = await getChannel(db, accountId, channelId);
  if (isUnconfirmed(channel))
    throw new AppError(
      "conflict",
      "This address is not confirmed yet. Open the link in the mail that was sent to it.",
      { reason: "channel_not_confirmed", collidesWith: { kind: "channel", id: channelId } },
    );
  await takeTest(ctx);
  const at = now();
  const id = newRowId(at);
  const startedAt = performance.now();
  const attempt = await deliverToChannel(
    { ...deps, db, now },
    channel,
    testMessage(id, accountId, deps.publicUrl),
  );
  const ms = Math.round(performance.now() - startedAt);
  const state = attempt.ok ? "sent" : "given_up";
  const summary = attempt.ok ? "Test message" : attempt.detail;
  await ctx.inTransaction(async (tx) => {
    const made = { createdAt: at, nextAt: at, sentAt: attempt.ok ? now() : null };
    await tx.notification.create({
      data: { accountId, id, channelId, kind: "test", state, summary, attempts: 1, ...made },
    });
    await recordDelivery(
      tx,
      { accountId, channelId, notificationId: id, attempt: { ...attempt, ms } },
      now(),
    );
    const works = { failures: 0, failingSince: null, disabledWhy: null, deliveredAt: now() };
    if (attempt.ok && channel.state === "active")
      await tx.channel.updateMany({ where: { accountId, id: channelId }, data: works });
  });
  const accepted =
    channel.kind === "mail" ? "The mail is on its way." : "The message was accepted. Check that it appears.";
  return { ok: attempt.ok, status: attempt.status, detail: attempt.ok ? accepted : (attempt.detail ?? "") };
}

/** Sends a message of the delivery log again, with the same id. @throws AppError `forbidden`, `not_found`; `conflict` – it waits already */
export async function resendNotification(
  ctx: Context,
  { notificationId }: { notificationId: string },
): Promise<void> {
  requirePermission(ctx, "alerts.manage");
  const { accountId, now } = ctx;
  await ctx.inTransaction(async (tx) => {
    const row = await tx.notification.findUnique({
      where: { accountId_id: { accountId, id: notificationId } },
    });
    if (!row || row.incidentId === null || row.channelId === null)
      throw new AppError("not_found", "There is no such message.");
    if (row.state === "waiting" || row.state === "sending")
      throw new AppError("conflict", "This message is waiting to be sent.", {
        reason: "notification_waiting",
        collidesWith: { kind: "notification", id: notificationId },
      });
    const data = { state: "waiting", attempts: 0, nextAt: now(), maybeSent: true };
    await tx.notification.updateMany({ where: { accountId, id: notificationId }, data });
    await wakeSender(tx, now());
  });
}

async function takeTest({ db, accountId }: Context): Promise<void> {
  const isAllowed = await takeAllowance(db, `channel-test:${accountId}`, { burst: 30, refillSeconds: 60 });
  if (!isAllowed)
    throw new AppError("limit_reached", "That was too often. Try again in a minute.", {
      reason: "too_often",
    });
}

function testMessage(id: string, accountId: string, publicUrl: string): AlertMessage {
  return {
    ...{ id, kind: "test", incidentId: null, severity: "notice", condition: null },
    title: "Test message from Waxseal",
    text: "This is a test. Alerts about your domains will arrive here.",
    ...{ action: null, domains: [], domainCount: 0, openedAt: null, resolvedAt: null, note: null },
    url: `${publicUrl}/a/${encodeURIComponent(accountId)}/alerts`,
  };
}
