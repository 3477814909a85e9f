import type { Database, PolicyMode } from "@waxseal/db";
import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { checkPolicy } from "@waxseal/mta-sts";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createTestSurroundings } from "../../testing/create-test-surroundings.ts";
import { createContext } from "../context.ts";
import { addDomain } from "../onboarding/add-domain.ts";
import { leaveDomain } from "../onboarding/leave-domain.ts";
import { planPolicyEdit } from "../policy-changes/plan-policy-edit.ts";
import { addPolicyVersion } from "./add-policy-version.ts";
import { restorePolicyVersion } from "./restore-policy-version.ts";
import { setPolicy } from "./set-policy.ts";
import { storePolicyVersion } from "./store-policy-version.ts";

const surroundings = createTestSurroundings();

const settings = {
  hostedZone: "hosted.example",
  reportsDomain: "reports.example",
  policyAddresses: ["192.0.2.1"],
  nameservers: ["ns1.hosted.example"],
  caaIdentities: [],
};

let database: TestDatabase;
let db: Database;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
  db = database.db;
});
afterAll(() => database.drop());

const ctx = () =>
  createContext(
    { db, now: () => new Date("2026-05-01T12:00:00Z") },
    "a1",
    { kind: "user", id: "u", name: "u" },
    "owner",
  );

const add = (domain: string, mxHosts: string[] = []) =>
  addDomain(
    ctx(),
    { domain },
    { settings, lookUpMx: async () => mxHosts.map((mxHost, index) => ({ mxHost, preference: index })) },
  );

const versionsOf = async (domainId: string) =>
  (await db.policyVersion.findMany({ where: { domainId }, orderBy: { version: "asc" } })).map(
    ({ mode, mx }) => [mode, mx],
  );

/** As an older release of ours stored it. */
async function storeUnchecked(domainId: string, version: number, mx: string[], mode: PolicyMode = "testing") {
  const at = ctx().now();
  await db.policyVersion.create({
    data: {
      ...{ accountId: "a1", domainId, version, mode, mx, policyId: `old${version}` },
      ...{ maxAgeSeconds: 604_800, createdAt: at, createdBy: "old" },
    },
  });
}

const good = { mode: "testing" as const, mx: ["mx1.orchard.com"], maxAgeSeconds: 604_800 };
const faults: [name: string, changes: object][] = [
  ["a mode that does not exist", { mode: "report" }],
  ["no mx", { mx: [] }],
  ["an empty mx", { mx: [""] }],
  ["an IPv4 address", { mx: ["192.0.2.1"] }],
  ["an IPv6 address", { mx: ["[2001:db8::1]"] }],
  ["a trailing dot", { mx: ["mx1.orchard.com."] }],
  ["a U-label", { mx: ["mx.bücher.com"] }],
  ["an underscore", { mx: ["mx_1.orchard.com"] }],
  ["the name of a proxied host", { mx: ["_dc-mx.0a1b.orchard.com"] }],
  ["a label of 64 characters", { mx: [`${"a".repeat(64)}.com`] }],
  ["no host name", { mx: ["https://mx1.orchard.com/"] }],
  ["a line break", { mx: ["mx1.orchard.com\r\nmode: none"] }],
  ["a repeated mx", { mx: ["mx1.orchard.com", "MX1.orchard.com"] }],
  ["a single label", { mx: ["mail"] }],
  ["localhost", { mx: ["localhost"] }],
  ["a name of a private network", { mx: ["mx1.corp.local"] }],
  ["a wildcard over a top-level domain", { mx: ["*.com"] }],
  ["101 hosts", { mx: Array.from({ length: 101 }, (_, index) => `mx${index}.orchard.com`) }],
  ["a max_age of 0", { maxAgeSeconds: 0 }],
  ["half a second", { maxAgeSeconds: 86_400.5 }],
  ["more than a year", { maxAgeSeconds: 31_557_601 }],
  ["enforce for less than a day", { mode: "enforce", maxAgeSeconds: 86_399 }],
];

test.each(faults)("RFC 8461 §3.2: a policy with %s is never stored", async (name, changes) => {
  const policy = { ...good, ...changes };
  expect(checkPolicy(policy).some(({ severity }) => severity === "error")).toBe(true);
  const domain = await add(`fault${faults.findIndex(([one]) => one === name)}.com`);
  const before = await versionsOf(domain.id);
  const refusal = { code: "invalid", fields: [expect.objectContaining({ problem: expect.any(String) })] };
  for (const store of [
    () => db.$transaction((transaction) => storePolicyVersion(transaction, ctx(), domain.id, policy)),
    () => db.$transaction((transaction) => addPolicyVersion(transaction, ctx(), domain, policy)),
  ]) {
    await expect(store()).rejects.toMatchObject(refusal);
  }
  expect(await versionsOf(domain.id)).toEqual(before);
});

test("RFC 8461 §4.1: an MX host that no certificate can prove does not enter the first policy", async () => {
  const domain = await add("shop.com", ["_dc-mx.8f2c.shop.com", "mx1.shop.com", "192.0.2.1", "mail"]);
  expect(await versionsOf(domain.id)).toEqual([["testing", ["mx1.shop.com"]]]);
});

test("the owner cannot set or bring back a policy that lists such a host, and reads which line to change", async () => {
  const { id } = await add("kiosk.com", ["mx1.kiosk.com"]);
  const refusal = {
    code: "invalid",
    message: expect.stringMatching(/^_dc-mx\.1a\.kiosk\.com: .*underscore/),
  };
  const policy = { ...good, mx: ["_dc-mx.1a.kiosk.com"] };
  await expect(setPolicy(ctx(), { domainId: id, ...policy }, surroundings)).rejects.toMatchObject(refusal);
  await storeUnchecked(id, 2, policy.mx);
  await expect(restorePolicyVersion(ctx(), { domainId: id, version: 2 }, surroundings)).rejects.toMatchObject(
    refusal,
  );
});

test("a change to many policies refuses such a host, whether it is added or was there", async () => {
  const domain = await add("many.com", ["mx1.many.com"]);
  await storeUnchecked(domain.id, 2, ["mail"]);
  const [first, second] = await db.policyVersion.findMany({
    where: { domainId: domain.id },
    orderBy: { version: "asc" },
  });
  const edit = { addMx: ["mx_2.many.com"], removeMx: [] };
  expect(planPolicyEdit(domain, first, edit)).toMatchObject({
    state: "refused",
    reason: expect.stringMatching(/mx_2\.many\.com: .*underscore/),
  });
  expect(planPolicyEdit(domain, second, { addMx: [], removeMx: [], mode: "enforce" })).toMatchObject({
    state: "refused",
    reason: expect.stringMatching(/^mail: /),
  });
});

test("RFC 8461 §8.3: an old fault does not block the safe exit; mode none goes out without the faulty lines", async () => {
  const domain = await add("exit.com", ["mx1.exit.com"]);
  await storeUnchecked(domain.id, 2, ["_dc-mx.1a.exit.com", "mx1.exit.com", "10.0.0.1"], "enforce");
  await db.domain.updateMany({ where: { id: domain.id }, data: { status: "active", publishedVersion: 1 } });
  await leaveDomain(ctx(), { domainId: domain.id });
  expect((await versionsOf(domain.id)).at(-1)).toEqual(["none", ["mx1.exit.com"]]);
});
