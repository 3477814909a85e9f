import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type Database,
  type EmbeddedPostgres,
  migrate,
  openDatabase,
  startEmbeddedPostgres,
} from "@waxseal/db";
import { createLogger } from "@waxseal/runtime";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestAuthority } from "../testing/create-test-authority.ts";
import { createTestHosting, type TestHosting } from "../testing/create-test-hosting.ts";
import { fetchRaw, openTls } from "../testing/talk-to-server.ts";
import { testPolicyConfig } from "../testing/test-policy-config.ts";
import type { Config } from "./config.ts";
import { type PolicyServer, startPolicyServer } from "./start-policy-server.ts";

const logger = createLogger("policy-server", "silent");
let folder: string;
let postgres: EmbeddedPostgres;
let db: Database;
let hosting: TestHosting;
let config: Config;
let server: PolicyServer | undefined;

const startPostgres = (port = 0) =>
  startEmbeddedPostgres({ dataDir: join(folder, "data"), port, unsafeFast: true });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "waxseal-policy-server-"));
  const { chmod } = await import("node:fs/promises");
  await chmod(folder, 0o711);
  postgres = await startPostgres();
  await migrate(postgres.databaseUrl);
  db = openDatabase(postgres.databaseUrl);
  hosting = createTestHosting(db, await createTestAuthority());
  config = testPolicyConfig({
    databaseUrl: postgres.databaseUrl,
    secretKeys: hosting.secretKeys,
    stateDir: join(folder, "state"),
  });
});
afterAll(async () => {
  await server?.stop();
  await db?.$disconnect();
  await postgres?.stop();
  await rm(folder, { recursive: true, force: true });
});

const fetchPolicy = (policyHost: string) => fetchRaw(server?.httpsPort ?? 0, policyHost);

test("with the database stopped, all is served on, also after a restart, and changes arrive once it is back", async () => {
  await hosting.serve("asked.example");
  await hosting.serve("never-asked.example");
  await hosting.serve("without-certificate.example", { certificate: false });
  server = await startPolicyServer(config, { logger });
  expect(server.isReady()).toBe(true);
  expect(await fetchPolicy("mta-sts.asked.example")).toContain("200 OK");
  await hosting.serve("added.example");
  await hosting.storeCertificate("mta-sts.added.example");
  await expect.poll(() => fetchPolicy("mta-sts.added.example").catch(String)).toContain("200 OK");

  await postgres.stop();
  const served = ["mta-sts.asked.example", "mta-sts.never-asked.example", "mta-sts.added.example"];
  for (const policyHost of served) expect(await fetchPolicy(policyHost)).toContain("200 OK");

  await server.stop();
  const startedAtMs = performance.now();
  server = await startPolicyServer(config, { logger });
  expect(await fetchPolicy("mta-sts.asked.example")).toContain("200 OK");
  expect(performance.now() - startedAtMs).toBeLessThan(2_000);
  expect(server.isReady()).toBe(true);
  for (const policyHost of served) expect(await fetchPolicy(policyHost)).toContain("200 OK");

  const askedAtMs = performance.now();
  await expect(
    openTls(server.httpsPort, { servername: "mta-sts.without-certificate.example" }),
  ).rejects.toThrow();
  expect(performance.now() - askedAtMs).toBeLessThan(1_000);

  postgres = await startPostgres(postgres.port);
  await hosting.update("asked.example", { mode: "enforce" });
  await expect
    .poll(() => fetchPolicy("mta-sts.asked.example"), { timeout: 5_000 })
    .toContain("mode: enforce");
}, 40_000);

test("with neither a database nor a state folder it starts, is not ready, and refuses every name", async () => {
  const lonely = await startPolicyServer(
    { ...config, databaseUrl: "postgresql://nobody:x@127.0.0.1:1/nothing", stateDir: join(folder, "empty") },
    { logger },
  );
  try {
    expect(lonely.isReady()).toBe(false);
    await expect(openTls(lonely.httpsPort, { servername: "mta-sts.asked.example" })).rejects.toThrow();
  } finally {
    await lonely.stop();
  }
});
