import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { afterAll, beforeAll, beforeEach, expect, inject, test } from "vitest";
import { type AlertScene, createAlertScene } from "../../testing/create-alert-scene.ts";
import { mailOwnersLast } from "./mail-owners-last.ts";
import { receiveBounces } from "./receive-bounces.ts";
import { reviewReceivers } from "./review-receivers.ts";

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

const OPENED = "mx1.example.com has an expired certificate";
const subjects = () => scene.mails.map(({ subject }) => subject);
const turnOff = (accountId: string, userId: string) =>
  scene.db.subscription.create({ data: { accountId, userId, severity: "off" } });

/** What the worker does each minute, after each of these waits. */
async function run(...minutes: number[]): Promise<void> {
  for (const wait of minutes) {
    scene.wait(wait);
    await receiveBounces(scene.deps);
    await reviewReceivers(scene.deps);
    await mailOwnersLast(scene.deps);
    await scene.send();
  }
}

/** A mail server reports that a mail of ours could not be delivered. */
async function bounce(returnPath: string | undefined, status: string): Promise<void> {
  const text = `Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\nAction: failed\nStatus: ${status}\nDiagnostic-Code: smtp; 550 No such user`;
  const id = "00000000-0000-7000-8000-000000000001";
  await scene.db.operatorMail.create({
    data: { id, mailbox: returnPath ?? "", receivedAt: scene.now(), raw: Buffer.from(text) },
  });
}

test("a critical alert that no one would hear of is mailed to all owners at once; a warning is not", async () => {
  for (const severity of ["critical", "warning"]) {
    scene.mails = [];
    const accountId = await scene.addAccount();
    await turnOff(accountId, await scene.addMember(accountId));
    await turnOff(accountId, await scene.addMember(accountId));
    await turnOff(accountId, await scene.addMember(accountId, "admin"));
    await scene.change("opened", await scene.alert(accountId, "example.com", { severity }));
    await run(1, 20);
    expect(subjects()).toEqual(severity === "critical" ? [OPENED, OPENED] : []);
  }
});

test("a critical alert that its only channel does not take is mailed to all owners after 15 minutes, once, and so is its end", async () => {
  const accountId = await scene.addAccount();
  await turnOff(accountId, await scene.addMember(accountId));
  await scene.addChannel(accountId);
  scene.answer = () => ({ status: 500, body: "", bodyBytes: 0, headers: {} });
  const alert = await scene.alert(accountId, "example.com");
  await scene.change("opened", alert);
  await run(1, 13);
  expect(subjects()).toEqual([]);
  await run(1, 30);
  expect(subjects()).toEqual([OPENED]);
  await scene.change("resolved", alert);
  await run(1);
  expect(subjects()).toEqual([OPENED, `Resolved: ${OPENED}`]);
});

test("owners get no mail about an alert that a channel accepted, or that their provider has too", async () => {
  const provider = await scene.addAccount();
  await scene.addChannel(provider);
  await turnOff(provider, await scene.addMember(provider));
  const customer = await scene.addAccount({ parentId: provider });
  await turnOff(customer, await scene.addMember(customer));
  await scene.change("opened", await scene.alert(customer, "example.com"));
  await run(1, 20);
  expect([scene.requests.length, scene.mails.length]).toEqual([1, 0]);
});

test("RFC 3464: a mail that comes back turns its channel off with a notice, and is the last resort's case", async () => {
  const accountId = await scene.addAccount();
  await scene.addMember(accountId, "admin");
  await turnOff(accountId, await scene.addMember(accountId));
  await scene.db.subscription.updateMany({ where: { accountId }, data: { severity: "off" } });
  await scene.db.subscription.createMany({
    data: (await scene.db.member.findMany({ where: { organizationId: accountId, role: "admin" } })).map(
      ({ userId }) => ({ accountId, userId, severity: "off" }),
    ),
  });
  const targetJwe = await scene.deps.secretBox.seal("team@gone.example");
  await scene.addChannel(accountId, { kind: "mail", name: "Team", targetJwe, secretJwe: null });
  await scene.change("opened", await scene.alert(accountId, "example.com"));
  await run(1);
  expect(scene.mails.map(({ to }) => to)).toEqual(["team@gone.example"]);
  await bounce(scene.mails[0]?.returnPath, "5.1.1");
  await run(1);
  const channel = await scene.db.channel.findFirst({ where: { accountId } });
  expect(channel).toMatchObject({
    state: "disabled",
    disabledWhy: "The mail came back: 5.1.1 550 No such user",
  });
  await run(1, 20);
  expect(subjects()).toEqual([OPENED, "Waxseal cannot reach the channel Team", OPENED]);
});

test("a member whose address is dead gets no further mail until it changes; a full mailbox does not count as dead", async () => {
  const accountId = await scene.addAccount();
  const userId = await scene.addMember(accountId);
  for (const [status, subject] of [
    ["5.2.2", "mx1.example.com"],
    ["5.1.1", "mx2.example.com"],
    ["", "mx3.example.com"],
  ] as const) {
    await scene.change("opened", await scene.alert(accountId, "example.com", { subject }));
    await run(1);
    if (status) await bounce(scene.mails.at(-1)?.returnPath, status);
    await run(1);
  }
  expect(scene.mails).toHaveLength(2);
  await scene.db.user.update({ where: { id: userId }, data: { email: `new-${userId}@people.example` } });
  await scene.change("opened", await scene.alert(accountId, "example.com", { subject: "mx4.example.com" }));
  await run(1);
  expect(scene.mails).toHaveLength(3);
});

test("a stranger's mail to an address that we did not sign changes nothing", async () => {
  const accountId = await scene.addAccount();
  await scene.addMember(accountId);
  await scene.change("opened", await scene.alert(accountId, "example.com"));
  await run(1);
  await bounce(scene.mails[0]?.returnPath?.replace(/.@/, "z@"), "5.1.1");
  await run(1);
  expect(await scene.db.notification.findFirst({ where: { accountId } })).toMatchObject({ state: "sent" });
  expect(await scene.db.operatorMail.count()).toBe(0);
});
