import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import type { DnsAnswer, FetchedPolicy, Resolver } from "@waxseal/probes";
import { afterAll, beforeAll, beforeEach, expect, inject, test } from "vitest";
import { createContext } from "../context.ts";
import type { HostingSettings } from "../hosting-settings.ts";
import { addDomain } from "./add-domain.ts";
import { surveyDomain } from "./survey-domain.ts";

const settings: HostingSettings = {
  hostedZone: "hosted.example",
  reportsDomain: "reports.example",
  policyAddresses: ["192.0.2.1"],
  nameservers: ["ns1.hosted.example"],
  caaIdentities: [],
};

/** What DNS answers: `CNAME name` -> value; a value starting with "!" is a failure. */
const zone = new Map<string, string>();
let body: string | undefined;
let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
});
afterAll(() => database.drop());
beforeEach(() => {
  zone.clear();
  body = undefined;
});

async function ask<T>(type: string, name: string, read: (value: string) => T): Promise<DnsAnswer<T>> {
  const value = zone.get(`${type} ${name}`);
  if (value === "!timeout") return { missing: "timeout", cnames: [], detail: "No answer" };
  if (value !== undefined) return { found: [read(value)], cnames: [], isAuthenticated: false };
  return { missing: "no-domain", cnames: [], detail: `${name} has no ${type}` };
}

const resolver: Resolver = {
  resolveTxt: (name) => ask("TXT", name, (value) => [value]),
  resolveCname: (name) => ask("CNAME", name, (value) => value),
  resolveAddresses: (name) => ask("A", name, (address) => ({ address, family: 4 as const })),
  resolveMx: () => Promise.reject(new Error("not asked here")),
  resolveCaa: () => Promise.reject(new Error("not asked here")),
  resolveNs: () => Promise.reject(new Error("not asked here")),
  resolveTlsa: () => Promise.reject(new Error("not asked here")),
};

/** Only what a survey reads of it. */
const answered = (text: string) => ({ found: { body: text } }) as unknown as FetchedPolicy;
const refused = { missing: "timeout", detail: "No answer" } as unknown as FetchedPolicy;

async function survey(domain: string) {
  const ctx = createContext(
    { db: database.db, now: () => new Date() },
    "a1",
    { kind: "user", id: "u", name: "u" },
    "owner",
  );
  const { id } = await addDomain(
    ctx,
    { domain },
    { settings, lookUpMx: async () => [{ mxHost: `mx1.${domain}`, preference: 10 }] },
  );
  const fetchServedPolicy = async () => ({
    fetched: body === undefined ? refused : answered(body),
    fetchedAt: new Date(),
  });
  return surveyDomain(ctx, { domainId: id }, { resolver, settings, fetchServedPolicy });
}

test("a policy served elsewhere is shown as it is served there, so that it can be taken over", async () => {
  zone.set("CNAME mta-sts.taken.com", "sts.other.example");
  zone.set("CNAME _mta-sts.taken.com", "taken._mta-sts.other.example");
  body = "version: STSv1\r\nmode: enforce\r\nmx: *.taken.com\r\nmax_age: 1209600\r\n";
  const { mtaSts, changes } = await survey("taken.com");
  expect(mtaSts).toMatchObject({
    state: "elsewhere",
    hostTarget: "sts.other.example",
    recordTarget: "taken._mta-sts.other.example",
    policy: { body, mode: "enforce", mx: ["*.taken.com"], maxAgeSeconds: 1_209_600 },
    problem: null,
  });
  expect(changes.join(" ")).toMatch(/is enforced, your draft here is in mode testing/);
});

test("a policy without a record is hosting too, and a broken one is shown as far as it can be read", async () => {
  zone.set("CNAME mta-sts.broken.com", "sts.other.example");
  body = "mode: sometimes\nmx: mx1.broken.com\n";
  expect((await survey("broken.com")).mtaSts).toMatchObject({
    state: "elsewhere",
    record: null,
    policy: { mode: null, mx: ["mx1.broken.com"], maxAgeSeconds: null },
  });
});

test.each([
  ["mode: enforce\r\nmx: _dc-mx.1a.%.com\r\nmax_age: 1209600", /Line 3: mx contains an underscore/],
  ["mode: enforce\r\nmx: mail\r\nmax_age: 1209600", /mail: Enter the full name/],
  ["mode: enforce\r\nmx: mx1.%.com\r\nmax_age: 3600", /at least 86400 seconds/],
  ["mode: testing\r\nmax_age: 604800", /There is no "mx: …" line/],
])("a policy elsewhere that must not be published here is shown with its faults: %j", async (text, fault) => {
  const name = `faulty${text.length}`;
  zone.set(`CNAME mta-sts.${name}.com`, "sts.other.example");
  body = `version: STSv1\r\n${text.replaceAll("%", name)}\r\n`;
  expect((await survey(`${name}.com`)).changes.join(" ")).toMatch(fault);
});

test("a CNAME to another token of ours is shown as such, not as hosting elsewhere", async () => {
  zone.set("CNAME mta-sts.again.com", `${"b".repeat(16)}.mta-sts.hosted.example`);
  const { changes } = await survey("again.com");
  expect(changes.join(" ")).toMatch(/mta-sts\.again\.com points to us already, but to an old token/);
  expect(changes.join(" ")).not.toMatch(/elsewhere/);
});

test("a survey claims nothing about DNS that does not answer", async () => {
  for (const name of ["mta-sts", "_mta-sts", "_smtp._tls"]) {
    for (const type of ["CNAME", "TXT", "A"]) zone.set(`${type} ${name}.silent.com`, "!timeout");
  }
  const { mtaSts, tlsRpt, changes } = await survey("silent.com");
  expect([mtaSts.state, tlsRpt.state]).toEqual(["unknown", "unknown"]);
  expect(changes).toEqual([expect.stringMatching(/did not answer/)]);
});
