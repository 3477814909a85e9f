import { gzipSync } from "node:zlib";
import { processReportMessages, summarizeSessions } from "@waxseal/core/reports";
import {
  createTestAccount,
  createTestDomain,
  testPolicy,
  testReportJson,
  testReportMail,
} from "@waxseal/core/reports/testing";
import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { openIngestStore } from "./ingest-store.ts";

const now = () => new Date("2026-03-15T06:00:00Z");
let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
});
afterAll(() => database.drop());

async function noKeys(): Promise<never> {
  throw Object.assign(new Error("no DNS"), { code: "ETIMEOUT" });
}

/** Runs `work` while no statement can write to the messages; those that wait are written afterwards. */
async function whileNothingIsWritten(work: () => Promise<void>): Promise<void> {
  await database.reports.$transaction(
    async (db) => {
      await db.$executeRaw`lock table report_message in exclusive mode`;
      await work();
    },
    { timeout: 20_000 },
  );
}

test.each(["smtp", "https"] as const)(
  "RFC 8460 §5.4: a report by %s that is committed after its deadline is refused, and counts once with its retry",
  async (transport) => {
    const ctx = await createTestAccount(database.db, now);
    const owner = await createTestDomain(ctx, `${transport}.example`);
    const store = openIngestStore(database.db, { receiveTimeoutMs: 50 });
    const patientStore = openIngestStore(database.db);
    const json = testReportJson("2026-03-14", {
      policies: [testPolicy(owner.domain, { successfulSessions: 3 })],
    });
    const arriving = {
      owners: [owner],
      transport,
      raw: transport === "smtp" ? testReportMail(json) : gzipSync(json),
      remoteAddress: "192.0.2.9",
      envelopeFrom: null,
      contentType: null,
      receivedAt: now(),
    };
    const rows = () => database.reports.reportMessage.findMany({ where: { accountId: ctx.accountId } });
    await whileNothingIsWritten(async () => {
      await expect(store.receive(arriving)).rejects.toThrow(/50 ms/);
      expect(store.canWrite()).toBe(false);
    });
    await expect.poll(async () => (await rows()).length).toBe(1);
    await patientStore.receive(arriving);
    const processAll = () =>
      processReportMessages({ db: database.db, now, lookUpKey: noKeys }, { batchSize: 50 });
    await processAll();
    expect((await rows()).map(({ state }) => state).toSorted()).toEqual(["duplicate", "processed"]);
    expect((await summarizeSessions(ctx, { groupBy: "day" })).totals).toMatchObject({
      reports: 1,
      successfulSessions: 3,
    });
  },
);
