import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createContext, jobActor } from "../context.ts";
import { holdCertificateLease, LeaseLost } from "./hold-certificate-lease.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
});
afterAll(() => database.drop());

async function startName(host: string) {
  const { db } = database;
  const ctx = createContext({ db, now: () => new Date() }, "a1", jobActor("test"));
  await db.certificateName.create({ data: { accountId: "a1", host, stateSince: new Date() } });
  const where = { accountId_host: { accountId: "a1", host } };
  /** What a worker does that takes over a name whose lease ran out. */
  const takeOver = () =>
    db.certificateName.update({
      where,
      data: { leaseOwner: "other", leaseUntil: new Date(Date.now() + 60_000) },
    });
  return { ctx, takeOver, read: () => db.certificateName.findUniqueOrThrow({ where }) };
}

test("a worker that lost its lease writes nothing and stops; the new worker keeps the name", async () => {
  const host = "mta-sts.lost.example";
  const { ctx, takeOver, read } = await startName(host);
  const reached: string[] = [];
  const order = holdCertificateLease(ctx, host, async (lease) => {
    await lease.write({ orderUrl: "https://ca.example/order/1" });
    await takeOver();
    reached.push("before the next write");
    await lease.write({ state: "issued", orderUrl: null });
    reached.push("after it");
  });
  await expect(order).rejects.toThrow(LeaseLost);
  expect(reached).toEqual(["before the next write"]);
  expect(await read()).toMatchObject({
    state: "waiting",
    orderUrl: "https://ca.example/order/1",
    leaseOwner: "other",
  });
});

test("a lost lease also undoes what its transaction wrote before", async () => {
  const host = "mta-sts.undone.example";
  const { ctx, takeOver } = await startName(host);
  const data = { token: "undone", keyAuthorization: "undone.k", host, expiresAt: new Date() };
  const order = holdCertificateLease(ctx, host, async (lease) => {
    await takeOver();
    await ctx.inTransaction(async (db) => {
      await db.acmeChallenge.create({ data });
      await lease.write({ state: "issued" }, db);
    });
  });
  await expect(order).rejects.toThrow(LeaseLost);
  expect(await ctx.db.acmeChallenge.count({ where: { host } })).toBe(0);
});

test("a name under lease is busy until the lease ends, and free once the work ends or fails", async () => {
  const host = "mta-sts.busy.example";
  const { ctx, read } = await startName(host);
  const failed = holdCertificateLease(ctx, host, async () => {
    const second = await holdCertificateLease(ctx, host, async () => "worked");
    expect(second).toEqual({ outcome: "busy", until: (await read()).leaseUntil });
    throw new Error("the CA is away");
  });
  await expect(failed).rejects.toThrow("the CA is away");
  expect(await holdCertificateLease(ctx, host, async () => "worked")).toBe("worked");
  expect(await holdCertificateLease(ctx, "mta-sts.none.example", async () => "worked")).toEqual({
    outcome: "absent",
  });
});
