import { generateKeyPairSync } from "node:crypto";
import { buffer } from "node:stream/consumers";
import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { DAY_MS } from "@waxseal/runtime/time-spans";
import DKIM from "nodemailer/lib/dkim";
import { afterAll, beforeAll, beforeEach, expect, inject, test } from "vitest";
import {
  createTestAccount,
  createTestDomain,
  testPolicy,
  testReportJson,
  testReportMail,
} from "../../../testing/create-test-report.ts";
import { summarizeSessions } from "../answers/summarize-sessions.ts";
import { receiveReport } from "../arriving/receive-report.ts";
import { learnReporters } from "./learn-reporters.ts";
import { processReportMessages } from "./process-report-messages.ts";
import { recountReports } from "./recount-reports.ts";

const START = Date.parse("2026-03-02T06:00:00Z");
const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const KEY = `v=DKIM1; p=${publicKey.export({ type: "spki", format: "der" }).toString("base64")}`;
let today = 0;
const now = () => new Date(START + today * DAY_MS);
let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
});
afterAll(() => database.drop());
beforeEach(() => {
  today = 0;
});

type Sent = { name: string; signer: string; reportDay?: number; reportId?: string };

/** A name that no other test uses, and an account with a domain that reports can be sent to. */
async function newAccount() {
  const ctx = await createTestAccount(database.db, now);
  const owner = await createTestDomain(ctx, `${ctx.accountId}.example`);
  const send = async ({ name, signer, reportDay = today, reportId }: Sent) => {
    const day = new Date(START + (reportDay - 1) * DAY_MS).toISOString().slice(0, 10);
    const json = testReportJson(day, {
      organizationName: name,
      contactInfo: `tls@${signer}`,
      reportId: reportId ?? `${day}-${signer}-${today}`,
      policies: [testPolicy(owner.domain)],
    });
    const key = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
    const dkim = new DKIM({ domainName: signer, keySelector: "s1", privateKey: key });
    await receiveReport(database.db, {
      owners: [owner],
      transport: "smtp",
      raw: await buffer(dkim.sign(testReportMail(json))),
      remoteAddress: null,
      envelopeFrom: null,
      contentType: null,
      receivedAt: now(),
    });
    const lookUpKey = async () => [[KEY]];
    await processReportMessages({ db: database.db, now, lookUpKey }, { batchSize: 50 });
  };
  /** How many reports are aligned, and signed, once the worker has done its jobs. */
  const show = async () => {
    await learnReporters({ db: database.db, now });
    while ((await recountReports({ db: database.db, now })).daysLeft > 0);
    const { byTrust } = (
      await summarizeSessions(ctx, { groupBy: "day", from: "2026-02-20", to: "2026-04-30" })
    ).totals;
    return [byTrust.aligned.reports, byTrust.signed.reports];
  };
  return { ctx, send, show };
}

/** An account that Google has reported to on `days` days, up to today. */
async function newMailAccount(days: number) {
  const account = await newAccount();
  for (const last = today; days > 0; days--) {
    today = last - days + 1;
    await account.send({ name: "Google Inc.", signer: "google.com" });
    today = last;
  }
  return account;
}

test("a signer is known on the 7th day that its reports arrive, and then its earlier reports are aligned too", async () => {
  const { send, show } = await newAccount();
  const report = { name: "Patient Widgets", signer: "mail.patient-widgets.example" };
  for (; today < 6; today++) {
    await send(report);
    expect(await show()).toEqual([0, today + 1]);
  }
  await send(report);
  expect(await show()).toEqual([7, 0]);
  today++;
  await send(report);
  expect(await show(), "from then on at once").toEqual([8, 0]);
});

test.each<[string, (day: number) => Partial<Sent>]>([
  ["reports about many days that arrive on one day", (n) => ({ reportDay: -n })],
  ["many reports of one day", (n) => ({ reportId: `r${n}` })],
])("%s do not make a signer known", async (_, vary) => {
  const { send, show } = await newAccount();
  for (let n = 0; n < 9; n++)
    await send({ name: "Hasty Forger", signer: "hasty-forger.example", ...vary(n) });
  expect(await show()).toEqual([0, 9]);
});

test("one report that is sent again each day is one day", async () => {
  const { send, show } = await newAccount();
  for (; today < 9; today++) {
    await send({ name: "Replayed", signer: "replayed.example", reportDay: 0, reportId: "one" });
  }
  expect(await show()).toEqual([0, 1]);
});

test("RFC 8460 §7: an attacker with three accounts of their own makes no signer known, however long they wait", async () => {
  const forged = { name: "Victim Mail Service", signer: "victim-mail-service.example" };
  for (const own of [await newAccount(), await newAccount(), await newAccount()]) await own.send(forged);
  today = 20;
  const victim = await newAccount();
  await victim.send(forged);
  expect(await victim.show()).toEqual([0, 1]);
});

test("three accounts that a kept reporter reports to make a signer known for others, but only after 7 days", async () => {
  const report = { name: "Widespread Hosting", signer: "widespread.example" };
  today = 6;
  for (const days of [7, 7, 7]) await (await newMailAccount(days)).send(report);
  const other = await newAccount();
  await other.send(report);
  expect(await other.show(), "not yet: the accounts may be the sender's").toEqual([0, 1]);
  today = 12;
  expect(await other.show()).toEqual([0, 1]);
  today = 13;
  expect(await other.show()).toEqual([1, 0]);
  const later = await newAccount();
  await later.send(report);
  expect(await later.show()).toEqual([1, 0]);
  const resembling = { name: "Widespread Hosting", signer: "widespread-hosting.example" };
  await later.send(resembling);
  expect(await later.show(), "another domain under the name").toEqual([1, 1]);
});

test("accounts that a kept reporter has reported to on fewer than 7 days are no witnesses", async () => {
  const report = { name: "Thin Evidence", signer: "thin-evidence.example" };
  today = 6;
  for (const days of [7, 7, 6]) await (await newMailAccount(days)).send(report);
  today = 30;
  const other = await newAccount();
  await other.send(report);
  expect(await other.show()).toEqual([0, 1]);
});

test("a forger who waits for 7 days takes no name away from the domain that is known for it", async () => {
  const { send, show } = await newAccount();
  for (; today < 7; today++) await send({ name: "Loyal Sender", signer: "loyal-sender.example" });
  expect(await show()).toEqual([7, 0]);
  for (; today < 15; today++) await send({ name: "Loyal Sender", signer: "loyal-sender-reports.example" });
  expect(await show()).toEqual([7, 8]);
});

test("a domain that signs under many names fills nothing", async () => {
  const { ctx, send } = await newAccount();
  for (let n = 0; n < 12; n++) await send({ name: `flood ${n}`, signer: "flood.example" });
  expect(await database.db.reporterSigner.count({ where: { accountId: ctx.accountId } })).toBe(5);
});

test("a signer that is not seen for a month is forgotten unless it is known", async () => {
  const { ctx, send, show } = await newAccount();
  await send({ name: "Seldom Seen", signer: "seldom-seen.example" });
  today = 31;
  await show();
  expect(await database.db.reporterSigner.count({ where: { accountId: ctx.accountId } })).toBe(0);
});
