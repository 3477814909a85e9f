import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { targetName } from "@waxseal/core";
import {
  type AcmeDirectories,
  createAcmeDirectories,
  openCas,
  orderCertificate,
} from "@waxseal/core/certificates";
import { checkDomain } from "@waxseal/core/onboarding";
import type { DnsChange, Publisher } from "@waxseal/core/publishing";
import { publishDomainRecords } from "@waxseal/core/publishing";
import type { DnsRecordSet } from "@waxseal/core/zone";
import type { Domain } from "@waxseal/db";
import { createAddressGuard, createResolver, fetchHttp01 } from "@waxseal/probes";
import { type AcmeCa, type CustomerDns, startAcmeCa, startCustomerDns } from "@waxseal/sandbox";
import { afterAll, beforeAll, beforeEach, expect, inject, test } from "vitest";
import { loadConfig } from "../src/config.ts";
import { createWorkerDeps } from "../src/create-worker-deps.ts";
import type { WorkerDeps } from "../src/worker-deps.ts";
import { SETTINGS, silent, startTestWorld, type TestWorld } from "./start-test-world.ts";

const IDENTITY = "sandbox-ca.example";
const settings = { ...SETTINGS, caaIdentities: [IDENTITY] };

let world: TestWorld;
let folder: string;
let dns: CustomerDns;
let ca: AcmeCa;
let staging: AcmeCa;
let acme: AcmeDirectories;
let deps: WorkerDeps;

beforeAll(async () => {
  world = await startTestWorld(inject("templateDatabaseUrl"));
  folder = await mkdtemp(join(tmpdir(), "waxseal-caa-"));
  dns = await startCustomerDns({ port: 0, dataDir: folder });
  await dns.zones.createZone(settings.hostedZone);
  const startCa = (name: string) =>
    startAcmeCa({
      port: 0,
      dataDir: join(folder, name),
      dnsServer: { host: "127.0.0.1", port: dns.port },
      validationHttpPort: world.workerOptions.httpPort,
    });
  [ca, staging] = [await startCa("ca"), await startCa("staging")];
});
beforeEach(async () => {
  const { db } = world.database;
  await db.acmeAccount.deleteMany();
  acme?.close();
  const env = { ...world.workerEnv, ACME_CAA_ACCOUNT_IDENTITIES: IDENTITY };
  const options = { ...loadConfig(env), caPem: `${ca.rootPem}\n${staging.rootPem}` };
  acme = createWorkerDeps(options, { db, now: () => world.context().now() }, silent).acme;
  const resolver = createResolver({ servers: [dns.dnsServer] });
  const guard = createAddressGuard({ allowPrivate: true });
  const port = world.workerOptions.httpPort;
  deps = {
    ...world.deps,
    settings,
    resolver,
    publisher: zonePublisher,
    acme,
    directoryUrls: [ca.directoryUrl],
    fetchHttp01: ({ host, token }) => fetchHttp01({ host, token, resolver, guard, port }),
  };
});
afterAll(async () => {
  acme?.close();
  await Promise.all([ca?.stop(), staging?.stop()]);
  await dns?.stop();
  await world?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** An authority that gets its records by an API, as Route 53 does. */
const zonePublisher: Publisher = {
  publish: async ({ records }: DnsChange) => {
    const sets = records.flatMap((set) => formatValues(set).map((value) => ({ ...set, value })));
    await dns.zones.setRecords(
      settings.hostedZone,
      sets.flatMap(({ name, type, value }) =>
        type === "A" || type === "CAA" || type === "TXT" ? [{ name, type, value }] : [],
      ),
    );
  },
};

function formatValues(set: DnsRecordSet): string[] {
  if (set.type === "CAA") return set.values.map(({ flags, tag, value }) => `${flags} ${tag} "${value}"`);
  return set.values.map(String);
}

async function prepare(name: string): Promise<{ domain: Domain; host: string }> {
  const domain = await world.addDomain(name);
  await dns.zones.createZone(name);
  await dns.zones.setRecords(name, [
    {
      name: `mta-sts.${name}`,
      type: "CNAME",
      value: targetName("policyHost", domain.token, settings.hostedZone),
    },
  ]);
  await publish(domain);
  await checkDomain(world.context(), { domainId: domain.id }, deps);
  return { domain, host: `mta-sts.${name}` };
}

const publish = ({ id }: Domain) => publishDomainRecords(world.context(), { domainId: id }, deps);
const order = (host: string, more: Partial<WorkerDeps> = {}) =>
  orderCertificate(world.context(), { host }, { ...deps, ...more });
const row = (host: string) => ({ accountId_host: { accountId: "a1", host } });
const nameOf = (host: string) => world.database.db.certificateName.findUniqueOrThrow({ where: row(host) });
const isDueNow = (host: string, more = {}) =>
  world.database.db.certificateName.update({
    where: row(host),
    data: { nextAttemptAt: null, renewAt: new Date(0), ...more },
  });

async function issueValues(host: string): Promise<string[]> {
  const answer = await deps.resolver.resolveCaa(host);
  return "found" in answer ? answer.found.filter(({ tag }) => tag === "issue").map(({ value }) => value) : [];
}
const accountUrl = async () => (await acme.open(ca.directoryUrl)).caa.accountUrl;
const bound = (url: string) => `${IDENTITY}; accounturi=${url}; validationmethods=http-01`;
const waitingJobs = (task: string) =>
  world.database.db.$queryRaw<{ key: string }[]>`
    select key from graphile_worker.jobs where task_identifier = ${task}`;

test("RFC 8657 §3: the first order goes under the CA's name alone; its account is named from then on, and renewals by it pass", async () => {
  const { domain, host } = await prepare("first.example.com");
  expect(await issueValues(host)).toEqual([IDENTITY]);
  expect(await order(host)).toEqual({ outcome: "issued" });
  const url = await accountUrl();
  // Our nameservers follow the feed, another authority is updated by this job.
  expect(await world.database.db.servingChange.count({ where: { key: "caa-accounts" } })).toBe(1);
  expect(await waitingJobs("record.reconcile")).toEqual([{ key: "record.reconcile" }]);

  await publish(domain);
  expect(await issueValues(host)).toEqual([bound(url)]);
  await isDueNow(host);
  expect(await order(host)).toEqual({ outcome: "issued" });
});

test("RFC 8657 §3: a CA refuses another account for a name of ours", async () => {
  const { domain, host } = await prepare("foreign.example.com");
  await openCas({ acme, directoryUrls: [ca.directoryUrl], settings });
  await publish(domain);
  const { db, secretBox } = { ...world.database, ...world.deps };
  const ours = await accountUrl();
  await db.acmeAccount.deleteMany();
  const foreign = createAcmeDirectories({ db, secretBox, now: () => new Date(), caPem: ca.rootPem });
  expect((await foreign.open(ca.directoryUrl)).caa.accountUrl).not.toBe(ours);
  // Without our own look at CAA, which would not let it come to an order.
  const blind = { ...settings, caaIdentities: [] };
  expect(await order(host, { acme: foreign, settings: blind })).toEqual({ outcome: "failing" });
  foreign.close();
  const { lastErrorCode, lastErrorDetail } = await nameOf(host);
  expect(lastErrorCode).toBe("ca.validation");
  expect(lastErrorDetail).toMatch(/a CAA record forbids it/);
});

test("a new account does not order before CAA names it: the set is published again first, and no validation is spent", async () => {
  const { domain, host } = await prepare("again.example.com");
  const { db } = world.database;
  await openCas({ acme, directoryUrls: [ca.directoryUrl], settings });
  await publish(domain);
  const before = await accountUrl();
  await db.acmeAccount.deleteMany();
  await db.$executeRaw`delete from graphile_worker._private_jobs`;
  const renewed = createAcmeDirectories({
    db,
    secretBox: world.deps.secretBox,
    now: () => new Date(),
    accountCheckingIdentities: [IDENTITY],
    caPem: ca.rootPem,
  });
  expect(await order(host, { acme: renewed })).toEqual({ outcome: "failing" });
  expect(await nameOf(host)).toMatchObject({
    lastErrorCode: "preflight.caa",
    lastErrorDetail: expect.stringMatching(/In progress .* that set is ours, and we are publishing it again/),
    orderUrl: null,
  });
  expect(await waitingJobs("record.publish")).toEqual([{ key: `record.publish:${domain.id}` }]);

  await publish(domain);
  const url = (await renewed.open(ca.directoryUrl)).caa.accountUrl;
  expect(url).not.toBe(before);
  expect(await issueValues(host)).toEqual([bound(url)]);
  await isDueNow(host);
  expect(await order(host, { acme: renewed })).toEqual({ outcome: "issued" });
  renewed.close();
});

test("an account the CA forgot is not named any more, until there is another", async () => {
  await openCas({ acme, directoryUrls: [ca.directoryUrl], settings });
  const { domain, host } = await prepare("forgotten.example.com");
  expect(await issueValues(host)).toEqual([bound(await accountUrl())]);
  await acme.forgetAccount(ca.directoryUrl);
  await publish(domain);
  expect(await issueValues(host)).toEqual([IDENTITY]);
});

test("a staging twin whose account is not named yet is passed over, and one that is named beside it is asked", async () => {
  const { domain, host } = await prepare("staged.example.com");
  await openCas({ acme, directoryUrls: [ca.directoryUrl], settings });
  await publish(domain);
  const refused = { attempts: 1, lastErrorCode: "ca.validation" };
  await isDueNow(host, refused);
  expect(await order(host, { stagingUrl: staging.directoryUrl })).toEqual({ outcome: "issued" });

  await openCas({ acme, directoryUrls: [ca.directoryUrl, staging.directoryUrl], settings });
  await publish(domain);
  expect(await issueValues(host)).toHaveLength(2);
  await isDueNow(host, refused);
  world.fetched.length = 0;
  expect(await order(host, { stagingUrl: staging.directoryUrl })).toEqual({ outcome: "issued" });
  // Pre-flight, staging, the CA itself.
  expect(world.fetched.filter((what) => what === `challenge ${host}`)).toHaveLength(3);
});

test("RFC 8657 §3: an owner's CAA that names another account of the CA is the owner's move", async () => {
  const host = "mail.owner.example";
  await dns.zones.createZone("owner.example");
  await dns.zones.setRecords("owner.example", [
    { name: host, type: "A", value: "127.0.0.1" },
    {
      name: "owner.example",
      type: "CAA",
      value: `0 issue "${IDENTITY}; accounturi=https://ca.example/acct/1"`,
    },
  ]);
  await world.database.db.certificateName.create({ data: { accountId: "a1", host, stateSince: new Date() } });
  expect(await order(host)).toEqual({ outcome: "failing" });
  expect(await nameOf(host)).toMatchObject({
    lastErrorCode: "preflight.caa",
    lastErrorDetail: expect.stringMatching(
      /^CAA at owner\.example .*to the account https:.* Action needed: allow it there/,
    ),
  });
  await dns.zones.setRecords("owner.example", [
    { name: "owner.example", type: "CAA", value: `0 issue "${bound(await accountUrl())}"` },
  ]);
  await isDueNow(host);
  expect(await order(host)).toEqual({ outcome: "issued" });
});
