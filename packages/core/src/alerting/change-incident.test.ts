import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { DAY_MS } from "@waxseal/runtime/time-spans";
import { afterAll, beforeAll, beforeEach, expect, inject, test } from "vitest";
import { type AlertScene, createAlertScene } from "../../testing/create-alert-scene.ts";
import { hashSecret } from "../accounts/hash-secret.ts";
import { type Context, createContext } from "../context.ts";
import { acknowledgeIncident, noteIncident, snoozeIncident } from "./change-incident.ts";
import {
  confirmChannel,
  getSubscription,
  keepSummariesWeekly,
  setSubscription,
  stopSummaries,
  unsubscribe,
} from "./subscriptions.ts";

let database: TestDatabase;
let scene: AlertScene;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
});
beforeEach(() => {
  scene = createAlertScene(database.db);
});
afterAll(() => database.drop());

async function addMember(accountId: string, role: "owner" | "viewer" = "owner"): Promise<Context> {
  const id = await scene.addMember(accountId, role);
  return createContext(scene, accountId, { kind: "user", id, name: "Ann" }, role);
}

/** A member of an account with one open incident. */
async function openIncident() {
  const accountId = await scene.addAccount();
  const ctx = await addMember(accountId);
  await scene.change("opened", await scene.alert(accountId, `${accountId}.example`));
  const { id: incidentId } = await database.db.incident.findFirstOrThrow({ where: { accountId } });
  const kinds = async () =>
    (await database.db.event.findMany({ where: { accountId, kind: "incident.changed" } })).length;
  return { accountId, ctx, incidentId, kinds };
}

test("acknowledging twice keeps the first person and instant, and is one event", async () => {
  const { ctx, accountId, incidentId, kinds } = await openIncident();
  const first = await acknowledgeIncident(ctx, { incidentId });
  scene.wait(5);
  const other = { ...(await addMember(accountId)), actor: { kind: "user", id: "u", name: "Bob" } } as const;
  expect(await acknowledgeIncident(other, { incidentId })).toMatchObject({
    acknowledgedAt: first.acknowledgedAt,
    acknowledgedBy: "Ann",
  });
  expect(await kinds()).toBe(1);
});

test("a snooze lasts at most 30 days, ends with null, and never begins in the past", async () => {
  const { ctx, incidentId } = await openIncident();
  const snooze = (aheadMs: number) =>
    snoozeIncident(ctx, { incidentId, until: new Date(scene.now().getTime() + aheadMs).toISOString() });
  for (const aheadMs of [-1, 0, 30 * DAY_MS + 1])
    await expect(snooze(aheadMs)).rejects.toMatchObject({ code: "invalid", fields: [{ path: "until" }] });
  for (const aheadMs of [1, 30 * DAY_MS]) expect((await snooze(aheadMs)).snoozedUntil).not.toBeNull();
  expect(await snoozeIncident(ctx, { incidentId, until: null })).toMatchObject({ snoozedUntil: null });
});

test("a note is kept until it is emptied, apart from whether messages were useful", async () => {
  const { ctx, incidentId } = await openIncident();
  const stored = () => database.db.incident.findFirstOrThrow({ where: { id: incidentId } });
  await noteIncident(ctx, { incidentId, note: "Called the provider" });
  await noteIncident(ctx, { incidentId, isNotUseful: true });
  expect(await stored()).toMatchObject({ note: "Called the provider", notUsefulAt: scene.now() });
  await noteIncident(ctx, { incidentId, note: "", isNotUseful: false });
  expect(await stored()).toMatchObject({ note: null, notUsefulAt: null });
});

test("another account's incident answers like a missing one, and stays as it is", async () => {
  const { incidentId } = await openIncident();
  const stranger = await addMember(await scene.addAccount());
  const missing = "00000000-0000-4000-8000-000000000000";
  for (const change of [acknowledgeIncident, noteIncident]) {
    const [theirs, none] = await Promise.allSettled([
      change(stranger, { incidentId, note: "x" }),
      change(stranger, { incidentId: missing, note: "x" }),
    ]);
    expect(theirs).toMatchObject({ status: "rejected", reason: { code: "not_found" } });
    expect(theirs).toEqual(none);
  }
  const row = await database.db.incident.findFirstOrThrow({ where: { id: incidentId } });
  expect(row).toMatchObject({ note: null, acknowledgedAt: null });
});

test("a member sets the mails of one account for themselves; an API key and a member of another account cannot", async () => {
  const accountId = await scene.addAccount();
  const [ctx, other] = [await addMember(accountId), await addMember(accountId)];
  const wish = {
    severity: "off",
    digest: "monthly",
    timeZone: "Europe/Berlin",
    quiet: { from: 60, until: 420 },
  } as const;
  expect(await setSubscription(ctx, wish)).toMatchObject({ ...wish, isDefault: false });
  expect(await getSubscription(other)).toMatchObject({ isDefault: true, digest: "weekly", quiet: null });
  const key = { ...ctx, actor: { kind: "apiKey", id: ctx.actor.id, name: "Key" } } as const;
  const stranger = { ...ctx, accountId: await scene.addAccount() };
  for (const caller of [key, stranger])
    await expect(setSubscription(caller, wish)).rejects.toMatchObject({ code: "conflict" });
});

test("the links of a mail change that person's mails in that account only, and a made-up link changes nothing", async () => {
  const accountId = await scene.addAccount();
  const [ctx, other] = [await addMember(accountId), await addMember(accountId)];
  const wish = { severity: "critical", digest: "daily", timeZone: "UTC", quiet: null } as const;
  for (const one of [ctx, other]) await setSubscription(one, wish);
  const where = { accountId_userId: { accountId, userId: ctx.actor.id } };
  await database.db.subscription.update({ where, data: { unsubscribeHash: hashSecret("token") } });
  const { db } = database;
  expect(await keepSummariesWeekly(db, "token")).toBe(true);
  expect(await getSubscription(ctx)).toMatchObject({ severity: "critical", digest: "weekly" });
  expect(await stopSummaries(db, "token")).toBe(true);
  expect(await getSubscription(ctx)).toMatchObject({ severity: "critical", digest: "off" });
  expect(await unsubscribe(db, "token")).toBe(true);
  expect(await getSubscription(ctx)).toMatchObject({ severity: "off", digest: "off" });
  expect(await getSubscription(other)).toMatchObject({ severity: "critical", digest: "daily" });
  for (const link of [unsubscribe, stopSummaries, keepSummariesWeekly, confirmChannel])
    expect([await link(db, "made-up"), await link(db, "")]).toEqual([false, false]);
});

test("a channel takes alerts once its address has confirmed, and the link works once", async () => {
  const accountId = await scene.addAccount();
  const id = await scene.addChannel(accountId, {
    state: "unverified",
    verifyHash: hashSecret("channel-token"),
  });
  expect(await confirmChannel(database.db, "channel-token")).toBe(true);
  expect(await confirmChannel(database.db, "channel-token")).toBe(false);
  expect(await database.db.channel.findFirst({ where: { id } })).toMatchObject({ state: "active" });
});
