import { generateKeyPairSync } from "node:crypto";
import { Readable } from "node:stream";
import { buffer, text } from "node:stream/consumers";
import { FailureClusterListView, SummaryView } from "@waxseal/contract";
import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import DKIM from "nodemailer/lib/dkim";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import {
  createTestAccount,
  createTestDomain,
  testFailure,
  testPolicy,
  testReportJson,
  testReportMail,
} from "../../../testing/create-test-report.ts";
import type { Context } from "../../context.ts";
import { listMxHosts } from "../../domain-views/list-mx-hosts.ts";
import { importReports } from "../processing/import-report.ts";
import { settleReportDays } from "../totals/settle-report-days.ts";
import { exportReports } from "./export-reports.ts";
import { listFailureClusters } from "./list-failure-clusters.ts";
import { listReports } from "./list-reports.ts";
import { summarizeSessions } from "./summarize-sessions.ts";

const DAY = "2026-03-13";
const RANGE = { from: DAY, to: DAY };
const now = () => new Date("2026-03-15T06:00:00Z");
const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const KEY = `v=DKIM1; p=${publicKey.export({ type: "spki", format: "der" }).toString("base64")}`;
const lookUpKey = async () => [[KEY]];

/** What the three kinds of report say of example.com: genuine, of another signer under the same name, and unsigned under the same name. */
const SAID = {
  aligned: { successfulSessions: 900, failedSessions: 3 },
  signed: { successfulSessions: 50, failedSessions: 4_000 },
  unsigned: { successfulSessions: 7, failedSessions: 20 },
} as const;
type Trust = keyof typeof SAID;
const ALL: readonly Trust[] = ["aligned", "signed", "unsigned"];

let database: TestDatabase;
let ctx: Context;
let domainId: string;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
  ctx = await createTestAccount(database.db, now);
  ({ domainId } = await createTestDomain(ctx, "example.com"));
  for (const trust of ALL) {
    const { successfulSessions, failedSessions } = SAID[trust];
    const mail = testReportMail(
      testReportJson(DAY, {
        organizationName: "sender.example",
        reportId: trust,
        policies: [
          testPolicy("example.com", {
            successfulSessions,
            failedSessions,
            // A forger quotes a policy that does not list the MX host, which would make the owner change a correct one.
            ...(trust !== "aligned" && {
              policyStrings: ["version: STSv1", "mode: enforce", "mx: evil.example"],
            }),
            failureDetails: [testFailure({ failedSessions, resultType: "validation-failure" })],
          }),
        ],
      }),
    );
    const bytes =
      trust === "unsigned" ? mail : await sign(mail, trust === "aligned" ? "sender.example" : "evil.example");
    await importReports(ctx, [{ fileName: `${trust}.eml`, bytes }], { lookUpKey });
  }
});
afterAll(() => database.drop());

function sign(mail: Buffer, domainName: string): Promise<Buffer> {
  const key = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  return buffer(new DKIM({ domainName, keySelector: "s1", privateKey: key }).sign(mail));
}

const sum = (trusts: readonly Trust[]) => ({
  successfulSessions: trusts.reduce((total, trust) => total + SAID[trust].successfulSessions, 0),
  failedSessions: trusts.reduce((total, trust) => total + SAID[trust].failedSessions, 0),
});
const add = (rows: readonly { successfulSessions: number; failedSessions: number }[]) =>
  rows.reduce(
    (total, row) => ({
      successfulSessions: total.successfulSessions + row.successfulSessions,
      failedSessions: total.failedSessions + row.failedSessions,
    }),
    { successfulSessions: 0, failedSessions: 0 },
  );

const QUESTIONS: readonly { trust: Trust | "any" | undefined; counted: readonly Trust[] }[] = [
  { trust: undefined, counted: ALL },
  { trust: "any", counted: ALL },
  ...ALL.map((trust) => ({ trust, counted: [trust] })),
];

for (const isSettled of [false, true]) {
  const when = isSettled ? "in settled totals" : "in daily tables";

  test(`RFC 8460 §5.3: every total and chart says and filters how much of it is proven, ${when}`, async () => {
    if (isSettled) await settleReportDays(ctx);
    for (const { trust, counted } of QUESTIONS) {
      for (const groupBy of ["day", "result", "source", "mx", "policy"] as const) {
        for (const ofDomain of [{}, { domainId }]) {
          const view = SummaryView.parse(
            await summarizeSessions(ctx, { ...RANGE, ...ofDomain, groupBy, ...(trust && { trust }) }),
          );
          const asked = `${trust} by ${groupBy}`;
          expect(view.totals, asked).toMatchObject({ ...sum(counted), byTrust: SAID });
          const proven = sum(counted.filter((each) => each === "aligned"));
          const isFailuresOnly = groupBy === "mx";
          expect(add(view.items), asked).toEqual({
            ...sum(counted),
            ...(isFailuresOnly && { successfulSessions: 0 }),
          });
          expect(add(view.items.map((row) => row.proven)), asked).toEqual({
            ...proven,
            ...(isFailuresOnly && { successfulSessions: 0 }),
          });
        }
      }
    }
  });

  test(`every cluster says and filters how much of it is proven, ${when}`, async () => {
    if (isSettled) await settleReportDays(ctx);
    for (const { trust, counted } of QUESTIONS) {
      for (const ofDomain of [{}, { domainId }]) {
        const view = FailureClusterListView.parse(
          await listFailureClusters(ctx, { ...RANGE, ...ofDomain, ...(trust && { trust }) }),
        );
        const { successfulSessions, failedSessions } = sum(counted);
        expect(view.totalSessions).toBe(successfulSessions + failedSessions);
        expect(view.items.reduce((total, each) => total + each.failedSessions, 0)).toBe(failedSessions);
        expect(view.items.reduce((total, each) => total + each.provenFailedSessions, 0)).toBe(
          counted.includes("aligned") ? SAID.aligned.failedSessions : 0,
        );
        for (const { provenFailedSessions, nextStep, reporters } of view.items) {
          expect(/^No report of this failure is proven/.test(nextStep)).toBe(provenFailedSessions === 0);
          expect(reporters.some((reporter) => reporter.trust === "aligned")).toBe(provenFailedSessions > 0);
        }
      }
    }
  });
}

test("a policy that only a forger quotes does not change the cause of a proven failure", async () => {
  const causes = async (trust: Trust | "any") =>
    (await listFailureClusters(ctx, { ...RANGE, trust })).items.map((cluster) => [
      cluster.cause,
      cluster.provenFailedSessions,
    ]);
  expect(await causes("aligned")).toEqual([["validation-failure", 3]]);
  expect(await causes("any")).toEqual([
    ["policy-mx-mismatch", 0],
    ["validation-failure", 3],
  ]);
});

test("the figures beside a domain's MX hosts are of proven reports only", async () => {
  const { former, reports } = await listMxHosts(ctx, { domainId });
  expect(former).toEqual([{ mxHost: "mx.example.com", failedSessions: 3 }]);
  expect(reports).toMatchObject({ reports: 1, sessions: 903, successShare: 900 / 903 });
});

test("every export and the list name the trust of each line, and filter by it", async () => {
  for (const trust of ALL) {
    for (const view of ["daily", "failures", "reports"] as const) {
      const file = await exportReports(ctx, { ...RANGE, view, format: "json", trust });
      const rows: { trust: string }[] = JSON.parse(await text(Readable.from(file.chunks)));
      expect(
        rows.map((row) => row.trust),
        view,
      ).toEqual([trust]);
    }
    const { items } = await listReports(ctx, { ...RANGE, trust, limit: 10 });
    expect(items.map((item) => [item.trust, item.failedSessions])).toEqual([
      [trust, SAID[trust].failedSessions],
    ]);
  }
});
