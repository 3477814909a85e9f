import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type AcmeDirectories,
  askRenewalWindows,
  createAcmeDirectories,
  orderCertificate,
  pruneCertificates,
} from "@waxseal/core/certificates";
import { DAY_MS } from "@waxseal/runtime/time-spans";
import { type AcmeCa, startAcmeCa } from "@waxseal/sandbox";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { startTestWorld, type TestWorld } from "./start-test-world.ts";

const NAMES = 4;
const DAYS = 365;
const LIFE_MS = 45 * DAY_MS;

let world: TestWorld;
let folder: string;
let ca: AcmeCa;
let acme: AcmeDirectories;
const now = () => world.context().now();

beforeAll(async () => {
  world = await startTestWorld(inject("templateDatabaseUrl"));
  folder = await mkdtemp(join(tmpdir(), "waxseal-year-"));
  const [host = "", port] = world.pebble.mockDns.dnsServer.split(":");
  const dnsServer = { host, port: Number(port) };
  const validationHttpPort = world.workerOptions.httpPort;
  ca = await startAcmeCa({ port: 0, dataDir: folder, dnsServer, validationHttpPort, now });
  const { secretBox } = world.deps;
  const { db } = world.database;
  acme = createAcmeDirectories({ db, secretBox, now, caPem: ca.rootPem, profile: "tlsserver" });
});
afterAll(async () => {
  acme?.close();
  await ca?.stop();
  await world?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** What the sweep takes up, without the queue: the queue's clock is Postgres'. */
async function listDue(): Promise<{ accountId: string; host: string }[]> {
  const due = { lte: now() };
  return world.database.db.certificateName.findMany({
    where: {
      OR: [
        { state: "issued", renewAt: due },
        { state: { not: "issued" }, nextAttemptAt: due },
      ],
    },
    select: { accountId: true, host: true },
  });
}

test("a year of 4 names with 45-day certificates, the verbs themselves against a CA: none expires, each is renewed in its window", {
  timeout: 180_000,
}, async () => {
  const { db } = world.database;
  const start = now();
  await db.certificateName.createMany({
    data: Array.from({ length: NAMES }, (_, index) => ({
      accountId: "a1",
      host: `mta-sts.d${index}.example.com`,
      stateSince: start,
      nextAttemptAt: start,
    })),
  });
  const settings = { ...world.deps.settings, caaIdentities: ["sandbox-ca.example"] };
  const deps = { ...world.deps, settings, acme, directoryUrls: [ca.directoryUrl] };
  const perDay: number[] = [];
  let worstLeftMs = LIFE_MS;
  let expired = 0;
  for (let day = 0; day < DAYS; day++) {
    // The CA wants everything renewed once, as before a mass revocation.
    if (day === 200) ca.askForRenewal();
    let orders = 0;
    await askRenewalWindows({ db, now }, deps, NAMES);
    for (const { accountId, host } of await listDue()) {
      const where = { accountId_host: { accountId, host } };
      const { currentCertificateId: id } = await db.certificateName.findUniqueOrThrow({ where });
      const current = id && (await db.certificate.findUnique({ where: { accountId_id: { accountId, id } } }));
      if (current) {
        const leftMs = current.notAfter.getTime() - now().getTime();
        worstLeftMs = Math.min(worstLeftMs, leftMs);
        if (leftMs <= 0) expired++;
      }
      expect(await orderCertificate(world.context(accountId), { host }, deps)).toEqual({
        outcome: "issued",
      });
      orders++;
    }
    world.advance(DAY_MS);
    perDay.push(orders);
    if (day % 30 === 0) await pruneCertificates(db, now());
  }
  const total = perDay.reduce((sum, orders) => sum + orders, 0);
  const ordinary = perDay.slice(1, 200).concat(perDay.slice(210));
  console.info(
    `orders per day: first ${perDay[0]}, mean ${(total / DAYS).toFixed(1)}, most on an ordinary day ${Math.max(...ordinary)}, ` +
      `after the CA asked ${perDay.slice(200, 205).join(" ")}; least life left at a renewal: ${(worstLeftMs / DAY_MS).toFixed(1)} of 45 days`,
  );
  expect(expired).toBe(0);
  expect(worstLeftMs).toBeGreaterThan(LIFE_MS / 3 - 2 * DAY_MS);
  // Every 30 days or a little sooner, and once when asked.
  expect(total).toBeGreaterThanOrEqual(NAMES * 12);
  expect(total).toBeLessThanOrEqual(NAMES * 16);
  expect(await db.certificateName.count({ where: { state: "issued", attempts: 0 } })).toBe(NAMES);
});
