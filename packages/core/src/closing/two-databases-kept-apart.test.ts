import { randomUUID } from "node:crypto";
import { createTestDatabase } from "@waxseal/db/testing";
import type { PostgresProxy } from "@waxseal/db/testing-proxy";
import { afterAll, beforeAll, beforeEach, expect, inject, test } from "vitest";
import {
  createTestAccount,
  createTestDomain,
  testPolicy,
  testReportJson,
} from "../../testing/create-test-report.ts";
import { openSplitDatabases, type SplitDatabases } from "../../testing/open-split-databases.ts";
import type { Context } from "../context.ts";
import type { TokenOwner } from "../reports/arriving/find-token-owners.ts";
import { importReports } from "../reports/processing/import-report.ts";
import { applyLateEffects, deliverReportEffects } from "../reports/processing/report-effects.ts";
import { expireReports } from "../reports/retention/expire-reports.ts";
import { removeDomainReports } from "../reports/retention/remove-domain-reports.ts";
import { settleReportDays } from "../reports/totals/settle-report-days.ts";
import { sweepJudgements } from "../watching/sweep-judgements.ts";
import { ACCOUNT_TABLES, isReportTable } from "./account-tables.ts";
import { finishClosing } from "./finish-closing.ts";

const NOW = new Date("2026-03-15T06:00:00Z");
const ASKED_AT = new Date("2026-03-10T06:00:00Z");
const now = () => NOW;

let split: SplitDatabases;
let ctx: Context;
let owner: TokenOwner;
let neighbour: Context;
beforeAll(async () => {
  split = await openSplitDatabases(inject("templateDatabaseUrl"));
  neighbour = (await newAccount()).ctx;
});
afterAll(() => split?.close());
beforeEach(async () => {
  ({ ctx, owner } = await newAccount());
});

/** An account with one counted and settled report. */
async function newAccount() {
  const made = await createTestAccount(split.db, now);
  const its = await createTestDomain(made, `${made.accountId}.example`);
  const json = testReportJson("2026-03-14", { policies: [testPolicy(its.domain, { failedSessions: 2 })] });
  await importReports(made, [{ fileName: "r.json", bytes: Buffer.from(json) }]);
  await settleReportDays({ db: split.db });
  return { ctx: made, owner: its };
}

async function countRows(accountId: string): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const table of ACCOUNT_TABLES) {
    const sql = `select count(*)::int as n from ${table} where account_id = $1`;
    const database = isReportTable(table) ? split.direct.reports : split.direct.db;
    const [row] = await database.$queryRawUnsafe<{ n: number }[]>(sql, accountId);
    if (row && row.n > 0) counts[table] = row.n;
  }
  return counts;
}

async function beginClosing(): Promise<void> {
  await split.db.organization.update({ where: { id: ctx.accountId }, data: { closingAt: ASKED_AT } });
  await split.db.domain.updateMany({ where: { accountId: ctx.accountId }, data: { status: "left" } });
}

/** A step that loses a database, or is killed, where `text` passes; then it is run again. */
async function cutThenRepeat(
  [way, text, when]: readonly [PostgresProxy, string, "before" | "after"],
  step: () => Promise<unknown>,
): Promise<unknown> {
  way.cutAt(text, when, "andBlock");
  await expect(step()).rejects.toThrow();
  expect(way.wasCut()).toBe(true);
  way.unblock();
  return step();
}

const event = () => ({
  kind: "report.received" as const,
  accountId: ctx.accountId,
  id: randomUUID(),
  at: NOW.toISOString(),
  domainId: owner.domainId,
  data: {},
});

test.each([
  ["after the first table of reports", "reports", "delete from report_message", "after"],
  ["between the two databases", "state", "delete from report_recount", "before"],
  ["among the tables of state", "state", "delete from policy_version", "after"],
  ["before the account itself", "state", "report_effect", "before"],
] as const)(
  "closing that is cut off %s ends with nothing left in either database",
  async (_name, way, text, when) => {
    const others = await countRows(neighbour.accountId);
    await beginClosing();
    expect(await cutThenRepeat([split[way], text, when], () => finishClosing(ctx))).toBe(true);
    expect(await countRows(ctx.accountId)).toEqual({});
    expect(await split.direct.db.organization.count({ where: { id: ctx.accountId } })).toBe(0);
    expect(await countRows(neighbour.accountId)).toEqual(others);
  },
);

test("effects of reports are not written to state for an account that was deleted before", async () => {
  await beginClosing();
  expect(await finishClosing(ctx)).toBe(true);
  const { accountId } = ctx;
  const effects = { signers: [], events: [event()] };
  await split.direct.reports.reportEffect.create({ data: { accountId, id: randomUUID(), effects } });
  expect(await deliverReportEffects(split.db)).toBe(1);
  expect(await countRows(accountId)).toEqual({});
});

test("an account that closes while an effect is being written leaves nothing of it behind", async () => {
  await beginClosing();
  // The timeline is locked after the account was found: closing has deleted the timeline once, and waits to delete the account.
  const lock = await split.direct.db.$transaction(
    async (tx) => {
      await tx.$executeRaw`lock table event in share mode`;
      const late = applyLateEffects(split.db, { signers: [], events: [event()] });
      await expect.poll(() => waiting("insert into event")).toBe(1);
      const closing = finishClosing(ctx);
      await expect.poll(() => waiting("delete from event")).toBe(1);
      return { late, closing };
    },
    { timeout: 30_000 },
  );
  await lock.late;
  expect(await lock.closing).toBe(true);
  expect(await countRows(ctx.accountId)).toEqual({});
});

async function waiting(text: string): Promise<number> {
  const [row] = await split.direct.db.$queryRaw<{ n: number }[]>`
    select count(*)::int as n from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock' and query ilike ${`%${text}%`}`;
  return row?.n ?? 0;
}

test.each([
  ["in its judging", "state", "update domain d set judged_at", "before"],
  ["before the mark goes", "reports", "delete from tls_changed_domain", "before"],
] as const)(
  "a mark whose run is cut off %s is judged again, and opens no second alert",
  async (_name, way, text, when) => {
    const key = { accountId: ctx.accountId, domainId: owner.domainId };
    await split.direct.reports.tlsChangedDomain.create({ data: key });
    const sweep = () => sweepJudgements({ db: split.db, now });
    await expect(cutThenRepeat([split[way], text, when], sweep)).resolves.toMatchObject({ marks: 1 });
    expect(await split.direct.reports.tlsChangedDomain.count({ where: key })).toBe(0);
    const alerts = await split.direct.db.alert.findMany({
      where: key,
      select: { condition: true, subject: true },
    });
    expect(alerts).toEqual([...new Map(alerts.map((each) => [JSON.stringify(each), each])).values()]);
    expect(await sweep()).toMatchObject({ marks: 0 });
  },
);

test("retention that is cut off deletes the rest with the next run, and nothing that is kept", async () => {
  const { accountId } = ctx;
  await split.direct.db.reportRetention.create({ data: { accountId, rawDays: 1, dailyDays: 400 } });
  await split.direct.db.deletionHold.createMany({
    data: (["messages", "reports"] as const).map((kind) => ({
      ...{ accountId, kind, due: 0, total: 0 },
      ...{ heldAt: new Date(), allowedAt: new Date() },
    })),
  });
  await split.direct.reports.reportMessage.updateMany({
    where: { accountId },
    data: { receivedAt: ASKED_AT },
  });
  const before = await countRows(neighbour.accountId);
  const cut = [split.reports, "delete from report_message", "after"] as const;
  await cutThenRepeat(cut, () => expireReports({ db: split.db, now }));
  const { report_message: messages, tls_report: reports } = await countRows(accountId);
  expect([messages, reports]).toEqual([undefined, 1]);
  expect(await countRows(neighbour.accountId)).toEqual(before);
});

test("the reports and figures of a deleted domain are deleted even after an interrupted deletion", async () => {
  const cut = [split.reports, "delete from tls_daily_failures", "after"] as const;
  await cutThenRepeat(cut, () =>
    removeDomainReports(split.db, { accountId: ctx.accountId, domainId: owner.domainId }),
  );
  await settleReportDays({ db: split.db });
  const left = Object.keys(await countRows(ctx.accountId)).filter(isReportTable);
  expect(left.filter((table) => table !== "report_effect")).toEqual([]);
});

test("effects kept with the reports are written to state after the reports moved back into one database", async () => {
  const one = await createTestDatabase(inject("templateDatabaseUrl"), { isSplit: false });
  const account = await createTestAccount(one.db, now);
  const effects = { signers: [], events: [{ ...event(), accountId: account.accountId }] };
  const { accountId } = account;
  await one.reports.reportEffect.create({ data: { accountId, id: randomUUID(), effects } });
  expect(await deliverReportEffects(one.db)).toBe(1);
  expect(await deliverReportEffects(one.db)).toBe(0);
  expect(await one.db.event.count({ where: { accountId } })).toBe(1);
  await one.drop();
});
