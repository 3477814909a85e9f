import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { createLogger } from "@waxseal/runtime";
import { findFreePort } from "@waxseal/runtime/find-free-port";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { ask } from "../testing/ask-nameserver.ts";
import { createTestTokens, type TestTokens } from "../testing/create-test-tokens.ts";
import { startTestKnot } from "../testing/start-test-knot.ts";
import { LIMITS } from "./config.ts";
import { type Nameserver, startNameserver } from "./start-nameserver.ts";

const ZONE = "hosted.example";
/** Each has an address, a CAA set and two TXT records: 150,000 names, more records. */
const TOKENS = 50_000;

let database: TestDatabase;
let tokens: TestTokens;
let nameserver: Nameserver;
let knotPort: number;

beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
  tokens = createTestTokens(database.db);
  await tokens.addMany(TOKENS);
  knotPort = await findFreePort();
  nameserver = await startNameserver(
    {
      ...LIMITS,
      databaseUrl: database.databaseUrl,
      bindAddress: "127.0.0.1",
      port: 0,
      healthPort: 0,
      secondaries: [{ address: "127.0.0.1", port: knotPort }],
      tsigKey: undefined,
      settings: {
        hostedZone: ZONE,
        reportsDomain: "reports.example",
        policyAddresses: ["192.0.2.1"],
        nameservers: ["ns1.example"],
        caaIdentities: ["ca.example"],
      },
    },
    { logger: createLogger("nameserver", "silent") },
  );
}, 60_000);
afterAll(async () => {
  await nameserver?.stop();
  await database?.drop();
});

test("RFC 5936 §2.2: 150,000 names with 250,000 records transfer, and other questions are answered meanwhile", async () => {
  await expect.poll(() => nameserver.isReady(), { timeout: 30_000 }).toBe(true);
  const startedAtMs = performance.now();
  const knot = await startTestKnot({ zone: ZONE, primaryPort: nameserver.port, port: knotPort });
  try {
    const waitsMs: number[] = [];
    await expect
      .poll(
        async () => {
          const askedAtMs = performance.now();
          await ask(nameserver.port, ZONE, "SOA");
          waitsMs.push(performance.now() - askedAtMs);
          return knot.log();
        },
        { timeout: 30_000, interval: 20 },
      )
      .toMatch(/AXFR, incoming, .*finished/);
    expect(performance.now() - startedAtMs).toBeLessThan(20_000);
    expect(waitsMs.length).toBeGreaterThan(10);
    expect(Math.max(...waitsMs)).toBeLessThan(500);
    const added = await tokens.add();
    await tokens.publish(added, "late1");
    const atMs = performance.now();
    const name = `${added}._mta-sts.${ZONE}`;
    await expect
      .poll(async () => (await ask(knot.port, name, "TXT").catch(() => undefined))?.answers, {
        timeout: 5_000,
        interval: 10,
      })
      .toHaveLength(1);
    expect(performance.now() - atMs).toBeLessThan(2_000);
  } finally {
    await knot.stop();
  }
}, 60_000);
