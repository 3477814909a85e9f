import { generateKeyPairSync } from "node:crypto";
import { buffer } from "node:stream/consumers";
import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import DKIM from "nodemailer/lib/dkim";
import { afterAll, beforeAll, beforeEach, expect, inject, test } from "vitest";
import {
  createTestAccount,
  createTestDomain,
  testFailure,
  testPolicy,
  testReportJson,
  testReportMail,
} from "../../../testing/create-test-report.ts";
import type { Context } from "../../context.ts";
import { listQuarantine } from "../answers/list-quarantine.ts";
import { listReports } from "../answers/list-reports.ts";
import { summarizeSessions } from "../answers/summarize-sessions.ts";
import type { TokenOwner } from "../arriving/find-token-owners.ts";
import { receiveReport } from "../arriving/receive-report.ts";
import { processReportMessages } from "../processing/process-report-messages.ts";
import { recheckReportTrust } from "../processing/recheck-report-trust.ts";

const DAY = "2026-03-14";
const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const KEY = `v=DKIM1; p=${publicKey.export({ type: "spki", format: "der" }).toString("base64")}`;
const now = () => new Date("2026-03-15T06:00:00Z");
let dnsIsDown = false;
const lookUpKey = async () => {
  if (dnsIsDown) throw Object.assign(new Error("No answer"), { code: "ETIMEOUT" });
  return [[KEY]];
};
let database: TestDatabase;
let ctx: Context;
let owner: TokenOwner;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
});
afterAll(() => database.drop());
beforeEach(async () => {
  dnsIsDown = false;
  ctx = await createTestAccount(database.db, now);
  owner = await createTestDomain(ctx, `${ctx.accountId}.example`);
});

async function receive(raw: Buffer | string, transport: "smtp" | "https" = "smtp"): Promise<string> {
  const [id = ""] = await receiveReport(database.db, {
    owners: [owner],
    transport,
    raw: Buffer.from(raw),
    remoteAddress: null,
    envelopeFrom: null,
    contentType: null,
    receivedAt: now(),
  });
  return id;
}

const deps = () => ({ db: database.db, now, lookUpKey });
const processAll = () => processReportMessages(deps(), { batchSize: 50 });

/** The same identity for all; a forger adds failures of its own. */
function json(successfulSessions: number, isForged = false): string {
  const failureDetails = isForged ? [testFailure({ resultType: "made-up", failedSessions: 9 })] : [];
  const figures = { successfulSessions, failedSessions: isForged ? 9 : 0, failureDetails };
  return testReportJson(DAY, {
    organizationName: "sender.example",
    policies: [
      testPolicy(owner.domain, figures),
      testPolicy(owner.domain, { ...figures, policyType: "tlsa" }),
    ].slice(0, isForged ? 2 : 1),
  });
}

function sign(mail: Buffer, domainName: string): Promise<Buffer> {
  const key = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  return buffer(new DKIM({ domainName, keySelector: "s1", privateKey: key }).sign(mail));
}

const aligned = (successfulSessions: number) =>
  sign(testReportMail(json(successfulSessions)), "sender.example");

async function showCounted() {
  const { totals, items } = await summarizeSessions(ctx, { groupBy: "result" });
  const reports = (await listReports(ctx, { limit: 10 })).items;
  return {
    sessions: [totals.reports, totals.successfulSessions, totals.failedSessions],
    results: items.map(({ key }) => key),
    reports: reports.map(({ trust, successfulSessions }) => [trust, successfulSessions]),
  };
}

const REAL = { sessions: [1, 5, 0], results: ["successful"], reports: [["aligned", 5]] };

test("RFC 8460 §5.4: a forger who is first is replaced by the signed report, and no figure of the forgery is left", async () => {
  const forged = await receive(json(500, true), "https");
  await processAll();
  expect(await showCounted()).toMatchObject({ sessions: [1, 500, 9], reports: [["unsigned", 500]] });
  await receive(await aligned(5));
  expect((await processAll()).stored).toMatchObject([{ state: "processed", reports: 1 }]);
  expect(await showCounted()).toEqual(REAL);
  expect((await listQuarantine(ctx, { limit: 10 })).items).toMatchObject([
    { id: forged, reason: "changed-copy" },
  ]);
  const where = { accountId: ctx.accountId };
  expect(await database.reports.tlsDailyFailures.count({ where })).toBe(0);
  expect(await database.reports.tlsDailySessions.count({ where })).toBe(1);
});

test("a report of equal or better trust is not replaced", async () => {
  await receive(await aligned(5));
  await processAll();
  for (const raw of [json(500, true), await aligned(7)]) {
    await receive(raw);
    expect((await processAll()).stored).toMatchObject([
      { state: "quarantined", problem: { reason: "changed-copy" } },
    ]);
    expect(await showCounted()).toEqual(REAL);
  }
});

test("of copies that are understood together the most trusted counts, whatever their order", async () => {
  await receive(json(500, true), "https");
  await receive(await aligned(5));
  await receive(testReportMail(json(50)));
  await processAll();
  expect(await showCounted()).toEqual(REAL);
  expect((await listQuarantine(ctx, { limit: 10 })).items.map(({ reason }) => reason)).toEqual([
    "changed-copy",
    "changed-copy",
  ]);
});

test("a signed copy that says the same takes the place of the unsigned one, which stays out of quarantine", async () => {
  await receive(json(5), "https");
  await processAll();
  await receive(await aligned(5));
  await processAll();
  expect(await showCounted()).toEqual(REAL);
  expect((await listQuarantine(ctx, { limit: 10 })).items).toEqual([]);
});

test("a signed report whose key could not be looked up takes the forger's place once it could", async () => {
  await receive(json(500, true), "https");
  await processAll();
  dnsIsDown = true;
  const id = await receive(await aligned(5));
  expect((await processAll()).stored).toMatchObject([{ state: "quarantined", hasUnknownTrust: true }]);
  dnsIsDown = false;
  expect(await recheckReportTrust(deps(), { accountId: ctx.accountId, id })).toBe(true);
  expect(await showCounted()).toEqual(REAL);
  expect((await listQuarantine(ctx, { limit: 10 })).items).toHaveLength(1);
});

/** What counts at each level of trust: reports, successful and failed sessions. */
async function showLevels() {
  const levels = ["aligned", "signed", "unsigned", "any"] as const;
  const shown = await Promise.all(
    levels.map(async (trust) => {
      const { totals } = await summarizeSessions(ctx, { groupBy: "day", trust });
      const { items } = await listReports(ctx, { limit: 10, trust });
      expect(items).toHaveLength(totals.reports);
      return [trust, [totals.reports, totals.successfulSessions, totals.failedSessions]] as const;
    }),
  );
  return Object.fromEntries(shown);
}

const forgedBy = (domain: string) => sign(testReportMail(json(500, true)), domain);
const BESIDE = { aligned: [1, 5, 0], signed: [1, 500, 9], unsigned: [0, 0, 0], any: [2, 505, 9] };

test.each([
  ["the forger first", true],
  ["the genuine one first", false],
])(
  "RFC 8460 §7: a report with a foreign signature neither displaces nor blocks the genuine one: %s",
  async (_, isFirst) => {
    const mails = [await forgedBy("evil.example"), await aligned(5)];
    for (const raw of isFirst ? mails : mails.toReversed()) {
      await receive(raw);
      expect((await processAll()).stored).toMatchObject([{ state: "processed", reports: 1 }]);
    }
    expect(await showLevels()).toEqual(BESIDE);
    const { items } = await summarizeSessions(ctx, { groupBy: "source" });
    expect(items.map(({ key, title, trust }) => [key, title, trust])).toEqual([
      [
        "sender.example (signed by evil.example)",
        "Signed by evil.example, calls itself sender.example",
        "signed",
      ],
      ["sender.example", "sender.example", "aligned"],
    ]);
    const [forged] = items;
    const narrowed = await summarizeSessions(ctx, { groupBy: "result", source: forged?.key });
    expect(narrowed.totals).toMatchObject({ reports: 1, failedSessions: 9 });
    expect((await listReports(ctx, { limit: 5, source: forged?.key })).items).toMatchObject([
      { trust: "signed", signedBy: "evil.example" },
    ]);
  },
);

test("RFC 8460 §7: reports under one id by two foreign signers do not block each other", async () => {
  await receive(await forgedBy("evil.example"));
  await receive(await sign(testReportMail(json(600, true)), "worse.example"));
  await receive(await forgedBy("evil.example"));
  await processAll();
  expect(await showLevels()).toMatchObject({ signed: [2, 1100, 18] });
});

test.each([
  ["one by one", true],
  ["together", false],
])(
  "copies that say the same count once, at the highest trust seen, whatever signed or carried them: %s",
  async (_, isApart) => {
    const relayed = await sign(testReportMail(json(5)), "relay.example");
    for (const [raw, transport] of [
      [json(5), "https"],
      [relayed, "smtp"],
      [await aligned(5), "smtp"],
      [relayed, "smtp"],
      [json(5), "https"],
    ] as const) {
      await receive(raw, transport);
      if (isApart) await processAll();
    }
    await processAll();
    expect(await showLevels()).toMatchObject({ aligned: [1, 5, 0], any: [1, 5, 0] });
    expect((await listQuarantine(ctx, { limit: 10 })).items).toEqual([]);
    expect(await database.reports.tlsDailySessions.count({ where: { accountId: ctx.accountId } })).toBe(1);
  },
);

test("RFC 8460 §7: a report whose signer becomes known later keeps its identity, so a copy of it still counts once", async () => {
  const named = (organizationName: string, figures = {}) =>
    testReportMail(testReportJson(DAY, { organizationName, policies: [testPolicy(owner.domain, figures)] }));
  const own = await sign(named("Example Sender"), "sender.example");
  await receive(own);
  await processAll();
  expect(await showLevels()).toMatchObject({ aligned: [0, 0, 0], signed: [1, 10, 0] });
  const where = { accountId: ctx.accountId };
  await database.db.reporterSigner.updateMany({ where, data: { knownAt: now() } });
  await receive(own);
  await receive(named("Example Sender"));
  await processAll();
  expect((await showLevels()).any).toEqual([1, 10, 0]);
  await receive(await sign(named("Example Sender", { successfulSessions: 77 }), "example-sender.example"));
  await receive(named("Example Sender", { successfulSessions: 88 }));
  await processAll();
  expect((await showLevels()).any, "and no other copy is in its way").toEqual([3, 175, 0]);
});
