import { randomUUID } from "node:crypto";
import { inSqlTransaction, type ReportTrust, reportsOf } from "@waxseal/db";
import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { afterAll, beforeAll, beforeEach, expect, inject, test } from "vitest";
import { testPolicy } from "../../../testing/create-test-report.ts";
import { countDomainRows } from "../understanding/count-domain-rows.ts";
import type { UnderstoodReport } from "../understanding/understood-report.ts";
import { withdrawForeignTwins } from "./withdraw-foreign-twins.ts";

const DOMAIN = randomUUID();
const START = new Date("2026-03-10T00:00:00Z");
const END = new Date("2026-03-10T23:59:59Z");
const POLICIES = [testPolicy("example.com", { successfulSessions: 7 })];

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
  await database.reports.$queryRaw`select ensure_report_partitions(date '2026-03-01')::text`;
});
beforeEach(() => database.reports.$executeRaw`delete from tls_report`);
afterAll(() => database.drop());

/** A report as it was understood; `signer` makes an identity of its own, as a signer that is not certain does. */
function report(
  trust: ReportTrust,
  signer: string | null,
  changes: Partial<UnderstoodReport> = {},
): UnderstoodReport {
  return {
    ...countDomainRows(POLICIES),
    ...{ accountId: "a1", domainId: DOMAIN, messageId: randomUUID(), reportDay: "2026-03-10" },
    ...{
      reporter: "Example Mail",
      submitter: signer,
      contactInfo: null,
      reportId: "r1",
      startAt: START,
      endAt: END,
    },
    ...{ resultTypes: [], trust, claim: null, transport: "smtp", quirks: [], receivedAt: END },
    identity: `identity of ${signer}`,
    policiesJson: JSON.stringify(POLICIES),
    ...changes,
  };
}

/** Stores a report as counted. */
async function count(one: UnderstoodReport): Promise<void> {
  const { sessionRows: _s, failureRows: _f, claim: _c, policiesJson, reportDay, ...row } = one;
  const data = { ...row, reportDay: new Date(reportDay), policies: JSON.parse(policiesJson) };
  await database.reports.tlsReport.create({ data });
}

const withdraw = (...reports: UnderstoodReport[]) => withdrawFrom(false, reports);

async function withdrawFrom(isDistributed: boolean, reports: UnderstoodReport[]) {
  const { known, withdrawn } = await inSqlTransaction(
    reportsOf(database.db),
    (sql) => withdrawForeignTwins({ sql, isDistributed }, reports),
    { timeoutMs: 60_000 },
  );
  const stored = await database.reports.tlsReport.findMany({ select: { identity: true } });
  return {
    known: reports.map((one) => known.has(one)),
    withdrawn: withdrawn.map(({ trust, sessionRows }) => [trust, sessionRows[0]?.countedSuccessful]),
    left: stored.map(({ identity }) => identity),
  };
}

test.each<[string, ReportTrust, ReportTrust, object]>([
  [
    "a proven copy takes the place of an unsigned one",
    "unsigned",
    "aligned",
    { known: [false], withdrawn: [["unsigned", -7]], left: [] },
  ],
  [
    "a proven copy takes the place of a stranger's",
    "signed",
    "aligned",
    { known: [false], withdrawn: [["signed", -7]], left: [] },
  ],
  [
    "a signed copy takes the place of an unsigned one",
    "unsigned",
    "signed",
    { known: [false], withdrawn: [["unsigned", -7]], left: [] },
  ],
  [
    "a stranger's copy does not displace a proven report",
    "aligned",
    "signed",
    { known: [true], withdrawn: [], left: ["identity of a.example"] },
  ],
  [
    "nor does another stranger's of the same trust",
    "signed",
    "signed",
    { known: [true], withdrawn: [], left: ["identity of a.example"] },
  ],
  [
    "nor an unsigned copy",
    "aligned",
    "unsigned",
    { known: [true], withdrawn: [], left: ["identity of a.example"] },
  ],
])("RFC 8460 §5.4: %s", async (_name, counted, arriving, wanted) => {
  await count(report(counted, "a.example"));
  expect(await withdraw(report(arriving, "b.example"))).toEqual(wanted);
});

test("distributed tables are asked account by account, and each account's copies are found", async () => {
  const accounts = ["a1", "a2", "a3"];
  for (const accountId of accounts) await count(report("unsigned", "a.example", { accountId }));
  const copies = accounts.map((accountId) => report("aligned", "b.example", { accountId }));
  const { known, withdrawn, left } = await withdrawFrom(true, [
    ...copies,
    report("aligned", "b.example", { accountId: "a4" }),
  ]);
  expect([known, withdrawn.length, left]).toEqual([[false, false, false, false], 3, []]);
});

test.each<[string, Partial<UnderstoodReport>]>([
  ["another report id", { reportId: "r2" }],
  ["another reporter", { reporter: "Other Mail" }],
  ["another period", { endAt: new Date("2026-03-10T22:00:00Z") }],
  ["another domain", { domainId: randomUUID() }],
  ["another account", { accountId: "a2" }],
  ["other figures", { policiesJson: JSON.stringify([testPolicy("example.com", { successfulSessions: 8 })]) }],
  ["the same identity, which is exchanged elsewhere", { identity: "identity of a.example" }],
])("a report with %s is no copy", async (_name, changes) => {
  await count(report("unsigned", "a.example"));
  expect(await withdraw(report("aligned", "b.example", changes))).toEqual({
    known: [false],
    withdrawn: [],
    left: ["identity of a.example"],
  });
});

test("a reporter's name in other letters is the same reporter", async () => {
  await count(report("unsigned", "a.example"));
  const { withdrawn } = await withdraw(report("aligned", "b.example", { reporter: "EXAMPLE mail" }));
  expect(withdrawn).toHaveLength(1);
});

test("a counted report is withdrawn once, however many better copies arrive together", async () => {
  await count(report("unsigned", "a.example"));
  const copies = ["b.example", "c.example"].map((signer) => report("signed", signer));
  const { known, withdrawn, left } = await withdraw(...copies);
  expect([known.filter(Boolean).length, withdrawn.length, left]).toEqual([1, 1, []]);
});

test.each<[string, ReportTrust[], boolean[]]>([
  ["the proven one is kept, in either order", ["signed", "aligned"], [true, false]],
  ["the proven one is kept, in the other order", ["aligned", "signed"], [false, true]],
  ["the first of equals is kept", ["signed", "signed"], [false, true]],
  ["one of three is kept", ["signed", "aligned", "signed"], [true, false, true]],
])("of copies in one batch %s", async (_name, trusts, known) => {
  const copies = trusts.map((trust, n) => report(trust, `${n}.example`));
  expect((await withdraw(...copies)).known).toEqual(known);
});

test("every copy of a stranger is passed over when the proven one comes last, not only the one just before it", async () => {
  const strangers = [report("signed", "a.example"), report("signed", "a.example")];
  const { known } = await withdraw(...strangers, report("aligned", "b.example"));
  expect(known).toEqual([true, true, false]);
});

test("copies with one identity are left to the check of identities", async () => {
  const copies = [report("unsigned", null), report("unsigned", null)];
  expect(await withdraw(...copies)).toEqual({ known: [false, false], withdrawn: [], left: [] });
  const signed = [report("signed", "a.example"), report("signed", "a.example")];
  expect((await withdraw(...signed)).known).toEqual([false, false]);
  expect(await withdraw()).toEqual({ known: [], withdrawn: [], left: [] });
});
