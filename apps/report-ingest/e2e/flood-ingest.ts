import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import {
  createTestAccount,
  createTestDomain,
  testPolicy,
  testReportJson,
  testReportMail,
} from "@waxseal/core/reports/testing";
import type { Database } from "@waxseal/db";
import { deliverBySmtp } from "../testing/talk-smtp.ts";
import type { Flood } from "./flood-main.ts";
import { type ForkedIngest, postReport, REPORTS_DOMAIN } from "./fork-ingest.ts";

/** What the reporters met while one address flooded. */
export type FloodedReports = { sent: number; refused: string[]; slowestMs: number; grownBytes: number };

const REPORTERS = 10;
const EVERY_MS = 1_000;
const DAY = new Date().toISOString().slice(0, 10);

/** Ten reporters, each from its own address, send a report a second for this long, while one address floods the same report address. */
export async function floodIngest(
  ingest: ForkedIngest,
  db: Database,
  durationMs: number,
): Promise<FloodedReports> {
  const owner = await createTestDomain(await createTestAccount(db, () => new Date()), "example.com");
  const address = `${owner.token}@${REPORTS_DOMAIN}`;
  const before = await databaseBytes(db);
  const flood = fork(fileURLToPath(new URL("./flood-main.ts", import.meta.url)));
  const target: Flood = {
    smtpPort: ingest.smtpPort,
    httpsPort: ingest.httpsPort,
    from: "127.0.1.1",
    token: owner.token,
    address,
  };
  flood.send(target);
  const result = { sent: 0, refused: [] as string[], slowestMs: 0 };
  const untilMs = performance.now() + durationMs;

  async function report(reporter: number): Promise<void> {
    for (let n = 0; performance.now() < untilMs; n++) {
      const startedMs = performance.now();
      const policies = [testPolicy("example.com", { successfulSessions: 3 })];
      const json = testReportJson(DAY, { reportId: `genuine-${reporter}-${n}`, policies });
      const from = `127.0.2.${reporter + 1}`;
      const answer = await ((reporter + n) % 2 === 0
        ? deliverBySmtp(ingest.smtpPort, [address], testReportMail(json), from).then(({ data }) => data)
        : postReport(ingest.httpsPort, owner.token, gzipSync(json), from).then(String));
      result.sent += 1;
      if (!/^(?:250|201)/.test(answer)) result.refused.push(answer);
      const tookMs = performance.now() - startedMs;
      result.slowestMs = Math.max(result.slowestMs, tookMs);
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, EVERY_MS - tookMs)));
    }
  }

  try {
    await Promise.all(Array.from({ length: REPORTERS }, (_, reporter) => report(reporter)));
  } finally {
    flood.kill("SIGKILL");
  }
  return { ...result, grownBytes: (await databaseBytes(db)) - before };
}

async function databaseBytes(db: Database): Promise<number> {
  const [row] = await db.$queryRaw<{ bytes: bigint }[]>`select pg_database_size(current_database()) as bytes`;
  return Number(row?.bytes ?? 0);
}
