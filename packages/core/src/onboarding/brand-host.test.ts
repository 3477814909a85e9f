import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { afterAll, beforeAll, beforeEach, expect, inject, test } from "vitest";
import { createAccount } from "../accounts/create-account.ts";
import { findOwnHost, findOwnSite } from "../brand/find-own-host.ts";
import { createContext } from "../context.ts";
import { getBrandHost, removeBrandHost, setBrandHost } from "./brand-host.ts";
import { checkBrandHosts } from "./check-brand-hosts.ts";

const OWN = {
  publicUrl: "https://app.waxseal.example",
  hostedZone: "hosted.example",
  reportsDomain: "reports.example",
};
const HOST = "mail.provider.example";
const OPERATOR = { kind: "operator", id: "test", name: "test" } as const;

let database: TestDatabase;
let now: Date;
const source = () => ({ db: database.db, now: () => now });
/** CNAMEs and TXT records by name; a name that is "silent" is not answered. */
const zone = new Map<string, string[] | "silent">();

const ask = (name: string) => {
  const found = zone.get(name);
  if (found === "silent") return { missing: "timeout", detail: "no answer" } as const;
  return found ? { found, cnames: [] } : ({ missing: "no-domain", detail: "no such name" } as const);
};
const resolver = {
  resolveCname: async (name: string) => ask(name),
  resolveTxt: async (name: string) => {
    const answer = ask(name);
    return "found" in answer && answer.found
      ? { ...answer, found: answer.found.map((text) => [text]) }
      : answer;
  },
} as unknown as Parameters<typeof checkBrandHosts>[1]["resolver"];

beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
});
afterAll(() => database.drop());
beforeEach(async () => {
  now = new Date("2026-05-01T00:00:00Z");
  zone.clear();
  await database.db.brandHost.deleteMany();
});

async function newAccount(name: string, parentId?: string) {
  const { id } = await createAccount(source(), { name });
  if (parentId) await database.db.organization.update({ where: { id }, data: { parentId } });
  return createContext(source(), id, OPERATOR);
}

/** Publishes what an account is shown. */
async function publish(ctx: Awaited<ReturnType<typeof newAccount>>): Promise<void> {
  for (const { name, value } of (await getBrandHost(ctx, OWN)).records) {
    const there = zone.get(name);
    zone.set(name, [...(Array.isArray(there) ? there : []), value].slice(-2));
  }
}

async function look(minutes = 11): Promise<void> {
  now = new Date(now.getTime() + minutes * 60_000);
  await checkBrandHosts(source(), { resolver, publicUrl: OWN.publicUrl });
}

const holder = async () => (await findOwnHost(database.db, HOST))?.accountId;

test("a host is held once both records are there, its certificate is ordered, and links lead there only with one", async () => {
  const provider = await newAccount("Provider");
  const customer = await newAccount("Customer", provider.accountId);
  const stranger = await newAccount("Stranger");
  await setBrandHost(provider, { host: HOST }, OWN);
  await look(0);
  expect(await getBrandHost(provider, OWN)).toMatchObject({
    state: "waiting",
    problem: `There is no CNAME at ${HOST} yet. It must point to app.waxseal.example.`,
  });
  zone.set(HOST, ["app.waxseal.example"]);
  await look();
  expect([await holder(), (await getBrandHost(provider, OWN)).problem]).toEqual([
    undefined,
    `The TXT record at _waxseal.${HOST} is missing or another one.`,
  ]);
  await publish(provider);
  await look();
  expect([await holder(), (await getBrandHost(provider, OWN)).state]).toEqual([
    provider.accountId,
    "certificate",
  ]);
  const job = `certificate.order:${provider.accountId}:${HOST}`;
  expect(await database.db.$queryRaw`select key from graphile_worker.jobs where key = ${job}`).toHaveLength(
    1,
  );
  expect(await findOwnSite(database.db, customer.accountId, now)).toBeUndefined();
  await database.db.certificate.create({
    data: {
      ...{ accountId: provider.accountId, host: HOST, chainPem: "", keyJwe: "", issuer: "", serial: "1" },
      ...{ fingerprint256: "1", notBefore: now, notAfter: new Date(now.getTime() + 86_400_000) },
      ...{ directoryUrl: "https://ca.example/", createdAt: now },
    },
  });
  const sites = [provider, customer, stranger].map(({ accountId }) =>
    findOwnSite(database.db, accountId, now),
  );
  expect(await Promise.all(sites)).toEqual([`https://${HOST}`, `https://${HOST}`, undefined]);
  await database.db.organization.update({ where: { id: provider.accountId }, data: { suspendedAt: now } });
  expect(await holder()).toBeUndefined();
});

test("a host that another account holds is not taken by a CNAME alone, nor by both TXT records, and changes hands when its TXT record goes", async () => {
  const [first, second] = [await newAccount("First"), await newAccount("Second")];
  await setBrandHost(first, { host: HOST }, OWN);
  await publish(first);
  await setBrandHost(second, { host: HOST }, OWN);
  await look();
  expect(await holder()).toBe(first.accountId);
  await publish(second);
  await look();
  expect(await holder()).toBe(first.accountId);
  expect((await getBrandHost(second, OWN)).problem).toMatch(/^Another account uses this host/);
  zone.set(`_waxseal.${HOST}`, [(await getBrandHost(second, OWN)).records[1]?.value ?? ""]);
  for (let looks = 0; looks < 3; looks += 1) await look();
  expect(await holder()).toBe(second.accountId);
  expect((await getBrandHost(first, OWN)).state).toBe("waiting");
});

test("records that are gone at two looks in a row give the host up; a CNAME left behind gives it to no one else, and DNS that is silent changes nothing", async () => {
  const provider = await newAccount("Provider");
  await setBrandHost(provider, { host: HOST }, OWN);
  await publish(provider);
  await look();
  zone.set(HOST, "silent");
  for (let looks = 0; looks < 3; looks += 1) await look();
  expect(await holder()).toBe(provider.accountId);
  zone.set(HOST, ["elsewhere.example"]);
  await look();
  expect(await holder()).toBe(provider.accountId);
  await look();
  expect(await holder()).toBeUndefined();
  const where = { accountId_host: { accountId: provider.accountId, host: HOST } };
  expect((await database.db.certificateName.findUnique({ where }))?.state).toBe("stopped");
  await publish(provider);
  zone.set(HOST, ["app.waxseal.example"]);
  await look();
  expect(await holder()).toBe(provider.accountId);
  expect((await database.db.certificateName.findUnique({ where }))?.state).toBe("waiting");
  await removeBrandHost(provider);
  expect(await getBrandHost(provider, OWN)).toMatchObject({ host: null, state: "none" });
  const squatter = await newAccount("Squatter");
  await setBrandHost(squatter, { host: HOST }, OWN);
  await look();
  expect(await holder()).toBeUndefined();
});

test("a new try has another proof, a customer has no host of its own, and the operator's names are refused", async () => {
  const provider = await newAccount("Provider");
  const customer = await newAccount("Customer", provider.accountId);
  await setBrandHost(provider, { host: HOST }, OWN);
  const proof = async () => (await getBrandHost(provider, OWN)).records[1]?.value;
  const first = await proof();
  await setBrandHost(provider, { host: HOST }, OWN);
  expect(await proof()).toBe(first);
  await removeBrandHost(provider);
  await setBrandHost(provider, { host: HOST }, OWN);
  expect(await proof()).not.toBe(first);
  await expect(setBrandHost(customer, { host: "x.customer.example" }, OWN)).rejects.toMatchObject({
    code: "conflict",
  });
  await expect(setBrandHost(provider, { host: "app.waxseal.example" }, OWN)).rejects.toMatchObject({
    code: "invalid",
  });
});
