import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createTestAccount, createTestDomain } from "../../testing/create-test-report.ts";
import type { Context } from "../context.ts";
import { checkAtOnce } from "./check-at-once.ts";
import { evaluateDomains } from "./evaluate-domains.ts";

const NOW = new Date("2026-03-15T12:00:00Z");
const RECORD = "_mta-sts.watched.example";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
});
afterAll(() => database.drop());

test("a CNAME that is removed opens its alert at once, and one that is back ends it at once, whatever was seen a moment before", async () => {
  const { db } = database;
  let now = NOW;
  const ctx = await createTestAccount(db, () => now);
  const { accountId, domainId } = await createTestDomain(ctx, "watched.example");
  const key = { accountId, domainId };
  await db.domain.update({
    where: { accountId_id: { accountId, id: domainId } },
    data: { status: "active", servedVersion: 1, judgedAt: NOW },
  });
  await db.setupRecord.createMany({
    data: (["policyHost", "stsRecord", "tlsRptRecord"] as const).map((kind) => ({ ...key, kind })),
    skipDuplicates: true,
  });
  const where = { accountId_id: { accountId, id: domainId } };
  // As a check of the DNS: one that is older than the last is dropped.
  const check = (state: "missing" | "correct") => async (then: Context) => {
    const { checkedAt } = await db.domain.findUniqueOrThrow({ where });
    if (checkedAt && checkedAt > then.now()) return;
    await db.domain.update({ where, data: { checkedAt: then.now() } });
    await db.setupRecord.updateMany({ where: key, data: { state: "correct", checkedAt: then.now() } });
    await db.setupRecord.updateMany({ where: { ...key, kind: "stsRecord" }, data: { state } });
  };
  const states = async () => {
    const alerts = await db.alert.findMany({ where: { ...key, condition: "cname.missing" } });
    return alerts.map(({ state }) => state).toSorted();
  };
  const evaluate = () => evaluateDomains({ db, now: () => now }, [key]);
  /** The schedule looks, before the change or after it, and a second later the sandbox. */
  const change = async (state: "missing" | "correct", seen: "missing" | "correct") => {
    now = new Date(now.getTime() + 60_000);
    await check(seen)({ ...ctx, now: () => now });
    await evaluate();
    now = new Date(now.getTime() + 1_000);
    await checkAtOnce(ctx, { domainId, recordNames: [RECORD] }, check(state));
  };

  // The fourth opening of a day is one that comes and goes; it ends at once too.
  for (let times = 1; times <= 4; times += 1) {
    const isSeen = times % 2 === 0;
    await change("missing", isSeen ? "missing" : "correct");
    expect(await states()).toEqual(["open", ...Array.from({ length: times - 1 }, () => "resolved")]);
    await change("correct", isSeen ? "correct" : "missing");
    expect(await states()).toEqual(Array.from({ length: times }, () => "resolved"));
  }
});
