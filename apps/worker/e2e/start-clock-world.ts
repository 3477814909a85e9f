import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
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
import { findFreePort } from "@waxseal/runtime/find-free-port";
import { DAY_MS } from "@waxseal/runtime/time-spans";
import { expect } from "vitest";
import { SETTINGS } from "./start-test-world.ts";

/** The dynamic linker puts in the machine's folder for libraries. */
const LIBRARY = "/usr/$LIB/faketime/libfaketimeMT.so.1";
const main = fileURLToPath(new URL("../src/main.ts", import.meta.url));

/** What /readyz of a worker says while its machine's clock is wrong, and while it is right. */
export const WRONG_CLOCK = {
  ready: false,
  needs: { postgres: true, jobs: false, clock: false },
  clock: { state: "wrong" },
};
export const RIGHT_CLOCK = {
  ready: true,
  needs: { jobs: true, clock: true },
  clock: { state: "right" },
};

export type ClockWorker = {
  pid: number | undefined;
  /** Takes an offset as faketime writes it. */
  setClock(offset: string): Promise<void>;
  readiness(): Promise<unknown>;
};

export type ClockWorld = {
  database: TestDatabase;
  /** Starts a worker whose machine's clock is read from a file. Without an offset its clock is right. */
  startWorker(name: string, offset?: string): Promise<ClockWorker>;
  /** Names of the given jobs that wait. */
  queued(...tasks: string[]): Promise<{ task: string }[]>;
  /** Processes that are shown to the operator. */
  wrongClocks(): Promise<string[]>;
  stop(): Promise<void>;
};

/** A database and workers on it, each with a clock of its own. */
export async function startClockWorld(templateUrl: string): Promise<ClockWorld> {
  const folder = await mkdtemp(join(tmpdir(), "waxseal-clocks-"));
  const database = await createTestDatabase(templateUrl);
  const workers: ChildProcess[] = [];

  async function startWorker(name: string, offset?: string): Promise<ClockWorker> {
    const clockFile = join(folder, name);
    const setClock = (to: string) => writeFile(clockFile, to);
    await setClock(offset ?? "+0");
    const healthPort = await findFreePort();
    const faked = {
      LD_PRELOAD: LIBRARY,
      FAKETIME_TIMESTAMP_FILE: clockFile,
      FAKETIME_CACHE_DURATION: "1",
      FAKETIME_DONT_FAKE_MONOTONIC: "1",
    };
    const child = fork(main, [], {
      execArgv: [],
      env: {
        PATH: process.env.PATH,
        ...(offset && faked),
        DATABASE_URL: database.databaseUrl,
        REPORTS_DATABASE_URL: database.reportsDatabaseUrl,
        HOSTED_ZONE: SETTINGS.hostedZone,
        REPORTS_DOMAIN: SETTINGS.reportsDomain,
        POLICY_ADDRESSES: "192.0.2.1",
        ACME_DIRECTORY_URL: "https://127.0.0.1:9/dir",
        DNS_RESOLVERS: "127.0.0.1:9",
        SECRET_KEYS: `test:${Buffer.alloc(32, 7).toString("base64url")}`,
        PUBLIC_URL: "http://localhost:3000",
        SMTP_URL: "smtp://127.0.0.1:9",
        MAIL_FROM: "waxseal@example.com",
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

  return {
    database,
    startWorker,
    queued: (...tasks) => database.db.$queryRaw`
      select task_identifier as task from graphile_worker.jobs where task_identifier = any(${tasks}) order by 1`,
    wrongClocks: async () =>
      (await listConditions(database.db))
        .filter(({ code }) => code === "clock")
        .map(({ subject }) => subject),
    async stop() {
      for (const worker of workers) {
        worker.kill("SIGKILL");
        if (worker.exitCode === null && worker.signalCode === null) await once(worker, "exit");
      }
      await database.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** What must be left of `createKept` whatever clocks say. */
export const KEPT = { messages: 5, reports: 5, challenges: 1, certificate: ["issued", 0, null, null] };

/**
 * An account with reports of two months, a certificate to be renewed in a month, and a challenge that ends in a day. Returns what reads
 * how much of it is left.
 */
export async function createKept({ db }: TestDatabase): Promise<() => Promise<unknown>> {
  const ctx = await createTestAccount(db, () => new Date());
  await createTestDomain(ctx, "one.example");
  for (const daysAgo of [1, 2, 3, 30, 60]) {
    const day = new Date(Date.now() - daysAgo * DAY_MS).toISOString().slice(0, 10);
    const bytes = Buffer.from(testReportJson(day, { policies: [testPolicy("one.example")] }));
    await importReports(ctx, [{ fileName: "r.json", bytes }]);
  }
  const inDays = (days: number) => new Date(Date.now() + days * DAY_MS);
  const { accountId } = ctx;
  const host = "mta-sts.one.example";
  const times = { stateSince: inDays(-60), renewAt: inDays(30) };
  await db.certificateName.create({ data: { accountId, host, state: "issued", ...times } });
  await db.acmeChallenge.create({
    data: { token: "kept", host, keyAuthorization: "kept.x", expiresAt: inDays(1) },
  });
  return async () => {
    const name = await db.certificateName.findFirst({ where: { accountId } });
    return {
      messages: await reportsOf(db).reportMessage.count({ where: { accountId } }),
      reports: await reportsOf(db).tlsReport.count({ where: { accountId } }),
      challenges: await db.acmeChallenge.count(),
      certificate: [name?.state, name?.attempts, name?.orderStartedAt, name?.lastErrorCode],
    };
  };
}
