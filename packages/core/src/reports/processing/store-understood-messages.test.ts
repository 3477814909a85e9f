import { randomUUID } from "node:crypto";
import { inSqlTransaction, type ReportTrust, reportsOf } from "@waxseal/db";
import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { afterAll, beforeAll, beforeEach, expect, inject, test } from "vitest";
import { testFailure, testPolicy } from "../../../testing/create-test-report.ts";
import type { SignerDay } from "../trust/note-signers.ts";
import { countDomainRows } from "../understanding/count-domain-rows.ts";
import type { UnderstoodMessage } from "../understanding/route-message.ts";
import type { UnderstoodReport } from "../understanding/understood-report.ts";
import { type StoredMessage, storeUnderstoodMessages } from "./store-understood-messages.ts";

const NOW = new Date("2026-03-11T06:00:00Z");
const DOMAIN = randomUUID();

let database: TestDatabase;
/** Every test has accounts of its own. */
let account: string;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
  await database.reports.$queryRaw`select ensure_report_partitions(date '2026-03-01')::text`;
});
beforeEach(() => {
  account = randomUUID();
});
afterAll(() => database.drop());

type Changes = Partial<UnderstoodReport> & { successful?: number; failed?: number };

function report({ successful = 7, failed = 0, ...changes }: Changes = {}): UnderstoodReport {
  const failureDetails = failed > 0 ? [testFailure({ failedSessions: failed })] : [];
  const policies = [
    testPolicy("example.com", { successfulSessions: successful, failedSessions: failed, failureDetails }),
  ];
  return {
    ...countDomainRows(policies),
    ...{ accountId: account, domainId: DOMAIN, messageId: "", reportDay: "2026-03-10", reporter: "Sender" },
    ...{ submitter: null, contactInfo: null, reportId: "r1", startAt: NOW, endAt: NOW, resultTypes: [] },
    ...{ trust: "unsigned" as ReportTrust, claim: null, transport: "smtp" as const, quirks: [] },
    ...{ identity: "i1", policiesJson: JSON.stringify(policies), receivedAt: NOW },
    ...changes,
  };
}

/** A message that was kept, with what was understood of it. */
async function keep(
  reports: UnderstoodReport[],
  problems: UnderstoodMessage["problems"] = [],
  accountId = account,
): Promise<UnderstoodMessage> {
  const id = randomUUID();
  const kept = { transport: "smtp" as const, receivedAt: NOW, raw: Buffer.from("mail") };
  await database.reports.reportMessage.create({
    data: { ...kept, accountId, id, contentSha256: id },
  });
  const message = { ...kept, accountId, id, home: null, fileName: null, dailyDays: undefined };
  return { message, problems, reports: reports.map((one) => ({ ...one, accountId, messageId: id })) };
}

const signers: SignerDay[] = [];

function store(messages: readonly UnderstoodMessage[], isDistributed = false): Promise<StoredMessage[]> {
  const cause = (effects: { signers?: SignerDay[] }) => signers.push(...(effects.signers ?? []));
  return inSqlTransaction(
    reportsOf(database.db),
    (sql) => storeUnderstoodMessages({ sql, isDistributed, cause }, messages, NOW),
    { timeoutMs: 60_000 },
  );
}

async function read(accountId = account) {
  const where = { accountId };
  const [reports, sessions, failures] = await Promise.all([
    database.reports.tlsReport.findMany({ where, orderBy: { identity: "asc" } }),
    database.reports.tlsDailySessions.findMany({ where }),
    database.reports.tlsDailyFailures.findMany({ where }),
  ]);
  return {
    reports: reports.map(({ identity, trust }) => [identity, trust]),
    sessions: sessions.map((row) => [Number(row.reports), Number(row.countedSuccessful)]),
    failed: failures.reduce((sum, row) => sum + Number(row.countedFailed), 0),
  };
}

const stateOf = async ({ message }: UnderstoodMessage) => {
  const where = { accountId: message.accountId, id: message.id };
  const row = await database.reports.reportMessage.findFirstOrThrow({ where });
  return [row.state, row.quarantineReason];
};

test("a report is counted once, and its message says so", async () => {
  const message = await keep([report({ failed: 2 })]);
  expect(await store([message])).toEqual([
    {
      ...{ accountId: account, messageId: message.message.id, domainId: DOMAIN, state: "processed" },
      ...{
        problem: null,
        reports: 1,
        duplicates: 0,
        problems: [],
        domainIds: [DOMAIN],
        hasUnknownTrust: false,
      },
    },
  ]);
  expect(await read()).toEqual({ reports: [["i1", "unsigned"]], sessions: [[1, 7]], failed: 2 });
  expect(await stateOf(message)).toEqual(["processed", null]);
});

test("the same message again is no duplicate of itself, and counts nothing more", async () => {
  const message = await keep([report()]);
  await store([message]);
  expect(await store([message])).toMatchObject([{ state: "processed", reports: 0, duplicates: 0 }]);
  expect(await read()).toMatchObject({ sessions: [[1, 7]] });
});

test("RFC 8460 §5.4: a copy by another way is a duplicate", async () => {
  await store([await keep([report()])]);
  const copy = await keep([report({ transport: "https" })]);
  expect(await store([copy])).toMatchObject([
    { state: "duplicate", reports: 0, duplicates: 1, domainIds: [] },
  ]);
  expect(await stateOf(copy)).toEqual(["duplicate", null]);
  expect(await read()).toMatchObject({ sessions: [[1, 7]] });
});

test("a copy that says something else goes to quarantine, and the counted one stays", async () => {
  await store([await keep([report()])]);
  const copy = await keep([report({ successful: 500 })]);
  const [stored] = await store([copy]);
  expect(stored).toMatchObject({ state: "quarantined", reports: 0, problem: { reason: "changed-copy" } });
  expect(stored?.problem?.detail).toBe(
    "A report of Sender for 10 Mar 2026 with the same id was counted before, and says something else.",
  );
  expect(await read()).toMatchObject({ sessions: [[1, 7]] });
  expect(await stateOf(copy)).toEqual(["quarantined", "changed-copy"]);
});

test("a more trusted copy takes the place of the counted one, with its figures", async () => {
  const forged = await keep([report({ successful: 500, failed: 9 })]);
  await store([forged]);
  expect(
    await store([await keep([report({ trust: "aligned", submitter: "sender.example" })])]),
  ).toMatchObject([{ state: "processed", reports: 1 }]);
  expect(await read()).toEqual({ reports: [["i1", "aligned"]], sessions: [[1, 7]], failed: 0 });
  expect(await stateOf(forged)).toEqual(["quarantined", "changed-copy"]);
});

test("of copies in one batch the most trusted counts, in any order", async () => {
  const copies: Changes[] = [
    { successful: 1 },
    { successful: 2, trust: "aligned", submitter: "sender.example" },
    { successful: 3 },
  ];
  for (const order of [copies, copies.toReversed()]) {
    account = randomUUID();
    const messages = [];
    for (const copy of order) messages.push(await keep([report(copy)]));
    const stored = await store(messages);
    expect(stored.map(({ reports }) => reports).sort()).toEqual([0, 0, 1]);
    expect(await read()).toMatchObject({ reports: [["i1", "aligned"]], sessions: [[1, 2]] });
  }
});

test("a message is in quarantine for what could not be used, and the rest of it counts", async () => {
  const problems = [
    { reason: "not-json" as const, detail: "The first part is no JSON." },
    { reason: "truncated" as const, detail: "The second part is cut off." },
  ];
  const message = await keep([report()], problems);
  expect(await store([message])).toMatchObject([
    {
      ...{ state: "quarantined", reports: 1, problems },
      problem: {
        reason: "not-json",
        detail: "The first part is no JSON. 1 reports in it were counted. 1 more problems.",
      },
    },
  ]);
  expect(await read()).toMatchObject({ sessions: [[1, 7]] });
});

test("a message without any report is a duplicate of nothing: it stays in quarantine", async () => {
  const message = await keep([], [{ reason: "not-a-report", detail: "There is no report in it." }]);
  expect(await store([message])).toMatchObject([{ state: "quarantined", domainId: null, reports: 0 }]);
});

test("reports whose key could not be looked up are to be checked again", async () => {
  const [stored] = await store([await keep([report({ trust: "unknown" })])]);
  expect(stored?.hasUnknownTrust).toBe(true);
});

test("only what counts now is noted of signers", async () => {
  signers.length = 0;
  const signed = { trust: "signed" as const, submitter: "relay.example" };
  const claim = { reporter: "sender", signer: "relay.example" } as unknown as UnderstoodReport["claim"];
  const first = await keep([report({ ...signed, claim })]);
  await store([first]);
  const noted = signers.length;
  expect(noted).toBeGreaterThan(0);
  await store([await keep([report({ ...signed, claim })])]);
  expect(signers).toHaveLength(noted);
});

test.each([
  ["on one node", false],
  ["account by account, where tables are distributed", true],
])(
  "messages of several accounts are stored %s, and answered in their order",
  async (_name, isDistributed) => {
    const accounts = [randomUUID(), randomUUID(), randomUUID()].toSorted().toReversed();
    const messages: UnderstoodMessage[] = [];
    for (const [n, accountId] of [...accounts, ...accounts].entries())
      messages.push(
        await keep([report({ identity: `i${n}`, reportId: `r${n}`, successful: n })], [], accountId),
      );
    const stored = await store(messages, isDistributed);
    expect(stored.map(({ messageId }) => messageId)).toEqual(messages.map(({ message }) => message.id));
    expect(stored.every(({ state, reports }) => state === "processed" && reports === 1)).toBe(true);
    for (const [n, accountId] of accounts.entries())
      expect(await read(accountId)).toMatchObject({ sessions: [[2, n + n + 3]] });
    for (const message of messages) expect(await stateOf(message)).toEqual(["processed", null]);
  },
);

test("no message changes nothing", async () => {
  expect(await store([])).toEqual([]);
  expect(await store([], true)).toEqual([]);
});
