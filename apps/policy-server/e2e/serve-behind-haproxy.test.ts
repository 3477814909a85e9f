import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { connect as connectTcp } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { createLogger } from "@waxseal/runtime";
import { findFreePort } from "@waxseal/runtime/find-free-port";
import { readFrontConfig } from "@waxseal/sandbox";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { type PolicyServer, startPolicyServer } from "../src/start-policy-server.ts";
import { createTestAuthority } from "../testing/create-test-authority.ts";
import { createTestHosting } from "../testing/create-test-hosting.ts";
import { exchange, openTls } from "../testing/talk-to-server.ts";
import { testPolicyConfig } from "../testing/test-policy-config.ts";

const HOST = "mta-sts.example.com";
const HAPROXY = "haproxy";
// Users other than root often lack the sbin folders in PATH.
const HAPROXY_PATH = `${process.env.PATH}:/usr/sbin`;
let database: TestDatabase;
/** The second has keys that open nothing. */
const servers: (PolicyServer & { healthPort: number })[] = [];
let folder: string;
let haproxy: ChildProcess;
let ports: { smtp: number; http: number; https: number; health: number };

beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
  const authority = await createTestAuthority();
  const hosting = createTestHosting(database.db, authority);
  await hosting.serve("example.com");
  await hosting.openChallenge("token-1", "token-1.thumbprint");
  for (const secretKeys of [hosting.secretKeys, `other:${randomBytes(32).toString("base64url")}`]) {
    const healthPort = await findFreePort();
    const { databaseUrl } = database;
    const config = testPolicyConfig({
      databaseUrl,
      secretKeys,
      healthPort,
      proxyProtocolFrom: ["127.0.0.0/24"],
    });
    const server = await startPolicyServer(config, { logger: createLogger("policy-server", "silent") });
    servers.push({ ...server, healthPort });
  }
  folder = await mkdtemp(join(tmpdir(), "waxseal-haproxy-"));
  // As on the first start: without a certificate of the dashboard.
  await mkdir(join(folder, "certs"));
  ports = {
    smtp: await findFreePort(),
    http: await findFreePort(),
    https: await findFreePort(),
    health: await findFreePort(),
  };
  const configFile = join(folder, "haproxy.cfg");
  const behind = servers.map(({ healthPort, httpPort, httpsPort }) => ({
    healthPort,
    ports: { 8080: httpPort, 8443: httpsPort },
  }));
  const front = { folder, ports, servers: { "policy-server": behind }, checkEvery: "100ms" };
  await writeFile(configFile, await readFrontConfig(front));
  const env = {
    PATH: HAPROXY_PATH,
    DASHBOARD_HOST: "dashboard.example",
    REPORTS_HOST: "reports.example",
  };
  const checked = spawnSync(HAPROXY, ["-c", "-f", configFile], { env, encoding: "utf8" });
  expect(checked.stderr + checked.stdout).not.toContain("[ALERT]");
  expect(checked.status).toBe(0);
  haproxy = spawn(HAPROXY, ["-db", "-f", configFile], { env, stdio: "ignore" });
});
afterAll(async () => {
  if (haproxy?.exitCode === null && haproxy.signalCode === null) {
    haproxy.kill("SIGKILL");
    await once(haproxy, "exit");
  }
  await Promise.all(servers.map((server) => server.stop()));
  await database?.drop();
  if (folder) await rm(folder, { recursive: true });
});

async function accepts(port: number): Promise<boolean> {
  const socket = connectTcp(port, "127.0.0.1");
  return new Promise((resolve) => {
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
  }).then((accepted) => {
    socket.destroy();
    return accepted === true;
  });
}

const REQUEST = `GET /.well-known/mta-sts.txt HTTP/1.1\r\nHost: ${HOST}\r\nConnection: close\r\n\r\n`;

/** What the health check of docker-compose.yml says, at this test's port. */
async function isHealthy(): Promise<boolean> {
  const compose = await readFile(new URL("../../../docker-compose.yml", import.meta.url), "utf8");
  const [, check = ""] = /test: \[CMD, (wget, .*)\]/.exec(compose) ?? [];
  const [command = "", ...args] = check.split(", ").map((word) => word.replaceAll('"', ""));
  const asked = args.map((word) => word.replace("8404", `${ports.health}`));
  return spawnSync(command, asked, { timeout: 5_000 }).status === 0;
}

/** What so many fetches in a row were answered. */
async function fetchFrom(localAddress: string, times: number): Promise<Set<string>> {
  const answers = new Set<string>();
  for (let count = 0; count < times; count += 1) {
    const socket = await openTls(ports.https, { servername: HOST, ...{ localAddress } }).catch(String);
    answers.add(
      typeof socket === "string" ? socket : ((await exchange(socket, REQUEST)).split("\r\n")[0] ?? ""),
    );
  }
  return answers;
}

test("behind the front of docker-compose.yml, fetches go to servers that are ready and are of the clients' networks, and ACME is answered", async () => {
  await expect.poll(() => accepts(ports.https), { timeout: 60_000 }).toBe(true);
  // Both servers count as up until the first check.
  await expect.poll(async () => (await fetchFrom("127.5.0.1", 6)).size, { timeout: 60_000 }).toBe(1);
  for (const localAddress of ["127.1.2.3", "127.1.2.4", "127.9.9.9"])
    expect(await fetchFrom(localAddress, 4)).toEqual(new Set(["HTTP/1.1 200 OK"]));
  const plain = connectTcp({ port: ports.http, host: "127.0.0.1", localAddress: "127.1.2.3" });
  const challenge = "GET /.well-known/acme-challenge/token-1 HTTP/1.0\r\n\r\n";
  expect(await exchange(plain, challenge)).toContain("token-1.thumbprint");
  const ask = (path: string) =>
    exchange(
      connectTcp({ port: ports.http, host: "127.0.0.1" }),
      `GET ${path} HTTP/1.0\r\nHost: dashboard.example\r\n\r\n`,
    );
  expect(await ask("/domains")).toMatch(
    /^HTTP\/1\.\d 301 .*location: https:\/\/dashboard\.example\/domains\r/is,
  );
  expect(await ask("/.well-known/acme-challenge/token-1")).toContain("token-1.thumbprint");
  await expect(openTls(ports.https, { servername: "mta-sts.unknown.example" })).rejects.toThrow();
  expect(await isHealthy()).toBe(true);
  haproxy.kill("SIGKILL");
  await once(haproxy, "exit");
  expect(await isHealthy()).toBe(false);
  await Promise.all(servers.map((server) => server.stop()));
  const rows = await database.db.policyFetch.findMany({
    where: { network: { not: "127.5.0.0/24" } },
    orderBy: { network: "asc" },
  });
  expect(rows.map(({ network, fetches }) => [network, fetches])).toEqual([
    ["127.1.2.0/24", 8],
    ["127.9.9.0/24", 4],
  ]);
  // Checks of the front are no handshakes that failed; the name that we do not serve is one.
  const failures = await database.db.handshakeFailure.findMany({ where: { policyHost: "" } });
  expect(failures.map(({ reason }) => reason)).toEqual(["unknown-name"]);
});
