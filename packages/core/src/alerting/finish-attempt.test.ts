import { randomUUID } from "node:crypto";
import type { ChannelKind, NotificationKind } from "@waxseal/contract";
import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "@waxseal/runtime/time-spans";
import { afterAll, beforeAll, beforeEach, expect, inject, test } from "vitest";
import { type AlertScene, createAlertScene } from "../../testing/create-alert-scene.ts";
import type { AlertMessage } from "./alert-message.ts";
import { type ClaimedNotification, claimNotification } from "./claim-notification.ts";
import { finishAttempt } from "./finish-attempt.ts";
import type { Attempt } from "./post-to-channel.ts";

const OK: Attempt = {
  ...{ ok: true, status: 200, detail: null },
  ...{ isUncertain: false, isGone: false, retryAfterMs: null },
};
const FAILED: Attempt = { ...OK, ok: false, status: 503, detail: "Answered 503" };

let database: TestDatabase;
let scene: AlertScene;
let accountId: string;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
});
beforeEach(async () => {
  await database.db.notification.deleteMany();
  scene = createAlertScene(database.db);
  accountId = await scene.addAccount();
});
afterAll(() => database.drop());

const message = (change: Partial<AlertMessage> = {}): AlertMessage => ({
  ...{ id: "m", kind: "opened", incidentId: "i", severity: "warning", condition: "mx.badTls" },
  ...{ title: "mx1.example.com has an expired certificate", text: "t", action: null, domains: [] },
  ...{ domainCount: 0, openedAt: null, resolvedAt: null, note: null, url: "https://waxseal.example" },
  ...change,
});

/** A message to a channel, or to a person, as the sender holds it. */
async function claim(to: { channelId?: string; userId?: string }, change: object = {}) {
  const now = scene.now();
  const id = randomUUID();
  const incidentId = randomUUID();
  await database.db.notification.create({
    data: { accountId, id, incidentId, kind: "opened", createdAt: now, nextAt: now, ...to, ...change },
  });
  const claimed = await claimNotification(database.db, now);
  if (claimed?.id !== id) throw new Error("another message was due");
  return claimed;
}
const finish = (claimed: ClaimedNotification, attempt: Partial<Attempt> = {}, about = message()) =>
  finishAttempt(scene.deps, claimed, about, { ...FAILED, ...attempt });
const rowOf = (id: string) =>
  database.db.notification.findUniqueOrThrow({ where: { accountId_id: { accountId, id } } });
const channelOf = (id: string) =>
  database.db.channel.findUniqueOrThrow({ where: { accountId_id: { accountId, id } } });

test("a delivery is logged with its time, ends the lease, and keeps the subject of what was sent", async () => {
  const channelId = await scene.addChannel(accountId, { failures: 3, failingSince: scene.now() });
  const claimed = await claim({ channelId });
  await finishAttempt(scene.deps, claimed, message({ kind: "resolved" }), { ...OK, ms: 42 });
  expect(await rowOf(claimed.id)).toMatchObject({
    state: "sent",
    sentAt: scene.now(),
    leaseUntil: null,
    summary: "Resolved: mx1.example.com has an expired certificate",
  });
  const log = await database.db.delivery.findMany({ where: { notificationId: claimed.id } });
  expect(log).toMatchObject([{ outcome: "delivered", status: 200, ms: 42, channelId }]);
  expect(await channelOf(channelId)).toMatchObject({
    ...{ failures: 0, failingSince: null, disabledWhy: null },
    deliveredAt: scene.now(),
  });
});

const CHAT = [5_000, MINUTE_MS, 5 * MINUTE_MS, 30 * MINUTE_MS, 2 * HOUR_MS, 6 * HOUR_MS, 14 * HOUR_MS];
const WAITS: [ChannelKind, number[]][] = [
  ["webhook", [5_000, 5 * MINUTE_MS, 30 * MINUTE_MS, ...[2, 5, 10, 14, 20, 24].map((n) => n * HOUR_MS)]],
  ["mail", [MINUTE_MS, 5 * MINUTE_MS, 30 * MINUTE_MS, ...[2, 6, 12, 24].map((n) => n * HOUR_MS)]],
  ["slack", CHAT],
  ["pagerduty", CHAT],
];
test.each(WAITS)("a %s message is tried again after these waits, and then given up", async (kind, waits) => {
  const channelId = await scene.addChannel(accountId, { kind });
  for (const [place, waitMs] of waits.entries()) {
    const claimed = await claim({ channelId }, { attempts: place });
    await finish(claimed);
    const nextAt = new Date(scene.now().getTime() + waitMs);
    expect(await rowOf(claimed.id)).toMatchObject({ state: "waiting", nextAt, summary: "Answered 503" });
  }
  const last = await claim({ channelId }, { attempts: waits.length });
  await finish(last);
  expect(await rowOf(last.id)).toMatchObject({ state: "given_up", leaseUntil: null });
});

test("a receiver that says when to come again is asked then", async () => {
  const channelId = await scene.addChannel(accountId);
  const claimed = await claim({ channelId });
  await finish(claimed, { status: 429, retryAfterMs: 90_000 });
  expect((await rowOf(claimed.id)).nextAt).toEqual(new Date(scene.now().getTime() + 90_000));
});

test.each([true, false])("a message that may have arrived is remembered as that: %s", async (isUncertain) => {
  const channelId = await scene.addChannel(accountId);
  const claimed = await claim({ channelId });
  await finish(claimed, { isUncertain });
  expect((await rowOf(claimed.id)).maybeSent).toBe(isUncertain);
});

test("an attempt that lost its lease to another process no longer changes the message", async () => {
  const channelId = await scene.addChannel(accountId);
  const stale = await claim({ channelId });
  scene.wait(3);
  const taken = await claimNotification(database.db, scene.now());
  expect(taken).toMatchObject({ id: stale.id, attempts: 2 });
  await finish(stale, OK, message({ severity: "critical" }));
  expect(await rowOf(stale.id)).toMatchObject({ state: "sending", attempts: 2, sentAt: null });
  expect(await database.db.notification.count({ where: { accountId, kind: "reminder" } })).toBe(0);
});

test("an answer that says a channel is permanently gone gives the message up and turns the channel off", async () => {
  const channelId = await scene.addChannel(accountId);
  const claimed = await claim({ channelId });
  await finish(claimed, { status: 410, isGone: true, detail: "Answered 410" });
  expect((await rowOf(claimed.id)).state).toBe("given_up");
  expect(await channelOf(channelId)).toMatchObject({ state: "disabled", disabledWhy: "Answered 410" });
});

test.each([
  ["nine failures over five days", "active", 8, 5 * DAY_MS],
  ["ten failures over just below five days", "active", 9, 5 * DAY_MS - 1],
  ["ten failures over five days", "disabled", 9, 5 * DAY_MS],
  ["many failures over a minute", "active", 500, MINUTE_MS],
] as const)("after %s a channel is %s", async (_what, state, failures, agoMs) => {
  const failingSince = new Date(scene.now().getTime() - agoMs);
  const channelId = await scene.addChannel(accountId, { failures, failingSince });
  await finish(await claim({ channelId }));
  expect(await channelOf(channelId)).toMatchObject({ state, failures: failures + 1, failingSince });
});

test("the first failure begins the count; too many messages are no failure of the channel", async () => {
  const channelId = await scene.addChannel(accountId);
  await finish(await claim({ channelId }), { status: 429 });
  expect(await channelOf(channelId)).toMatchObject({ failures: 0, failingSince: null, disabledWhy: null });
  await finish(await claim({ channelId }));
  expect(await channelOf(channelId)).toMatchObject({
    failures: 1,
    failingSince: scene.now(),
    disabledWhy: "Answered 503",
  });
});

test("a late answer does not count for a channel that a member turned off, and does not turn it on", async () => {
  const channelId = await scene.addChannel(accountId, { state: "disabled", failures: 4, disabledWhy: "Ann" });
  await finish(await claim({ channelId }), OK);
  await finish(await claim({ channelId }), { isGone: true });
  expect(await channelOf(channelId)).toMatchObject({ state: "disabled", failures: 4, disabledWhy: "Ann" });
  expect(await database.db.notification.count({ where: { accountId, kind: "channelDisabled" } })).toBe(0);
});

test("a mail to a person about a channel does not count as that channel's own delivery", async () => {
  const userId = await scene.addMember(accountId);
  const channelId = await scene.addChannel(accountId, { failures: 2, failingSince: scene.now() });
  await finish(await claim({ userId, channelId }, { kind: "channelDisabled" }), OK);
  expect(await channelOf(channelId)).toMatchObject({ failures: 2, deliveredAt: null });
});

const OPENING: NotificationKind[] = ["opened", "worse", "changed", "reminder"];
test.each([
  ...OPENING.map((kind) => ["critical", kind, 1] as const),
  ["critical", "resolved", 0] as const,
  ["critical", "test", 0] as const,
  ["warning", "opened", 0] as const,
  ["notice", "opened", 0] as const,
])("after a %s message of the kind %s, %i reminder is queued", async (severity, kind, count) => {
  const channelId = await scene.addChannel(accountId);
  const claimed = await claim({ channelId });
  await finish(claimed, OK, message({ severity, kind }));
  const queued = await database.db.notification.findMany({ where: { accountId, kind: "reminder" } });
  expect(queued).toHaveLength(count);
  for (const { nextAt, incidentId } of queued)
    expect([nextAt, incidentId]).toEqual([new Date(scene.now().getTime() + DAY_MS), claimed.incidentId]);
});

test("the second reminder is two days later, and there is no third", async () => {
  const channelId = await scene.addChannel(accountId);
  const incidentId = randomUUID();
  const critical = message({ severity: "critical" });
  const remind = async (expectedMs: number | undefined) => {
    const own = { accountId, incidentId, kind: "reminder", state: "waiting" };
    const [next, ...more] = await database.db.notification.findMany({ where: own });
    expect([next?.nextAt.getTime(), more]).toEqual([
      expectedMs === undefined ? undefined : scene.now().getTime() + expectedMs,
      [],
    ]);
    if (!next) return;
    scene.wait((expectedMs ?? 0) / MINUTE_MS);
    const claimed = await claimNotification(database.db, scene.now());
    if (claimed?.id !== next.id) throw new Error("another message was due");
    await finish(claimed, OK, { ...critical, kind: "reminder" });
  };
  await finish(await claim({ channelId }, { incidentId }), OK, critical);
  await remind(DAY_MS);
  await remind(2 * DAY_MS);
  await remind(undefined);
});

test("while a reminder waits, a further message queues no second one", async () => {
  const channelId = await scene.addChannel(accountId);
  const incidentId = randomUUID();
  for (const kind of ["opened", "changed"] as const)
    await finish(
      await claim({ channelId }, { incidentId, kind }),
      OK,
      message({ severity: "critical", kind }),
    );
  expect(await database.db.notification.count({ where: { incidentId, kind: "reminder" } })).toBe(1);
});
