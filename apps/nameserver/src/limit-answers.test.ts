import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { createLogger } from "@waxseal/runtime";
import { decode, encode } from "dns-packet";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { askOverTcp, askUdp } from "../testing/ask-nameserver.ts";
import { LIMITS } from "./config.ts";
import { type Nameserver, startNameserver } from "./start-nameserver.ts";

const ZONE = "hosted.example";
let database: TestDatabase;
let nameserver: Nameserver;

beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
  nameserver = await startNameserver(
    {
      ...LIMITS,
      answersPerSecond: 5,
      limitsLoopback: true,
      databaseUrl: database.databaseUrl,
      bindAddress: "127.0.0.1",
      port: 0,
      healthPort: 0,
      secondaries: [],
      tsigKey: undefined,
      settings: {
        hostedZone: ZONE,
        reportsDomain: "reports.example",
        policyAddresses: ["192.0.2.1"],
        nameservers: [],
        caaIdentities: [],
      },
    },
    { logger: createLogger("nameserver", "silent") },
  );
});
afterAll(async () => {
  await nameserver?.stop();
  await database?.drop();
});

test("a flood over UDP is sent to TCP and then mostly gets nothing, while TCP is answered", async () => {
  const message = encode({ type: "query", id: 1, questions: [{ name: ZONE, type: "NS" }] });
  const answers = await Promise.all(Array.from({ length: 400 }, () => askUdp(nameserver.port, message, 500)));
  const answered = answers.flatMap((bytes) => (bytes ? [decode(bytes)] : []));
  const truncated = answered.filter(({ flag_tc }) => flag_tc);
  expect(truncated.length).toBeGreaterThan(20);
  // The flood may fall into two or three seconds.
  expect(answered.length - truncated.length).toBeLessThanOrEqual(15);
  expect(truncated.every((answer) => answer.answers?.length === 0)).toBe(true);
  expect(answers.filter((bytes) => bytes === undefined).length).toBeGreaterThan(100);
  const many = Array.from({ length: 40 }, (): [string, string] => [ZONE, "NS"]);
  const overTcp = await askOverTcp(nameserver.port, many);
  expect(overTcp.filter(({ flag_tc, answers = [] }) => !flag_tc && answers.length === 1)).toHaveLength(40);
});
