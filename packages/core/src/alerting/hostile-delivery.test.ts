import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { afterAll, beforeAll, beforeEach, expect, inject, test } from "vitest";
import { type AlertScene, createAlertScene } from "../../testing/create-alert-scene.ts";
import { createContext } from "../context.ts";
import { noteIncident, snoozeIncident } from "./change-incident.ts";
import { listChannels } from "./list-channels.ts";

let database: TestDatabase;
let scene: AlertScene;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
});
beforeEach(() => {
  scene = createAlertScene(database.db);
});
afterAll(() => database.drop());

const HOUR = 60;
const OPENED = "mx1.example.com has an expired certificate";
const subjectsTo = (userId: string) =>
  scene.mails.filter(({ to }) => to.startsWith(userId)).map(({ subject }) => subject);
const contextOf = (accountId: string) =>
  createContext(scene, accountId, { kind: "user", id: "u", name: "Ada" }, "owner");
async function after(minutes: number): Promise<void> {
  scene.wait(minutes);
  await scene.send();
}

test("names and notes with line breaks add no header and no line to a mail", async () => {
  const evil = "x\r\nBcc: all@strangers.example\r\n\r\n<b>";
  const accountId = await scene.addAccount({ name: evil });
  await scene.addMember(accountId);
  const alert = await scene.alert(accountId, "example.com", { subject: `mx${evil}` });
  await scene.change("opened", alert);
  const { id: incidentId } = await scene.db.incident.findFirstOrThrow({ where: { accountId } });
  await noteIncident(contextOf(accountId), { incidentId, note: evil });
  await after(1);
  const [mail] = scene.mails;
  expect([mail?.subject, ...Object.values(mail?.headers ?? {})].join("")).not.toMatch(/[\r\n]/);
  expect(mail?.text).not.toMatch(/^Bcc:/m);
  expect(mail?.html).not.toContain("<b>");
  expect(mail?.headers).toMatchObject({ "TLS-Required": "No", "Auto-Submitted": "auto-generated" });
});

test("a member who left gets neither waiting messages nor the end of earlier ones", async () => {
  const accountId = await scene.addAccount();
  const staying = await scene.addMember(accountId);
  const leaving = await scene.addMember(accountId);
  const alert = await scene.alert(accountId, "example.com");
  await scene.change("opened", alert);
  await after(1);
  const other = await scene.alert(accountId, "example.com", { subject: "mx2.example.com" });
  await scene.change("opened", other);
  await scene.db.member.deleteMany({ where: { userId: leaving } });
  await after(1);
  await scene.change("resolved", alert, other);
  await after(1);
  expect([subjectsTo(leaving), subjectsTo(staying).length]).toEqual([[OPENED], 4]);
});

test("while an alert is snoozed no reminder comes; one comes afterwards", async () => {
  const accountId = await scene.addAccount();
  const userId = await scene.addMember(accountId);
  await scene.change("opened", await scene.alert(accountId, "example.com"));
  await after(1);
  const { id: incidentId } = await scene.db.incident.findFirstOrThrow({ where: { accountId } });
  const until = new Date(scene.now().getTime() + 48 * HOUR * 60_000).toISOString();
  await snoozeIncident(contextOf(accountId), { incidentId, until });
  await after(25 * HOUR);
  await after(22 * HOUR);
  expect(subjectsTo(userId)).toEqual([OPENED]);
  await after(2 * HOUR);
  expect(subjectsTo(userId)).toEqual([OPENED, `Still open: ${OPENED}`]);
});

test("a hint is shown while all alerts go to addresses at watched domains", async () => {
  const accountId = await scene.addAccount();
  const id = await scene.addMember(accountId);
  const hint = async () => (await listChannels(contextOf(accountId))).hint;
  expect(await hint()).toBeNull();
  await scene.alert(accountId, "watched.example");
  await scene.db.user.update({ where: { id }, data: { email: `${id}@watched.example` } });
  expect(await hint()).toMatch(/^All alerts go to addresses at domains that are watched here/);
  const mailed = { kind: "mail", targetHint: "team@watched.example" };
  const channel = await scene.addChannel(accountId, mailed);
  expect(await hint()).toMatch(/^All alerts/);
  await scene.db.channel.updateMany({ where: { id: channel }, data: { targetHint: "team@gmail.test" } });
  expect(await hint()).toBeNull();
});
