import { enqueueJob } from "@waxseal/core";
import { listConditions } from "@waxseal/core/operating";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import {
  type ClockWorld,
  createKept,
  KEPT,
  RIGHT_CLOCK,
  startClockWorld,
  WRONG_CLOCK,
} from "../e2e/start-clock-world.ts";

/** A right clock is compared every minute. */
const PATIENCE = { timeout: 120_000, interval: 500 };

let world: ClockWorld;
beforeAll(async () => {
  world = await startClockWorld(inject("templateDatabaseUrl"));
});
afterAll(() => world?.stop());

/** Recurring jobs: whether any is recorded in the future, and whether the one of every minute has started lately. */
async function readCrons() {
  const [row] = await world.database.db.$queryRaw<{ inFuture: boolean; goOn: boolean }[]>`
    select bool_or(coalesce(last_execution, known_since) > clock_timestamp() + interval '1 minute') as "inFuture",
      bool_or(identifier = 'sweep.dueWork' and last_execution > clock_timestamp() - interval '2 minutes') as "goOn"
    from graphile_worker._private_known_crontabs`;
  return row;
}

test("workers at +450 d, +100 d, -1 d and one that steps: nothing is lost, renewed early or stopped, and each is shown to the operator", async () => {
  const readKept = await createKept(world.database);
  const wrong = await Promise.all([
    world.startWorker("ahead450", "+450d"),
    world.startWorker("ahead100", "+100d"),
    world.startWorker("behind1", "-1d"),
  ]);
  for (const { readiness } of wrong) await expect.poll(readiness, PATIENCE).toMatchObject(WRONG_CLOCK);
  await world.database.db
    .$queryRaw`select graphile_worker.add_job(t)::text from unnest(array['reports.expire', 'retention.prune', 'sweep.dueWork']) t`;
  // Only workers with wrong clocks run: none takes a job.
  expect(await world.queued("reports.expire", "retention.prune", "sweep.dueWork")).toHaveLength(3);

  const [right, stepping] = await Promise.all([world.startWorker("right"), world.startWorker("steps", "+0")]);
  for (const { readiness } of [right, stepping])
    await expect.poll(readiness, PATIENCE).toMatchObject(RIGHT_CLOCK);
  await expect.poll(() => world.queued("reports.expire", "retention.prune"), PATIENCE).toEqual([]);
  expect(await readKept()).toEqual(KEPT);
  const clocks = world.wrongClocks;
  const namesOf = (...of: { pid: number | undefined }[]) =>
    of.map(({ pid }) => expect.stringContaining(`process ${pid}`)).sort();
  await expect.poll(clocks, PATIENCE).toHaveLength(3);
  expect(await clocks()).toEqual(expect.arrayContaining(namesOf(...wrong)));

  await stepping.setClock("+450d");
  await expect.poll(stepping.readiness, PATIENCE).toMatchObject(WRONG_CLOCK);
  expect(await clocks()).toEqual(expect.arrayContaining(namesOf(stepping)));
  await world.database.db
    .$queryRaw`select graphile_worker.add_job(t)::text from unnest(array['reports.expire', 'retention.prune', 'sweep.dueWork']) t`;
  await expect.poll(() => world.queued("reports.expire", "retention.prune"), PATIENCE).toEqual([]);
  expect(await readCrons()).toEqual({ inFuture: false, goOn: true });

  await stepping.setClock("-1d");
  await expect
    .poll(stepping.readiness, PATIENCE)
    .toMatchObject({ ...WRONG_CLOCK, clock: { aheadSeconds: expect.closeTo(-86_400, -1) } });
  await stepping.setClock("+0");
  await expect.poll(stepping.readiness, PATIENCE).toMatchObject(RIGHT_CLOCK);
  await expect.poll(clocks, PATIENCE).toHaveLength(3);

  const payload = { accountId: "no-account", host: "mta-sts.example.com" };
  await world.database.db.$transaction((transaction) =>
    enqueueJob(transaction, "certificate.order", payload, { key: "k" }),
  );
  await expect.poll(() => world.queued("certificate.order"), PATIENCE).toEqual([]);
  expect([await readCrons(), await readKept()]).toEqual([{ inFuture: false, goOn: true }, KEPT]);
  expect(await right.readiness()).toMatchObject(RIGHT_CLOCK);
  const codes = (await listConditions(world.database.db)).map(({ code }) => code);
  expect(codes.filter((code) => !code.startsWith("op."))).toEqual(["clock", "clock", "clock"]);
}, 600_000);
