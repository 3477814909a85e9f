import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import type { HttpsRequest } from "@waxseal/probes";
import { afterAll, beforeAll, beforeEach, expect, inject, test } from "vitest";
import { type AlertScene, createAlertScene } from "../../testing/create-alert-scene.ts";
import { claimNotification } from "./claim-notification.ts";

let database: TestDatabase;
let scene: AlertScene;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
});
beforeEach(async () => {
  await database.db.notification.deleteMany();
  scene = createAlertScene(database.db);
});
afterAll(() => database.drop());

const subjects = () => scene.mails.map(({ subject }) => subject);
const typesOf = (requests: readonly HttpsRequest[]) =>
  requests.map(({ body }) => Object(JSON.parse(body ?? "{}")).type);
const states = async (accountId: string) =>
  (await scene.db.notification.findMany({ where: { accountId }, orderBy: { id: "asc" } })).map(
    ({ kind, state }) => `${kind} ${state}`,
  );

test("owners, admins and channels hear of a broken mail host once, and of its end; others hear nothing", async () => {
  const accountId = await scene.addAccount();
  await scene.addMember(accountId);
  await scene.addMember(accountId, "admin");
  await scene.addMember(accountId, "viewer");
  await scene.addChannel(accountId);
  const alert = await scene.alert(accountId, "example.com");
  await scene.change("opened", alert);
  await scene.send();
  expect([subjects(), scene.requests]).toEqual([[], []]);
  scene.wait(1);
  await scene.send();
  await scene.send();
  expect(subjects()).toEqual(Array(2).fill("mx1.example.com has an expired certificate"));
  expect(typesOf(scene.requests)).toEqual(["incident.opened"]);
  scene.wait(30);
  await scene.change("resolved", alert);
  await scene.send();
  scene.wait(10_000);
  await scene.send();
  expect(subjects().slice(2)).toEqual(Array(2).fill("Resolved: mx1.example.com has an expired certificate"));
  expect(typesOf(scene.requests)).toEqual(["incident.opened", "incident.resolved"]);
});

test("customers behind one broken host are one message to their provider, and one end", async () => {
  const provider = await scene.addAccount();
  await scene.addMember(provider);
  const alerts = [];
  for (let count = 0; count < 12; count++) {
    const customer = await scene.addAccount({ parentId: provider, name: `Customer ${count}` });
    alerts.push(await scene.alert(customer, `customer${count}.example`));
  }
  await scene.change("opened", ...alerts);
  scene.wait(1);
  await scene.send();
  expect(scene.mails).toHaveLength(1);
  for (const { text } of scene.mails) {
    expect(text).toContain("customer0.example (Customer 0)");
    expect(text).toContain("customer11.example (Customer 11)");
  }
  await scene.change("resolved", ...alerts.slice(1));
  scene.wait(60);
  await scene.send();
  expect(scene.mails).toHaveLength(1);
  await scene.change("resolved", ...alerts.slice(0, 1));
  await scene.send();
  expect(subjects().slice(1)).toEqual(["Resolved: mx1.example.com has an expired certificate"]);
});

test("a customer's own people see its own domain only", async () => {
  const provider = await scene.addAccount();
  const [one, other] = [
    await scene.addAccount({ parentId: provider }),
    await scene.addAccount({ parentId: provider }),
  ];
  await scene.addMember(one);
  await scene.addChannel(one);
  await scene.change(
    "opened",
    await scene.alert(one, "one.example"),
    await scene.alert(other, "other.example"),
  );
  scene.wait(1);
  await scene.send();
  const all = JSON.stringify([scene.mails, scene.requests]);
  expect(all).toContain("one.example");
  expect(all).not.toContain("other.example");
});

test("an alert that ends before it was sent is not mentioned, and its end is not either", async () => {
  const accountId = await scene.addAccount();
  await scene.addMember(accountId);
  const alert = await scene.alert(accountId, "example.com");
  await scene.change("opened", alert);
  await scene.change("resolved", alert);
  scene.wait(60);
  await scene.send();
  expect(scene.mails).toEqual([]);
  expect(await states(accountId)).toEqual(["opened dropped"]);
});

test("the end is sent to the receivers of the beginning, whatever they subscribe to now", async () => {
  const accountId = await scene.addAccount();
  await scene.addMember(accountId);
  const alert = await scene.alert(accountId, "example.com");
  await scene.change("opened", alert);
  scene.wait(1);
  await scene.send();
  await scene.db.subscription.updateMany({ where: { accountId }, data: { severity: "off" } });
  await scene.addMember(accountId);
  await scene.change("resolved", alert);
  await scene.send();
  expect(scene.mails.map(({ to }) => to)).toEqual(Array(2).fill(scene.mails[0]?.to));
});

test("an interrupted message is sent again with the same id, and the end of its alert follows", async () => {
  const accountId = await scene.addAccount();
  await scene.addChannel(accountId);
  const alert = await scene.alert(accountId, "example.com");
  await scene.change("opened", alert);
  scene.wait(1);
  const claimed = await claimNotification(scene.db, scene.now());
  await scene.change("resolved", alert);
  await scene.send();
  expect(scene.requests).toEqual([]);
  scene.wait(3);
  await scene.send();
  await scene.send();
  expect(typesOf(scene.requests)).toEqual(["incident.opened", "incident.resolved"]);
  expect(scene.requests[0]?.headers?.["webhook-id"]).toBe(claimed?.id);
});

test("two senders at once send each message once", async () => {
  const accountId = await scene.addAccount();
  for (let count = 0; count < 8; count++) await scene.addChannel(accountId);
  await scene.change("opened", await scene.alert(accountId, "example.com"));
  scene.wait(1);
  await Promise.all([scene.send(), scene.send()]);
  const ids = scene.requests.map(({ headers }) => headers?.["webhook-id"]);
  expect([ids.length, new Set(ids).size]).toEqual([8, 8]);
});

test("a critical alert is brought up again after 24 and 72 hours, then never; not once it is acknowledged", async () => {
  for (const acknowledges of [false, true]) {
    scene.mails = [];
    const accountId = await scene.addAccount();
    await scene.addMember(accountId);
    await scene.change("opened", await scene.alert(accountId, "example.com"));
    scene.wait(1);
    await scene.send();
    const acknowledgedAt = acknowledges ? scene.now() : null;
    await scene.db.incident.updateMany({ where: { accountId }, data: { acknowledgedAt } });
    for (let hours = 0; hours < 200; hours += 8) {
      await scene.send();
      scene.wait(8 * 60);
    }
    expect(scene.mails).toHaveLength(acknowledges ? 1 : 3);
  }
});

test("a webhook that answers 500 is asked again; one that answers 410 is turned off", async () => {
  const accountId = await scene.addAccount();
  await scene.addChannel(accountId);
  const answer = (status: number) => ({ status, body: "", bodyBytes: 0, headers: {} });
  scene.answer = () => answer(500);
  await scene.change("opened", await scene.alert(accountId, "example.com"));
  scene.wait(1);
  await scene.send();
  await scene.send();
  expect(scene.requests).toHaveLength(1);
  scene.wait(1);
  scene.answer = () => answer(410);
  await scene.send();
  await scene.send();
  expect(await scene.db.channel.findFirst({ where: { accountId } })).toMatchObject({ state: "disabled" });
  const outcomes = await scene.db.delivery.findMany({ where: { accountId, channelId: { not: null } } });
  expect(outcomes.map(({ status }) => status).sort()).toEqual([410, 500]);
});

test("beyond ten mails an hour one mail says how many alerts were held back", async () => {
  const accountId = await scene.addAccount();
  await scene.addMember(accountId);
  const alerts = [];
  for (let count = 0; count < 14; count++) {
    alerts.push(await scene.alert(accountId, "example.com", { subject: `mx${count}.example.com` }));
  }
  await scene.change("opened", ...alerts);
  for (let minutes = 0; minutes < 5; minutes++) {
    scene.wait(1);
    await scene.send();
  }
  expect(scene.mails).toHaveLength(11);
  expect(scene.mails.at(-1)?.text).toContain("4 further alerts were not sent one by one");
});
