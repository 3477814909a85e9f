import { chmod, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findLaggingNodes } from "@waxseal/core/serving";
import {
  type Database,
  type EmbeddedPostgres,
  migrate,
  openDatabase,
  startEmbeddedPostgres,
} from "@waxseal/db";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { createTestAuthority } from "../testing/create-test-authority.ts";
import { createTestHosting, type TestHosting } from "../testing/create-test-hosting.ts";
import { fetchRaw } from "../testing/talk-to-server.ts";
import { killServerProcess, type ServerProcess, startServerProcess } from "./start-server-process.ts";

const HOST = "mta-sts.example.com";
let folder: string;
let postgres: EmbeddedPostgres;
let db: Database;
let hosting: TestHosting;
const children = new Set<ServerProcess>();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "waxseal-survive-"));
  await chmod(folder, 0o711);
  postgres = await startEmbeddedPostgres({ dataDir: join(folder, "data"), unsafeFast: true });
  await migrate(postgres.databaseUrl);
  db = openDatabase(postgres.databaseUrl);
  hosting = createTestHosting(db, await createTestAuthority());
  await hosting.serve("example.com");
});
afterEach(async () => {
  await Promise.all([...children].map(killServerProcess));
  children.clear();
});
afterAll(async () => {
  await db?.$disconnect();
  await postgres?.stop();
  await rm(folder, { recursive: true, force: true });
});

async function start(stateDir: string): Promise<ServerProcess> {
  const child = await startServerProcess({
    databaseUrl: postgres.databaseUrl,
    secretKeys: hosting.secretKeys,
    stateDir: join(folder, stateDir),
  });
  children.add(child);
  return child;
}

test("a server that was paused while others moved on never answers with the policy of before", async () => {
  const [paused, live] = await Promise.all([start("one"), start("two")]);
  expect(await fetchRaw(paused.httpsPort, HOST)).toContain("mode: testing");
  paused.process.kill("SIGSTOP");
  const seq = await hosting.update("example.com", { mode: "enforce" });
  await expect.poll(() => fetchRaw(live.httpsPort, HOST)).toContain("mode: enforce");
  const lagging = async () => (await findLaggingNodes(db, "policy", seq)).lagging;
  expect(await lagging()).toHaveLength(1);
  // Nothing may be published before: the paused server could still have sent what it was sending.
  await expect.poll(lagging, { timeout: 60_000, interval: 200 }).toEqual([]);
  const answers = Array.from({ length: 5 }, () => fetchRaw(paused.httpsPort, HOST));
  paused.process.kill("SIGCONT");
  for (const answer of await Promise.all(answers)) expect(answer).toContain("mode: enforce");
});

test("killed while the database is away, two servers on one volume come back with everything they had", async () => {
  const startedAtMs = performance.now();
  const killed = await Promise.all([start("three"), start("three")]);
  const startMs = performance.now() - startedAtMs;
  await hosting.serve("fresh.example");
  await hosting.storeCertificate("mta-sts.fresh.example");
  const fetchFresh = ({ httpsPort }: ServerProcess) =>
    fetchRaw(httpsPort, "mta-sts.fresh.example").catch(String);
  for (const server of killed) await expect.poll(() => fetchFresh(server)).toContain("200 OK");
  await postgres.stop();
  await Promise.all(killed.map(killServerProcess));
  const restartedAtMs = performance.now();
  const restarted = await Promise.all([start("three"), start("three")]);
  for (const server of restarted) expect(await fetchFresh(server)).toContain("200 OK");
  // Beyond what any start takes on this machine: five seconds, so no wait for the database is among them.
  expect(performance.now() - restartedAtMs).toBeLessThan(startMs + 5_000);
  for (const { httpsPort } of restarted) expect(await fetchRaw(httpsPort, HOST)).toContain("200 OK");
  const files = await readdir(join(folder, "three"));
  expect(files.filter((name) => name.endsWith(".state")).sort()).toEqual([
    "policy-server.1.state",
    "policy-server.2.state",
  ]);
});
