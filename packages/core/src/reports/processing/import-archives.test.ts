import { readFileSync } from "node:fs";
import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import {
  createTestAccount,
  createTestDomain,
  testPolicy,
  testReportJson,
  testReportMail,
} from "../../../testing/create-test-report.ts";
import { summarizeSessions } from "../answers/summarize-sessions.ts";
import { receiveReport } from "../arriving/receive-report.ts";
import { failToLookUp, importReport } from "./import-report.ts";
import { processReportMessages } from "./process-report-messages.ts";
import { reparseMessage } from "./reparse-message.ts";

const now = () => new Date("2026-04-01T06:00:00Z");
let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
});
afterAll(() => database.drop());

const postfix = readFileSync(
  new URL("../../../../tls-rpt/fixtures/postfix-dane-host-each.json", import.meta.url),
  "utf8",
);
const RANGE = { from: "2026-03-20", to: "2026-03-31" };

test.each([
  ["its id names the domain", postfix, "customer.example"],
  ["its MX hosts are in the domain", postfix.replace("_customer.example", ""), "customer.example"],
  [
    "its MX host is the domain's, under another name",
    postfix
      .replace("_customer.example", "")
      .replaceAll("mx1.customer.example", "mx.hosted.example")
      .replaceAll("mx2.customer.example", "mx.hosted.example"),
    "hosted.example",
  ],
])(
  "RFC 8460 §1.1: an imported report of a sender with DANE counts like one that came by mail: %s",
  async (_, json, domain) => {
    const ctx = await createTestAccount(database.db, now);
    await createTestDomain(ctx, domain);
    expect(await importReport(ctx, { fileName: "a.json", bytes: Buffer.from(json) })).toMatchObject({
      state: "processed",
      reports: 1,
    });
    const { totals, items } = await summarizeSessions(ctx, { groupBy: "policy", ...RANGE });
    expect(totals).toMatchObject({ successfulSessions: 75, failedSessions: 3 });
    expect(items).toMatchObject([
      { key: "tlsa", successfulSessions: 70, failedSessions: 3 },
      { key: "no-policy-found" },
    ]);
  },
);

test("an imported report about an MX host of two domains is not given to either", async () => {
  const ctx = await createTestAccount(database.db, now);
  const mxHosts = [{ mxHost: "mx.shared.example", preference: 10 }];
  for (const domain of ["one.example", "two.example"]) await createTestDomain(ctx, domain);
  await ctx.db.domain.updateMany({ where: { accountId: ctx.accountId }, data: { mxHosts } });
  const json = postfix
    .replace("_customer.example", "")
    .replaceAll(/mx[12].customer.example/g, "mx.shared.example");
  expect(await importReport(ctx, { fileName: "a.json", bytes: Buffer.from(json) })).toMatchObject({
    state: "quarantined",
    reason: "other-domain",
  });
});

test("an old archive counts as far back as the account keeps daily figures, and the message names that limit", async () => {
  const ctx = await createTestAccount(database.db, now);
  await createTestDomain(ctx, "example.com");
  const file = (day: string) => ({
    fileName: `${day}.json`,
    bytes: Buffer.from(testReportJson(day, { policies: [testPolicy("example.com")] })),
  });
  expect(await importReport(ctx, file("2025-03-15"))).toMatchObject({ state: "processed" });
  const tooOld = await importReport(ctx, file("2024-06-01"));
  expect(tooOld).toMatchObject({ state: "quarantined", reason: "bad-dates" });
  expect(tooOld.detail).toContain(
    "It is about 1 Jun 2024, which is too old: this account keeps daily figures for 400 days.",
  );
  const future = await importReport(ctx, file("2026-05-01"));
  expect(future.detail).toContain("It is about 1 May 2026, which is in the future.");
  await ctx.db.reportRetention.create({ data: { accountId: ctx.accountId, rawDays: 30, dailyDays: 1000 } });
  expect(await importReport(ctx, file("2024-06-02"))).toMatchObject({ state: "processed", reports: 1 });
});

test("a report that came by mail or is reprocessed counts as far back as the account keeps daily figures, too", async () => {
  const ctx = await createTestAccount(database.db, now);
  const owner = await createTestDomain(ctx, "example.com");
  const lookUpKey = failToLookUp;
  const receive = async (day: string) => {
    const [id = ""] = await receiveReport(database.db, {
      owners: [owner],
      transport: "smtp",
      raw: testReportMail(testReportJson(day, { policies: [testPolicy("example.com")] })),
      remoteAddress: null,
      envelopeFrom: null,
      contentType: null,
      receivedAt: now(),
    });
    const { stored } = await processReportMessages({ db: database.db, now, lookUpKey }, { batchSize: 10 });
    return [id, stored[0]?.state] as const;
  };
  const keep = (dailyDays: number) =>
    ctx.db.reportRetention.upsert({
      where: { accountId: ctx.accountId },
      create: { accountId: ctx.accountId, rawDays: 30, dailyDays },
      update: { dailyDays },
    });
  const [messageId, state] = await receive("2024-06-01");
  expect(state).toBe("quarantined");
  await keep(1000);
  expect(await reparseMessage(ctx, { messageId })).toMatchObject({ state: "processed" });
  expect((await receive("2024-06-02"))[1]).toBe("processed");
  await keep(60);
  expect((await receive("2026-01-02"))[1]).toBe("quarantined");
});
