import { afterAll, beforeAll, expect, inject, test } from "vitest";
import {
  type ClockWorld,
  createKept,
  KEPT,
  RIGHT_CLOCK,
  startClockWorld,
  WRONG_CLOCK,
} from "./start-clock-world.ts";

let world: ClockWorld;
beforeAll(async () => {
  world = await startClockWorld(inject("templateDatabaseUrl"));
});
afterAll(() => world?.stop());

test("a worker on a machine that is 450 days ahead takes no job, and deletes nothing when it is right again", async () => {
  const { database, queued } = world;
  const readKept = await createKept(database);
  const worker = await world.startWorker("ahead", "+450d");
  await expect.poll(worker.readiness).toMatchObject(WRONG_CLOCK);
  const jobs = ["reports.expire", "retention.prune"];
  await database.db.$queryRaw`select graphile_worker.add_job(t)::text from unnest(${jobs}::text[]) t`;
  await expect.poll(world.wrongClocks).toEqual([expect.stringContaining(`process ${worker.pid}`)]);
  expect(await queued(...jobs)).toHaveLength(2);

  await worker.setClock("+0");
  await expect.poll(worker.readiness).toMatchObject(RIGHT_CLOCK);
  await expect.poll(() => queued(...jobs)).toEqual([]);
  await expect.poll(world.wrongClocks).toEqual([]);
  expect(await readKept()).toEqual(KEPT);
});
