import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { enqueueJob } from "@waxseal/core";
import { type EmbeddedPostgres, migrate, openDatabase, startEmbeddedPostgres } from "@waxseal/db";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startWorker } from "../src/start-worker.ts";
import { SETTINGS, silent } from "./start-test-world.ts";

let folder: string;
let postgres: EmbeddedPostgres;
let worker: Awaited<ReturnType<typeof startWorker>>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "waxseal-worker-postgres-"));
  await chmod(folder, 0o711);
  postgres = await startEmbeddedPostgres({ dataDir: join(folder, "data"), unsafeFast: true });
  await migrate(postgres.databaseUrl);
  worker = await startWorker(
    {
      databaseUrl: postgres.databaseUrl,
      settings: SETTINGS,
      publisher: { publish: async () => undefined },
      dnsResolvers: ["127.0.0.1:9"],
      directoryUrls: ["https://127.0.0.1:9/dir"],
      secretKeys: `test:${Buffer.alloc(32, 7).toString("base64url")}`,
      httpsPort: 9,
      httpPort: 9,
      allowPrivateAddresses: true,
      health: { port: 0, bindAddress: "127.0.0.1" },
      concurrency: 2,
    },
    silent,
  );
});
afterAll(async () => {
  await worker?.stop();
  await postgres?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Enqueues a job that ends at once, and waits until it is done. */
async function runOneJob(): Promise<void> {
  const db = openDatabase(postgres.databaseUrl);
  try {
    const payload = { accountId: "no-account", host: "mta-sts.example.com" };
    await db.$transaction((transaction) =>
      enqueueJob(transaction, "certificate.order", payload, { key: "k" }),
    );
    const waiting = () => db.$queryRaw`select 1 from graphile_worker.jobs where key = 'k'`;
    await expect.poll(waiting, { timeout: 60_000, interval: 50 }).toEqual([]);
  } finally {
    await db.$disconnect();
  }
}

test("Postgres stopped and started again, twice: jobs are taken again without the worker being touched", async () => {
  await runOneJob();
  for (let round = 0; round < 2; round++) {
    const { port } = postgres;
    await postgres.stop();
    postgres = await startEmbeddedPostgres({ dataDir: join(folder, "data"), unsafeFast: true, port });
    await runOneJob();
    expect(worker.isRunning()).toBe(true);
  }
});
