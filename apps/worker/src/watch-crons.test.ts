import { listConditions } from "@waxseal/core/operating";
import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { createLogger } from "@waxseal/runtime";
import { Registry } from "prom-client";
import { afterAll, beforeAll, beforeEach, expect, inject, test } from "vitest";
import { z } from "zod";
import { defineJob } from "./define-job.ts";
import { watchCrons } from "./watch-crons.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
});
afterAll(() => database.drop());
beforeEach(() => database.db.$executeRaw`delete from graphile_worker._private_known_crontabs`);

const define = (name: string, cron: string) =>
  defineJob({ name, payload: z.unknown(), cron, retry: { attempts: 1 }, run: async () => undefined });

async function know(job: string, lastAgo: string): Promise<void> {
  await database.db.$executeRaw`
    insert into graphile_worker._private_known_crontabs (identifier, known_since, last_execution)
    values (${job}, clock_timestamp() - interval '9 days', clock_timestamp() - ${lastAgo}::interval)`;
}

function watch() {
  const registry = new Registry();
  const restarts: number[] = [];
  const watched = watchCrons({
    db: database.db,
    jobs: [define("each.minute", "* * * * *"), define("each.day", "41 3 * * *")],
    logger: createLogger("test", "silent"),
    registry,
    onOverdue: () => restarts.push(1),
  });
  watched.stop();
  return { ...watched, registry, restarts };
}

test("a recurring job that a clock 2 years ahead recorded in the future is pulled back, so that it starts at its next minute", async () => {
  await know("each.minute", "-730 days");
  await know("each.day", "1 minute");
  await database.db.$queryRaw`
    select graphile_worker.add_job('each.minute', payload => '{"_cron": {}}'::json, run_at => now() + interval '730 days')::text`;
  const { look, restarts } = watch();
  await look();
  const rows = await database.db.$queryRaw`
    select identifier, last_execution between clock_timestamp() - interval '3 minutes' and clock_timestamp() as "isPast"
    from graphile_worker._private_known_crontabs where identifier = 'each.minute'`;
  expect(rows).toEqual([{ identifier: "each.minute", isPast: true }]);
  expect(
    await database.db.$queryRaw`select 1 from graphile_worker.jobs where task_identifier = 'each.minute'`,
  ).toEqual([]);
  expect(restarts).toEqual([]);
  expect(await listConditions(database.db)).toEqual([]);
});

test("a recurring job that has not started is named to the operator until it does, and this worker plans again once", async () => {
  await know("each.minute", "20 minutes");
  await know("each.day", "3 days");
  const { look, registry, restarts } = watch();
  await look();
  await look();
  expect(await listConditions(database.db)).toMatchObject([
    {
      code: "cron-overdue",
      subject: "each.day",
      text: expect.stringContaining("each.day should have started"),
    },
    { code: "cron-overdue", subject: "each.minute", text: expect.stringContaining("5 minutes ago") },
  ]);
  expect(restarts).toHaveLength(2);
  expect(await registry.metrics()).toMatch(/waxseal_cron_overdue_seconds\{job="each.minute"\} 3\d\d/);
  await database.db
    .$executeRaw`update graphile_worker._private_known_crontabs set last_execution = clock_timestamp()`;
  await look();
  expect(await listConditions(database.db)).toEqual([]);
  expect(await registry.metrics()).toContain('waxseal_cron_overdue_seconds{job="each.minute"} 0');
});
