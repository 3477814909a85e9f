import { type AcmeDirectories, type AcmeDirectory, orderCertificate } from "@waxseal/core/certificates";
import { checkDomain } from "@waxseal/core/onboarding";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { startTestWorld, type TestWorld } from "./start-test-world.ts";

let world: TestWorld;
beforeAll(async () => {
  world = await startTestWorld(inject("templateDatabaseUrl"), { nonceRejectPercent: 50 });
});
afterAll(() => world?.stop());

/** A domain whose CNAMEs are published and were seen, so that its certificate is waiting. */
async function prepare(name: string) {
  const domain = await world.addDomain(name);
  await world.publishCnames(domain);
  await checkDomain(world.context(), { domainId: domain.id }, world.deps);
  return { domain, host: `mta-sts.${name}` };
}

const nameOf = (host: string) =>
  world.database.db.certificateName.findUniqueOrThrow({
    where: { accountId_host: { accountId: "a1", host } },
  });

type Step = "createOrder" | "getAuthorization" | "startValidation" | "finalizeOrder" | "downloadChain";

/** The real CAs, counting orders, and going away right after `step` was done, once. */
function watched(cutOffAfter?: Step): AcmeDirectories & { orders: string[] } {
  const orders: string[] = [];
  let isCut = false;
  const passOn = async <T>(step: Step, work: () => Promise<T>): Promise<T> => {
    const result = await work();
    if (step !== cutOffAfter || isCut) return result;
    isCut = true;
    throw new Error("killed");
  };
  const watch = (directory: AcmeDirectory): AcmeDirectory => ({
    ...directory,
    createOrder: (host) =>
      passOn("createOrder", async () => {
        const order = await directory.createOrder(host);
        orders.push(order.url);
        return order;
      }),
    getAuthorization: (url) => passOn("getAuthorization", () => directory.getAuthorization(url)),
    startValidation: (url) => passOn("startValidation", () => directory.startValidation(url)),
    finalizeOrder: (order, csr) => passOn("finalizeOrder", () => directory.finalizeOrder(order, csr)),
    downloadChain: (url) => passOn("downloadChain", () => directory.downloadChain(url)),
  });
  return { ...world.deps.acme, orders, open: async (url) => watch(await world.deps.acme.open(url)) };
}

test("a CA that refuses every second nonce issues all the same, RFC 8555 §6.5", async () => {
  const { host } = await prepare("nonces.example.com");
  expect(await orderCertificate(world.context(), { host }, world.deps)).toEqual({ outcome: "issued" });
  expect(await nameOf(host)).toMatchObject({
    state: "issued",
    attempts: 0,
    orderUrl: null,
    orderKeyJwe: null,
  });
});

test("private keys of the account and of certificates are sealed, and of the right kind", async () => {
  const { db } = world.database;
  const account = await db.acmeAccount.findFirstOrThrow();
  expect(await world.deps.secretBox.open(account.keyJwe)).toContain("PRIVATE KEY");
  const certificate = await db.certificate.findFirstOrThrow();
  expect(await world.deps.secretBox.open(certificate.keyJwe)).toContain("PRIVATE KEY");
  const everything = JSON.stringify([
    await db.acmeAccount.findMany(),
    await db.certificate.findMany(),
    await db.certificateName.findMany(),
    await db.event.findMany(),
  ]);
  expect(everything).not.toContain("PRIVATE");
});

test("workers that meet at one name place one order", async () => {
  const { host } = await prepare("race.example.com");
  const acme = watched();
  const run = () => orderCertificate(world.context(), { host }, { ...world.deps, acme });
  const outcomes = await Promise.all([run(), run(), run(), run()]);
  expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual(["busy", "busy", "busy", "issued"]);
  expect(acme.orders).toHaveLength(1);
  expect(await world.database.db.certificate.count({ where: { host } })).toBe(1);
});

test.for<Step>(["getAuthorization", "startValidation", "finalizeOrder", "downloadChain"])(
  "a worker cut off right after %s leaves an order that the next one finishes",
  async (step) => {
    const { host } = await prepare(`${step.toLowerCase()}.example.com`);
    const acme = watched(step);
    const deps = { ...world.deps, acme };
    await expect(orderCertificate(world.context(), { host }, deps)).rejects.toThrow("killed");
    const between = await nameOf(host);
    expect(between.orderUrl).toBe(acme.orders[0]);
    expect(await orderCertificate(world.context(), { host }, deps)).toEqual({ outcome: "issued" });
    expect(acme.orders).toHaveLength(1);
    const stored = await world.database.db.certificate.findFirstOrThrow({ where: { host } });
    expect(stored.keyJwe).toBe(between.orderKeyJwe);
  },
);

test("a killed worker's lease keeps others away only until it runs out", async () => {
  const { host } = await prepare("lease.example.com");
  const held = { leaseOwner: "killed", leaseUntil: new Date(Date.now() + 30_000) };
  await world.database.db.certificateName.updateMany({ where: { host }, data: held });
  expect(await orderCertificate(world.context(), { host }, world.deps)).toEqual({ outcome: "busy" });
  // A worker whose clock is ahead does not take it sooner.
  world.advance(3_600_000);
  expect(await orderCertificate(world.context(), { host }, world.deps)).toEqual({ outcome: "busy" });
  const ended = { leaseUntil: new Date(Date.now() - 1_000) };
  await world.database.db.certificateName.updateMany({ where: { host }, data: ended });
  expect(await orderCertificate(world.context(), { host }, world.deps)).toEqual({ outcome: "issued" });
});

test("an issued name is left alone until a third of its life is left, then renewed", async () => {
  const { host } = await prepare("renew.example.com");
  await orderCertificate(world.context(), { host }, world.deps);
  const first = await nameOf(host);
  expect(await orderCertificate(world.context(), { host }, world.deps)).toEqual({ outcome: "notDue" });
  await world.database.db.certificateName.updateMany({
    where: { host },
    data: { renewAt: new Date(world.context().now().getTime() - 1) },
  });
  expect(await orderCertificate(world.context(), { host }, world.deps)).toEqual({ outcome: "issued" });
  const second = await nameOf(host);
  expect(second.currentCertificateId).not.toBe(first.currentCertificateId);
  expect(await world.database.db.certificate.count({ where: { host } })).toBe(2);
});
