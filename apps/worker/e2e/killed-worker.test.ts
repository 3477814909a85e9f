import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { SETTINGS, startTestWorld, type TestWorld } from "./start-test-world.ts";

const main = fileURLToPath(new URL("../src/main.ts", import.meta.url));

let world: TestWorld;
let worker: ChildProcess | undefined;
beforeAll(async () => {
  // Pebble waits before it validates, so that the kill falls into an order.
  world = await startTestWorld(inject("templateDatabaseUrl"), { sleepBeforeValidation: true });
});
afterAll(async () => {
  if (worker?.exitCode === null) {
    worker.kill("SIGKILL");
    await once(worker, "exit");
  }
  await world?.stop();
});

async function startProcess(): Promise<ChildProcess> {
  const { workerOptions, pebble } = world;
  const caFile = `${pebble.caFile}.both`;
  await writeFile(caFile, workerOptions.caPem ?? "");
  const child = fork(main, [], {
    execArgv: [],
    env: {
      PATH: process.env.PATH,
      DATABASE_URL: workerOptions.databaseUrl,
      HOSTED_ZONE: SETTINGS.hostedZone,
      REPORTS_DOMAIN: SETTINGS.reportsDomain,
      POLICY_ADDRESSES: SETTINGS.policyAddresses.join(),
      NAMESERVERS: SETTINGS.nameservers.join(),
      ACME_CAA_IDENTITIES: SETTINGS.caaIdentities.join(),
      DNS_RESOLVERS: workerOptions.dnsResolvers.join(),
      ACME_DIRECTORY_URL: pebble.directoryUrl,
      ACME_CA_FILE: caFile,
      SECRET_KEYS: world.secretKeys,
      PROBE_HTTPS_PORT: String(workerOptions.httpsPort),
      PROBE_HTTP_PORT: String(workerOptions.httpPort),
      ALLOW_PRIVATE_ADDRESSES: "1",
      LOG_LEVEL: process.env.LOG_LEVEL || "silent",
    },
  });
  worker = child;
  const [message] = await once(child, "message");
  expect(message).toEqual({ ready: true });
  return child;
}

test("kill -9 in the middle of an order: the next worker takes the jobs over and finishes the same order", async () => {
  const { db } = world.database;
  const first = await startProcess();
  const domain = await world.addDomain("killed.example.com");
  await world.publishCnames(domain);
  const where = { accountId_host: { accountId: "a1", host: "mta-sts.killed.example.com" } };
  const nameOf = () => db.certificateName.findUnique({ where });
  await expect
    .poll(async () => (await nameOf())?.state, { timeout: 30_000, interval: 20 })
    .toBe("validating");
  first.kill("SIGKILL");
  await once(first, "exit");
  const killed = await nameOf();
  expect(killed?.orderUrl).not.toBeNull();

  const second = await startProcess();
  const stateOf = async () =>
    await db.domain.findUniqueOrThrow({ where: { accountId_id: { accountId: "a1", id: domain.id } } });
  await expect.poll(async () => (await nameOf())?.state, { timeout: 120_000, interval: 100 }).toBe("issued");
  const started = await db.event.count({
    where: { kind: "certificate.orderStarted", domainId: domain.id },
  });
  expect(started).toBe(1);
  const certificate = await db.certificate.findFirstOrThrow({
    where: { host: "mta-sts.killed.example.com" },
  });
  expect(certificate.keyJwe).toBe(killed?.orderKeyJwe);

  // No nameserver runs here: the builtin publisher waits for one, and says so.
  const live = { id: "ns", kind: "dns", startedAt: new Date(), seenSeq: 1_000_000n } as const;
  await db.servingNode.create({ data: { ...live, leaseUntil: new Date(Date.now() + 3_600_000) } });
  await expect.poll(async () => (await stateOf()).status, { timeout: 60_000, interval: 100 }).toBe("active");

  second.kill("SIGTERM");
  const [code] = await once(second, "exit");
  expect(code).toBe(0);
});

test("SIGTERM in the middle of an order ends the process in time and cleanly", async () => {
  const { db } = world.database;
  const child = await startProcess();
  const domain = await world.addDomain("stopped.example.com");
  await world.publishCnames(domain);
  const stateOf = async () => (await db.certificateName.findFirst({ where: { domainId: domain.id } }))?.state;
  await expect.poll(stateOf, { timeout: 30_000, interval: 20 }).toBe("validating");
  child.kill("SIGTERM");
  const [code, signal] = await once(child, "exit");
  expect({ code, signal }).toEqual({ code: 0, signal: null });
});
