import { randomUUID } from "node:crypto";
import { sqlDatabase } from "@waxseal/db";
import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { DAY_MS, HOUR_MS } from "@waxseal/runtime/time-spans";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createTestAccount, createTestDomain } from "../../testing/create-test-report.ts";
import type { Context } from "../context.ts";
import { loadDomainFacts } from "../domains/load-domain-facts.ts";
import { recordHandshakeFailures, recordPolicyFetches } from "../serving/record-policy-fetches.ts";
import { evaluateDomains } from "./evaluate-domains.ts";
import { loadJudgements } from "./load-judgements.ts";

const NOW = new Date("2026-03-15T12:00:00Z");
const daysAgo = (days: number) => new Date(NOW.getTime() - days * DAY_MS);

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
  await database.reports
    .$executeRaw`select ensure_report_partitions('2026-02-01')::text, ensure_report_partitions('2026-03-01')::text`;
});
afterAll(() => database.drop());

async function createServed(name: string) {
  const ctx = await createTestAccount(database.db, () => NOW);
  const { accountId, domainId } = await createTestDomain(ctx, name);
  const { db } = database;
  const mxHosts = [{ mxHost: `mx.${name}`, preference: 10 }];
  await db.domain.update({
    where: { accountId_id: { accountId, id: domainId } },
    data: { status: "active", servedVersion: 1, mxCheckedAt: NOW, mxHosts, activeAt: daysAgo(90) },
  });
  const version = {
    accountId,
    domainId,
    version: 1,
    policyId: "1",
    mode: "enforce" as const,
    state: "live" as const,
  };
  await db.policyVersion.create({
    data: {
      ...version,
      mx: [`mx.${name}`],
      maxAgeSeconds: 86_400,
      createdAt: daysAgo(90),
      createdBy: "test",
    },
  });
  const record = {
    accountId,
    domainId,
    state: "correct" as const,
    checkedAt: NOW,
    correctSince: daysAgo(20),
  };
  await db.setupRecord.createMany({
    data: (["policyHost", "stsRecord", "tlsRptRecord"] as const).map((kind) => ({ ...record, kind })),
  });
  await db.domainClaim.create({ data: { domain: name, accountId, domainId, claimedAt: daysAgo(90) } });
  return { ctx, accountId, domainId, name };
}
type Served = Awaited<ReturnType<typeof createServed>>;

async function findCodes({ ctx, accountId, domainId }: Served): Promise<string[]> {
  const rows = await database.db.domain.findMany({ where: { accountId, id: domainId } });
  const facts = await loadDomainFacts(database.db, accountId, rows);
  const found = await loadJudgements({ db: ctx.db, reports: ctx.reports }, facts, NOW);
  return (found.get(domainId)?.findings ?? []).map(({ code, subject }) => `${code} ${subject}`);
}

type Report = {
  reporter: string;
  daysAgo: number;
  trust?: "aligned" | "signed" | "unsigned";
  submitter?: string;
};

async function report(
  ctx: Context,
  domainId: string,
  { reporter, daysAgo: days, trust = "aligned", submitter = "google.com" }: Report,
) {
  const reportDay = new Date(daysAgo(days).toISOString().slice(0, 10));
  const none = { failedSessions: 0, resultTypes: [], quirks: [], policies: [], transport: "smtp" as const };
  await database.reports.tlsReport.create({
    data: {
      ...{
        accountId: ctx.accountId,
        domainId,
        messageId: randomUUID(),
        reportDay,
        startAt: reportDay,
        endAt: NOW,
      },
      ...{ receivedAt: new Date(reportDay.getTime() + DAY_MS + HOUR_MS), reporter, submitter, trust },
      ...{ reportId: randomUUID(), identity: randomUUID(), successfulSessions: 10, ...none },
    },
  });
}

test("a domain that its DNS gave to another account is lost to this one, and nothing of the other is named", async () => {
  const own = await createServed("lost.example");
  const other = await createServed("winner.example");
  expect(await findCodes(own)).toContain("reports.none lost.example");
  await database.db.domainClaim.update({
    where: { domain: "lost.example" },
    data: { accountId: other.accountId, domainId: other.domainId },
  });
  const codes = await findCodes(own);
  expect(codes).toContain("claim.lost lost.example");
  expect(codes.join()).not.toContain(other.accountId);
});

test("an MX host that was not there before is a change", async () => {
  const own = await createServed("moved.example");
  const { accountId, domainId } = own;
  const seen = { accountId, domainId, preference: 10, lastSeenAt: NOW };
  const old = { ...seen, mxHost: "old.moved.example", firstSeenAt: daysAgo(90), lastSeenAt: daysAgo(2) };
  const now = { ...seen, mxHost: "mx.moved.example", firstSeenAt: daysAgo(2) };
  await database.db.mxSighting.createMany({ data: [old, now] });
  expect(await findCodes(own)).toContain("mx.changed moved.example");
});

test("senders that fetch the policy and refuse our certificate are counted, strangers and scanners are not", async () => {
  const own = await createServed("refused.example");
  const sender = (n: number) => `192.0.${n}.0/24`;
  const fetches = [1, 2, 3].flatMap((n) =>
    [5, 9].map((days) => ({
      ...{ domain: own.name, version: 1, hour: daysAgo(days), status: 200, network: sender(n), fetches: 1 },
    })),
  );
  await recordPolicyFetches(sqlDatabase(database.db), fetches);
  const failure = { policyHost: `mta-sts.${own.name}`, hour: daysAgo(0.1), failures: 2 };
  const refusing = { ...failure, reason: "tlsv1-alert-unknown-ca" };
  await recordHandshakeFailures(sqlDatabase(database.db), [
    { ...refusing, network: sender(1) },
    { ...refusing, network: sender(2) },
    { ...refusing, network: "203.0.113.0/24" },
    { ...failure, reason: "econnreset" },
    { ...failure, reason: "no-suitable-signature-algorithm", network: sender(3) },
  ]);
  expect(await findCodes(own)).not.toContain("host.refused refused.example");
  await recordHandshakeFailures(sqlDatabase(database.db), [
    { ...refusing, network: sender(3) },
    { ...refusing, network: sender(1) },
  ]);
  expect(await findCodes(own)).toContain("host.refused refused.example");
  const sums = await database.db.handshakeFailure.findMany({
    where: { policyHost: failure.policyHost },
    orderBy: { reason: "asc" },
  });
  expect(sums.map(({ reason, failures }) => [reason, failures])).toEqual([
    ["econnreset", 2],
    ["no-suitable-signature-algorithm", 2],
    ["tlsv1-alert-unknown-ca", 10],
  ]);
});

test("a silent sender is a notice, and one that is silent for most accounts is none", async () => {
  const own = await createServed("silent.example");
  for (let days = 1; days <= 14; days += 1) {
    await report(own.ctx, own.domainId, { reporter: "Comcast", daysAgo: days, submitter: "comcast.net" });
    if (days > 5) await report(own.ctx, own.domainId, { reporter: "Google Inc.", daysAgo: days });
  }
  expect(await findCodes(own)).toEqual(["reporter.silent Google Inc."]);
  const signer = { nameKey: "", domain: "google.com", isListed: true, days: 20, firstDay: daysAgo(40) };
  await database.db.reporterSigner.createMany({
    data: Array.from({ length: 6 }, () => ({ ...signer, accountId: randomUUID(), lastDay: daysAgo(5) })),
  });
  expect(await findCodes(own)).toEqual([]);
});

test("unreadable reports of one sender, and reports in another's name, are noticed; an import of the owner is not", async () => {
  const own = await createServed("false.example");
  const { accountId, domainId, ctx } = own;
  await report(ctx, domainId, { reporter: "Google Inc.", daysAgo: 1 });
  const message = {
    ...{ accountId, domainId, receivedAt: daysAgo(1), raw: Buffer.from(""), state: "quarantined" as const },
    ...{ quarantineReason: "not-json", envelopeFrom: "noreply@reports.sender.example" },
  };
  const rows = (count: number, changes: object) =>
    Array.from({ length: count }, () => ({
      ...{ ...message, transport: "smtp" as const, contentSha256: randomUUID(), ...changes },
    }));
  await database.reports.reportMessage.createMany({
    data: [
      ...rows(3, {}),
      ...rows(3, { transport: "import", envelopeFrom: "owner@false.example" }),
      ...rows(3, { quarantineReason: "bounce", envelopeFrom: "postmaster@bounce.example" }),
    ],
  });
  expect(await findCodes(own)).toEqual(["reports.rejected reports.sender.example"]);
  await report(ctx, domainId, {
    reporter: "Google Inc.",
    daysAgo: 1,
    trust: "signed",
    submitter: "evil.example",
  });
  expect(await findCodes(own)).toEqual([
    "reports.rejected reports.sender.example",
    "reports.forged Google Inc.",
  ]);
});

test("while our own DNS or line is broken no owner's alert opens or ends; what is still true opens afterwards", async () => {
  const own = await createServed("held.example");
  const { accountId, domainId } = own;
  const evaluate = (at: Date) =>
    evaluateDomains({ db: database.db, now: () => at }, [{ accountId, domainId }]);
  const after = (minutes: number) => new Date(NOW.getTime() + minutes * 60_000);
  const alerts = async () =>
    (await database.db.alert.findMany({ where: { accountId, condition: "mx.uncovered" } })).map(
      ({ state }) => state,
    );
  const mxHosts = [{ mxHost: "other.held.example", preference: 10 }];
  await database.db.domain.update({
    where: { accountId_id: { accountId, id: domainId } },
    data: { mxHosts },
  });
  const broken = { code: "op.dns", subject: "own resolver", text: "", since: NOW, seenAt: NOW };
  await database.db.operatorCondition.create({ data: { ...broken, until: after(30) } });
  await evaluate(NOW);
  expect(await alerts()).toEqual(["pending"]);
  const row = await database.db.domain.findUniqueOrThrow({
    where: { accountId_id: { accountId, id: domainId } },
  });
  expect(row.judgeAt.getTime()).toBeLessThanOrEqual(after(5).getTime());
  await evaluate(after(31));
  expect(await alerts()).toEqual(["open"]);
  await database.db.operatorCondition.updateMany({ data: { until: after(120) } });
  await database.db.domain.update({
    where: { accountId_id: { accountId, id: domainId } },
    data: { mxHosts: [{ mxHost: "mx.held.example", preference: 10 }] },
  });
  await evaluate(after(40));
  await evaluate(after(80));
  expect(await alerts()).toEqual(["open"]);
  await database.db.operatorCondition.deleteMany({});
  await evaluate(after(90));
  await evaluate(after(110));
  expect(await alerts()).toEqual(["resolved"]);
});
