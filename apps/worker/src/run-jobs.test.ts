import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { type PostgresProxy, startTestPostgresProxy } from "@waxseal/db/testing-proxy";
import { createLogger } from "@waxseal/runtime";
import { afterAll, afterEach, beforeAll, beforeEach, expect, inject, test } from "vitest";
import { z } from "zod";
import { defineJob } from "./define-job.ts";
import { runJobs } from "./run-jobs.ts";
import type { WorkerDeps } from "./worker-deps.ts";
import { createWorkerMetrics } from "./worker-metrics.ts";

let database: TestDatabase;
let proxy: PostgresProxy;
let runner: ReturnType<typeof runJobs>;
const runs: string[] = [];
const unhandled: unknown[] = [];
const onUnhandled = (error: unknown) => unhandled.push(error);

beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
});
afterAll(() => database?.drop());

beforeEach(async () => {
  runs.length = 0;
  unhandled.length = 0;
  process.on("unhandledRejection", onUnhandled);
  proxy = await startTestPostgresProxy(database.databaseUrl);
  const logger = createLogger("test", "silent");
  runner = runJobs({
    databaseUrl: proxy.databaseUrl,
    db: database.db,
    jobs: [defineTestJob("test.good"), defineTestJob("test.bad")],
    // The jobs here look at nothing but the logger.
    deps: { logger } as unknown as WorkerDeps,
    concurrency: 2,
    metrics: createWorkerMetrics(database.db, []),
    logger,
  });
});
afterEach(async () => {
  await runner.stop();
  await proxy.stop();
  process.off("unhandledRejection", onUnhandled);
});

function defineTestJob(name: string) {
  return defineJob({
    name,
    payload: z.object({ id: z.string() }),
    retry: { attempts: 5 },
    run: async (_deps, { id }) => {
      runs.push(id);
      if (name === "test.bad") throw new Error("this job fails");
    },
  });
}

async function addJob(name: string, id: string, lane: string | null): Promise<void> {
  await database.db.$queryRaw`
    select graphile_worker.add_job(${name}::text, ${{ id }}::json, ${lane}::text, job_key => ${id}::text)::text`;
}

const findJobs = () => database.db.$queryRaw<
  { key: string; attempts: number; error: string; isHeld: boolean }[]
>`
  select key, attempts, last_error as error, locked_at is not null as "isHeld" from graphile_worker.jobs`;
const findHeldLanes = () => database.db.$queryRaw`
  select queue_name from graphile_worker._private_job_queues where locked_at is not null`;

test.each([
  { lane: null, when: "before" },
  { lane: null, when: "after" },
  { lane: "lane", when: "before" },
  { lane: "lane", when: "after" },
] as const)(
  "a connection lost $when a job in lane $lane is marked as done: it is, it ran once, no rejection is left unhandled",
  async ({ lane, when }) => {
    proxy.cutAt("complete_job", when);
    await addJob("test.good", "lost", lane);
    await expect.poll(proxy.wasCut, { timeout: 10_000 }).toBe(true);
    await expect.poll(findJobs, { timeout: 10_000 }).toEqual([]);
    expect(await findHeldLanes()).toEqual([]);
    await addJob("test.good", "next", lane);
    await expect.poll(findJobs, { timeout: 10_000 }).toEqual([]);
    expect(runs).toEqual(["lost", "next"]);
    expect(unhandled).toEqual([]);
  },
);

test.each([null, "lane"])(
  "a connection lost while a job in lane %s is marked as failed: it is tried again later, not held for hours",
  async (lane) => {
    proxy.cutAt("fail_job", "before");
    await addJob("test.bad", `failing-${lane}`, lane);
    await expect.poll(proxy.wasCut, { timeout: 10_000 }).toBe(true);
    const failed = { key: `failing-${lane}`, attempts: 1, error: "this job fails", isHeld: false };
    await expect.poll(findJobs, { timeout: 10_000 }).toEqual([failed]);
    expect(await findHeldLanes()).toEqual([]);
    expect(unhandled).toEqual([]);
    await database.db.$queryRaw`select graphile_worker.remove_job(${failed.key})::text`;
  },
);

test("a job that another worker took over while Postgres was out of reach is left to that worker", async () => {
  proxy.cutAt("complete_job", "before", "andBlock");
  await addJob("test.good", "taken", null);
  await expect.poll(proxy.wasCut, { timeout: 10_000 }).toBe(true);
  await database.db.$queryRaw`
    update graphile_worker._private_jobs set locked_by = 'another' where key = 'taken' returning id::text`;
  proxy.unblock();
  // Stopping waits until the end of the job is dealt with.
  await runner.stop();
  expect(runs).toEqual(["taken"]);
  expect(await findJobs()).toMatchObject([{ key: "taken", isHeld: true }]);
  await database.db.$queryRaw`delete from graphile_worker._private_jobs returning id::text`;
});
