import { generateKeyPairSync } from "node:crypto";
import { buffer } from "node:stream/consumers";
import { reportsOf } from "@waxseal/db";
import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { createResolver } from "@waxseal/probes";
import DKIM from "nodemailer/lib/dkim";
import { afterAll, beforeAll, beforeEach, expect, inject, test } from "vitest";
import { createTestKeyDns, type TestKeyDns } from "../../../testing/create-test-key-dns.ts";
import {
  createTestAccount,
  createTestDomain,
  testPolicy,
  testReportJson,
  testReportMail,
} from "../../../testing/create-test-report.ts";
import { listReports } from "../answers/list-reports.ts";
import { receiveReport } from "../arriving/receive-report.ts";
import { createDkimKeyLookUp } from "../trust/create-dkim-key-look-up.ts";
import { processReportMessages } from "./process-report-messages.ts";
import { listUncheckedMessages, recheckReportTrust } from "./recheck-report-trust.ts";

const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const KEY = `v=DKIM1; s=tlsrpt; p=${publicKey.export({ type: "spki", format: "der" }).toString("base64")}`;
const KEY_NAME = "s1._domainkey.sender.example";
const records = new Map<string, string>();
let nowMs = 0;
const now = () => new Date(nowMs);
let database: TestDatabase;
let dns: TestKeyDns;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
  dns = await createTestKeyDns(records);
});
afterAll(async () => {
  await dns.stop();
  await database.drop();
});
beforeEach(() => {
  nowMs = Date.parse("2026-03-15T06:00:00Z");
  records.clear();
  records.set(KEY_NAME, KEY);
});

function sign(mail: Buffer, domainName = "sender.example"): Promise<Buffer> {
  const key = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  return buffer(new DKIM({ domainName, keySelector: "s1", privateKey: key }).sign(mail));
}

async function processMail(makeMail: (json: string) => Buffer | Promise<Buffer>) {
  const ctx = await createTestAccount(database.db, now);
  const owner = await createTestDomain(ctx, "example.com");
  const raw = await makeMail(
    testReportJson("2026-03-14", {
      organizationName: "sender.example",
      policies: [testPolicy("example.com")],
    }),
  );
  const arriving = { transport: "smtp" as const, remoteAddress: null, envelopeFrom: null, contentType: null };
  const [id = ""] = await receiveReport(database.db, {
    ...arriving,
    owners: [owner],
    raw,
    receivedAt: now(),
  });
  const lookUpKey = createDkimKeyLookUp(createResolver({ servers: [dns.server], timeoutMs: 300 }), () =>
    now().getTime(),
  );
  const deps = { db: database.db, now, lookUpKey };
  await processReportMessages(deps, { batchSize: 10 });
  const show = async () => {
    const [report] = (await listReports(ctx, { limit: 10 })).items;
    return [report?.trust, report?.submitter, report?.signature].slice(
      0,
      2 + Number(report?.trust === "unsigned"),
    );
  };
  return { deps, key: { accountId: ctx.accountId, id }, show };
}

test("RFC 8460 §3: each report shows whether its sender signed it", async () => {
  const aligned = await processMail((json) => sign(testReportMail(json)));
  expect(await aligned.show()).toEqual(["aligned", "sender.example"]);
  records.set("s1._domainkey.relay.example", KEY);
  const verified = await processMail((json) => sign(testReportMail(json), "relay.example"));
  expect(await verified.show()).toEqual(["signed", "relay.example"]);
  const broken = await processMail(async (json) =>
    Buffer.from(
      (await sign(testReportMail(json))).toString("latin1").replace("This is", "This was"),
      "latin1",
    ),
  );
  expect(await broken.show()).toEqual(["unsigned", "sender.example", "broken"]);
  const unsigned = await processMail((json) => testReportMail(json));
  expect(await unsigned.show()).toEqual(["unsigned", "sender.example", "none"]);
  const bare = await processMail((json) => Buffer.from(json));
  expect(await bare.show()).toEqual(["unsigned", null, "none"]);
});

test("a report whose key could not be looked up counts at once and is checked again later", async () => {
  records.set(KEY_NAME, "servfail");
  const { deps, key, show } = await processMail((json) => sign(testReportMail(json)));
  expect(await show()).toEqual(["unsigned", "sender.example", "unchecked"]);
  const since = new Date(nowMs - 60_000);
  expect(await listUncheckedMessages(deps, { since, limit: 10 })).toEqual([key]);
  nowMs += 60_000;
  expect(await recheckReportTrust(deps, key)).toBe(false);
  nowMs += 60_000;
  records.set(KEY_NAME, KEY);
  expect(await recheckReportTrust(deps, key)).toBe(true);
  expect(await show()).toEqual(["aligned", "sender.example"]);
  const rows = await reportsOf(deps.db).tlsDailySessions.findMany({ where: { accountId: key.accountId } });
  expect(rows).toMatchObject([{ reporter: "sender.example", reports: 1 }]);
  expect(await listUncheckedMessages(deps, { since, limit: 10 })).toEqual([]);
});
