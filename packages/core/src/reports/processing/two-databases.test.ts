import { generateKeyPairSync } from "node:crypto";
import { buffer } from "node:stream/consumers";
import type { Database } from "@waxseal/db";
import type { TestDatabase } from "@waxseal/db/testing";
import type { PostgresProxy } from "@waxseal/db/testing-proxy";
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
import { openSplitDatabases, type SplitDatabases } from "../../../testing/open-split-databases.ts";
import type { Context } from "../../context.ts";
import { summarizeSessions } from "../answers/summarize-sessions.ts";
import type { TokenOwner } from "../arriving/find-token-owners.ts";
import { receiveReport } from "../arriving/receive-report.ts";
import { settleReportDays } from "../totals/settle-report-days.ts";
import { importReports } from "./import-report.ts";
import { learnReporters } from "./learn-reporters.ts";
import { processReportMessages } from "./process-report-messages.ts";
import { recheckReportTrust } from "./recheck-report-trust.ts";
import { recountReports, startRecount } from "./recount-reports.ts";
import { reparseMessage } from "./reparse-message.ts";
import { deliverReportEffects } from "./report-effects.ts";

const START = Date.parse("2026-03-02T06:00:00Z");
const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const KEY = `v=DKIM1; p=${publicKey.export({ type: "spki", format: "der" }).toString("base64")}`;
const SIGNER = "reporter.example";
const lookUpKey = async () => [[KEY]];

let today = 0;
const now = () => new Date(START + today * DAY_MS);
const day = () => now().toISOString().slice(0, 10);
let split: SplitDatabases;
let database: TestDatabase;
/** Ways to both databases that can be cut. */
let [state, reports]: PostgresProxy[] = [];
let db: Database;
let ctx: Context;
let owner: TokenOwner;

beforeAll(async () => {
  split = await openSplitDatabases(inject("templateDatabaseUrl"));
  ({ direct: database, state, reports, db } = split);
});
afterAll(() => split?.close());
beforeEach(async () => {
  today = 0;
  ctx = await createTestAccount(db, now);
  owner = await createTestDomain(ctx, `${ctx.accountId}.example`);
});

async function signedMail(reportId: string): Promise<Buffer> {
  const json = testReportJson(day(), {
    organizationName: "Small Reporter",
    contactInfo: `tls@${SIGNER}`,
    reportId,
    policies: [testPolicy(owner.domain)],
  });
  const key = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  const dkim = new DKIM({ domainName: SIGNER, keySelector: "s1", privateKey: key });
  return buffer(dkim.sign(testReportMail(json)));
}

async function receive(raw: Buffer): Promise<string> {
  const [id = ""] = await receiveReport(db, {
    owners: [owner],
    transport: "smtp",
    raw,
    remoteAddress: null,
    envelopeFrom: null,
    contentType: null,
    receivedAt: now(),
  });
  return id;
}

const process = (keys = lookUpKey) => processReportMessages({ db, now, lookUpKey: keys }, { batchSize: 50 });

/** What there is of the account in both databases. */
async function count() {
  const where = { accountId: ctx.accountId };
  const { totals } = await summarizeSessions(ctx, { groupBy: "day", from: "2026-02-20", to: "2026-04-30" });
  const signers = await database.db.reporterSigner.findMany({ where });
  return {
    reports: totals.reports,
    events: await database.db.event.count({ where: { ...where, kind: "report.received" } }),
    days: signers.map((signer) => signer.days),
    kept: await database.reports.reportEffect.count({ where }),
  };
}

/** Where the process dies, or loses one of the databases, between the two commits of a step. */
const SEAMS: readonly [string, () => PostgresProxy | undefined, string, "before" | "after"][] = [
  ["before state has anything", () => state, "insert into event", "before"],
  ["in the transaction over state", () => state, "insert into reporter_signer", "after"],
  ["before the reports know that state has it", () => reports, "delete from report_effect", "before"],
  ["when the reports know it, and nothing else", () => reports, "delete from report_effect", "after"],
];

/** Every step that changes reports and so causes something in state. */
const STEPS: Record<string, () => Promise<unknown>> = {
  "a batch": async () => {
    await receive(await signedMail("r1"));
    return process();
  },
  "an import": async () =>
    importReports(ctx, [{ fileName: "r.eml", bytes: await signedMail("r1") }], { lookUpKey }),
  "a message in quarantine": async () => {
    const messageId = await receive(await signedMail("r1"));
    await database.reports.reportMessage.updateMany({
      where: { id: messageId },
      data: { state: "quarantined", quarantineReason: "processing-failed" },
    });
    return reparseMessage(ctx, { messageId }, { lookUpKey });
  },
};

test.each(Object.keys(STEPS).flatMap((step) => SEAMS.map((seam) => [step, ...seam] as const)))(
  "%s that is cut off %s counts once, and its event comes late, once",
  async (step, _name, way, text, when) => {
    way()?.cutAt(text, when, "andBlock");
    await STEPS[step]?.();
    expect(way()?.wasCut()).toBe(true);
    way()?.unblock();
    await deliverReportEffects(db);
    expect(await count()).toEqual({ reports: 1, events: 1, days: [1], kept: 0 });
    await deliverReportEffects(db);
    await process();
    expect(await count()).toEqual({ reports: 1, events: 1, days: [1], kept: 0 });
  },
);

test("a signature that is checked later is noted once in state, whatever is cut off", async () => {
  const id = await receive(await signedMail("r1"));
  await process(async () => Promise.reject(Object.assign(new Error("No DNS"), { code: "ETIMEOUT" })));
  expect(await count()).toMatchObject({ reports: 1, events: 1, days: [] });
  state?.cutAt("insert into reporter_signer", "before", "andBlock");
  const key = { accountId: ctx.accountId, id };
  expect(await recheckReportTrust({ db, now, lookUpKey }, key)).toBe(true);
  expect(state?.wasCut()).toBe(true);
  state?.unblock();
  expect(await count()).toMatchObject({ days: [], kept: 1 });
  await deliverReportEffects(db);
  expect(await recheckReportTrust({ db, now, lookUpKey }, key)).toBe(true);
  expect(await count()).toEqual({ reports: 1, events: 1, days: [1], kept: 0 });
});

test("a recount whose day was not noted as done does it again, and the figures are the same", async () => {
  await receive(await signedMail("r1"));
  await process();
  const before = await count();
  await startRecount(ctx);
  state?.cutAt("update report_recount", "before");
  await expect(recountReports({ db, now })).rejects.toThrow();
  expect(await recountReports({ db, now })).toEqual({ days: 1, busy: 0, daysLeft: 0 });
  expect(await count()).toEqual(before);
});

test("a reporter is known together with the recount of its days, or not at all", async () => {
  for (today = 0; today < 7; today++) {
    await receive(await signedMail(`r${today}`));
    await process();
  }
  const known = () =>
    database.db.reporterSigner.count({ where: { accountId: ctx.accountId, knownAt: { not: null } } });
  for (const text of ["update reporter_signer s set known_at", "insert into report_recount"]) {
    state?.cutAt(text, "after");
    await expect(learnReporters({ db, now })).rejects.toThrow();
    expect(await known()).toBe(0);
  }
  expect(await learnReporters({ db, now })).toBe(1);
  expect(await known()).toBe(1);
  expect((await recountReports({ db, now })).daysLeft).toBe(0);
  const { byTrust } = (await summarizeSessions(ctx, { groupBy: "day", from: "2026-02-20", to: "2026-04-30" }))
    .totals;
  expect(byTrust.aligned.reports).toBe(7);
});

test("with the reports away nothing is accepted, and what was accepted is counted once when they are back", async () => {
  const raw = await signedMail("r1");
  await receive(raw);
  reports?.cutAt("insert into tls_report", "before", "andBlock");
  await expect(process()).rejects.toThrow();
  await expect(receive(raw)).rejects.toThrow();
  reports?.unblock();
  await receive(raw);
  await process();
  await settleReportDays({ db });
  expect(await count()).toEqual({ reports: 1, events: 1, days: [1], kept: 0 });
});

test("with state away messages that were accepted wait, and are counted once when it is back", async () => {
  await receive(await signedMail("r1"));
  state?.cutAt("from domain_token", "before", "andBlock");
  await expect(process()).rejects.toThrow();
  expect(state?.wasCut()).toBe(true);
  expect(await database.reports.reportMessage.count({ where: { state: "received" } })).toBe(1);
  state?.unblock();
  await process();
  expect(await count()).toMatchObject({ reports: 1, events: 1, kept: 0 });
});
