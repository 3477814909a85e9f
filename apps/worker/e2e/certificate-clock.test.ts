import { createContext } from "@waxseal/core";
import {
  type AcmeDirectories,
  createAcmeDirectories,
  enqueueDueCertificates,
  orderCertificate,
} from "@waxseal/core/certificates";
import { checkDomain } from "@waxseal/core/onboarding";
import { findServedCertificate } from "@waxseal/core/serving";
import { DAY_MS, HOUR_MS } from "@waxseal/runtime/time-spans";
import { afterAll, beforeAll, beforeEach, expect, inject, test } from "vitest";
import type { WorkerDeps } from "../src/worker-deps.ts";
import { type FaultProxy, startFaultProxy } from "./start-fault-proxy.ts";
import { startTestWorld, type TestWorld } from "./start-test-world.ts";

let world: TestWorld;
let proxy: FaultProxy;
let acme: AcmeDirectories;
let deps: WorkerDeps;
beforeAll(async () => {
  world = await startTestWorld(inject("templateDatabaseUrl"), { certificateSeconds: (45 * DAY_MS) / 1_000 });
  proxy = await startFaultProxy(world.pebble);
  const { secretBox } = world.deps;
  acme = createAcmeDirectories({ db: world.database.db, secretBox, now: () => now(), caPem: proxy.caPem });
  deps = { ...world.deps, acme, directoryUrls: [proxy.directoryUrl] };
});
afterAll(async () => {
  acme?.close();
  await proxy?.stop();
  await world?.stop();
});
beforeEach(() => proxy.clear());

const now = () => world.context().now();
const order = (host: string, more: Partial<WorkerDeps> = {}) =>
  orderCertificate(world.context(), { host }, { ...deps, ...more });
const nameOf = (host: string) =>
  world.database.db.certificateName.findUniqueOrThrow({
    where: { accountId_host: { accountId: "a1", host } },
  });

async function prepare(name: string): Promise<string> {
  const domain = await world.addDomain(name);
  await world.publishCnames(domain);
  await checkDomain(world.context(), { domainId: domain.id }, deps);
  return `mta-sts.${name}`;
}

test("a CA that is away for 48 h while a renewal is due: asked ever more rarely, the old certificate stays in use, renewed within 6 h of its return", async () => {
  const host = await prepare("outage.example.com");
  expect(await order(host)).toEqual({ outcome: "issued" });
  const issued = await nameOf(host);
  world.advance((issued.renewAt?.getTime() ?? 0) - now().getTime());
  const awayFrom = now().getTime();
  proxy.clear();
  proxy.inject("newOrder", { answer: { status: 503 } }, 1_000);
  let attempts = 0;
  while (now().getTime() < awayFrom + 2 * DAY_MS) {
    attempts++;
    expect(await order(host)).toEqual({ outcome: "failing" });
    const served = await findServedCertificate(world.database.db, host, now());
    expect(served?.chainPem).toBeDefined();
    const { nextAttemptAt } = await nameOf(host);
    const waitMs = (nextAttemptAt?.getTime() ?? 0) - now().getTime();
    expect(waitMs).toBeLessThanOrEqual(6 * HOUR_MS);
    world.advance(waitMs);
  }
  proxy.inject("newOrder", { answer: { status: 503 } }, 0);
  expect(now().getTime() - awayFrom).toBeLessThanOrEqual(2 * DAY_MS + 6 * HOUR_MS);
  expect(await order(host)).toEqual({ outcome: "issued" });
  console.info(`48 h without the CA: asked ${attempts} times`);
  expect(attempts).toBeLessThan(35);
  expect(proxy.asked("newOrder")).toHaveLength(attempts + 1);
  expect((await nameOf(host)).currentCertificateId).not.toBe(issued.currentCertificateId);
});

test("a clock that jumps a year ahead and back makes no certificate wait for a year", async () => {
  const { db } = world.database;
  const failing = await prepare("ahead.example.com");
  const held = await prepare("ahead-held.example.com");
  const plenty = { count: 1_000, windowMs: HOUR_MS };
  const limits = {
    ordersPerAccount: { count: 1, windowMs: 7 * DAY_MS },
    certificatesPerRegisteredDomain: plenty,
    certificatesPerHost: plenty,
    failedValidationsPerHost: plenty,
  };
  const yearMs = 366 * DAY_MS;
  world.advance(yearMs);
  proxy.inject("newOrder", { answer: { status: 503 } });
  expect(await order(failing)).toEqual({ outcome: "failing" });
  expect(await order(held, { limits })).toEqual({ outcome: "held" });
  world.advance(-yearMs);
  expect((await nameOf(failing)).nextAttemptAt?.getTime()).toBeGreaterThan(now().getTime() + 300 * DAY_MS);
  expect((await nameOf(held)).heldUntil?.getTime()).toBeGreaterThan(now().getTime() + 300 * DAY_MS);

  await db.$executeRaw`delete from graphile_worker._private_jobs where key like ${`%${held}`}`;
  // The job of the failing one waits for next year: the sweep brings it forward.
  expect(await enqueueDueCertificates(db, now(), 10)).toBe(2);
  const jobs = await db.$queryRaw<{ late: number }[]>`
    select count(*)::int as late from graphile_worker.jobs
    where key like '%ahead%' and task_identifier = 'certificate.order' and run_at > now() + interval '1 day'`;
  expect(jobs).toEqual([{ late: 0 }]);
  expect(await order(failing)).toEqual({ outcome: "issued" });
  // Nor do the orders counted then take up a limit now.
  await db.acmeUse.deleteMany({ where: { at: { lte: now() } } });
  expect(await order(held, { limits })).toEqual({ outcome: "issued" });
});

test("a clock that jumps back makes a name wait until its time, and no longer", async () => {
  const host = await prepare("behind.example.com");
  proxy.inject("newOrder", { answer: { status: 503 } });
  expect(await order(host)).toEqual({ outcome: "failing" });
  world.advance(-DAY_MS);
  expect(await order(host)).toEqual({ outcome: "notDue" });
  world.advance(DAY_MS + 60_000);
  expect(await order(host)).toEqual({ outcome: "issued" });
});

test("workers whose clocks are a day apart place one order", async () => {
  const host = await prepare("apart.example.com");
  const { db } = world.database;
  const at = (offsetMs: number) =>
    createContext({ db, now: () => new Date(now().getTime() + offsetMs) }, "a1", {
      kind: "job",
      id: "test",
      name: "test",
    });
  const run = (offsetMs: number) => orderCertificate(at(offsetMs), { host }, deps);
  const outcomes = await Promise.all([run(0), run(DAY_MS), run(-DAY_MS), run(2 * DAY_MS)]);
  expect(outcomes.filter(({ outcome }) => outcome === "issued")).toHaveLength(1);
  expect(proxy.asked("newOrder")).toHaveLength(1);
});
