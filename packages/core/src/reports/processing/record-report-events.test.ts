import { randomUUID } from "node:crypto";
import { inSqlTransaction } from "@waxseal/db";
import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { HOUR_MS, MINUTE_MS } from "@waxseal/runtime/time-spans";
import { afterAll, beforeAll, beforeEach, expect, inject, test } from "vitest";
import { listReportEvents, type ReportEvent, recordReportEvents } from "./record-report-events.ts";
import type { StoredMessage } from "./store-understood-messages.ts";

const NOW = new Date("2026-03-11T06:00:00Z");
const after = (ms: number) => new Date(NOW.getTime() + ms);

let database: TestDatabase;
let accountId: string;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
});
beforeEach(() => {
  accountId = randomUUID();
});
afterAll(() => database.drop());

function stored(changes: Partial<StoredMessage>): StoredMessage {
  return {
    ...{ accountId, messageId: randomUUID(), domainId: null, state: "processed", problem: null },
    ...{ reports: 0, duplicates: 0, problems: [], domainIds: [], hasUnknownTrust: false },
    ...changes,
  };
}

const quarantined = (domainId: string | null) =>
  stored({ state: "quarantined", domainId, problem: { reason: "not-json", detail: "It is no JSON." } });

const record = (events: readonly ReportEvent[]) =>
  inSqlTransaction(database.db, (sql) => recordReportEvents(sql, events), { timeoutMs: 60_000 });

const store = (messages: readonly StoredMessage[], at = NOW) => record(listReportEvents(messages, at));

const lines = async () => {
  const rows = await database.db.event.findMany({ where: { accountId }, orderBy: { at: "asc" } });
  return rows.map(({ kind, domainId }) => [kind, domainId]);
};

test("a batch names each domain once, with the first message", () => {
  const [a, b] = [randomUUID(), randomUUID()];
  const first = stored({ domainIds: [a, b, a] });
  const events = listReportEvents([first, stored({ domainIds: [a] })], NOW);
  expect(events.map(({ kind, domainId, data }) => [kind, domainId, data])).toEqual([
    ["report.received", a, { messageId: first.messageId }],
    ["report.received", b, { messageId: first.messageId }],
  ]);
  expect(new Set(events.map(({ id }) => id)).size).toBe(2);
  expect(events[0]?.at).toBe("2026-03-11T06:00:00.000Z");
});

test("a message in quarantine is a line with its problem, and one that also counts is two", () => {
  const domainId = randomUUID();
  const message = { ...quarantined(domainId), domainIds: [domainId] };
  expect(listReportEvents([message], NOW).map(({ kind, data }) => [kind, data])).toEqual([
    ["report.received", { messageId: message.messageId }],
    ["report.quarantined", { messageId: message.messageId, reason: "not-json", detail: "It is no JSON." }],
  ]);
});

test("accounts with one domain id do not share a line", () => {
  const domainId = randomUUID();
  const other = { ...quarantined(domainId), accountId: randomUUID() };
  expect(listReportEvents([quarantined(domainId), other], NOW)).toHaveLength(2);
});

test("duplicates and messages without news cause nothing", () => {
  expect(listReportEvents([stored({ state: "duplicate", duplicates: 1 }), stored({})], NOW)).toEqual([]);
});

test("the first report of a domain is in its timeline once, however long after others come", async () => {
  const domainId = randomUUID();
  await store([stored({ domainIds: [domainId] })]);
  await store([stored({ domainIds: [domainId] })], after(400 * 24 * HOUR_MS));
  expect(await lines()).toEqual([["report.received", domainId]]);
});

test.each([
  ["59 minutes later is not written", 59 * MINUTE_MS, 1],
  ["after an hour is", HOUR_MS, 2],
])("a flood of unreadable messages writes one line an hour: another %s", async (_name, laterMs, count) => {
  for (const domainId of [randomUUID(), null]) {
    accountId = randomUUID();
    await store([quarantined(domainId), quarantined(domainId)]);
    await store([quarantined(domainId)], after(laterMs));
    expect(await lines()).toEqual(Array(count).fill(["report.quarantined", domainId]));
  }
});

test("the flood of one domain hides no line of another, of the account itself or of another account", async () => {
  const [a, b] = [randomUUID(), randomUUID()];
  await store([quarantined(a)]);
  await store([quarantined(b), quarantined(null)], after(MINUTE_MS));
  expect(await lines()).toHaveLength(3);
  const first = accountId;
  accountId = randomUUID();
  await store([quarantined(a), quarantined(null)], after(MINUTE_MS));
  expect([accountId === first, await lines()]).toEqual([
    false,
    expect.arrayContaining([
      ["report.quarantined", a],
      ["report.quarantined", null],
    ]),
  ]);
});

test("quarantine does not stand in for the first report, nor a report for quarantine", async () => {
  const domainId = randomUUID();
  await store([quarantined(domainId)]);
  await store([stored({ domainIds: [domainId] })], after(MINUTE_MS));
  expect((await lines()).map(([kind]) => kind)).toEqual(["report.quarantined", "report.received"]);
});

test("lines that were written before are not written twice when they are delivered again", async () => {
  const events = listReportEvents([quarantined(null), stored({ domainIds: [randomUUID()] })], NOW);
  await record(events);
  await record(events);
  expect(await lines()).toHaveLength(2);
});

test("the lines say that a service of ours wrote them, and hold what strangers sent as it is", async () => {
  const detail = 'It holds "quotes", \\ and \u0000 and ü.';
  await store([stored({ state: "quarantined", problem: { reason: "not-json", detail } })]);
  const [row] = await database.db.event.findMany({ where: { accountId } });
  expect(row).toMatchObject({ actorKind: "job", actorName: expect.stringMatching(/\w/), at: NOW });
  expect(row?.data).toMatchObject({ reason: "not-json", detail: 'It holds "quotes", \\ and   and ü.' });
});
