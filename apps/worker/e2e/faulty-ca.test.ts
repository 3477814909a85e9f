import { type AcmeDirectories, createAcmeDirectories, orderCertificate } from "@waxseal/core/certificates";
import { checkDomain } from "@waxseal/core/onboarding";
import { afterAll, beforeAll, beforeEach, expect, inject, test } from "vitest";
import type { WorkerDeps } from "../src/worker-deps.ts";
import { type FaultProxy, startFaultProxy } from "./start-fault-proxy.ts";
import { startTestWorld, type TestWorld } from "./start-test-world.ts";

let world: TestWorld;
let proxy: FaultProxy;
let acme: AcmeDirectories;
let deps: WorkerDeps;
beforeAll(async () => {
  // Pebble's own faults are on all the time, harder than the default.
  world = await startTestWorld(inject("templateDatabaseUrl"), {
    nonceRejectPercent: 50,
    authzReusePercent: 100,
    certificateSeconds: 6 * 86_400,
  });
  proxy = await startFaultProxy(world.pebble);
  acme = createAcmeDirectories({
    db: world.database.db,
    secretBox: world.deps.secretBox,
    now: () => world.context().now(),
    caPem: proxy.caPem,
  });
  deps = { ...world.deps, acme, directoryUrls: [proxy.directoryUrl], patienceMs: 5_000 };
});
afterAll(async () => {
  acme?.close();
  await proxy?.stop();
  await world?.stop();
});
beforeEach(() => proxy.clear());

async function prepare(name: string): Promise<string> {
  const domain = await world.addDomain(name);
  await world.publishCnames(domain);
  await checkDomain(world.context(), { domainId: domain.id }, deps);
  return `mta-sts.${name}`;
}

const order = (host: string, more: Partial<WorkerDeps> = {}) =>
  orderCertificate(world.context(), { host }, { ...deps, ...more });
const nameOf = (host: string) =>
  world.database.db.certificateName.findUniqueOrThrow({
    where: { accountId_host: { accountId: "a1", host } },
  });
const usesOf = (host: string) => world.database.db.acmeUse.count({ where: { host } });

async function nextJobAt(host: string): Promise<Date | undefined> {
  const [job] = await world.database.db.$queryRaw<{ runAt: Date }[]>`
    select run_at as "runAt" from graphile_worker.jobs where key = ${`certificate.order:a1:${host}`}`;
  return job?.runAt;
}

function waitMs(name: { nextAttemptAt: Date | null; lastErrorAt: Date | null }): number {
  return (name.nextAttemptAt?.getTime() ?? 0) - (name.lastErrorAt?.getTime() ?? 0);
}

test("RFC 8555 §6.6: 429 with Retry-After in seconds is kept to the second, in the row and in the queue", async () => {
  const host = await prepare("seconds.example.com");
  const headers = { "retry-after": "7230" };
  proxy.inject("newOrder", { answer: { status: 429, problem: "rateLimited", headers } });
  expect(await order(host)).toEqual({ outcome: "failing" });
  const failing = await nameOf(host);
  expect(failing).toMatchObject({ lastErrorCode: "ca.rateLimited", attempts: 1, orderUrl: null });
  expect(failing.lastErrorDetail).toMatch(
    /asks us to wait, because its limit is reached\. Nothing for you to do/,
  );
  expect(waitMs(failing)).toBe(7_230_000);
  expect(await nextJobAt(host)).toEqual(failing.nextAttemptAt);
  // Neither a second worker nor an impatient caller asks before that.
  world.advance(7_200_000);
  expect(await order(host)).toEqual({ outcome: "notDue" });
  expect(proxy.asked("newOrder")).toHaveLength(1);
  world.advance(30_000);
  expect(await order(host)).toEqual({ outcome: "issued" });
  expect(proxy.asked("newOrder")).toHaveLength(2);
});

test("RFC 9110 §10.2.3: 429 with Retry-After as a date is kept until that date, in the middle of an order without losing it", async () => {
  const host = await prepare("date.example.com");
  const until = new Date(Math.ceil((world.context().now().getTime() + 10_800_000) / 1_000) * 1_000);
  const headers = { "retry-after": until.toUTCString() };
  proxy.inject("finalize", { answer: { status: 429, problem: "rateLimited", headers } });
  expect(await order(host)).toEqual({ outcome: "failing" });
  const failing = await nameOf(host);
  expect(failing.lastErrorCode).toBe("ca.rateLimited");
  const lateMs = (failing.nextAttemptAt?.getTime() ?? 0) - until.getTime();
  expect(lateMs).toBeGreaterThanOrEqual(0);
  expect(lateMs).toBeLessThan(5_000);
  expect(failing.orderUrl).not.toBeNull();
  expect(failing.orderKeyJwe).not.toBeNull();
  world.advance(10_806_000);
  expect(await order(host)).toEqual({ outcome: "issued" });
  await expectOneOrder(host, failing.orderKeyJwe);
});

test.for([
  ["order", "seconds"],
  ["finalize", "no reason"],
  ["certificate", "seconds"],
] as const)(
  "503 at %s, %s: the order and its key stay, the next attempt finishes it",
  async ([resource, form]) => {
    const host = await prepare(`away-${resource}.example.com`);
    const answer = form === "seconds" ? { status: 503, headers: { "retry-after": "900" } } : { status: 503 };
    proxy.inject(resource, { answer });
    expect(await order(host)).toEqual({ outcome: "failing" });
    const failing = await nameOf(host);
    expect(failing).toMatchObject({ lastErrorCode: "ca.unreachable", attempts: 1 });
    expect(failing.lastErrorDetail).toMatch(/does not answer at the moment/);
    expect(waitMs(failing)).toBe(form === "seconds" ? 900_000 : 60_000);
    world.advance(waitMs(failing));
    expect(await order(host)).toEqual({ outcome: "issued" });
    await expectOneOrder(host, failing.orderKeyJwe);
  },
);

test.for(["authorization", "challenge", "order", "finalize", "certificate"] as const)(
  "a connection cut off in the answer to %s: the CA has acted, and the same order is finished with the same key",
  async (resource) => {
    const host = await prepare(`cut-${resource}.example.com`);
    proxy.inject(resource, "cutOff");
    expect(await order(host)).toEqual({ outcome: "failing" });
    const failing = await nameOf(host);
    expect(failing.lastErrorCode).toBe("ca.unreachable");
    world.advance(60_000);
    expect(await order(host)).toEqual({ outcome: "issued" });
    await expectOneOrder(host, failing.orderKeyJwe);
  },
);

test("a connection cut off in the answer to newOrder: the order's URL is lost, the next one is counted against the limits", async () => {
  const host = await prepare("cut-new.example.com");
  proxy.inject("newOrder", "cutOff");
  expect(await order(host)).toEqual({ outcome: "failing" });
  expect(await nameOf(host)).toMatchObject({ lastErrorCode: "ca.unreachable", orderUrl: null });
  world.advance(60_000);
  expect(await order(host)).toEqual({ outcome: "issued" });
  expect(proxy.asked("newOrder")).toHaveLength(2);
  expect(await usesOf(host)).toBe(2);
});

test("RFC 8555 §7.1.6: an order stuck in processing is left and looked at later and later, never ordered again within its day", async () => {
  const host = await prepare("stuck.example.com");
  const stuck = (body: Record<string, unknown>) => ({
    ...body,
    status: "processing",
    certificate: undefined,
  });
  proxy.inject("finalize", { rewrite: stuck });
  proxy.inject("order", { rewrite: (body) => (body.status === "valid" ? stuck(body) : body) }, 1_000);
  expect(await order(host, { patienceMs: 300 })).toEqual({ outcome: "failing" });
  const failing = await nameOf(host);
  expect(failing).toMatchObject({ lastErrorCode: "ca.slow", attempts: 1 });
  expect(failing.lastErrorDetail).toMatch(/still working on it. Nothing for you to do/);
  for (let attempt = 2; attempt <= 5; attempt++) {
    world.advance(10 * 60_000);
    expect(await order(host, { patienceMs: 300 })).toEqual({ outcome: "failing" });
  }
  expect((await nameOf(host)).attempts).toBe(5);
  expect(proxy.asked("finalize")).toHaveLength(1);
  proxy.inject("order", { rewrite: (body) => body }, 0);
  world.advance(10 * 60_000);
  expect(await order(host)).toEqual({ outcome: "issued" });
  await expectOneOrder(host, failing.orderKeyJwe);
});

test("RFC 9773 §5: a CA that says alreadyReplaced to everything is asked twice in a run, then left alone", async () => {
  const host = await prepare("loop.example.com");
  expect(await order(host)).toEqual({ outcome: "issued" });
  const issued = await nameOf(host);
  const renewAt = new Date(world.context().now().getTime() - 1);
  await world.database.db.certificateName.updateMany({ where: { host }, data: { renewAt } });
  proxy.clear();
  proxy.inject("newOrder", { answer: { status: 409, problem: "alreadyReplaced" } }, 1_000);
  // Debian's Pebble has no renewal information; the proxy speaks for a CA that has.
  const offering = {
    ...acme,
    open: async (url: string) => ({ ...(await acme.open(url)), offersRenewalInfo: async () => true }),
  };
  expect(await order(host, { acme: offering })).toEqual({ outcome: "failing" });
  expect(await order(host, { acme: offering })).toEqual({ outcome: "notDue" });
  const identifiers = [{ type: "dns", value: host }];
  expect(proxy.asked("newOrder")).toEqual([{ identifiers, replaces: expect.any(String) }, { identifiers }]);
  const failing = await nameOf(host);
  expect(failing).toMatchObject({ lastErrorCode: "ca.refused", orderUrl: null });
  expect(failing.currentCertificateId).toBe(issued.currentCertificateId);
  proxy.inject("newOrder", { answer: { status: 409, problem: "alreadyReplaced" } });
  world.advance(waitMs(failing));
  expect(await order(host, { acme: offering })).toEqual({ outcome: "issued" });
  expect(proxy.asked("newOrder")).toHaveLength(4);
});

async function expectOneOrder(host: string, orderKeyJwe: string | null): Promise<void> {
  expect(proxy.asked("newOrder")).toHaveLength(1);
  expect(await usesOf(host)).toBe(1);
  const stored = await world.database.db.certificate.findFirstOrThrow({ where: { host } });
  expect(stored.keyJwe).toBe(orderKeyJwe);
}
