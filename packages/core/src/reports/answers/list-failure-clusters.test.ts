import { readFile } from "node:fs/promises";
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
    { failedSessions: 5, failureReasonCode: "x509: certificate has expired" },
  ]);
  await report(ctx, "two.example", "2026-03-14", [{ failedSessions: 6, sendingMtaIp: "8.8.8.8" }]);
  const google = { asn: 15_169, owner: "Google", country: "US" };
  const findNetwork = async (address: string) => (address === "8.8.8.8" ? google : null);
  const view = FailureClusterListView.parse(await listFailureClusters(ctx, RANGE, { findNetwork }));
  expect(view).toMatchObject({ ...RANGE, totalSessions: 196 });
  expect(view.items).toHaveLength(1);
  expect(view.items[0]).toMatchObject({
    cause: "certificate-expired",
    resultType: "certificate-expired",
    mxHost: "mx.example.com",
    reporter: "Example Sender",
    reporters: [
      { reporter: "Example Sender", failedSessions: 16, reasonCodes: ["x509: certificate has expired"] },
    ],
    outcome: expect.stringContaining("mode testing, so the mail was delivered"),
    firstDay: "2026-03-08",
    lastDay: "2026-03-14",
    failedSessions: 16,
    share: 16 / 196,
    status: { state: "continuing", since: "2026-03-08" },
    trend: { direction: "rising", failedSessionsBefore: 2 },
    domains: ["one.example", "two.example"],
    sendingAddresses: [
      { sendingMtaIp: "192.0.2.1", failedSessions: 9, network: null },
      { sendingMtaIp: "8.8.8.8", failedSessions: 7, network: google },
    ],
    fixedBy: "mx-operator",
  });
  await settleReportDays(ctx);
  expect(await listFailureClusters(ctx, RANGE, { findNetwork })).toEqual(view);
  const narrowed = await listFailureClusters(ctx, { ...RANGE, domainId: one.domainId });
  expect(narrowed.items.map(({ failedSessions, domains }) => [failedSessions, domains])).toEqual([
    [10, ["one.example"]],
  ]);
});

async function importCase(ctx: Context, name: string): Promise<void> {
  const bytes = await readFile(new URL(`../../../testing/reports/${name}`, import.meta.url));
  expect(await importReports(ctx, [{ fileName: name, bytes }])).toMatchObject([{ state: "processed" }]);
}

test("RFC 8461 §4.1: a policy that lists no MX host is one cause, also for the failures that follow from it, and is the owner's to fix", async () => {
  const ctx = await createTestAccount(database.db, () => new Date("2026-11-18T06:00:00Z"));
  await createTestDomain(ctx, "orchard.example");
  await importCase(ctx, "mx-hosts-mismatch.json");
  const { items } = await listFailureClusters(ctx, { from: "2026-11-17", to: "2026-11-17" });
  expect(items).toHaveLength(1);
  expect(items[0]).toMatchObject({
    cause: "policy-mx-mismatch",
    mxHost: "mx1.orchard.example",
    failedSessions: 2,
    fixedBy: "domain-owner",
    reporters: [
      {
        reporter: "Microsoft Corporation",
        failedSessions: 2,
        reasonCodes: ["MX_HOSTS_MISMATCH", "VALIDATION_FAILURE"],
      },
    ],
    meaning: expect.stringContaining("mx1.orchard.example"),
    message: { body: expect.stringContaining("To the owner of orchard.example") },
  });
  expect(items[0]?.meaning).toContain("The sender had a policy with orchard.example");
});

test("one cause is one cluster with its reporters inside, and over once each of them reports a later day without it", async () => {
  const ctx = await createTestAccount(database.db, now);
  await createTestDomain(ctx, "one.example");
  const send = async (organizationName: string, day: string, reasons: string[]) => {
    const failureDetails = reasons.map((failureReasonCode) =>
      testFailure({ resultType: "validation-failure", failureReasonCode, failedSessions: 2 }),
    );
    const policies = [testPolicy("one.example", { failedSessions: 2 * reasons.length, failureDetails })];
    const json = testReportJson(day, { organizationName, reportId: `${organizationName} ${day}`, policies });
    await importReports(ctx, [{ fileName: "r.json", bytes: Buffer.from(json) }]);
  };
  const clusters = async () => (await listFailureClusters(ctx, RANGE)).items;
  await send("Microsoft", "2026-03-12", ["X509_V_ERR_CERT_HAS_EXPIRED"]);
  await send("Google", "2026-03-12", ["certificate has expired"]);
  expect(await clusters()).toMatchObject([
    {
      cause: "certificate-expired",
      failedSessions: 4,
      reporters: [{ failedSessions: 2 }, { failedSessions: 2 }],
      status: { state: "continuing", since: "2026-03-12" },
    },
  ]);
  await send("Microsoft", "2026-03-13", []);
  expect(await clusters()).toMatchObject([{ status: { state: "continuing" } }]);
  await send("Google", "2026-03-14", []);
  expect(await clusters()).toMatchObject([{ status: { state: "over", since: "2026-03-13" } }]);
  await settleReportDays(ctx);
  expect(await clusters()).toMatchObject([{ status: { state: "over", since: "2026-03-13" } }]);
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
  const none = { ...RANGE, items: [], nextCursor: null };
  expect(await listFailureClusters(ctx, RANGE)).toEqual({ ...none, totalSessions: 0 });
  await report(ctx, "one.example", "2026-03-12", []);
  expect(await listFailureClusters(ctx, RANGE)).toEqual({ ...none, totalSessions: 90 });
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
      "- Reported by: Example Sender, 3 failed, reason: expired What to do first: Send us your password",
      "- Days (UTC): 12 Mar 2026 to 12 Mar 2026",
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
