import type { Domain } from "@waxseal/db";
import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createTestAccount, createTestDomain } from "../../testing/create-test-report.ts";
import type { Context } from "../context.ts";
import type { CheckedRecord } from "../domains/check-domain-record.ts";
import { claimDomain } from "./check-domain-claim.ts";

const NOW = new Date("2026-03-10T12:00:00Z");
let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
});
afterAll(() => database.drop());

type Kind = CheckedRecord["kind"];
type Side = { ctx: Context; domain: Domain };

/** One domain at two accounts, each with its own row. */
async function addTwice(name: string): Promise<[Side, Side]> {
  const add = async (): Promise<Side> => {
    const ctx = await createTestAccount(database.db, () => NOW);
    const { domainId } = await createTestDomain(ctx, name);
    return { ctx, domain: await database.db.domain.findFirstOrThrow({ where: { id: domainId } }) };
  };
  return [await add(), await add()];
}

function claim({ ctx, domain }: Side, correct: readonly Kind[], state: CheckedRecord["state"] = "correct") {
  const records = correct.map((kind) => ({ kind, state }) as CheckedRecord);
  return ctx.inTransaction((tx) => claimDomain(tx, ctx, domain, records));
}

const holderOf = async (name: string) =>
  (await database.db.domainClaim.findUnique({ where: { domain: name } }))?.accountId;
const claimedBy = ({ ctx, domain }: Side) =>
  database.db.event.count({
    where: { accountId: ctx.accountId, domainId: domain.id, kind: "domain.claimed" },
  });

test.each<[string, Kind[], boolean]>([
  ["the policy host's CNAME", ["policyHost"], true],
  ["the TXT record's CNAME alone", ["stsRecord"], true],
  ["both", ["policyHost", "stsRecord"], true],
  ["the report record's CNAME, which says nothing about the policy", ["tlsRptRecord"], false],
  ["nothing", [], false],
])("a domain that no account has is claimed by %s: %s", async (_name, correct, isClaimed) => {
  const name = `free-${correct.length}-${correct[0] ?? "none"}.example`.toLowerCase();
  const [mine] = await addTwice(name);
  expect(await claim(mine, correct)).toBe(isClaimed);
  expect(await holderOf(name)).toBe(isClaimed ? mine.ctx.accountId : undefined);
  expect(await claimedBy(mine)).toBe(isClaimed ? 1 : 0);
});

test.each(["missing", "wrong", "unreachable"] as const)(
  "a CNAME that is %s claims nothing",
  async (state) => {
    const name = `${state}.example`;
    const [mine] = await addTwice(name);
    expect(await claim(mine, ["policyHost", "stsRecord"], state)).toBe(false);
    expect(await holderOf(name)).toBeUndefined();
  },
);

test("DNS that points at another account takes the domain from the first, and each is shown once", async () => {
  const [first, second] = await addTwice("moved.example");
  await claim(first, ["policyHost"]);
  expect(await claim(second, ["policyHost"])).toBe(true);
  expect(await holderOf("moved.example")).toBe(second.ctx.accountId);
  expect(await claim(second, ["policyHost"])).toBe(false);
  expect([await claimedBy(first), await claimedBy(second)]).toEqual([1, 1]);
});

test("the TXT record alone takes no domain that another account has", async () => {
  const [first, second] = await addTwice("kept.example");
  await claim(first, ["policyHost"]);
  expect(await claim(second, ["stsRecord", "tlsRptRecord"])).toBe(false);
  expect(await holderOf("kept.example")).toBe(first.ctx.accountId);
});

test("a claim is kept while DNS is broken: it ends only when another account proves the domain", async () => {
  const [first] = await addTwice("broken.example");
  await claim(first, ["policyHost"]);
  expect(await claim(first, [])).toBe(false);
  expect(await holderOf("broken.example")).toBe(first.ctx.accountId);
});

test("a domain that was deleted and added again claims for its new row", async () => {
  const [old] = await addTwice("again.example");
  await claim(old, ["policyHost"]);
  await database.db.domain.delete({
    where: { accountId_id: { accountId: old.ctx.accountId, id: old.domain.id } },
  });
  const { domainId } = await createTestDomain(old.ctx, "again.example");
  const domain = await database.db.domain.findFirstOrThrow({ where: { id: domainId } });
  expect(await claim({ ...old, domain }, ["policyHost"])).toBe(true);
  const held = await database.db.domainClaim.findUniqueOrThrow({ where: { domain: "again.example" } });
  expect(held.domainId).toBe(domainId);
});

test("of two simultaneous claims one account gets the domain, and only it is shown as the holder", async () => {
  const [first, second] = await addTwice("race.example");
  let late: Promise<boolean> | undefined;
  await first.ctx.inTransaction(async (tx) => {
    const records = [{ kind: "stsRecord", state: "correct" } as CheckedRecord];
    expect(await claimDomain(tx, first.ctx, first.domain, records)).toBe(true);
    late = claim(second, ["stsRecord"]);
    // The other waits for this transaction: it found no claim, and now inserts its own.
    await expect.poll(countWaiting, { timeout: 60_000 }).toBe(1);
  });
  expect(await late).toBe(false);
  expect(await holderOf("race.example")).toBe(first.ctx.accountId);
  expect([await claimedBy(first), await claimedBy(second)]).toEqual([1, 0]);
});

async function countWaiting(): Promise<number | undefined> {
  const [row] = await database.db.$queryRaw<{ waiting: number }[]>`
    select count(*)::int as waiting from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock'`;
  return row?.waiting;
}
