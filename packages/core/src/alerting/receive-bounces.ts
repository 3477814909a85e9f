import type { Database, Notification, Transaction } from "@waxseal/db";
import { DAY_MS } from "@waxseal/runtime/time-spans";
import type { BounceAddresses } from "../mail/bounce-address.ts";
import { type DeliveryStatus, readDeliveryStatus } from "../mail/read-delivery-status.ts";
import { recordDelivery } from "./finish-attempt.ts";

/** Setting that holds the id of a mail to ourselves that is under way, and when it was sent. */
export const TEST_MAIL_SETTING = "test-mail";

type Deps = { db: Database; now(): Date; bounces: BounceAddresses };
type Row = { id: string; mailbox: string; raw: Uint8Array };

const MAX_AT_ONCE = 200;
/** What the queue gave up lately; older ones were seen by an earlier run. */
const GIVEN_UP_MS = 2 * DAY_MS;

/**
 * Reads the mails of ours that came back, and those that our own mail server refused, so that a message that did not arrive does not count
 * as sent. An address that does not exist any more gets no further mail: a channel is turned off, a member's address is marked, and
 * `reviewReceivers` makes an alert of it. Safe to run twice and at once.
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

/** A mail to ourselves has arrived: nothing is under way any more. */
async function noteTestMail(tx: Transaction, id: string): Promise<void> {
  await tx.operatorSetting.deleteMany({ where: { name: TEST_MAIL_SETTING, value: { startsWith: id } } });
}

/** Of mails that were given up before their time was over, the recipient was refused. */
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
