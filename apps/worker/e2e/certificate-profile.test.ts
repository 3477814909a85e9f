import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type AcmeDirectories, orderCertificate } from "@waxseal/core/certificates";
import { checkDomain } from "@waxseal/core/onboarding";
import { HOUR_MS } from "@waxseal/runtime/time-spans";
import { type AcmeCa, startAcmeCa } from "@waxseal/sandbox";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { loadConfig } from "../src/config.ts";
import { createWorkerDeps } from "../src/create-worker-deps.ts";
import { silent, startTestWorld, type TestWorld } from "./start-test-world.ts";

let world: TestWorld;
let folder: string;
let ca: AcmeCa;
const opened: AcmeDirectories[] = [];
const now = () => world.context().now();

beforeAll(async () => {
  world = await startTestWorld(inject("templateDatabaseUrl"));
  folder = await mkdtemp(join(tmpdir(), "waxseal-profile-"));
  const [host = "", port] = world.pebble.mockDns.dnsServer.split(":");
  const dnsServer = { host, port: Number(port) };
  const validationHttpPort = world.workerOptions.httpPort;
  ca = await startAcmeCa({ port: 0, dataDir: folder, dnsServer, validationHttpPort, now });
});
afterAll(async () => {
  for (const acme of opened) acme.close();
  await ca?.stop();
  await world?.stop();
  await rm(folder, { recursive: true, force: true });
});

async function order(name: string, directoryUrl: string, acme: AcmeDirectories) {
  const domain = await world.addDomain(name);
  await world.publishCnames(domain);
  await checkDomain(world.context(), { domainId: domain.id }, world.deps);
  const host = `mta-sts.${name}`;
  const deps = { ...world.deps, acme, directoryUrls: [directoryUrl] };
  expect(await orderCertificate(world.context(), { host }, deps)).toEqual({ outcome: "issued" });
  const where = { accountId_host: { accountId: "a1", host } };
  const { renewAt } = await world.database.db.certificateName.findUniqueOrThrow({ where });
  const certificate = await world.database.db.certificate.findFirstOrThrow({ where: { host } });
  return { renewAt, certificate };
}

function openCas(profile: string) {
  const missing: object[] = [];
  const logger = Object.assign(Object.create(silent), { warn: (found: object) => missing.push(found) });
  const env = { ...world.workerEnv, ACME_PROFILE: profile };
  const caPem = `${ca.rootPem}\n${world.pebble.caPem}`;
  const { acme } = createWorkerDeps({ ...loadConfig(env), caPem }, { db: world.database.db, now }, logger);
  opened.push(acme);
  return { acme, missing };
}

test("a profile that the directory lists is asked for, and its 160 hours are renewed with a third left", async () => {
  const { acme, missing } = openCas("shortlived");
  const { renewAt, certificate } = await order("short.example.com", ca.directoryUrl, acme);
  const lifeMs = certificate.notAfter.getTime() - certificate.notBefore.getTime();
  expect(lifeMs).toBe(160 * HOUR_MS);
  const leftMs = certificate.notAfter.getTime() - (renewAt?.getTime() ?? 0);
  expect(leftMs).toBeGreaterThanOrEqual(lifeMs / 3 - 1);
  expect(leftMs).toBeLessThanOrEqual(lifeMs / 3 + lifeMs / 20 + 1);
  expect(missing).toEqual([]);
});

test("a profile that the directory does not list is logged once, and the order goes without", async () => {
  const { acme, missing } = openCas("shortlived");
  const { directoryUrl } = world.pebble;
  await order("none.example.com", directoryUrl, acme);
  await order("none-again.example.com", directoryUrl, acme);
  expect(missing).toEqual([{ directoryUrl, profile: "shortlived", listed: expect.any(Array) }]);
});
