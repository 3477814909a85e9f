import { randomUUID } from "node:crypto";
import type { ChannelKind } from "@waxseal/contract";
import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { DAY_MS } from "@waxseal/runtime/time-spans";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createTestPeople, type TestPeople } from "../../testing/create-test-people.ts";
import type { Context } from "../context.ts";
import { createSecretBox } from "../secret-box.ts";
import {
  addChannel,
  type ChannelDeps,
  changeChannel,
  MAX_CHANNELS,
  removeChannel,
  rotateChannelSecret,
} from "./manage-channels.ts";
import { confirmChannel } from "./subscriptions.ts";
import { tryChannel } from "./try-channel.ts";

const secretBox = createSecretBox(`k:${Buffer.alloc(32, 3).toString("base64url")}`);
let database: TestDatabase;
let people: TestPeople;
let deps: ChannelDeps;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
  people = createTestPeople(database.db);
  deps = { ...people.deps, secretBox };
});
afterAll(() => database.drop());

const TARGETS: Record<ChannelKind, string> = {
  webhook: "https://hooks.example/in/very-secret",
  slack: "https://hooks.slack.example/services/T/B/secret",
  teams: "https://teams.example/workflows/secret",
  discord: "https://discord.example/api/webhooks/1/secret",
  pagerduty: "0123456789abcdef0123456789abcdef",
  mail: "oncall@elsewhere.example",
};
const start = async (role: "owner" | "editor" = "owner") =>
  (await people.addMember(await people.addAccount(), role)).ctx;
const add = (ctx: Context, kind: ChannelKind = "webhook", target = TARGETS[kind]) =>
  addChannel(ctx, deps, { kind, name: "Hook", target, minSeverity: "warning", match: {} });
const change = (ctx: Context, channelId: string, data: object) =>
  changeChannel(ctx, deps, { channelId, ...data });
const rowOf = (accountId: string, id: string) =>
  database.db.channel.findUniqueOrThrow({ where: { accountId_id: { accountId, id } } });
const confirm = (to = TARGETS.mail) => confirmChannel(database.db, people.findMailedToken(to));

/** Deps of a test message; nothing may be sent with them. */
const silent = {
  secretBox,
  publicUrl: "https://waxseal.example",
  mailDomain: "reports.example",
  ...{ bounces: undefined as never, https: undefined as never, queueMail: undefined as never },
};

test.each(Object.keys(TARGETS) as ChannelKind[])(
  "the address of a %s channel is sealed, and what is shown of it opens nothing",
  async (kind) => {
    const ctx = await start();
    const { secret, ...view } = await add(ctx, kind);
    const row = await rowOf(ctx.accountId, view.id);
    const { targetJwe, ...rest } = row;
    expect(await secretBox.open(targetJwe)).toBe(TARGETS[kind]);
    if (kind !== "mail") expect(JSON.stringify([view, rest])).not.toContain(TARGETS[kind]);
    expect(view.state).toBe(kind === "mail" ? "unverified" : "active");
    expect(secret === null).toBe(kind !== "webhook");
  },
);

test("a webhook's secret is shown once and has 256 bits", async () => {
  const ctx = await start();
  const { id, secret } = await add(ctx);
  expect(Buffer.from(secret?.replace(/^whsec_/, "") ?? "", "base64")).toHaveLength(32);
  const { secretJwe } = await rowOf(ctx.accountId, id);
  expect(await secretBox.open(secretJwe ?? "")).toBe(secret);
  expect(JSON.stringify(await change(ctx, id, { name: "Other" }))).not.toContain(secret);
});

test("after a rotation the earlier secret signs too, for a day", async () => {
  const ctx = await start();
  const { id: channelId, secret: first } = await add(ctx);
  const { secret, oldSecretUntil } = await rotateChannelSecret(ctx, deps, { channelId });
  const row = await rowOf(ctx.accountId, channelId);
  expect(secret).not.toBe(first);
  expect([await secretBox.open(row.secretJwe ?? ""), await secretBox.open(row.oldSecretJwe ?? "")]).toEqual([
    secret,
    first,
  ]);
  expect(oldSecretUntil).toBe(new Date(people.now().getTime() + DAY_MS).toISOString());
});

test("rotations at the same instant follow one another: the last two secrets sign", async () => {
  const ctx = await start();
  const { id: channelId, secret: first } = await add(ctx);
  const secrets = [first];
  // Without the lock, nearly every round ends with two secrets of which one was handed out before the others.
  for (let round = 0; round < 3; round++) {
    const made = await Promise.all([1, 2, 3, 4].map(() => rotateChannelSecret(ctx, deps, { channelId })));
    const newest = made.map(({ secret }) => secret);
    const { secretJwe, oldSecretJwe } = await rowOf(ctx.accountId, channelId);
    const signing = [await secretBox.open(secretJwe ?? ""), await secretBox.open(oldSecretJwe ?? "")];
    expect(signing[0]).not.toBe(signing[1]);
    for (const secret of signing) expect(newest).toContain(secret);
    secrets.push(...newest);
  }
  expect(new Set(secrets).size).toBe(13);
});

test("only a webhook has a secret to rotate", async () => {
  const ctx = await start();
  const { id: channelId } = await add(ctx, "slack");
  await expect(rotateChannelSecret(ctx, deps, { channelId })).rejects.toMatchObject({
    code: "conflict",
    reason: "channel_without_secret",
  });
});

test("a mail address is used once its owner confirmed it, and its token is in the mail only", async () => {
  const ctx = await start();
  const { id } = await add(ctx, "mail");
  expect(JSON.stringify(await rowOf(ctx.accountId, id))).not.toContain(people.findMailedToken(TARGETS.mail));
  await expect(tryChannel(ctx, silent, { channelId: id })).rejects.toMatchObject({
    reason: "channel_not_confirmed",
  });
  expect(await confirm()).toBe(true);
  expect(await rowOf(ctx.accountId, id)).toMatchObject({ state: "active", verifyHash: null });
});

test("turning an unconfirmed address off and on again does not confirm it", async () => {
  const ctx = await start();
  const { id } = await add(ctx, "mail");
  await change(ctx, id, { isEnabled: false });
  await expect(tryChannel(ctx, silent, { channelId: id })).rejects.toMatchObject({
    reason: "channel_not_confirmed",
  });
  expect(await change(ctx, id, { isEnabled: true })).toMatchObject({ state: "unverified" });
  expect(await confirm()).toBe(true);
  await change(ctx, id, { isEnabled: false });
  expect(await change(ctx, id, { isEnabled: true })).toMatchObject({ state: "active" });
});

test("an address that a member turned off stays off when its owner confirms it, and needs no second link", async () => {
  const ctx = await start();
  const { id } = await add(ctx, "mail");
  await change(ctx, id, { isEnabled: false });
  expect(await confirm()).toBe(true);
  expect((await rowOf(ctx.accountId, id)).state).toBe("disabled");
  expect(await change(ctx, id, { isEnabled: true })).toMatchObject({ state: "active" });
});

test("another address must be confirmed again, also when the channel is turned off with the same request", async () => {
  const ctx = await start();
  const { id } = await add(ctx, "mail");
  await confirm();
  const next = "second@elsewhere.example";
  expect(await change(ctx, id, { target: next })).toMatchObject({ state: "unverified", target: next });
  await confirm(next);
  const third = "third@elsewhere.example";
  expect(await change(ctx, id, { target: third, isEnabled: false })).toMatchObject({ state: "disabled" });
  expect(await change(ctx, id, { isEnabled: true })).toMatchObject({ state: "unverified" });
  // The link of the earlier address confirms no other.
  expect(await confirm(next)).toBe(false);
});

test("five addresses of an account wait for their owners; then more are refused, other kinds are not", async () => {
  const ctx = await start();
  for (let n = 0; n < 5; n++) await add(ctx, "mail", `wait${n}@elsewhere.example`);
  await expect(add(ctx, "mail", "one-more@elsewhere.example")).rejects.toMatchObject({
    code: "limit_reached",
    reason: "too_many_at_once",
  });
  await add(ctx, "slack");
  await confirm("wait0@elsewhere.example");
  await add(ctx, "mail", "one-more@elsewhere.example");
});

test("ten confirmations are mailed at once, also by changing one channel again and again", async () => {
  const ctx = await start();
  const { id } = await add(ctx, "mail", "n0@elsewhere.example");
  for (let n = 1; n < 10; n++) await change(ctx, id, { target: `n${n}@elsewhere.example` });
  await expect(change(ctx, id, { target: "n10@elsewhere.example" })).rejects.toMatchObject({
    code: "limit_reached",
    reason: "daily_limit",
  });
  expect(people.mails.some(({ to }) => to === "n10@elsewhere.example")).toBe(false);
  expect((await rowOf(ctx.accountId, id)).targetHint).toBe("n9@elsewhere.example");
});

test("an account has at most 50 channels, also when several are added at the same instant", async () => {
  const ctx = await start();
  const row = { accountId: ctx.accountId, kind: "slack", name: "n", targetJwe: "x", targetHint: "x" };
  await database.db.channel.createMany({
    data: Array.from({ length: MAX_CHANNELS - 1 }, () => ({
      ...row,
      createdAt: people.now(),
      createdBy: "u",
    })),
  });
  const outcomes = await Promise.allSettled([add(ctx), add(ctx), add(ctx)]);
  const refused = outcomes.flatMap((one) => (one.status === "rejected" ? [one.reason.reason] : []));
  expect(refused).toEqual(["too_many_objects", "too_many_objects"]);
});

test("a channel that was turned off by failures starts over with a new address, and keeps them for another name", async () => {
  const ctx = await start();
  const { id } = await add(ctx);
  const failed = { state: "disabled", failures: 12, failingSince: people.now(), disabledWhy: "Gone" };
  await database.db.channel.updateMany({ where: { id }, data: failed });
  expect(await change(ctx, id, { name: "Renamed" })).toMatchObject({ state: "disabled", problem: "Gone" });
  const target = "https://hooks.example/new";
  expect(await change(ctx, id, { target })).toMatchObject({ state: "active", problem: null });
  expect(await rowOf(ctx.accountId, id)).toMatchObject({ failures: 0, failingSince: null });
});

test.each<[ChannelKind, string]>([
  ["webhook", "http://hooks.example/a"],
  ["webhook", "https://user:secret@hooks.example/a"],
  ["webhook", "https://hooks.example:25/a"],
  ["mail", "not an address"],
  ["pagerduty", "short"],
])("a %s channel does not get the address %j, neither new nor changed", async (kind, target) => {
  const ctx = await start();
  await expect(add(ctx, kind, target)).rejects.toMatchObject({
    code: "invalid",
    fields: [{ path: "target" }],
  });
  const { id } = await add(ctx, kind);
  await expect(change(ctx, id, { target })).rejects.toMatchObject({ code: "invalid" });
});

test("another account's channel is answered like a missing one by every verb", async () => {
  const [mine, theirs] = [await start(), await start()];
  const { id } = await add(theirs);
  for (const channelId of [id, randomUUID()]) {
    const missing = { code: "not_found", message: "There is no such channel." };
    await expect(change(mine, channelId, { name: "Taken" })).rejects.toMatchObject(missing);
    await expect(removeChannel(mine, { channelId })).rejects.toMatchObject(missing);
    await expect(rotateChannelSecret(mine, deps, { channelId })).rejects.toMatchObject(missing);
    await expect(tryChannel(mine, silent, { channelId })).rejects.toMatchObject(missing);
  }
  expect((await rowOf(theirs.accountId, id)).name).toBe("Hook");
});

test("an editor manages no channels", async () => {
  const ctx = await start("editor");
  const refusal = { code: "forbidden", lacking: { permission: "alerts.manage" } };
  const channelId = randomUUID();
  await expect(add(ctx)).rejects.toMatchObject(refusal);
  await expect(change(ctx, channelId, {})).rejects.toMatchObject(refusal);
  await expect(removeChannel(ctx, { channelId })).rejects.toMatchObject(refusal);
  await expect(rotateChannelSecret(ctx, deps, { channelId })).rejects.toMatchObject(refusal);
});

test("a channel removed twice at the same instant is removed once", async () => {
  const ctx = await start();
  const { id: channelId } = await add(ctx);
  const outcomes = await Promise.allSettled([1, 2, 3].map(() => removeChannel(ctx, { channelId })));
  const refused = outcomes.flatMap((one) => (one.status === "rejected" ? [one.reason.code] : []));
  expect(refused).toEqual(["not_found", "not_found"]);
  expect(await people.listEventKinds(ctx.accountId)).toEqual(["channel.added", "channel.removed"]);
});
