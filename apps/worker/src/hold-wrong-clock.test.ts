import { createSecretBox } from "@waxseal/core";
import { listConditions } from "@waxseal/core/operating";
import { importReports } from "@waxseal/core/reports";
import {
  createTestAccount,
  createTestDomain,
  testPolicy,
  testReportJson,
} from "@waxseal/core/reports/testing";
import { reportsOf } from "@waxseal/db";
import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { createLogger } from "@waxseal/runtime";
import { findFreePort } from "@waxseal/runtime/find-free-port";
import { DAY_MS } from "@waxseal/runtime/time-spans";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { startWorker } from "./start-worker.ts";

const PATIENCE = { timeout: 30_000 };
let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
});
afterAll(() => database.drop());

/** A worker whose machine's clock is `aheadMs()` ahead, with what its process' Date would say. */
async function startWorkerAhead(aheadMs: () => number, keyByte = 7) {
  const port = await findFreePort();
  let dateMs = () => Number.NaN;
  const worker = await startWorker(
    {
      databaseUrl: database.databaseUrl,
      reportsDatabaseUrl: database.reportsDatabaseUrl,
      settings: {
        hostedZone: "hosted.example",
        reportsDomain: "reports.example",
        policyAddresses: ["127.0.0.1"],
        nameservers: ["ns1.hosted.example"],
        caaIdentities: ["ca.example"],
      },
      publisher: { publish: async () => undefined },
      dnsResolvers: ["127.0.0.1:9"],
      directoryUrls: ["https://127.0.0.1:9/dir"],
      secretKeys: `test:${Buffer.alloc(32, keyByte).toString("base64url")}`,
      httpsPort: 9,
      httpPort: 9,
      allowPrivateAddresses: true,
      health: { port, bindAddress: "127.0.0.1" },
      concurrency: 2,
    },
    createLogger("worker", "silent"),
    {
      machineMs: () => Date.now() + aheadMs(),
      setDate: (nowMs) => {
        dateMs = nowMs;
      },
    },
  );
  const readiness = async () => {
    const answer = await fetch(`http://127.0.0.1:${port}/readyz`);
    return { status: answer.status, ...Object(await answer.json()) };
  };
  const metrics = async () => (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  return { stop: worker.stop, readiness, metrics, dateMs: () => dateMs() };
}

test.each([450 * DAY_MS, -DAY_MS])(
  "a worker whose clock is %i ms off takes no job and deletes nothing, says why it is not ready, and works once the clock is right",
  async (offMs) => {
    const { db } = database;
    const ctx = await createTestAccount(db, () => new Date());
    await createTestDomain(ctx, "one.example");
    const day = new Date(Date.now() - DAY_MS).toISOString().slice(0, 10);
    const bytes = Buffer.from(testReportJson(day, { policies: [testPolicy("one.example")] }));
    await importReports(ctx, [{ fileName: "r.json", bytes }]);
    const count = () => reportsOf(db).tlsReport.count({ where: { accountId: ctx.accountId } });
    await db.$queryRaw`select graphile_worker.add_job('reports.expire', job_key => 'due')::text`;
    const waiting = () => db.$queryRaw`select key from graphile_worker.jobs where key = 'due'`;
    const clockConditions = async () => (await listConditions(db)).filter(({ code }) => code === "clock");

    let aheadMs = offMs;
    const worker = await startWorkerAhead(() => aheadMs);
    try {
      await expect.poll(clockConditions, PATIENCE).toMatchObject([
        {
          subject: expect.stringContaining(`process ${process.pid}`),
          text: expect.stringMatching(/^The clock of worker on .+ (ahead of|behind) the database's\.$/),
        },
      ]);
      // A worker that were not held would have taken the job long before the second comparison.
      const [first] = await clockConditions();
      const seenAgain = async () =>
        (await clockConditions()).some(({ seenAt }) => seenAt > (first?.seenAt ?? 0));
      await expect.poll(seenAgain, PATIENCE).toBe(true);
      expect(await worker.readiness()).toMatchObject({
        status: 503,
        ready: false,
        needs: { postgres: true, jobs: false, clock: false },
        clock: { state: "wrong", aheadSeconds: offMs / 1_000 },
      });
      expect(Math.abs(worker.dateMs() - Date.now())).toBeLessThan(5_000);
      expect([await waiting(), await count()]).toEqual([[{ key: "due" }], 1]);

      aheadMs = 0;
      await expect
        .poll(worker.readiness, PATIENCE)
        .toMatchObject({ status: 200, needs: { jobs: true, clock: true } });
      await expect.poll(waiting, PATIENCE).toEqual([]);
      await expect.poll(clockConditions, PATIENCE).toEqual([]);
      expect(await count()).toBe(1);
    } finally {
      await worker.stop();
    }
  },
  60_000,
);

test("a worker whose SECRET_KEYS do not open what is stored takes no job, and says how many it does not open", async () => {
  const { db } = database;
  const { seal } = createSecretBox(`test:${Buffer.alloc(32, 7).toString("base64url")}`);
  const account = {
    directoryUrl: "https://ca.example/dir",
    keyJwe: await seal("key"),
    createdAt: new Date(),
  };
  await db.acmeAccount.create({ data: account });
  await db.$queryRaw`select graphile_worker.add_job('reports.expire', job_key => 'kept')::text`;
  const [wrong, reason] = [await startWorkerAhead(() => 0, 8), "SECRET_KEYS do not open 1 of 1 stored keys."];
  try {
    expect(await wrong.readiness()).toMatchObject({
      status: 503,
      needs: { keys: false, jobs: false, clock: true },
      reasons: { keys: reason, jobs: "No job is taken now." },
    });
    expect(await db.$queryRaw`select key from graphile_worker.jobs where key = 'kept'`).toHaveLength(1);
  } finally {
    await wrong.stop();
  }
  const right = await startWorkerAhead(() => 0);
  try {
    await expect
      .poll(right.readiness, PATIENCE)
      .toMatchObject({ status: 200, needs: { keys: true, jobs: true } });
  } finally {
    await right.stop();
    await db.acmeAccount.deleteMany();
  }
});

test("deletions that wait for the operator are counted in a metric", async () => {
  const { db } = database;
  const worker = await startWorkerAhead(() => 0);
  try {
    expect(await worker.metrics()).toContain("waxseal_held_deletions 0\n");
    const row = { accountId: "a1", due: 9, total: 9, heldAt: new Date() };
    await db.deletionHold.create({ data: { ...row, kind: "reports" } });
    await db.deletionHold.create({ data: { ...row, kind: "messages", allowedAt: new Date() } });
    expect(await worker.metrics()).toContain("waxseal_held_deletions 1\n");
  } finally {
    await worker.stop();
  }
});
