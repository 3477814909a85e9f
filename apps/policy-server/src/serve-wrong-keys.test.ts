import { randomBytes } from "node:crypto";
import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { createLogger } from "@waxseal/runtime";
import { findFreePort } from "@waxseal/runtime/find-free-port";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createTestAuthority } from "../testing/create-test-authority.ts";
import { createTestHosting } from "../testing/create-test-hosting.ts";
import { fetchRaw } from "../testing/talk-to-server.ts";
import { testPolicyConfig } from "../testing/test-policy-config.ts";
import { type PolicyServer, startPolicyServer } from "./start-policy-server.ts";

let database: TestDatabase;
const servers: PolicyServer[] = [];
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
});
afterAll(async () => {
  await Promise.all(servers.map((server) => server.stop()));
  await database?.drop();
});

async function start(secretKeys: string) {
  const healthPort = await findFreePort();
  const config = testPolicyConfig({ databaseUrl: database.databaseUrl, secretKeys, healthPort });
  const server = await startPolicyServer(config, { logger: createLogger("policy-server", "silent") });
  servers.push(server);
  const readiness = async () => {
    const answer = await fetch(`http://127.0.0.1:${healthPort}/readyz`);
    return { status: answer.status, ...(await answer.json()) };
  };
  return { server, readiness };
}

test("SECRET_KEYS that open no or not all certificates: not ready, with a count; a later certificate that does not open changes nothing", async () => {
  const authority = await createTestAuthority();
  const [first, second] = [
    createTestHosting(database.db, authority),
    createTestHosting(database.db, authority),
  ];
  await first.serve("one.example");
  const allKeys = `${first.secretKeys},${second.secretKeys.replace("test:", "next:")}`;
  const none = await start(`test:${randomBytes(32).toString("base64url")}`);
  await expect
    .poll(none.readiness)
    .toMatchObject({ status: 503, needs: { policies: true, keys: false }, unreadableCertificates: 1 });

  const right = await start(allKeys);
  await expect
    .poll(right.readiness)
    .toMatchObject({ status: 200, needs: { keys: true }, unreadableCertificates: 0 });
  await second.serve("two.example");
  await second.storeCertificate("mta-sts.two.example");
  await expect
    .poll(right.readiness)
    .toMatchObject({ status: 200, needs: { keys: true }, unreadableCertificates: 1 });
  expect(await fetchRaw(right.server.httpsPort, "mta-sts.one.example")).toMatch(/^HTTP\/1\.1 200 OK/);

  const some = await start(first.secretKeys);
  await expect
    .poll(some.readiness)
    .toMatchObject({ status: 503, needs: { keys: false }, unreadableCertificates: 1 });
  await first.storeCertificate("mta-sts.two.example");
  await expect.poll(some.readiness).toMatchObject({ status: 200, unreadableCertificates: 0 });
});
