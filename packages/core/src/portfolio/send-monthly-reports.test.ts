import { reportsOf } from "@waxseal/db";
import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { afterAll, beforeAll, beforeEach, expect, inject, test } from "vitest";
import { type AlertScene, createAlertScene } from "../../testing/create-alert-scene.ts";
import { createContext, jobActor } from "../context.ts";
import { createMailQueue } from "../mail/queue-mail.ts";
import { nextMonthlyAt } from "./digest-period.ts";
import {
  addMonthlyRecipient,
  confirmMonthlyReports,
  listMonthlyRecipients,
  removeMonthlyRecipient,
  setMonthlyToCustomers,
  stopMonthlyReports,
} from "./monthly-recipients.ts";
import { openMonthlyPage } from "./open-monthly-page.ts";
import { sendMonthlyReports } from "./send-monthly-reports.ts";

let database: TestDatabase;
let scene: AlertScene;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
});
beforeEach(async () => {
  await database.db.monthlyRecipient.deleteMany();
  scene = createAlertScene(database.db);
});
afterAll(() => database.drop());

const DAY = 24 * 60;
const run = (more: object = {}) => sendMonthlyReports({ ...scene.deps, ...more });
const contextOf = (accountId: string) =>
  createContext({ db: scene.db, now: scene.now }, accountId, jobActor("test"));
const linkIn = (text: string | undefined, path: string) =>
  new RegExp(`https://waxseal.example/${path}/([\\w-]+)`).exec(text ?? "")?.[1] ?? "";

/** An account with a domain and figures of April. */
async function addAccount(options: { parentId?: string; name?: string } = {}): Promise<string> {
  const accountId = await scene.addAccount(options);
  await scene.db.domain.create({
    data: {
      ...{ accountId, domain: `${accountId}.example`, token: accountId.slice(0, 20) },
      createdAt: new Date(0),
    },
  });
  await reportsOf(scene.db).$executeRaw`
    insert into tls_total_sessions (account_id, report_day, reporter, policy_type, reports, successful_sessions, failed_sessions, counted_successful, counted_failed)
    values (${accountId}, '2026-04-02', 'Google', 'sts', 1, 990, 10, 990, 10)`;
  return accountId;
}

async function emailOf(userId: string): Promise<string> {
  return (await scene.db.user.findUniqueOrThrow({ where: { id: userId } })).email;
}

test("reports go out on the third at 07:00 UTC, over a year's end too", () => {
  const next = (now: string) => nextMonthlyAt(new Date(now)).toISOString();
  expect(next("2026-05-03T06:59:59Z")).toBe("2026-05-03T07:00:00.000Z");
  expect(next("2026-05-03T07:00:00Z")).toBe("2026-06-03T07:00:00.000Z");
  expect(next("2026-12-31T23:00:00Z")).toBe("2027-01-03T07:00:00.000Z");
});

test("each address gets the report of last month once, with two workers at once and after months of downtime", async () => {
  const accountId = await addAccount({ name: "Brewery" });
  const email = await emailOf(await scene.addMember(accountId));
  expect(await addMonthlyRecipient(contextOf(accountId), scene.deps, { email })).toMatchObject({
    ...{ email, state: "active", nextAt: "2026-05-03T07:00:00.000Z" },
  });
  expect(await run()).toEqual({ sent: 0 });
  scene.wait(2 * DAY);
  const results = await Promise.all([run(), run()]);
  expect(results.map(({ sent }) => sent).sort()).toEqual([0, 1]);
  await run();
  expect(scene.mails.map(({ subject, to }) => [subject, to])).toEqual([
    ["Brewery: 99.0% of connections were successful in April 2026", email],
  ]);
  scene.wait(100 * DAY);
  await run();
  await run();
  expect(scene.mails.map(({ subject }) => subject).slice(1)).toEqual([
    "Brewery: no report came in July 2026",
  ]);
});

test("a report that was queued but not noted as sent is not queued again", async () => {
  const accountId = await addAccount();
  const email = await emailOf(await scene.addMember(accountId));
  const { id } = await addMonthlyRecipient(contextOf(accountId), scene.deps, { email });
  const queueMail = createMailQueue(scene.deps.secretBox);
  const at = new Date("2026-05-03T07:00:00Z");
  scene.wait(2 * DAY);
  for (let time = 0; time < 2; time++) {
    await run({ queueMail });
    await scene.db.monthlyRecipient.updateMany({ where: { accountId, id }, data: { nextAt: at } });
  }
  expect(await scene.db.outgoingMail.count({ where: { accountId, kind: "monthlyReport" } })).toBe(1);
});

test("a transaction that fails plans nothing: the report is sent in the next run", async () => {
  const accountId = await addAccount();
  const email = await emailOf(await scene.addMember(accountId));
  await addMonthlyRecipient(contextOf(accountId), scene.deps, { email });
  scene.wait(2 * DAY);
  const failures: unknown[] = [];
  const queueMail = () => Promise.reject(new Error("the process ended here"));
  await run({ queueMail, onFailure: (error: unknown) => failures.push(error) });
  expect([failures.length, scene.mails.length]).toEqual([1, 0]);
  scene.wait(61);
  expect(await run()).toEqual({ sent: 1 });
});

test("a stranger is asked first, gets nothing before that, and ends it by one link", async () => {
  const accountId = await addAccount({ name: "Rivers <b>" });
  const ctx = contextOf(accountId);
  await addMonthlyRecipient(ctx, scene.deps, { email: "IT@Customer.Example" });
  const token = linkIn(scene.mails[0]?.text, "k");
  scene.wait(2 * DAY);
  expect(await run()).toEqual({ sent: 0 });
  await expect(openMonthlyPage(ctx, { token, month: "2026-04" })).rejects.toThrow("does not work");
  expect(await confirmMonthlyReports(scene.db, token, scene.now())).toBe(true);
  expect(await confirmMonthlyReports(scene.db, "unknown", scene.now())).toBe(false);
  scene.wait(31 * DAY);
  expect(await run()).toEqual({ sent: 1 });
  const mail = scene.mails.at(-1);
  expect(mail).toMatchObject({
    to: "it@customer.example",
    headers: { "List-Unsubscribe-Post": "List-Unsubscribe=One-Click" },
  });
  expect(mail?.html).not.toContain("<b>");
  const page = await openMonthlyPage(ctx, { token: linkIn(mail?.text, "r"), month: "2026-04" });
  expect(page).toContain("Rivers &#60;b&#62;");
  expect(page).toContain("99.0%");
  await expect(openMonthlyPage(ctx, { token, month: "../x" })).rejects.toThrow("does not work");
  expect(await stopMonthlyReports(scene.db, linkIn(mail?.headers?.["List-Unsubscribe"], "m"))).toBe(true);
  await expect(openMonthlyPage(ctx, { token, month: "2026-04" })).rejects.toThrow("does not work");
  // A link of before does not start them again, and removing the address does not forget that.
  expect(await confirmMonthlyReports(scene.db, token, scene.now())).toBe(false);
  const [row] = (await listMonthlyRecipients(ctx)).items;
  await removeMonthlyRecipient(ctx, { id: row?.id ?? "" });
  expect((await listMonthlyRecipients(ctx)).items).toMatchObject([{ state: "stopped", nextAt: null }]);
  scene.wait(62 * DAY);
  expect(await run()).toEqual({ sent: 0 });
});

test("a person who left the account gets no further reports, and a closing account sends none", async () => {
  const accountId = await addAccount();
  const userId = await scene.addMember(accountId);
  await addMonthlyRecipient(contextOf(accountId), scene.deps, { email: await emailOf(userId) });
  await scene.db.member.deleteMany({ where: { organizationId: accountId, userId } });
  scene.wait(2 * DAY);
  expect(await run()).toEqual({ sent: 0 });
  expect((await listMonthlyRecipients(contextOf(accountId))).items).toEqual([]);
  const closing = await addAccount();
  const email = await emailOf(await scene.addMember(closing));
  await addMonthlyRecipient(contextOf(closing), scene.deps, { email });
  await scene.db.organization.update({ where: { id: closing }, data: { closingAt: scene.now() } });
  scene.wait(31 * DAY);
  expect(await run()).toEqual({ sent: 0 });
});

test("a provider's switch sends each customer's report to its owners, in the provider's name; one who stopped it stays out", async () => {
  const provider = await addAccount({ name: "Hosting Co" });
  const customer = await addAccount({ name: "Bakery", parentId: provider });
  await scene.db.accountBrand.create({
    data: {
      ...{ accountId: provider, name: "Hosting & Co", changedAt: scene.now() },
      ...{ logo: Uint8Array.of(1, 2), logoType: "image/png", senderName: "Hosting Reports" },
    },
  });
  const owner = await emailOf(await scene.addMember(customer));
  await scene.addMember(customer, "viewer");
  await scene.addMember(await addAccount({ name: "Nobody's customer" }));
  expect(await setMonthlyToCustomers(contextOf(provider), { toCustomers: true })).toMatchObject({
    toCustomers: true,
  });
  await run();
  scene.wait(2 * DAY);
  expect(await run({ printPdf: async (html: string) => Buffer.from(html) })).toEqual({ sent: 1 });
  const [mail] = scene.mails;
  expect(mail).toMatchObject({
    to: owner,
    fromName: "Hosting Reports",
    picture: { contentType: "image/png" },
    file: { name: "report-2026-04.pdf", contentType: "application/pdf" },
  });
  expect(mail?.text).toContain("Monthly report of Bakery, prepared by Hosting & Co with Waxseal.");
  expect(mail?.text).not.toMatch(/\d{4}-\d\d-\d\d|undefined|null/);
  expect(Buffer.from(mail?.file?.bytes ?? []).toString()).toContain("data:image/png;base64,AQI=");
  await stopMonthlyReports(scene.db, linkIn(mail?.headers?.["List-Unsubscribe"], "m"));
  scene.wait(31 * DAY);
  expect(await run()).toEqual({ sent: 0 });
  const second = await emailOf(await scene.addMember(customer));
  await run();
  expect((await listMonthlyRecipients(contextOf(customer))).items.map(({ email }) => email)).toEqual([
    owner,
    second,
  ]);
  await setMonthlyToCustomers(contextOf(provider), { toCustomers: false });
  expect((await listMonthlyRecipients(contextOf(customer))).items).toMatchObject([
    { email: owner, state: "stopped" },
  ]);
});

test("a printer that fails costs the PDF, not the mail", async () => {
  const accountId = await addAccount();
  const email = await emailOf(await scene.addMember(accountId));
  await addMonthlyRecipient(contextOf(accountId), scene.deps, { email });
  scene.wait(2 * DAY);
  const failures: unknown[] = [];
  const printPdf = () => Promise.reject(new Error("no browser"));
  expect(await run({ printPdf, onFailure: (error: unknown) => failures.push(error) })).toEqual({ sent: 1 });
  expect([failures.length, scene.mails[0]?.file]).toEqual([1, undefined]);
});
