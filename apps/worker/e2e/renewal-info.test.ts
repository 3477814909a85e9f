import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type AcmeDirectories, askRenewalWindows, orderCertificate } from "@waxseal/core/certificates";
import { checkDomain } from "@waxseal/core/onboarding";
import { type AcmeCa, startAcmeCa } from "@waxseal/sandbox";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createWorkerDeps } from "../src/create-worker-deps.ts";
import type { WorkerDeps } from "../src/worker-deps.ts";
import { silent, startTestWorld, type TestWorld } from "./start-test-world.ts";

let world: TestWorld;
let folder: string;
let ca: AcmeCa;
/** Fetches challenges where nothing answers, and so says no to everybody. */
let refusing: AcmeCa;
let deps: WorkerDeps;
const now = () => world.context().now();

beforeAll(async () => {
  world = await startTestWorld(inject("templateDatabaseUrl"));
  folder = await mkdtemp(join(tmpdir(), "waxseal-ari-"));
  const [host = "", port] = world.pebble.mockDns.dnsServer.split(":");
  const dnsServer = { host, port: Number(port) };
  const { httpPort } = world.workerOptions;
  for (const name of ["ca", "refusing"]) await mkdir(join(folder, name));
  const start = (name: string, validationHttpPort: number) =>
    startAcmeCa({ port: 0, dataDir: join(folder, name), dnsServer, validationHttpPort, now });
  ca = await start("ca", httpPort);
  refusing = await start("refusing", 9);
  const options = {
    ...world.workerOptions,
    directoryUrls: [ca.directoryUrl],
    caPem: `${ca.rootPem}\n${refusing.rootPem}`,
  };
  deps = createWorkerDeps(options, { db: world.database.db, now }, silent);
});
afterAll(async () => {
  deps?.acme.close();
  await ca?.stop();
  await refusing?.stop();
  await world?.stop();
  await rm(folder, { recursive: true, force: true });
});

async function prepare(name: string): Promise<string> {
  const domain = await world.addDomain(name);
  await world.publishCnames(domain);
  await checkDomain(world.context(), { domainId: domain.id }, deps);
  return `mta-sts.${name}`;
}

const nameOf = (host: string) =>
  world.database.db.certificateName.findUniqueOrThrow({
    where: { accountId_host: { accountId: "a1", host } },
  });
const order = (host: string, more: Partial<WorkerDeps> = {}) =>
  orderCertificate(world.context(), { host }, { ...deps, ...more });
const ask = () => askRenewalWindows({ db: world.database.db, now }, deps, 100);

/** What is ordered, with what it says it replaces. */
function watched(): AcmeDirectories & { replaced: (string | undefined)[] } {
  const replaced: (string | undefined)[] = [];
  return {
    ...deps.acme,
    replaced,
    open: async (url) => {
      const directory = await deps.acme.open(url);
      return {
        ...directory,
        createOrder: (host, options) => {
          replaced.push(options?.replaces);
          return directory.createOrder(host, options);
        },
      };
    },
  };
}

test("RFC 9773 §4.2: a time in the CA's window is kept while the window is; a new window brings the renewal forward, with replaces", async () => {
  const host = await prepare("window.example.com");
  expect(await order(host)).toEqual({ outcome: "issued" });
  const issued = await nameOf(host);
  expect(await ask()).toMatchObject({ moved: 0 });
  world.advance(12 * 3_600_000);
  expect(await ask()).toMatchObject({ asked: 1, moved: 1 });
  const first = await nameOf(host);
  expect(first.windowStart).not.toBeNull();
  expect(first.renewAt?.getTime()).toBeLessThanOrEqual((issued.renewAt?.getTime() ?? 0) + 5 * 86_400_000);
  expect(first.askWindowAt?.getTime()).toBeGreaterThan(now().getTime() + 10 * 3_600_000);
  world.advance(13 * 3_600_000);
  expect(await ask()).toMatchObject({ asked: 1, moved: 0 });
  expect((await nameOf(host)).renewAt).toEqual(first.renewAt);

  ca.askForRenewal();
  world.advance(13 * 3_600_000);
  expect(await ask()).toMatchObject({ asked: 1, moved: 1 });
  world.advance(86_400_000);
  const acme = watched();
  expect(await order(host, { acme })).toEqual({ outcome: "issued" });
  expect(acme.replaced).toEqual([expect.stringMatching(/^[\w-]+\.[\w-]+$/)]);
  expect((await nameOf(host)).currentCertificateId).not.toBe(issued.currentCertificateId);
});

test("RFC 9773 §5: 409 alreadyReplaced is tried once without replaces, and counted as an order", async () => {
  const host = await prepare("replaced.example.com");
  expect(await order(host)).toEqual({ outcome: "issued" });
  const { currentCertificateId } = await nameOf(host);
  const renewNow = { renewAt: new Date(now().getTime() - 1), currentCertificateId };
  await world.database.db.certificateName.updateMany({ where: { host }, data: renewNow });
  expect(await order(host)).toEqual({ outcome: "issued" });
  // As after a restored backup: our row names a certificate that the CA knows as replaced.
  await world.database.db.certificateName.updateMany({ where: { host }, data: renewNow });
  const acme = watched();
  expect(await order(host, { acme })).toEqual({ outcome: "issued" });
  expect(acme.replaced).toEqual([expect.any(String), undefined]);
  const uses = await world.database.db.acmeUse.groupBy({ by: ["kind"], where: { host }, _count: true });
  expect(Object.fromEntries(uses.map(({ kind, _count }) => [kind, _count]))).toEqual({
    order: 2,
    renewal: 2,
  });
});

test("after the CA said no its staging twin is asked first, and only when that says yes the CA itself", async () => {
  const host = await prepare("staging.example.com");
  const saidNo = { state: "failing", attempts: 1, lastErrorCode: "ca.validation" } as const;
  await world.database.db.certificateName.updateMany({ where: { host }, data: saidNo });
  expect(await order(host, { stagingUrl: refusing.directoryUrl })).toEqual({ outcome: "failing" });
  expect(await nameOf(host)).toMatchObject({ lastErrorCode: "ca.validation", attempts: 2 });
  expect(await world.database.db.acmeUse.count({ where: { host } })).toBe(0);

  world.advance(3_600_000);
  expect(await order(host, { stagingUrl: ca.directoryUrl })).toEqual({ outcome: "issued" });
  expect(world.fetched.filter((line) => line === `challenge ${host}`).length).toBeGreaterThan(0);
});
