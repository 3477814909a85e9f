import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes, X509Certificate } from "node:crypto";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect, type TLSSocket } from "node:tls";
import { createSecretBox } from "@waxseal/core";
import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { createSelfSignedPair } from "@waxseal/runtime";
import { findFreePort } from "@waxseal/runtime/find-free-port";
import { readFrontConfig } from "@waxseal/sandbox";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { runTestCli } from "../testing/run-test-cli.ts";

const HOST = "app.example";
const HAPROXY = "haproxy";
const SECRET_KEYS = `test:${Buffer.alloc(32, 7).toString("base64url")}`;

let database: TestDatabase;
let folder: string;
let haproxy: ChildProcess;
let https: number;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
  folder = await mkdtemp(join(tmpdir(), "waxseal-front-"));
  await mkdir(join(folder, "certs"));
  const [smtp, http, health] = [await findFreePort(), await findFreePort(), await findFreePort()];
  https = await findFreePort();
  const configFile = join(folder, "haproxy.cfg");
  await writeFile(
    configFile,
    await readFrontConfig({ folder, ports: { smtp, http, https, health }, servers: {} }),
  );
  const env = {
    PATH: `${process.env.PATH}:/usr/sbin`,
    DASHBOARD_HOST: HOST,
    REPORTS_HOST: "reports.example",
  };
  haproxy = spawn(HAPROXY, ["-db", "-f", configFile], { env, stdio: "ignore" });
});
afterAll(async () => {
  if (haproxy?.exitCode === null && haproxy.signalCode === null) {
    haproxy.kill("SIGKILL");
    await once(haproxy, "exit");
  }
  await database?.drop();
  if (folder) await rm(folder, { recursive: true });
});

/** A certificate as the worker stores it; returns its serial. */
async function storeCertificate(host = HOST): Promise<string> {
  const notAfter = new Date(Date.now() + 90 * 86_400_000);
  const { cert, key } = createSelfSignedPair([host], new Date());
  await database.db.certificate.create({
    data: {
      ...{
        accountId: "operator",
        host,
        chainPem: cert,
        keyJwe: await createSecretBox(SECRET_KEYS).seal(key),
      },
      ...{
        issuer: "Test",
        serial: randomBytes(8).toString("hex"),
        fingerprint256: randomBytes(32).toString("hex"),
      },
      ...{ notBefore: new Date(0), notAfter, directoryUrl: "https://ca.example/", createdAt: new Date() },
    },
  });
  return new X509Certificate(cert).serialNumber;
}

/** A connection to the dashboard's name, or what it failed with. */
function open(servername = HOST): Promise<TLSSocket | Error> {
  return new Promise((resolve) => {
    const socket = connect({ port: https, host: "127.0.0.1", servername, rejectUnauthorized: false });
    socket.once("secureConnect", () => resolve(socket)).once("error", resolve);
  });
}

async function serialNow(host = HOST): Promise<string> {
  const socket = await open(host);
  if (socket instanceof Error) return "none";
  const serial = socket.getPeerX509Certificate()?.serialNumber ?? "none";
  socket.destroy();
  return serial;
}

const certificateFile = () => join(folder, "certs/dashboard.pem");

async function handOver() {
  const env = { DATABASE_URL: database.databaseUrl, SECRET_KEYS, PUBLIC_URL: `https://${HOST}` };
  const files = [
    ...["--file", certificateFile(), "--front", join(folder, "front.sock")],
    ...["--hosts", join(folder, "hosts.lst")],
  ];
  return runTestCli(["operator", "dashboard-certificate", ...files, "--json"], { env, cwd: "/" });
}

test("a front without a certificate gets that of the dashboard, and later ones, without a restart or a lost connection", async () => {
  await expect
    .poll(async () => (await stat(join(folder, "front.sock")).catch(() => undefined))?.isSocket())
    .toBe(true);
  expect(await serialNow()).toBe("none");
  const early = await handOver();
  expect([early.status, JSON.parse(early.out || early.err)]).toMatchObject([1, { code: "not_found" }]);
  expect(haproxy.exitCode).toBeNull();

  const first = await storeCertificate();
  expect(JSON.parse((await handOver()).out)).toMatchObject({ host: HOST, isWritten: true, isTold: true });
  expect(await serialNow()).toBe(first);
  expect((await stat(certificateFile())).mode & 0o777).toBe(0o600);
  const held = await open();
  expect(JSON.parse((await handOver()).out)).toMatchObject({ isWritten: false, isTold: true });

  const second = await storeCertificate();
  expect(JSON.parse((await handOver()).out)).toMatchObject({ isWritten: true, isTold: true });
  expect(await serialNow()).toBe(second);
  expect(new X509Certificate(await readFile(certificateFile())).serialNumber).toBe(second);
  expect(held instanceof Error ? held : held.destroyed).toBe(false);
  if (!(held instanceof Error)) held.destroy();
});

test("an account's own host is answered by the dashboard once it is held and has a certificate, and no more when it is given up", async () => {
  const host = "mail.provider.example";
  const at = new Date();
  const data = {
    accountId: "a1",
    host,
    token: "t",
    heldHost: host,
    missed: 0,
    createdAt: at,
    nextCheckAt: at,
  };
  await database.db.brandHost.create({ data });
  expect(JSON.parse((await handOver()).out)).toMatchObject({ hosts: [] });
  expect(await serialNow(host)).toBe("none");
  const serial = await storeCertificate(host);
  expect(JSON.parse((await handOver()).out)).toMatchObject({ hosts: [host] });
  expect(await serialNow(host)).toBe(serial);
  expect(await serialNow(`x.${host}`)).toBe("none");
  await database.db.brandHost.deleteMany();
  expect(JSON.parse((await handOver()).out)).toMatchObject({ hosts: [] });
  expect(await serialNow(host)).toBe("none");
  expect(await readFile(join(folder, "hosts.lst"), "utf8")).toBe("");
  await expect(stat(join(folder, `certs/host-${host}.pem`))).rejects.toMatchObject({ code: "ENOENT" });
});
