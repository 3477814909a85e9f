import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmod, mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
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

const run = promisify(execFile);
const DAY = new Date().toISOString().slice(0, 10);
const TABLESPACE = `full_${randomBytes(6).toString("hex")}`;
let database: TestDatabase;
let ingest: ForkedIngest;
let folder: string;
let isMounted = false;

beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
  ingest = await forkIngest(database);
  folder = await mkdtemp(join(tmpdir(), "waxseal-full-"));
  await chmod(folder, 0o711);
});
afterAll(async () => {
  await ingest.stop();
  if (isMounted) {
    await database.reports.$executeRawUnsafe("alter table report_message set tablespace pg_default");
    await database.reports.$executeRawUnsafe(`drop tablespace ${TABLESPACE}`);
    await run("umount", [folder]);
  }
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

/** Puts the messages on a disk of 2 MB of their own; where we may not mount one, a trigger says what Postgres would say. */
async function shrinkDisk(): Promise<void> {
  const db = database.reports;
  const [setting] = await db.$queryRaw<{ path: string }[]>`select current_setting('data_directory') as path`;
  const { uid } = await stat(setting?.path ?? "");
  const options = `size=2m,mode=700,uid=${uid}`;
  isMounted = await run("mount", ["-t", "tmpfs", "-o", options, "tmpfs", folder]).then(
    () => true,
    () => false,
  );
  if (isMounted) {
    // The database may be one that another file used: its deleted rows take room too.
    await db.$executeRawUnsafe("truncate report_message cascade");
    await db.$executeRawUnsafe(`create tablespace ${TABLESPACE} location '${folder}'`);
    await db.$executeRawUnsafe(`alter table report_message set tablespace ${TABLESPACE}`);
  } else {
    await db.$executeRawUnsafe(`create function fill_up() returns trigger language plpgsql as
      $$ begin if octet_length(new.raw) > 1000000 then raise exception 'no space left' using errcode = '53100'; end if; return new; end $$`);
    await db.$executeRawUnsafe(
      "create trigger fill_up before insert on report_message for each row execute function fill_up()",
    );
  }
}

test("RFC 8460 §5.4: with the disk full nothing is accepted: 452 and 503, and with room again reports are kept", async () => {
  const ctx = await createTestAccount(database.db, () => new Date());
  const owner = await createTestDomain(ctx, "example.com");
  const address = `${owner.token}@${REPORTS_DOMAIN}`;
  await shrinkDisk();
  await ingest.start();
  // Reports, since what is this large and holds none is refused before it gets to the disk; random text, since Postgres compresses.
  const largeReport = JSON.stringify({
    ...JSON.parse(testReportJson(DAY, { reportId: "large", policies: [testPolicy("example.com")] })),
    padding: randomBytes(4_000_000).toString("base64"),
  });
  const json = testReportJson(DAY, { reportId: "small", policies: [testPolicy("example.com")] });

  const refused = await deliverBySmtp(ingest.smtpPort, [address], testReportMail(largeReport));
  expect(refused.data).toMatch(/^452 4\.3\.1 /);
  expect(await postReport(ingest.httpsPort, owner.token, gzipSync(largeReport))).toBe(503);
  expect(await database.reports.reportMessage.count()).toBe(0);

  if (isMounted) await run("mount", ["-o", "remount,size=64m", folder]);
  expect(await postReport(ingest.httpsPort, owner.token, gzipSync(json))).toBe(201);
  await expect
    .poll(async () => (await database.reports.reportMessage.findMany()).map(({ state }) => state), {
      timeout: 60_000,
    })
    .toEqual(["processed"]);
});
