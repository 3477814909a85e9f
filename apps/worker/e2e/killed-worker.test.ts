import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { startFaultProxy } from "./start-fault-proxy.ts";
import { startTestWorld, type TestWorld } from "./start-test-world.ts";

const main = fileURLToPath(new URL("../src/main.ts", import.meta.url));

let world: TestWorld;
const workers = new Set<ChildProcess>();
beforeAll(async () => {
  // Pebble waits before it validates, so that the kill falls into an order.
  world = await startTestWorld(inject("templateDatabaseUrl"), { sleepBeforeValidation: true });
});
afterAll(async () => {
  for (const worker of workers) {
    if (worker.exitCode !== null || worker.signalCode !== null) continue;
    worker.kill("SIGKILL");
    await once(worker, "exit");
  }
  await world?.stop();
});

async function startProcess(
  ca: { directoryUrl: string; caPem: string } = world.pebble,
): Promise<ChildProcess> {
  const { workerOptions, workerEnv, pebble } = world;
  const caFile = `${pebble.caFile}.both`;
  await writeFile(caFile, `${workerOptions.caPem}\n${ca.caPem}`);
  const child = fork(main, [], {
    execArgv: [],
    env: {
      PATH: process.env.PATH,
      ...workerEnv,
      ACME_DIRECTORY_URL: ca.directoryUrl,
      ACME_CA_FILE: caFile,
    },
  });
  workers.add(child);
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
    .poll(async () => (await nameOf())?.state, { timeout: 60_000, interval: 20 })
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
  await expect.poll(stateOf, { timeout: 60_000, interval: 20 }).toBe("validating");
  child.kill("SIGTERM");
  const [code, signal] = await once(child, "exit");
  expect({ code, signal }).toEqual({ code: 0, signal: null });
});

test("kill -9 at every step of an order at once: two workers that start together finish each order once, with the key it had", {
  timeout: 120_000,
}, async () => {
  const { db } = world.database;
  const proxy = await startFaultProxy(world.pebble);
  const steps = ["newOrder", "authorization", "challenge", "order", "finalize", "certificate"] as const;
  // Each is held for the first name that comes there, when the CA has acted and before it is known here.
  for (const step of steps) proxy.inject(step, "hold");
  const first = await startProcess(proxy);
  const hosts: string[] = [];
  for (const step of steps) {
    const domain = await world.addDomain(`${step.toLowerCase()}.example.org`);
    await world.publishCnames(domain);
    hosts.push(`mta-sts.${domain.domain}`);
  }
  await expect.poll(() => [...proxy.held].sort(), { timeout: 60_000 }).toEqual([...steps].sort());
  first.kill("SIGKILL");
  await once(first, "exit");
  const killed = await db.certificateName.findMany({ where: { host: { in: hosts } } });
  expect(killed.filter(({ orderUrl }) => orderUrl).length).toBe(steps.length - 1);

  await Promise.all([startProcess(proxy), startProcess(proxy)]);
  const issued = () => db.certificateName.count({ where: { host: { in: hosts }, state: "issued" } });
  await expect.poll(issued, { timeout: 90_000, interval: 200 }).toBe(steps.length);
  // The one whose URL never arrived is ordered again; it could not be known.
  const ordered = hosts.map((host) => JSON.stringify(proxy.asked("newOrder")).split(`"${host}"`).length - 1);
  expect(ordered.sort()).toEqual([1, 1, 1, 1, 1, 2]);
  const certificates = await db.certificate.findMany({ where: { host: { in: hosts } } });
  expect(certificates).toHaveLength(steps.length);
  for (const { host, orderUrl, orderKeyJwe } of killed) {
    if (orderUrl) expect(certificates.find((found) => found.host === host)?.keyJwe).toBe(orderKeyJwe);
  }
  await proxy.stop();
});
