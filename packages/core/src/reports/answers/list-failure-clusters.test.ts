import { FailureClusterListView } from "@waxseal/contract";
import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import type { PolicyResult } from "@waxseal/tls-rpt";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import {
  createTestAccount,
  createTestDomain,
  testFailure,
  testPolicy,
  testReportJson,
} from "../../../testing/create-test-report.ts";
import type { Context } from "../../context.ts";
import { importReports } from "../processing/import-report.ts";
import { settleReportDays } from "../totals/settle-report-days.ts";
import { listFailureClusters } from "./list-failure-clusters.ts";
import { summarizeSessions } from "./summarize-sessions.ts";

const now = () => new Date("2026-03-15T06:00:00Z");
const RANGE = { from: "2026-03-11", to: "2026-03-14" };
let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
});
afterAll(() => database.drop());

type Failure = Partial<PolicyResult["failureDetails"][number]>;

async function report(ctx: Context, domain: string, day: string, failures: Failure[]): Promise<void> {
  const failureDetails = failures.map(testFailure);
  const failedSessions = failureDetails.reduce((sum, each) => sum + (each.failedSessions ?? 0), 0);
  const policies = [testPolicy(domain, { successfulSessions: 90, failedSessions, failureDetails })];
  const json = testReportJson(day, { reportId: `${domain} ${day}`, policies });
  expect(await importReports(ctx, [{ fileName: "r.json", bytes: Buffer.from(json) }])).toMatchObject([
    { state: "processed" },
  ]);
}

test("RFC 8460 §4.3: failures alike are one cluster with its days, share, trend, domains and addresses", async () => {
  const ctx = await createTestAccount(database.db, now);
  const [one] = [await createTestDomain(ctx, "one.example"), await createTestDomain(ctx, "two.example")];
  await report(ctx, "one.example", "2026-03-08", [{ failedSessions: 2 }]);
  await report(ctx, "one.example", "2026-03-12", [
    { failedSessions: 4 },
    { failedSessions: 1, sendingMtaIp: "8.8.8.8" },
    { failedSessions: 5, failureReasonCode: "x509: old" },
  ]);
  await report(ctx, "two.example", "2026-03-14", [{ failedSessions: 6, sendingMtaIp: "8.8.8.8" }]);
  const google = { asn: 15_169, owner: "Google", country: "US" };
  const findNetwork = async (address: string) => (address === "8.8.8.8" ? google : null);
  const view = FailureClusterListView.parse(await listFailureClusters(ctx, RANGE, { findNetwork }));
  expect(view).toMatchObject({ ...RANGE, totalSessions: 196 });
  expect(view.items).toHaveLength(2);
  expect(view.items[0]).toMatchObject({
    resultType: "certificate-expired",
    mxHost: "mx.example.com",
    reporter: "Example Sender",
    reasonCode: "",
    firstDay: "2026-03-08",
    lastDay: "2026-03-14",
    failedSessions: 11,
    share: 11 / 196,
    trend: { direction: "rising", failedSessionsBefore: 2 },
    domains: ["two.example", "one.example"],
    sendingAddresses: [
      { sendingMtaIp: "8.8.8.8", failedSessions: 7, network: google },
      { sendingMtaIp: "192.0.2.1", failedSessions: 4, network: null },
    ],
    fixedBy: "mx-operator",
  });
  expect(view.items[1]).toMatchObject({
    reasonCode: "x509: old",
    firstDay: "2026-03-12",
    failedSessions: 5,
    trend: { direction: "new", failedSessionsBefore: 0 },
  });
  await settleReportDays(ctx);
  expect(await listFailureClusters(ctx, RANGE, { findNetwork })).toEqual(view);
  const narrowed = await listFailureClusters(ctx, { ...RANGE, domainId: one.domainId });
  expect(narrowed.items.map(({ failedSessions, domains }) => [failedSessions, domains])).toEqual([
    [5, ["one.example"]],
    [5, ["one.example"]],
  ]);
});

test("clusters add up to the failures of the summary", async () => {
  const ctx = await createTestAccount(database.db, now);
  await createTestDomain(ctx, "one.example");
  for (const day of ["2026-03-11", "2026-03-12"]) {
    await report(ctx, "one.example", day, [
      { failedSessions: 3 },
      { failedSessions: 2, resultType: "starttls-not-supported", receivingMxHost: null },
      { failedSessions: 1, resultType: "made-up", knownResultType: false },
    ]);
  }
  const { items } = await listFailureClusters(ctx, RANGE);
  const { totals } = await summarizeSessions(ctx, { ...RANGE, groupBy: "day" });
  expect(items.reduce((sum, { failedSessions }) => sum + failedSessions, 0)).toBe(totals.failedSessions);
  expect(items.map(({ fixedBy }) => fixedBy)).toEqual(["mx-operator", "mx-operator", "sender"]);
});

test("a range without failures, or without any report, has no cluster", async () => {
  const ctx = await createTestAccount(database.db, now);
  await createTestDomain(ctx, "one.example");
  expect(await listFailureClusters(ctx, RANGE)).toEqual({ ...RANGE, totalSessions: 0, items: [] });
  await report(ctx, "one.example", "2026-03-12", []);
  expect(await listFailureClusters(ctx, RANGE)).toEqual({ ...RANGE, totalSessions: 90, items: [] });
});

test("the message says what, where, since when and what to do, and a stranger's words cannot add a line to it", async () => {
  const ctx = await createTestAccount(database.db, now);
  await createTestDomain(ctx, "one.example");
  const failureReasonCode = "expired\r\n\r\nWhat to do first:\nSend us your password";
  await report(ctx, "one.example", "2026-03-12", [{ failedSessions: 3, failureReasonCode }]);
  const [cluster] = (await listFailureClusters(ctx, RANGE)).items;
  expect(cluster?.message.subject).toBe(
    "TLS problem for mail to one.example: Mail server's certificate has expired",
  );
  const lines = cluster?.message.body.split("\n") ?? [];
  expect(lines).toEqual(
    expect.arrayContaining([
      "To the operator of the mail servers of one.example",
      "- MX host: mx.example.com",
      "- Reported by: Example Sender",
      "- Days (UTC): 2026-03-12 to 2026-03-12",
      "- Sending address: 192.0.2.1, 3 failed",
    ]),
  );
  expect(lines.filter((line) => line.startsWith("What to do first"))).toHaveLength(1);
  expect(lines.filter((line) => line.startsWith("Send us"))).toEqual([]);
});

test("another account's domain answers exactly like a missing one, and its failures are in no cluster", async () => {
  const [mine, theirs] = [
    await createTestAccount(database.db, now),
    await createTestAccount(database.db, now),
  ];
  const { domainId } = await createTestDomain(theirs, "theirs.example");
  await report(theirs, "theirs.example", "2026-03-12", [{ failedSessions: 3 }]);
  expect((await listFailureClusters(mine, RANGE)).items).toEqual([]);
  const missing = "00000000-0000-7000-8000-000000000000";
  const errors = await Promise.all(
    [domainId, missing].map((id) => listFailureClusters(mine, { domainId: id }).catch((error) => error)),
  );
  expect(errors[0]).toMatchObject({ code: "not_found" });
  expect(errors[0].message).toBe(errors[1].message);
});
