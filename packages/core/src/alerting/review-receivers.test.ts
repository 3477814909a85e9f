import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { DAY_MS, HOUR_MS } from "@waxseal/runtime/time-spans";
import { afterAll, beforeAll, beforeEach, expect, inject, test } from "vitest";
import { type AlertScene, createAlertScene } from "../../testing/create-alert-scene.ts";
import { createContext } from "../context.ts";
import { raiseCondition } from "../operating/operator-condition.ts";
import { type FailingReceiver, isReceiverDead } from "./judge-receivers.ts";
import { changeChannel } from "./manage-channels.ts";
import { receiveBounces } from "./receive-bounces.ts";
import { reviewReceivers } from "./review-receivers.ts";

let database: TestDatabase;
let scene: AlertScene;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
});
beforeEach(() => {
  scene = createAlertScene(database.db);
});
afterAll(() => database.drop());

const DEAD = "Waxseal cannot reach the channel Hook";
const subjects = () => scene.mails.map(({ subject }) => subject);
const run = async (minutes = 1) => {
  scene.wait(minutes);
  await receiveBounces(scene.deps);
  await Promise.all([reviewReceivers(scene.deps), reviewReceivers(scene.deps)]);
  scene.wait(1);
  await scene.send();
};
const change = (id: string, data: object) => scene.db.channel.updateMany({ where: { id }, data });
const failing = (sinceMs: number) => ({
  failingSince: new Date(scene.now().getTime() - sinceMs),
  failures: 3,
});
const works = { state: "active", failingSince: null, failures: 0, disabledWhy: null };

test.each<[what: string, data: Partial<FailingReceiver>, isDead: boolean]>([
  ["turned off because it refused", { isOff: true, failingSince: new Date(0) }, true],
  ["failing for a day", { isOff: false, failingSince: new Date(0) }, true],
  ["failing for an hour", { isOff: false, failingSince: new Date(23 * HOUR_MS) }, false],
])("a receiver that is %s", (_what, data, isDead) => {
  const one = { accountId: "a", id: "1", kind: "channel", name: "Hook", isMail: false } as const;
  const rest = { isOff: false, failingSince: new Date(0), ...data };
  expect(isReceiverDead({ ...one, ...rest }, new Date(DAY_MS))).toBe(isDead);
});

test("owners and the other channels hear once of a channel that was turned off, and of its end; it hears nothing itself", async () => {
  const accountId = await scene.addAccount();
  await scene.addMember(accountId);
  const dead = await scene.addChannel(accountId, { state: "disabled", ...failing(0) });
  const targetJwe = await scene.deps.secretBox.seal("https://other.example/a");
  await scene.addChannel(accountId, { name: "Other", targetJwe });
  await run();
  await run(60);
  expect([subjects(), scene.requests.map(({ url }) => url)]).toEqual([[DEAD], ["https://other.example/a"]]);
  expect(scene.mails[0]?.text).not.toContain("Domain");
  await change(dead, works);
  await run();
  await run();
  expect(subjects()).toEqual([DEAD, `Resolved: ${DEAD}`]);
  expect(scene.requests.map(({ url }) => url)).toEqual(Array(2).fill("https://other.example/a"));
});

test("one that has failed for a day is one too, and one that a person turned off or that failed for hours is none", async () => {
  const accountId = await scene.addAccount();
  await scene.addMember(accountId);
  const id = await scene.addChannel(accountId, failing(23 * HOUR_MS));
  const channelId = await scene.addChannel(accountId, failing(30 * HOUR_MS));
  const ctx = createContext(scene, accountId, { kind: "user", id: "u", name: "Ada" }, "owner");
  await changeChannel(ctx, scene.deps, { channelId, isEnabled: false });
  await run();
  expect(subjects()).toEqual([]);
  await run(60);
  expect([subjects(), scene.requests]).toEqual([[DEAD], []]);
  await scene.db.channel.deleteMany({ where: { id } });
  await run();
  expect(subjects()).toEqual([DEAD, `Resolved: ${DEAD}`]);
});

test("a member whose mail bounces opens an alert for the other members, and for no other account", async () => {
  const accountId = await scene.addAccount();
  const userId = await scene.addMember(accountId);
  await scene.addMember(accountId, "admin");
  await scene.addMember(await scene.addAccount());
  const { email: bouncedAddress } = await scene.db.user.findUniqueOrThrow({ where: { id: userId } });
  await scene.db.subscription.create({ data: { accountId, userId, bouncedAddress, bouncedAt: scene.now() } });
  await run();
  expect(subjects()).toEqual(["Mails to owner come back"]);
  expect(scene.mails[0]?.to).not.toBe(bouncedAddress);
  await scene.db.user.update({ where: { id: userId }, data: { email: `new-${bouncedAddress}` } });
  await run();
  expect(subjects()).toEqual(["Mails to owner come back", "Resolved: Mails to owner come back"]);
});

test("no alert about a mailbox opens while our own mail is broken", async () => {
  const accountId = await scene.addAccount();
  await scene.addMember(accountId);
  await scene.addChannel(accountId, { kind: "mail", state: "disabled", ...failing(0) });
  const condition = { code: "op.mailOut", subject: "outgoing mail", text: "", detail: {} } as const;
  await raiseCondition(scene.db, condition);
  await run();
  expect(subjects()).toEqual([]);
  await scene.db.operatorCondition.deleteMany({ where: { code: "op.mailOut" } });
  await run();
  expect(subjects()).toEqual([DEAD]);
});
