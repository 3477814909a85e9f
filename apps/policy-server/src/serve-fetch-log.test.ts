import { CHECK_USER_AGENT } from "@waxseal/core/serving";
import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { createLogger } from "@waxseal/runtime";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createTestAuthority } from "../testing/create-test-authority.ts";
import { createTestHosting, type TestHosting } from "../testing/create-test-hosting.ts";
import { exchange, fetchRaw, openTcp, openTls } from "../testing/talk-to-server.ts";
import { testPolicyConfig } from "../testing/test-policy-config.ts";
import type { Config } from "./config.ts";
import { startPolicyServer } from "./start-policy-server.ts";

let database: TestDatabase;
let hosting: TestHosting;
let config: Config;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
  hosting = createTestHosting(database.db, await createTestAuthority());
  config = testPolicyConfig({
    databaseUrl: await database.urlAs("policy-server"),
    secretKeys: hosting.secretKeys,
  });
});
afterAll(() => database?.drop());

const HOST = "mta-sts.example.com";
const start = () => startPolicyServer(config, { logger: createLogger("policy-server", "silent") });

test("what mail servers fetched is in the database when the server has stopped, by version, outcome and network; a check is not", async () => {
  await hosting.serve("example.com");
  const server = await start();
  await fetchRaw(server.httpsPort, HOST);
  await fetchRaw(server.httpsPort, HOST);
  await exchange(
    await openTls(server.httpsPort, { servername: HOST }),
    `GET /other HTTP/1.1\r\nHost: ${HOST}\r\nConnection: close\r\n\r\n`,
  );
  const check = `GET /.well-known/mta-sts.txt HTTP/1.1\r\nHost: ${HOST}\r\nUser-Agent: ${CHECK_USER_AGENT}\r\nConnection: close\r\n\r\n`;
  expect(await exchange(await openTls(server.httpsPort, { servername: HOST }), check)).toContain("200 OK");
  await hosting.update("example.com", { mode: "enforce" });
  await expect.poll(() => fetchRaw(server.httpsPort, HOST), { interval: 10 }).toContain("mode: enforce");
  await server.stop();
  const rows = await database.db.policyFetch.findMany({ orderBy: [{ version: "asc" }, { status: "asc" }] });
  const [served, refused, updated] = rows;
  expect(rows).toHaveLength(3);
  // Polling may have met the older version once more.
  expect(served).toMatchObject({
    accountId: "test-account",
    version: 1,
    status: 200,
    network: "127.0.0.0/24",
  });
  expect(served?.fetches).toBeGreaterThanOrEqual(2);
  expect(refused).toMatchObject({ version: 1, status: 404, fetches: 1 });
  expect(updated).toMatchObject({ version: 2, status: 200, fetches: 1 });
});

test("what is refused before it is a request counts as a fetch of that policy host with its status", async () => {
  await hosting.serve("refused.example");
  const server = await start();
  const servername = "mta-sts.refused.example";
  const longLine = `GET /${"x".repeat(3_000)} HTTP/1.1\r\n\r\n`;
  for (const bytes of ["nonsense\r\n\r\n", longLine, longLine]) {
    await exchange(await openTls(server.httpsPort, { servername }), bytes);
  }
  await exchange(await openTcp(server.httpPort), "nonsense\r\n\r\n");
  await server.stop();
  const { id } = await database.db.domain.findFirstOrThrow({ where: { domain: "refused.example" } });
  const rows = await database.db.policyFetch.findMany({
    where: { domainId: id },
    orderBy: { status: "asc" },
  });
  expect(rows.map(({ version, status, fetches }) => [version, status, fetches])).toEqual([
    [1, 400, 1],
    [1, 414, 2],
  ]);
});

test("each failed handshake is counted once, by reason, under the name only when something is served there", async () => {
  await hosting.serve("bare.example", { certificate: false });
  const server = await start();
  const old = { maxVersion: "TLSv1.1", minVersion: "TLSv1.1", ciphers: "ALL:@SECLEVEL=0" } as const;
  for (const options of [
    { servername: "mta-sts.made-up-1.example" },
    { servername: "mta-sts.made-up-2.example" },
    { servername: "mta-sts.bare.example" },
    { servername: "mta-sts.bare.example" },
    { servername: HOST, ciphers: "ECDHE-RSA-AES128-SHA256", maxVersion: "TLSv1.2" as const },
    { servername: HOST, ...old },
  ]) {
    await expect(openTls(server.httpsPort, options)).rejects.toThrow();
  }
  for (const end of ["resetAndDestroy", "destroy"] as const) (await openTcp(server.httpsPort))[end]();
  await server.stop();
  const rows = await database.db.handshakeFailure.findMany({
    orderBy: [{ policyHost: "asc" }, { reason: "asc" }],
  });
  expect(rows.map(({ policyHost, reason, failures }) => [policyHost, reason, failures])).toEqual(
    expect.arrayContaining([
      ["", "unknown-name", 2],
      ["", "unsupported-protocol", 1],
      ["mta-sts.bare.example", "no-certificate", 2],
      [HOST, "no-shared-cipher", 1],
    ]),
  );
  // Connections without a ClientHello, as of fronts that check the port, are none.
  expect(rows).toHaveLength(4);
});
