import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { enqueueJob } from "@waxseal/core";
import { listConditions } from "@waxseal/core/operating";
import { importReports } from "@waxseal/core/reports";
import {
  createTestAccount,
  createTestDomain,
  testPolicy,
  testReportJson,
} from "@waxseal/core/reports/testing";
import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { findFreePort } from "@waxseal/runtime/find-free-port";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { SETTINGS } from "../e2e/start-test-world.ts";

/** The dynamic linker puts in the machine's folder for libraries. */
const LIBRARY = "/usr/$LIB/faketime/libfaketimeMT.so.1";
const main = fileURLToPath(new URL("../src/main.ts", import.meta.url));
const DAY_MS = 86_400_000;
/** A right clock is compared every minute. */
const PATIENCE = { timeout: 120_000, interval: 500 };

let folder: string;
let database: TestDatabase;
const workers: ChildProcess[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "waxseal-clocks-"));
  database = await createTestDatabase(inject("templateDatabaseUrl"));
});
afterAll(async () => {
  for (const worker of workers) {
    worker.kill("SIGKILL");
    if (worker.exitCode === null && worker.signalCode === null) await once(worker, "exit");
  }
  await database?.drop();
  await rm(folder, { recursive: true, force: true });
});

/** A worker whose machine's clock is read from a file, as faketime writes offsets. Without an offset its clock is right. */
async function startWorker(name: string, offset?: string) {
  const clockFile = join(folder, name);
  const setClock = (to: string) => writeFile(clockFile, to);
  await setClock(offset ?? "+0");
  const healthPort = await findFreePort();
  const child = fork(main, [], {
    execArgv: [],
    env: {
      PATH: process.env.PATH,
      ...(offset && {
        LD_PRELOAD: LIBRARY,
        FAKETIME_TIMESTAMP_FILE: clockFile,
        FAKETIME_CACHE_DURATION: "1",
        FAKETIME_DONT_FAKE_MONOTONIC: "1",
      }),
      DATABASE_URL: database.databaseUrl,
      HOSTED_ZONE: SETTINGS.hostedZone,
      REPORTS_DOMAIN: SETTINGS.reportsDomain,
      POLICY_ADDRESSES: "192.0.2.1",
      ACME_DIRECTORY_URL: "https://127.0.0.1:9/dir",
      DNS_RESOLVERS: "127.0.0.1:9",
      SECRET_KEYS: `test:${Buffer.alloc(32, 7).toString("base64url")}`,
      PUBLIC_URL: "http://localhost:3000",
      HEALTH_PORT: String(healthPort),
      LOG_LEVEL: "silent",
    },
  });
  workers.push(child);
  const [message] = await once(child, "message");
  expect(message).toEqual({ ready: true });
  const readiness = async () => (await fetch(`http://127.0.0.1:${healthPort}/readyz`)).json();
  return { pid: child.pid, setClock, readiness };
}

const WRONG = {
  ready: false,
  needs: { postgres: true, jobs: false, clock: false },
  clock: { state: "wrong" },
};
const RIGHT = { ready: true, needs: { jobs: true, clock: true }, clock: { state: "right" } };

/** An account with reports of two months, a certificate to be renewed in a month, and a challenge that ends in a day. */
async function createKept() {
  const { db } = database;
  const ctx = await createTestAccount(db, () => new Date());
  await createTestDomain(ctx, "one.example");
  for (const daysAgo of [1, 2, 3, 30, 60]) {
    const day = new Date(Date.now() - daysAgo * DAY_MS).toISOString().slice(0, 10);
    const bytes = Buffer.from(testReportJson(day, { policies: [testPolicy("one.example")] }));
    await importReports(ctx, [{ fileName: "r.json", bytes }]);
  }
  const inDays = (days: number) => new Date(Date.now() + days * DAY_MS);
  const { accountId } = ctx;
  await db.certificateName.create({
    data: {
      accountId,
      host: "mta-sts.one.example",
      state: "issued",
      stateSince: inDays(-60),
      renewAt: inDays(30),
    },
  });
  await db.acmeChallenge.create({
    data: { token: "kept", host: "mta-sts.one.example", keyAuthorization: "kept.x", expiresAt: inDays(1) },
  });
  return async () => {
    const name = await db.certificateName.findFirst({ where: { accountId } });
    return {
      messages: await db.reportMessage.count({ where: { accountId } }),
      reports: await db.tlsReport.count({ where: { accountId } }),
      challenges: await db.acmeChallenge.count(),
      certificate: [name?.state, name?.attempts, name?.orderStartedAt, name?.lastErrorCode],
    };
  };
}
const KEPT = { messages: 5, reports: 5, challenges: 1, certificate: ["issued", 0, null, null] };

const queued = (...tasks: string[]) =>
  database.db.$queryRaw<{ task: string }[]>`
    select task_identifier as task from graphile_worker.jobs where task_identifier = any(${tasks}) order by 1`;

/** Recurring jobs: whether any is recorded in the future, and whether the one of every minute has started lately. */
async function readCrons() {
  const [row] = await database.db.$queryRaw<{ inFuture: boolean; goOn: boolean }[]>`
    select bool_or(coalesce(last_execution, known_since) > clock_timestamp() + interval '1 minute') as "inFuture",
      bool_or(identifier = 'sweep.dueWork' and last_execution > clock_timestamp() - interval '2 minutes') as "goOn"
    from graphile_worker._private_known_crontabs`;
  return row;
}

test("workers at +450 d, +100 d, -1 d and one that steps: nothing is lost, renewed early or stopped, and the operator is told of each", async () => {
  const readKept = await createKept();
  const wrong = await Promise.all([
    startWorker("ahead450", "+450d"),
    startWorker("ahead100", "+100d"),
    startWorker("behind1", "-1d"),
  ]);
  for (const { readiness } of wrong) await expect.poll(readiness, PATIENCE).toMatchObject(WRONG);
  await database.db
    .$queryRaw`select graphile_worker.add_job(t)::text from unnest(array['reports.expire', 'retention.prune', 'sweep.dueWork']) t`;
  // Only workers with wrong clocks run: none takes a job.
  expect(await queued("reports.expire", "retention.prune", "sweep.dueWork")).toHaveLength(3);

  const [right, stepping] = await Promise.all([startWorker("right"), startWorker("steps", "+0")]);
  for (const { readiness } of [right, stepping]) await expect.poll(readiness, PATIENCE).toMatchObject(RIGHT);
  await expect.poll(() => queued("reports.expire", "retention.prune"), PATIENCE).toEqual([]);
  expect(await readKept()).toEqual(KEPT);
  const clocks = async () =>
    (await listConditions(database.db)).filter(({ code }) => code === "clock").map(({ subject }) => subject);
  const namesOf = (...of: { pid: number | undefined }[]) =>
    of.map(({ pid }) => expect.stringContaining(`process ${pid}`)).sort();
  await expect.poll(clocks, PATIENCE).toHaveLength(3);
  expect(await clocks()).toEqual(expect.arrayContaining(namesOf(...wrong)));

  await stepping.setClock("+450d");
  await expect.poll(stepping.readiness, PATIENCE).toMatchObject(WRONG);
  expect(await clocks()).toEqual(expect.arrayContaining(namesOf(stepping)));
  await database.db
    .$queryRaw`select graphile_worker.add_job(t)::text from unnest(array['reports.expire', 'retention.prune', 'sweep.dueWork']) t`;
  await expect.poll(() => queued("reports.expire", "retention.prune"), PATIENCE).toEqual([]);
  expect(await readCrons()).toEqual({ inFuture: false, goOn: true });

  await stepping.setClock("-1d");
  await expect
    .poll(stepping.readiness, PATIENCE)
    .toMatchObject({ ...WRONG, clock: { aheadSeconds: expect.closeTo(-86_400, -1) } });
  await stepping.setClock("+0");
  await expect.poll(stepping.readiness, PATIENCE).toMatchObject(RIGHT);
  await expect.poll(clocks, PATIENCE).toHaveLength(3);

  const payload = { accountId: "nobody", host: "mta-sts.example.com" };
  await database.db.$transaction((transaction) =>
    enqueueJob(transaction, "certificate.order", payload, { key: "k" }),
  );
  await expect.poll(() => queued("certificate.order"), PATIENCE).toEqual([]);
  expect([await readCrons(), await readKept()]).toEqual([{ inFuture: false, goOn: true }, KEPT]);
  expect(await right.readiness()).toMatchObject(RIGHT);
  const codes = (await listConditions(database.db)).map(({ code }) => code);
  expect(codes).toEqual(["clock", "clock", "clock"]);
}, 600_000);
