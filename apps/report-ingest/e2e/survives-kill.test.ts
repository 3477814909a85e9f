import { gzipSync } from "node:zlib";
import { summarizeSessions } from "@waxseal/core/reports";
import {
  createTestAccount,
  createTestDomain,
  testPolicy,
  testReportJson,
  testReportMail,
} from "@waxseal/core/reports/testing";
import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { deliverBySmtp } from "../testing/talk-smtp.ts";
import { type ForkedIngest, forkIngest, postReport, REPORTS_DOMAIN } from "./fork-ingest.ts";

const DAY = new Date().toISOString().slice(0, 10);
let database: TestDatabase;
let ingest: ForkedIngest;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
  ingest = await forkIngest(database);
});
afterAll(async () => {
  await ingest.stop();
  await database.drop();
});

function report(reportId: string): string {
  return testReportJson(DAY, { reportId, policies: [testPolicy("example.com", { successfulSessions: 3 })] });
}

async function startAccount() {
  const ctx = await createTestAccount(database.db, () => new Date());
  const owner = await createTestDomain(ctx, "example.com");
  const totals = async () => (await summarizeSessions(ctx, { groupBy: "day" })).totals;
  const states = async () => {
    const messages = await database.reports.reportMessage.findMany({ where: { accountId: ctx.accountId } });
    return messages.map(({ state }) => state);
  };
  return { owner, totals, states };
}

test("killed after 250 and before the report was counted, it is counted once by the next process", async () => {
  const { owner, totals, states } = await startAccount();
  await database.reports.$queryRaw`select ensure_report_partitions(${DAY}::date)::text`;
  await ingest.start();
  await database.reports.$transaction(
    async (db) => {
      // Counting has to wait for this lock: the process dies in the middle of its transaction.
      await db.$executeRaw`lock table tls_daily_sessions in exclusive mode`;
      const address = `${owner.token}@${REPORTS_DOMAIN}`;
      const sent = await deliverBySmtp(ingest.smtpPort, [address], testReportMail(report("kill-1")));
      expect(sent.data).toMatch(/^250 /);
      await expect
        .poll(async () => {
          const waiting = await database.db.$queryRaw<object[]>`
            select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
          return waiting.length;
        })
        .toBe(1);
      await ingest.kill();
    },
    { timeout: 60_000 },
  );
  expect(await states()).toEqual(["received"]);
  expect(await totals()).toMatchObject({ reports: 0 });
  await ingest.start();
  await expect.poll(totals, { timeout: 60_000 }).toMatchObject({ reports: 1, successfulSessions: 3 });
  expect(await states()).toEqual(["processed"]);
});

test("killed again and again under load, everything acknowledged is kept and counted once, by whatever way", async () => {
  const { owner, totals, states } = await startAccount();
  const acknowledged = new Set<string>();
  let sentCount = 0;
  let sending = true;
  const address = `${owner.token}@${REPORTS_DOMAIN}`;
  const send = async (worker: string) => {
    while (sending) {
      const id = `${worker}-${sentCount++}`;
      const accepted =
        worker === "smtp"
          ? (await deliverBySmtp(ingest.smtpPort, [address], testReportMail(report(id)))).data.startsWith(
              "250",
            )
          : (await postReport(ingest.httpsPort, owner.token, gzipSync(report(id)))) === 201;
      if (accepted) acknowledged.add(id);
      else await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  const senders = [send("smtp"), send("https"), send("https")];
  for (let round = 0; round < 4; round++) {
    const goal = acknowledged.size + 25;
    await expect.poll(() => acknowledged.size, { timeout: 60_000 }).toBeGreaterThan(goal);
    await ingest.kill();
    await ingest.start();
  }
  sending = false;
  await Promise.all(senders);
  await expect
    .poll(async () => (await states()).filter((state) => state === "received").length, { timeout: 60_000 })
    .toBe(0);
  const stored = await database.reports.tlsReport.findMany({
    select: { reportId: true },
    where: { accountId: owner.accountId },
  });
  const storedIds = stored.map(({ reportId }) => reportId);
  expect(new Set(storedIds).size).toBe(storedIds.length);
  expect([...acknowledged].filter((id) => !storedIds.includes(id))).toEqual([]);
  expect(await totals()).toMatchObject({ reports: stored.length, successfulSessions: 3 * stored.length });
}, 90_000);
