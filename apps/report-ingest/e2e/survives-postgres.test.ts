import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { summarizeSessions } from "@waxseal/core/reports";
import {
  createTestAccount,
  createTestDomain,
  testPolicy,
  testReportJson,
  testReportMail,
} from "@waxseal/core/reports/testing";
import { type EmbeddedPostgres, migrate, openDatabase, startEmbeddedPostgres } from "@waxseal/db";
import { afterAll, beforeAll, expect, test } from "vitest";
import { deliverBySmtp, talkSmtp } from "../testing/talk-smtp.ts";
import { type ForkedIngest, forkIngest, postReport, REPORTS_DOMAIN } from "./fork-ingest.ts";

const DAY = new Date().toISOString().slice(0, 10);
let folder: string;
let postgres: EmbeddedPostgres;
let ingest: ForkedIngest;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "waxseal-ingest-postgres-"));
  await chmod(folder, 0o711);
  postgres = await startEmbeddedPostgres({ dataDir: join(folder, "data") });
  await migrate(postgres.databaseUrl);
  ingest = await forkIngest(postgres);
});
afterAll(async () => {
  await ingest.stop();
  await postgres.stop();
  await rm(folder, { recursive: true, force: true });
});

function report(reportId: string): string {
  return testReportJson(DAY, { reportId, policies: [testPolicy("example.com", { successfulSessions: 3 })] });
}

test("with Postgres away senders are asked to try again within a second, and nothing is lost when it is back", async () => {
  const db = openDatabase(postgres.databaseUrl);
  const ctx = await createTestAccount(db, () => new Date());
  const owner = await createTestDomain(ctx, "example.com");
  const address = `${owner.token}@${REPORTS_DOMAIN}`;
  await ingest.start();
  const post = (id: string) => postReport(ingest.httpsPort, owner.token, gzipSync(report(id)));
  await expect.poll(() => post("before"), { timeout: 60_000 }).toBe(201);

  const talk = await talkSmtp(ingest.smtpPort);
  await talk.say("EHLO sender.example");
  await talk.say("MAIL FROM:<tls@sender.example>");
  expect(await talk.say(`RCPT TO:<${address}>`)).toMatch(/^250/);
  await db.$disconnect();
  await postgres.stop();

  await talk.say("DATA");
  expect(await talk.deliver(testReportMail(report("in-between")))).toMatch(/^451 4\.3\.0 /);
  talk.close();
  const startedAt = performance.now();
  expect(await post("away")).toBe(503);
  expect(performance.now() - startedAt).toBeLessThan(1_000);
  const refused = await deliverBySmtp(ingest.smtpPort, [address], testReportMail(report("away")));
  expect(refused.data).toMatch(/^451 4\.3\.0 /);
  const unknown = await deliverBySmtp(
    ingest.smtpPort,
    [`${"a".repeat(16)}@${REPORTS_DOMAIN}`],
    Buffer.alloc(0),
  );
  expect(unknown.recipients[0]).toMatch(/^451 4\.3\.0 /);

  postgres = await startEmbeddedPostgres({ dataDir: join(folder, "data"), port: postgres.port });
  await expect.poll(() => post("after"), { timeout: 60_000 }).toBe(201);
  const again = openDatabase(postgres.databaseUrl);
  const source = { ...ctx, db: again };
  await expect
    .poll(async () => (await summarizeSessions(source, { groupBy: "day" })).totals, { timeout: 60_000 })
    .toMatchObject({ reports: 2, successfulSessions: 6 });
  await again.$disconnect();
});
