import { generateKeyPairSync, randomUUID, X509Certificate } from "node:crypto";
import type { CertificateName } from "@waxseal/db";
import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { createSelfSignedPair } from "@waxseal/runtime";
import { DAY_MS, HOUR_MS } from "@waxseal/runtime/time-spans";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import {
  createTestCertificateNames,
  type TestCertificateNames,
} from "../../testing/create-test-certificate-names.ts";
import { RFC9773_CERTIFICATE } from "../../testing/rfc9773-certificate.ts";
import type { AcmeDirectory } from "./acme-directory.ts";
import { AcmeError } from "./acme-error.ts";
import { askRenewalWindows } from "./ask-renewal-windows.ts";
import { CertificateProblem } from "./certificate-problem.ts";
import type { AcmeDirectories } from "./create-acme-directories.ts";
import { failCertificate } from "./fail-certificate.ts";
import { LeaseLost } from "./hold-certificate-lease.ts";
import { saveAcmeAccount } from "./save-acme-account.ts";
import { stopCertificate } from "./stop-certificate.ts";
import { storeCertificate } from "./store-certificate.ts";

const DIRECTORY = "https://ca.example/dir";
const now = new Date("2026-05-01T12:00:00Z");
let database: TestDatabase;
let names: TestCertificateNames;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
  names = createTestCertificateNames(database.db, () => now);
});
afterAll(() => database.drop());

const ctx = () => names.ctx;
const startName = (row: Partial<CertificateName> = {}) => names.start(row);
const nameOf = (host: string) => names.read(host);
const kindsOf = async (host: string) =>
  (await database.db.event.findMany({ orderBy: { id: "asc" } }))
    .filter(({ data }) => Object(data).host === host)
    .map(({ kind }) => kind);
const jobsLike = (like: string) =>
  database.db.$queryRaw<{ key: string; runAt: Date }[]>`
    select key, run_at as "runAt" from graphile_worker.jobs where key like ${like} order by key`;

function newKey(): string {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return privateKey.export({ type: "pkcs8", format: "pem" }).toString();
}
/** A certificate for the host; self-signed, which is the CA's affair. */
function issue(host: string) {
  const { key: keyPem, cert: chainPem } = createSelfSignedPair([host], now);
  return { chainPem, keyPem, keyJwe: "sealed", directoryUrl: DIRECTORY, domainId: null };
}

test("an issued certificate becomes the current one, ends the order, and is announced to policy servers", async () => {
  const domainId = randomUUID();
  const { host, hold } = await startName({
    ...{ state: "finalizing", domainId, attempts: 7, nextAttemptAt: now, lastErrorCode: "ca.slow" },
    ...{ orderUrl: "o", orderKeyJwe: "k", orderStartedAt: now, windowStart: now, windowEnd: now },
  });
  const issued = issue(host);
  await hold((lease) => storeCertificate(ctx(), lease, { ...issued, domainId }, { random: () => 0.5 }));
  const name = await nameOf(host);
  expect(name).toMatchObject({
    ...{ state: "issued", attempts: 0, nextAttemptAt: null, lastErrorCode: null },
    ...{ orderUrl: null, orderKeyJwe: null, orderStartedAt: null, windowStart: null, windowEnd: null },
    askWindowAt: new Date(now.getTime() + 6 * HOUR_MS),
  });
  const leaf = new X509Certificate(issued.chainPem);
  const stored = await database.db.certificate.findFirstOrThrow({ where: { host } });
  expect(stored).toMatchObject({
    id: name.currentCertificateId,
    keyJwe: "sealed",
    fingerprint256: leaf.fingerprint256,
    notAfter: leaf.validToDate,
  });
  expect(JSON.stringify(stored)).not.toContain("PRIVATE KEY");
  expect(await kindsOf(host)).toEqual(["certificate.issued"]);
  expect(await jobsLike(`policy.publish:${domainId}`)).toHaveLength(1);
  expect(await database.db.servingChange.count({ where: { key: host } })).toBe(1);
});

test.each<[string, (host: string) => ReturnType<typeof issue>]>([
  ["for another host", () => issue("mta-sts.other.example")],
  ["for another key", (host) => ({ ...issue(host), keyPem: newKey() })],
  ["that is none", (host) => ({ ...issue(host), chainPem: "-----BEGIN CERTIFICATE-----\nx" })],
  ["that is empty", (host) => ({ ...issue(host), chainPem: "" })],
])("a certificate %s is not stored, and the order does not end", async (_what, make) => {
  const { host, hold } = await startName({ state: "finalizing", orderUrl: "o" });
  const issued = make(host);
  const stored = hold((lease) => storeCertificate(ctx(), lease, issued, { random: () => 0 }));
  await expect(stored).rejects.toMatchObject({ name: "AcmeError", kind: "unusable" });
  expect(await database.db.certificate.count({ where: { host } })).toBe(0);
  expect(await nameOf(host)).toMatchObject({ state: "finalizing", orderUrl: "o" });
});

test("a worker that lost its lease stores no certificate and announces none", async () => {
  const { host, hold } = await startName({ state: "finalizing" });
  const issued = issue(host);
  const stored = hold(async (lease) => {
    await database.db.certificateName.update({ where: names.where(host), data: { leaseOwner: "other" } });
    await storeCertificate(ctx(), lease, issued, { random: () => 0 });
  });
  await expect(stored).rejects.toThrow(LeaseLost);
  expect(await database.db.certificate.count({ where: { host } })).toBe(0);
  expect(await database.db.servingChange.count({ where: { key: host } })).toBe(0);
  expect(await kindsOf(host)).toEqual([]);
});

const forgotten: string[] = [];
const directories = (directory: Partial<AcmeDirectory> = {}): AcmeDirectories => ({
  open: async () => directory as AcmeDirectory,
  forgetAccount: async (url) => void forgotten.push(url),
  close: () => undefined,
});
async function fail(
  { hold }: Awaited<ReturnType<typeof startName>>,
  problem: CertificateProblem,
  error: unknown = problem,
) {
  const failure = { problem, error, directoryUrl: DIRECTORY, acme: directories() };
  await hold((lease) => failCertificate(ctx(), lease, failure));
}

test("a failure keeps the reason, waits as long as the CA asks, and enqueues the next attempt for then", async () => {
  const started = await startName({ state: "ordering", stateSince: new Date(0) });
  await fail(
    started,
    new CertificateProblem("ca.rateLimited", "Its limit is reached.", { retryAfterMs: 2 * HOUR_MS }),
  );
  const nextAttemptAt = new Date(now.getTime() + 2 * HOUR_MS);
  expect(await nameOf(started.host)).toMatchObject({
    ...{ state: "failing", attempts: 1, nextAttemptAt, stateSince: now, lastErrorAt: now },
    ...{ lastErrorCode: "ca.rateLimited", lastErrorDetail: "Its limit is reached." },
  });
  const [job] = await jobsLike(`certificate.order:a1:${started.host}`);
  expect(job?.runAt).toEqual(nextAttemptAt);
});

test("the timeline gets a line when the reason is a new one, not at every attempt", async () => {
  const started = await startName();
  for (const code of ["ca.slow", "ca.slow", "preflight.cname", "preflight.cname", "ca.slow"] as const)
    await fail(started, new CertificateProblem(code, "x"));
  expect(await kindsOf(started.host)).toHaveLength(3);
  expect(await nameOf(started.host)).toMatchObject({ attempts: 5 });
});

test.each([
  ["is kept while the CA works on it", true, { keepsOrder: true }, 0],
  ["is kept just below a day", true, { keepsOrder: true }, DAY_MS - 1],
  ["is given up after a day", false, { keepsOrder: true }, DAY_MS],
  ["is given up when it was started in the future", false, { keepsOrder: true }, -DAY_MS],
  ["is given up when the CA refused it", false, {}, 0],
] as const)("an order %s", async (_what, isKept, facts, ageMs) => {
  const orderStartedAt = new Date(now.getTime() - ageMs);
  const started = await startName({ state: "finalizing", orderUrl: "o", orderKeyJwe: "k", orderStartedAt });
  await fail(started, new CertificateProblem("ca.slow", "x", facts));
  expect(await nameOf(started.host)).toMatchObject(
    isKept
      ? { orderUrl: "o", orderKeyJwe: "k", orderStartedAt }
      : { orderUrl: null, orderKeyJwe: null, orderStartedAt: null },
  );
});

test("RFC 8555 §6.7: a CA that does not know our account is registered at again, and its order is given up", async () => {
  const started = await startName({
    state: "ordering",
    orderUrl: "o",
    orderKeyJwe: "k",
    orderStartedAt: now,
  });
  const error = new AcmeError("refused", "no account", { type: "accountDoesNotExist" });
  await fail(started, new CertificateProblem("ca.refused", "x", { keepsOrder: true }), error);
  expect(forgotten).toEqual([DIRECTORY]);
  expect(await nameOf(started.host)).toMatchObject({ orderUrl: null });
});

test("a failed validation counts against the CA's limit when it was an order's, not a rehearsal's", async () => {
  const count = (host: string) => database.db.acmeUse.count({ where: { host, kind: "failedValidation" } });
  const [order, rehearsal] = [await startName({ orderUrl: "o" }), await startName()];
  const problem = new CertificateProblem("ca.validation", "x");
  await fail(order, problem);
  await fail(rehearsal, problem);
  expect([await count(order.host), await count(rehearsal.host)]).toEqual([1, 0]);
});

test("the certificate in use stays in use through failures", async () => {
  const started = await startName({ state: "preflight", currentCertificateId: randomUUID(), renewAt: now });
  const before = await nameOf(started.host);
  await fail(started, new CertificateProblem("preflight.cname", "x"));
  const { currentCertificateId, renewAt } = await nameOf(started.host);
  expect({ currentCertificateId, renewAt }).toEqual({
    currentCertificateId: before.currentCertificateId,
    renewAt: before.renewAt,
  });
});

test("a stopped name loses its order and its worker, keeps its certificate, and is stopped once", async () => {
  const id = randomUUID();
  const { host, hold } = await startName({
    state: "finalizing",
    orderUrl: "o",
    currentCertificateId: id,
    renewAt: now,
  });
  const stop = () => database.db.$transaction((db) => stopCertificate(db, ctx(), host));
  const written = hold(async (lease) => {
    await stop();
    await lease.write({ state: "issued" });
  });
  await expect(written).rejects.toThrow(LeaseLost);
  for (const _ of [0, 1]) await stop();
  expect(await nameOf(host)).toMatchObject({
    ...{ state: "stopped", orderUrl: null, renewAt: null, leaseOwner: null },
    currentCertificateId: id,
  });
  expect(await kindsOf(host)).toEqual(["certificate.stopped"]);
  await database.db.$transaction((db) => stopCertificate(db, ctx(), "mta-sts.absent.example"));
});

test("RFC 8657 §3: a new account address has the CAA records published again; the same one does not", async () => {
  const directoryUrl = "https://caa.example/dir";
  const kept = await database.db.acmeAccount.create({
    data: { directoryUrl, keyJwe: "k", createdAt: now },
  });
  const save = (row: typeof kept, accountUrl: string, caaIdentities: string[]) =>
    saveAcmeAccount({ db: database.db, now: () => now }, row, { directoryUrl, accountUrl, caaIdentities });
  const changes = () => database.db.servingChange.count({ where: { kind: "record" } });
  const before = await changes();
  // A CA that names itself in no CAA changes no record.
  await save(kept, "https://caa.example/acct/1", []);
  expect(await changes()).toBe(before);
  const row = () => database.db.acmeAccount.findUniqueOrThrow({ where: { directoryUrl } });
  await save(await row(), "https://caa.example/acct/1", ["caa.example"]);
  expect(await changes()).toBe(before + 1);
  await save(await row(), "https://caa.example/acct/1", ["caa.example"]);
  expect(await changes()).toBe(before + 1);
  expect(await jobsLike("record.reconcile")).toHaveLength(1);
});

/** A name whose certificate has so many days left, and whose CA is due to be asked. */
async function startIssued() {
  const id = randomUUID();
  const renewAt = new Date(now.getTime() + 60 * DAY_MS);
  const started = await startName({ state: "issued", currentCertificateId: id, renewAt, askWindowAt: now });
  const life = { notBefore: now, notAfter: new Date(now.getTime() + 90 * DAY_MS) };
  const facts = {
    issuer: "CA",
    serial: "1",
    fingerprint256: "x",
    directoryUrl: DIRECTORY,
    createdAt: now,
    keyJwe: "k",
  };
  await database.db.certificate.create({
    data: { accountId: "a1", id, host: started.host, chainPem: RFC9773_CERTIFICATE, ...facts, ...life },
  });
  return { ...started, renewAt };
}
const ask = (renewalInfo: AcmeDirectory["renewalInfo"]) =>
  askRenewalWindows(
    { db: database.db, now: () => now },
    { acme: directories({ renewalInfo }), random: () => 0.5 },
    100,
  );
const days = (count: number) => new Date(now.getTime() + count * DAY_MS);

test("RFC 9773 §4.2: a window of the CA moves the renewal into it, once, and the CA is asked again within a day", async () => {
  const { host } = await startIssued();
  const window = { start: days(1), end: days(3), retryAfterMs: 9 * DAY_MS };
  expect(await ask(async () => window)).toEqual({ asked: 1, moved: 1 });
  const moved = await nameOf(host);
  expect(moved).toMatchObject({ windowStart: window.start, windowEnd: window.end, renewAt: days(2) });
  expect(moved.askWindowAt).toEqual(days(1));
  expect(await ask(async () => window)).toEqual({ asked: 0, moved: 0 });
  const data = { askWindowAt: now, renewAt: days(1.5) };
  await database.db.certificateName.update({ where: names.where(host), data });
  expect(await ask(async () => window)).toEqual({ asked: 1, moved: 0 });
  expect((await nameOf(host)).renewAt).toEqual(days(1.5));
});

test.each<[string, AcmeDirectory["renewalInfo"], number]>([
  [
    "a window that ends before it begins",
    async () => ({ start: days(3), end: days(1), retryAfterMs: 0 }),
    0.95 * 12,
  ],
  ["no window", async () => undefined, 0.95 * 24],
  [
    "an error with a pause",
    async () => {
      throw new AcmeError("unreachable", "x", { retryAfterMs: 3 * HOUR_MS });
    },
    3,
  ],
  [
    "an error",
    async () => {
      throw new AcmeError("refused", "x");
    },
    1,
  ],
])("after %s the renewal stays, and the CA is asked again later", async (_what, answer, hours) => {
  const { host, renewAt } = await startIssued();
  expect(await ask(answer)).toEqual({ asked: 1, moved: 0 });
  const askWindowAt = new Date(now.getTime() + hours * HOUR_MS);
  expect(await nameOf(host)).toMatchObject({ renewAt, askWindowAt, windowStart: null });
});
