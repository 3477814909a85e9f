import type { Database, Notification, Transaction } from "@waxseal/db";
import { DAY_MS } from "@waxseal/runtime/time-spans";
import type { BounceAddresses } from "../mail/bounce-address.ts";
import { type DeliveryStatus, readDeliveryStatus } from "../mail/read-delivery-status.ts";
import { recordDelivery } from "./finish-attempt.ts";

/** Setting that holds the id of the pending test mail to ourselves, and when it was sent. */
export const TEST_MAIL_SETTING = "test-mail";

type Deps = { db: Database; now(): Date; bounces: BounceAddresses };
type Row = { id: string; mailbox: string; raw: Uint8Array };

const MAX_AT_ONCE = 200;
/** How far back each run looks for mails that the queue gave up; an earlier run has handled older ones. */
const GIVEN_UP_MS = 2 * DAY_MS;

/**
 * Reads bounces and refusals by our own mail server, and marks those messages as not delivered. An address that no longer exists gets no
 * further mail: its channel is turned off or the member's address is marked, and `reviewReceivers` opens an alert. Safe to run twice and
 * concurrently.
 */
export async function receiveBounces(deps: Deps): Promise<{ bounces: number; givenUp: number }> {
  let bounces = 0;
  while (bounces < MAX_AT_ONCE && (await receiveNext(deps))) bounces += 1;
  return { bounces, givenUp: await noteGivenUp(deps) };
}

async function receiveNext({ db, now, bounces }: Deps): Promise<boolean> {
  return db.$transaction(async (tx) => {
    const [row] = await tx.$queryRaw<Row[]>`
      select id::text, mailbox, raw from operator_mail where mailbox like 'b+%' order by received_at limit 1 for update skip locked`;
    if (!row) return false;
    const notificationId = bounces.readId(row.mailbox);
    const status = readDeliveryStatus(row.raw);
    const notification =
      notificationId && status && (await tx.notification.findFirst({ where: { id: notificationId } }));
    if (notification && status) await noteBounce(tx, notification, status, now());
    else if (notificationId) await noteTestMail(tx, notificationId);
    await tx.$executeRaw`delete from operator_mail where id = ${row.id}::uuid`;
    return true;
  });
}

/** Clears the pending test mail, which has arrived. */
async function noteTestMail(tx: Transaction, id: string): Promise<void> {
  await tx.operatorSetting.deleteMany({ where: { name: TEST_MAIL_SETTING, value: { startsWith: id } } });
}

/** Notes mails that the queue gave up. A mail given up before its deadline had its recipient refused. */
async function noteGivenUp({ db, now }: Deps): Promise<number> {
  const since = new Date(now().getTime() - GIVEN_UP_MS);
  const rows = await db.$queryRaw<
    { accountId: string; id: string; problem: string | null; isRefused: boolean }[]
  >`
    select n.account_id as "accountId", n.id::text, m.problem, m.ended_at < m.give_up_at as "isRefused"
    from outgoing_mail m join notification n on m.reference = n.id::text
    where m.kind = 'alert' and m.state = 'given-up' and m.ended_at > ${since}::timestamptz and n.state = 'sent'
    order by m.ended_at limit ${MAX_AT_ONCE}`;
  for (const { accountId, id, problem, isRefused } of rows) {
    await db.$transaction(async (tx) => {
      const notification = await tx.notification.findUnique({ where: { accountId_id: { accountId, id } } });
      const status = { status: "", diagnostic: problem ?? "", isDeadAddress: isRefused };
      if (notification) await noteBounce(tx, notification, status, now());
    });
  }
  return rows.length;
}

async function noteBounce(
  tx: Transaction,
  { accountId, id, channelId, userId }: Notification,
  { status, diagnostic, isDeadAddress }: DeliveryStatus,
  now: Date,
): Promise<void> {
  const detail = `The mail came back: ${`${status} ${diagnostic}`.trim()}`.slice(0, 200);
  const { count } = await tx.notification.updateMany({
    where: { accountId, id, state: "sent" },
    data: { state: "given_up", summary: detail },
  });
  if (count === 0) return;
  const attempt = { ok: false, status: null, detail, isUncertain: false, isGone: true, retryAfterMs: null };
  // A notice of an earlier release about a channel names the channel, and went to a person.
  const toChannel = userId === null ? channelId : null;
  await recordDelivery(tx, { accountId, channelId: toChannel, notificationId: id, attempt }, now);
  if (!isDeadAddress) return;
  if (toChannel !== null) {
    const where = { accountId, id: toChannel, state: "active" };
    const data = { state: "disabled", disabledWhy: detail, failingSince: now };
    await tx.channel.updateMany({ where, data });
  } else if (userId !== null) {
    const user = await tx.user.findUnique({ where: { id: userId }, select: { email: true } });
    const data = { bouncedAddress: user?.email ?? null, bouncedAt: now, bounceDetail: detail };
    await tx.subscription.updateMany({ where: { accountId, userId }, data });
  }
}
