import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { DAY_MS } from "@waxseal/runtime/time-spans";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createTestAccount, createTestDomain } from "../../testing/create-test-report.ts";
import type { Context } from "../context.ts";
import { haltPolicyChange } from "./halt-policy-change.ts";
import { insertPolicyChange, type NewLine } from "./insert-policy-change.ts";
import { stopPolicyChange } from "./stop-policy-change.ts";

const at = new Date();
const now = () => at;
let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
});
afterAll(() => database.drop());

const EDIT = { mode: "enforce" as const, addMx: [], removeMx: [] };
const policy = (mode: "enforce" | "testing" | "none") => ({
  mode,
  mx: ["mx.example"],
  maxAgeSeconds: 86_400,
});
let domains = 0;
async function addDomain(ctx: Context) {
  const domain = `changed${domains++}.example`;
  return { accountId: ctx.accountId, id: (await createTestDomain(ctx, domain)).domainId, domain };
}
const lineOf = (domain: NewLine["domain"], change: Partial<NewLine> = {}): NewLine => ({
  ...{ domain, fromVersion: 1, state: "waiting", reason: null, assessment: null },
  ...{ before: policy("testing"), after: policy("enforce") },
  ...change,
});
const insert = (ctx: Context, lines: readonly NewLine[], edit: object = EDIT) =>
  ctx.inTransaction((db) => insertPolicyChange(db, ctx, { edit: edit as typeof EDIT, lines }));
const changeOf = (id: string) => database.db.policyChange.findFirstOrThrow({ where: { id } });
const linesOf = (changeId: string) =>
  database.db.policyChangeLine.findMany({ where: { changeId }, orderBy: { place: "asc" } });

test("lines are kept in the order given, each with the version and policies it was previewed from", async () => {
  const ctx = await createTestAccount(database.db, now);
  const [first, second] = [await addDomain(ctx), await addDomain(ctx)];
  const refused = { state: "refused", reason: "No MX host", after: null, fromVersion: null } as const;
  const id = await insert(ctx, [lineOf(second), lineOf(first, refused)]);
  expect(await linesOf(id)).toMatchObject([
    { place: 0, domain: second.domain, state: "waiting", fromVersion: 1, after: policy("enforce"), wave: 0 },
    {
      place: 1,
      domain: first.domain,
      state: "refused",
      reason: "No MX host",
      fromVersion: null,
      after: null,
    },
  ]);
  expect(await changeOf(id)).toMatchObject({ endedAt: null, revertsId: null });
});

test("a change in which no domain waits has ended already", async () => {
  const ctx = await createTestAccount(database.db, now);
  const id = await insert(ctx, [lineOf(await addDomain(ctx), { state: "unchanged" })]);
  expect((await changeOf(id)).endedAt).toEqual(at);
});

test("only domains that begin to enforce go in waves: five, a fifth, then the rest", async () => {
  const ctx = await createTestAccount(database.db, now);
  const domain = await addDomain(ctx);
  const others = [
    lineOf(domain, { before: policy("enforce") }),
    lineOf(domain, { after: policy("testing") }),
    lineOf(domain, { state: "unchanged" }),
  ];
  const begins = Array.from({ length: 25 }, () => lineOf(domain));
  const lines = await linesOf(await insert(ctx, [...others, ...begins]));
  expect(lines.map(({ wave }) => wave)).toEqual([
    0,
    0,
    0,
    ...Array(5).fill(0),
    ...Array(5).fill(1),
    ...Array(15).fill(2),
  ]);
});

test.each([
  [{ ...EDIT }, "mode enforce"],
  [{ maxAgeSeconds: 0, addMx: [], removeMx: [] }, "max_age 0"],
  [
    { addMx: ["a.example", "b.example"], removeMx: ["c.example"] },
    "with a.example, b.example; without c.example",
  ],
])("the log says in words what is changed, and for how many domains: %j", async (edit, summary) => {
  const ctx = await createTestAccount(database.db, now);
  const domain = await addDomain(ctx);
  const changeId = await insert(ctx, [lineOf(domain), lineOf(domain, { state: "refused" })], edit);
  const event = await database.db.event.findFirstOrThrow({ where: { accountId: ctx.accountId } });
  expect(event).toMatchObject({
    kind: "policyChange.prepared",
    data: { changeId, summary, domains: 2, waiting: 1 },
  });
});

test("changes that ended 400 days ago are forgotten with their lines; those that wait, and other accounts', stay", async () => {
  const [ctx, other] = [await createTestAccount(database.db, now), await createTestAccount(database.db, now)];
  const [own, foreign] = [await addDomain(ctx), await addDomain(other)];
  const [old, waiting, theirs] = [
    await insert(ctx, [lineOf(own)]),
    await insert(ctx, [lineOf(own)]),
    await insert(other, [lineOf(foreign)]),
  ];
  const end = (id: string, days: number) =>
    database.db.policyChange.updateMany({
      where: { id },
      data: { endedAt: new Date(at.getTime() - days * DAY_MS) },
    });
  await end(old, 399);
  await end(theirs, 500);
  await insert(ctx, [lineOf(own)]);
  expect(await linesOf(old)).toHaveLength(1);
  await end(old, 401);
  await insert(ctx, [lineOf(own)]);
  expect(await linesOf(old)).toEqual([]);
  expect(await database.db.policyChange.count({ where: { id: { in: [old, waiting, theirs] } } })).toBe(2);
});

/** A change with one domain that was applied and one that waits, and an alert of the first. */
async function startApplied(alert: object, changeLine: object = {}) {
  const ctx = await createTestAccount(database.db, now);
  const [applied, waits] = [await addDomain(ctx), await addDomain(ctx)];
  const changeId = await insert(ctx, [lineOf(applied), lineOf(waits)]);
  const data = { state: "applied", appliedAt: at, version: 2, ...changeLine };
  await database.db.policyChangeLine.updateMany({ where: { changeId, place: 0 }, data });
  await database.db.alert.create({
    data: {
      ...{ accountId: ctx.accountId, domainId: applied.id, condition: "mx.badTls", subject: "mx.example" },
      ...{ state: "open", severity: "critical", openedAt: at, evidence: {}, looksBad: 2, looksGood: 0 },
      ...{ firstSeenAt: at, lastSeenAt: at, lookedAt: at },
      ...alert,
    },
  });
  return { ctx, changeId, name: applied.domain };
}

test("something critical that opens on a changed domain ends the change: domains that wait keep their policies", async () => {
  const { ctx, changeId, name } = await startApplied({});
  expect(await haltPolicyChange(ctx, changeId)).toBe(true);
  expect(await changeOf(changeId)).toMatchObject({ endedAt: at, haltReason: expect.stringContaining(name) });
  expect((await linesOf(changeId)).map(({ state }) => state)).toEqual(["applied", "stopped"]);
});

test.each([
  ["a warning", { severity: "warning" }, {}],
  ["one that is pending", { state: "pending", openedAt: null }, {}],
  ["one that was resolved since", { state: "resolved", resolvedAt: at }, {}],
  ["one that was open before", { openedAt: new Date(at.getTime() - 1) }, {}],
  ["one of a domain that still waits", {}, { state: "waiting", appliedAt: null }],
])("%s does not end a change", async (_what, alert, line) => {
  const { ctx, changeId } = await startApplied(alert, line);
  expect(await haltPolicyChange(ctx, changeId)).toBe(false);
  expect((await changeOf(changeId)).endedAt).toBeNull();
});

test("events of a domain after it left the provider do not end the change and are not shown", async () => {
  const { accountId } = await createTestAccount(database.db, now);
  const { ctx, changeId } = await startApplied({ accountId }, { ownerId: accountId });
  expect(await haltPolicyChange(ctx, changeId)).toBe(false);
  // While the owner is a customer, it is the provider's to know.
  await database.db.organization.update({ where: { id: accountId }, data: { parentId: ctx.accountId } });
  expect(await haltPolicyChange(ctx, changeId)).toBe(true);
});

test("only its own account stops a change, once, and applied policies stay", async () => {
  const { ctx, changeId } = await startApplied({ severity: "warning" });
  const other = await createTestAccount(database.db, now);
  await expect(stopPolicyChange(other, { changeId })).rejects.toMatchObject({ code: "not_found" });
  const outcomes = await Promise.allSettled([1, 2].map(() => stopPolicyChange(ctx, { changeId })));
  const refused = outcomes.flatMap((one) => (one.status === "rejected" ? [one.reason.reason] : []));
  expect(refused).toEqual(["change_ended"]);
  expect((await linesOf(changeId)).map(({ state }) => state)).toEqual(["applied", "stopped"]);
  expect(await changeOf(changeId)).toMatchObject({ endedAt: at, haltReason: null });
});

test("the change of an account that is being deleted ends", async () => {
  const { ctx, changeId } = await startApplied({ severity: "warning" });
  await database.db.organization.update({ where: { id: ctx.accountId }, data: { closingAt: at } });
  expect(await haltPolicyChange(ctx, changeId)).toBe(true);
  expect((await changeOf(changeId)).haltReason).toContain("being deleted");
});
