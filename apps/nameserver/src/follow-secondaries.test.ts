import type { HostingSettings } from "@waxseal/core";
import {
  createBuiltinPublisher,
  createSecondary,
  createSecondaryLeases,
  type DnsChange,
  reconcileSecondaries,
} from "@waxseal/core/publishing";
import { CAA_ACCOUNTS_KEY, recordServingChange } from "@waxseal/core/serving";
import { tokenRecords } from "@waxseal/core/zone";
import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { createLogger } from "@waxseal/runtime";
import { findFreePort } from "@waxseal/runtime/find-free-port";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { ask } from "../testing/ask-nameserver.ts";
import { createTestTokens, type TestTokens } from "../testing/create-test-tokens.ts";
import { startTestKnot, type TestKnot } from "../testing/start-test-knot.ts";
import { LIMITS } from "./config.ts";
import { type Nameserver, startNameserver } from "./start-nameserver.ts";

const ZONE = "hosted.example";
const settings: HostingSettings = {
  hostedZone: ZONE,
  reportsDomain: `reports.${ZONE}`,
  policyAddresses: ["192.0.2.1", "2001:db8::1"],
  nameservers: [`ns1.${ZONE}`],
  caaIdentities: ["ca.example"],
};
/** When the test's changes were made. */
const soonAfter = () => new Date("2026-01-01T00:01:00Z");

let database: TestDatabase;
let tokens: TestTokens;
let nameserver: Nameserver;
let knot: TestKnot;
let token: string;
let knotName: string;

beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
  tokens = createTestTokens(database.db);
  const named = { accountUrl: "https://ca.example/acct/7", caaIdentities: ["ca.example"] };
  const account = { directoryUrl: "https://ca.example/dir", keyJwe: "", createdAt: new Date() };
  await database.db.acmeAccount.create({ data: { ...account, ...named } });
  token = await tokens.add();
  await tokens.publish(token, "first1");
  const port = await findFreePort();
  knotName = `127.0.0.1:${port}`;
  nameserver = await startNameserver(
    {
      ...LIMITS,
      databaseUrl: database.databaseUrl,
      bindAddress: "127.0.0.1",
      port: 0,
      healthPort: 0,
      secondaries: [{ address: "127.0.0.1", port }],
      tsigKey: undefined,
      settings,
    },
    { logger: createLogger("nameserver", "silent") },
  );
  knot = await startTestKnot({ zone: ZONE, primaryPort: nameserver.port, port });
});
afterAll(async () => {
  await knot?.stop();
  await nameserver?.stop();
  await database?.drop();
});

async function idAtKnot(): Promise<string> {
  const answer = await ask(knot.port, `${token}._mta-sts.${ZONE}`, "TXT").catch(() => undefined);
  return answer?.answers?.map((record) => ("data" in record ? String(record.data) : "")).join() ?? "";
}

function change(publishedPolicyId: string): DnsChange {
  return {
    token,
    kind: "stsRecord",
    records: tokenRecords("stsRecord", { token, publishedPolicyId }, settings, []),
  };
}

function createPublisher(secondary: string, { leaseMs, lapsed }: { leaseMs: number; lapsed: string[] }) {
  const awaitSecondaries = createSecondaryLeases({
    secondaries: [createSecondary(secondary, 200)],
    hostedZone: ZONE,
    leaseMs,
    onLapsed: (name) => lapsed.push(name),
  });
  return createBuiltinPublisher({ db: database.db, awaitSecondaries });
}

const reconcile = () =>
  reconcileSecondaries(database.db, {
    secondaries: [createSecondary(knotName)],
    settings,
    now: soonAfter,
    settleMs: 0,
  });

test("publishing an id ends when the secondary answers with it, not before", async () => {
  await expect.poll(idAtKnot, { timeout: 10_000 }).toContain("first1");
  const lapsed: string[] = [];
  const publisher = createPublisher(knotName, { leaseMs: 10_000, lapsed });
  for (const id of ["wait1", "wait2", "wait3"]) {
    await tokens.publish(token, id);
    await publisher.publish(change(id));
    expect(await idAtKnot()).toContain(`id=${id};`);
  }
  expect(lapsed).toEqual([]);
});

test("RFC 8657 §3: another account of ours is named in the CAA sets of the secondary too", async () => {
  const policyHost = `${token}.mta-sts.${ZONE}`;
  const caaAtKnot = async () => JSON.stringify((await ask(knot.port, policyHost, "CAA")).answers);
  expect(await caaAtKnot()).toContain("accounturi=https://ca.example/acct/7;");
  await database.db.$transaction(async (transaction) => {
    await transaction.acmeAccount.updateMany({ data: { accountUrl: "https://ca.example/acct/8" } });
    await recordServingChange(transaction, "record", CAA_ACCOUNTS_KEY, new Date("2026-01-01T00:00:00Z"));
  });
  await expect.poll(caaAtKnot, { timeout: 5_000 }).toContain("accounturi=https://ca.example/acct/8;");
});

test("a secondary that does not answer delays publishing for one lease, then no longer", async () => {
  const lapsed: string[] = [];
  const silent = `127.0.0.1:${await findFreePort()}`;
  const publisher = createPublisher(silent, { leaseMs: 1_000, lapsed });
  await tokens.publish(token, "alone1");
  const startedAtMs = performance.now();
  await publisher.publish(change("alone1"));
  const tookMs = performance.now() - startedAtMs;
  expect(tookMs).toBeLessThan(3_000);
  expect(lapsed).toEqual([silent]);
  await publisher.publish(change("alone1"));
  expect(performance.now() - startedAtMs - tookMs).toBeLessThan(500);
  expect(lapsed).toEqual([silent]);
});

test("a secondary that answers otherwise is found, named, and gets the whole zone again; one that is right is left alone", async () => {
  await expect.poll(idAtKnot).toContain("alone1");
  expect(await reconcile()).toEqual([{ secondary: knotName, names: 3, drifted: [], silent: 0 }]);
  const seqs = await database.db.servingChange.count();
  await knot.control("zone-begin", ZONE);
  await knot.control("zone-unset", ZONE, `${token}._mta-sts`, "TXT");
  await knot.control("zone-commit", ZONE);
  await expect.poll(idAtKnot).toBe("");
  expect(await reconcile()).toEqual([
    { secondary: knotName, names: 3, drifted: [`${token}._mta-sts.${ZONE}`], silent: 0 },
  ]);
  await expect.poll(idAtKnot, { timeout: 5_000 }).toContain("alone1");
  expect(await reconcile()).toMatchObject([{ drifted: [] }]);
  expect(await database.db.servingChange.count()).toBe(seqs + 2);
  expect(knot.log().match(/AXFR, incoming, .*finished/g)?.length).toBeGreaterThan(1);
});

test("what a nameserver missed in the database is found at the secondary and put right through it", async () => {
  const { domainId } = await database.db.domainToken.findUniqueOrThrow({ where: { token } });
  await database.db.policyVersion.updateMany({ where: { domainId }, data: { policyId: "unseen1" } });
  expect(await reconcile()).toMatchObject([{ drifted: [`${token}._mta-sts.${ZONE}`] }]);
  await expect.poll(idAtKnot, { timeout: 5_000 }).toContain("unseen1");
});

test("every token is compared, not only those that changed: one spoilt at the secondary long ago is found", async () => {
  const old = await tokens.add();
  const nameOfOld = `${old}.mta-sts.${ZONE}`;
  const addresses = async () => (await ask(knot.port, nameOfOld, "A")).answers?.length;
  await expect.poll(addresses, { timeout: 5_000 }).toBe(1);
  await knot.control("zone-begin", ZONE);
  await knot.control("zone-unset", ZONE, `${old}.mta-sts`, "A");
  await knot.control("zone-commit", ZONE);
  await expect.poll(addresses, { timeout: 5_000 }).toBe(0);
  const later = () => new Date(soonAfter().getTime() + 48 * 3_600_000);
  const options = { secondaries: [createSecondary(knotName)], settings, now: later, settleMs: 0 };
  expect(await reconcileSecondaries(database.db, options)).toMatchObject([
    { names: 6, drifted: [nameOfOld] },
  ]);
  await expect.poll(addresses, { timeout: 5_000 }).toBe(1);
  await tokens.leave(old);
  await expect
    .poll(async () => (await ask(knot.port, nameOfOld, "A")).rcode, { timeout: 5_000 })
    .toBe("NXDOMAIN");
});

test("RFC 2308 §2.1: names of a domain that left are compared too, and a secondary that is away is silent", async () => {
  const left = await tokens.add();
  await tokens.leave(left);
  await expect
    .poll(async () => (await ask(knot.port, `${left}.mta-sts.${ZONE}`, "A")).rcode)
    .toBe("NXDOMAIN");
  expect(await reconcile()).toEqual([{ secondary: knotName, names: 9, drifted: [], silent: 0 }]);
  await knot.stop();
  const [away] = await reconcile();
  expect(away).toMatchObject({ drifted: [] });
  expect(away?.silent).toBeGreaterThan(0);
});
