import type { CertificateName, Database, Prisma } from "@waxseal/db";
import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { afterAll, beforeAll, beforeEach, expect, inject, test } from "vitest";
import { enqueueDueCertificates } from "./enqueue-due-certificates.ts";
import { pruneCertificates } from "./prune-certificates.ts";

let database: TestDatabase;
let db: Database;
const now = new Date("2026-05-01T12:00:00Z");
const at = (minutes: number) => new Date(now.getTime() + minutes * 60_000);

beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
  db = database.db;
});
afterAll(() => database.drop());
beforeEach(async () => {
  await db.certificateName.deleteMany();
  await db.$executeRaw`delete from graphile_worker._private_jobs`;
});

const add = (host: string, row: Partial<CertificateName>) =>
  db.certificateName.create({ data: { accountId: "a1", host, stateSince: now, ...row } });

const enqueued = async () => {
  const rows = await db.$queryRaw<{ key: string }[]>`select key from graphile_worker.jobs order by key`;
  return rows.map(({ key }) => key.replace("certificate.order:a1:", ""));
};

test("due work gets a job: renewals, retries, and orders of killed workers", async () => {
  await add("renew.example", { state: "issued", renewAt: at(-1) });
  await add("issued.example", { state: "issued", renewAt: at(1) });
  await add("retry.example", { state: "failing", nextAttemptAt: at(-1) });
  await add("later.example", { state: "failing", nextAttemptAt: at(1) });
  await add("killed.example", {
    state: "validating",
    leaseOwner: "x",
    leaseUntil: new Date(Date.now() - 60_000),
  });
  await add("busy.example", {
    state: "validating",
    leaseOwner: "x",
    leaseUntil: new Date(Date.now() + 60_000),
  });
  await add("stopped.example", { state: "stopped", nextAttemptAt: at(-1) });
  expect(await enqueueDueCertificates(db, now, 10)).toBe(3);
  expect(await enqueued()).toEqual(["killed.example", "renew.example", "retry.example"]);
});

test("a second sweep adds nothing, and does not push back a job that waits", async () => {
  await add("once.example", { state: "waiting", nextAttemptAt: at(-1) });
  expect(await enqueueDueCertificates(db, now, 10)).toBe(1);
  const [before] = await db.$queryRaw<{ runAt: Date }[]>`select run_at as "runAt" from graphile_worker.jobs`;
  expect(await enqueueDueCertificates(db, now, 10)).toBe(0);
  const after = await db.$queryRaw<{ runAt: Date }[]>`select run_at as "runAt" from graphile_worker.jobs`;
  expect(after).toEqual([before]);
});

test("with more due than the limit, the certificate that ends first comes first", async () => {
  for (const [host, notAfter] of [
    ["late.example", at(9_000)],
    ["soon.example", at(60)],
  ] as const) {
    const certificate = await db.certificate.create({ data: { ...certificateOf(host), notAfter } });
    await add(host, { state: "issued", renewAt: at(-1), currentCertificateId: certificate.id });
  }
  expect(await enqueueDueCertificates(db, now, 1)).toBe(1);
  expect(await enqueued()).toEqual(["soon.example"]);
});

/** By Postgres' clock. */
const soon = (minutes: number) => new Date(Date.now() + minutes * 60_000);

test("challenges go when they run out, certificates a month after they expired", async () => {
  await db.certificate.deleteMany();
  const day = 24 * 60;
  for (const [host, minutes] of [
    ["old.example", -31 * day],
    ["kept.example", -29 * day],
  ] as const) {
    await db.certificate.create({ data: { ...certificateOf(host), notAfter: at(minutes) } });
    await db.acmeChallenge.create({
      data: { token: host, keyAuthorization: "x", host, expiresAt: soon(host === "old.example" ? -1 : 1) },
    });
  }
  expect(await pruneCertificates(db, now)).toEqual({ challenges: 1, certificates: 1, acmeUses: 0 });
  expect(await db.certificate.findMany({ select: { host: true } })).toEqual([{ host: "kept.example" }]);
  expect(await db.acmeChallenge.findMany({ select: { host: true } })).toEqual([{ host: "kept.example" }]);
});

function certificateOf(host: string): Prisma.CertificateCreateInput {
  return {
    accountId: "a1",
    host,
    chainPem: "",
    keyJwe: "",
    issuer: "CA",
    serial: "1",
    fingerprint256: "",
    notBefore: at(-100),
    notAfter: at(100),
    directoryUrl: "https://ca.example/dir",
    createdAt: now,
  };
}

test("emergencies come first, repeatedly failing names last; a held name waits", async () => {
  for (const [host, notAfter] of [
    ["emergency.example", at(5)],
    ["normal.example", at(60)],
  ] as const) {
    const certificate = await db.certificate.create({ data: { ...certificateOf(host), notAfter } });
    await add(host, { state: "issued", renewAt: at(-1), currentCertificateId: certificate.id });
  }
  await add("a-slow.example", { state: "failing", attempts: 5, lastErrorCode: "ca.validation" });
  await add("new.example", { state: "waiting" });
  await add("ca-down.example", { state: "failing", attempts: 9, lastErrorCode: "ca.unreachable" });
  await add("held.example", { state: "waiting", heldUntil: at(1) });
  expect(await enqueueDueCertificates(db, now, 10)).toBe(5);
  const jobs = await db.$queryRaw<{ host: string; queue: string | null }[]>`
    select replace(key, 'certificate.order:a1:', '') as host, queue_name as queue
    from graphile_worker.jobs order by priority, id`;
  expect(jobs.map(({ host }) => host)).toEqual([
    "emergency.example",
    "normal.example",
    "ca-down.example",
    "new.example",
    "a-slow.example",
  ]);
  expect(jobs.map(({ queue }) => queue !== null)).toEqual([false, false, false, false, true]);
});
