import { X509Certificate } from "node:crypto";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { startWorker } from "../src/start-worker.ts";
import { silent, startTestWorld, type TestWorld } from "./start-test-world.ts";

let world: TestWorld;
let worker: Awaited<ReturnType<typeof startWorker>>;
beforeAll(async () => {
  world = await startTestWorld(inject("templateDatabaseUrl"));
  worker = await startWorker(world.workerOptions, silent);
});
afterAll(async () => {
  await worker?.stop();
  await world?.stop();
});

test("from CNAMEs to active: checked, certified by Pebble, fetched by ourselves, and only then published", async () => {
  const { db } = world.database;
  const domain = await world.addDomain("first.example.com");
  const startedAt = performance.now();
  await world.publishCnames(domain);
  const row = () =>
    db.domain.findUniqueOrThrow({ where: { accountId_id: { accountId: "a1", id: domain.id } } });
  await expect.poll(async () => (await row()).status, { timeout: 60_000, interval: 100 }).toBe("active");
  console.info(`active after ${Math.round(performance.now() - startedAt)} ms`);

  const active = await row();
  expect(active.publishedVersion).toBe(1);
  expect(active.publishProblem).toBeNull();
  const name = await db.certificateName.findFirstOrThrow({ where: { domainId: domain.id } });
  expect(name).toMatchObject({ state: "issued", attempts: 0, lastErrorCode: null, leaseOwner: null });
  const stored = await db.certificate.findFirstOrThrow({ where: { host: "mta-sts.first.example.com" } });
  const [leaf, intermediate] = stored.chainPem
    .split(/(?=-----BEGIN)/)
    .filter((pem) => pem.trim())
    .map((pem) => new X509Certificate(pem));
  const root = new X509Certificate(await world.pebble.rootPem());
  expect(leaf?.checkHost("mta-sts.first.example.com")).toBe("mta-sts.first.example.com");
  expect(leaf && intermediate && leaf.verify(intermediate.publicKey)).toBe(true);
  expect(intermediate?.verify(root.publicKey)).toBe(true);
  expect(stored.keyJwe).toMatch(/^eyJ/);
  expect(stored.keyJwe).not.toContain("PRIVATE");

  const events = await db.event.findMany({ where: { domainId: domain.id }, orderBy: { at: "asc" } });
  const kinds = events.map(({ kind }) => kind);
  for (const kind of [
    "setup.changed",
    "domain.claimed",
    "certificate.issued",
    "policy.published",
    "domain.active",
  ]) {
    expect(kinds).toContain(kind);
  }
  const changes = await db.servingChange.findMany({ orderBy: { seq: "asc" } });
  const order = changes.map(({ kind, key }) => `${kind} ${key}`);
  expect(order.lastIndexOf(`record ${domain.token}`)).toBeGreaterThan(
    order.lastIndexOf("certificate mta-sts.first.example.com"),
  );
  expect(world.fetched).toContain("policy first.example.com");
  expect(await db.acmeChallenge.count()).toBe(0);
});
