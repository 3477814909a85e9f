import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type Database,
  type EmbeddedPostgres,
  migrate,
  openDatabase,
  startEmbeddedPostgres,
} from "@waxseal/db";
import { createLogger, openStateFiles } from "@waxseal/runtime";
import { encode } from "dns-packet";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ask, askOverTcp, askUdp } from "../testing/ask-nameserver.ts";
import { createTestTokens, type TestTokens } from "../testing/create-test-tokens.ts";
import { LIMITS } from "./config.ts";
import { readZoneFile } from "./open-zone-file.ts";
import { type Nameserver, startNameserver } from "./start-nameserver.ts";

const ZONE = "hosted.example";
let folder: string;
let postgres: EmbeddedPostgres;
let db: Database;
let tokens: TestTokens;
let nameserver: Nameserver;
let name: string;
const zoneFiles = () =>
  openStateFiles({ stateDir: join(folder, "state"), app: "nameserver", extension: "zone" });

async function start(): Promise<Nameserver> {
  return startNameserver(
    {
      ...LIMITS,
      secondaries: [],
      tsigKey: undefined,
      maxTcpConnections: 20,
      stateDir: join(folder, "state"),
      databaseUrl: postgres.databaseUrl,
      bindAddress: "127.0.0.1",
      port: 0,
      healthPort: 0,
      settings: {
        hostedZone: ZONE,
        reportsDomain: `reports.${ZONE}`,
        policyAddresses: ["192.0.2.1"],
        nameservers: [],
        caaIdentities: ["ca.example"],
      },
    },
    { logger: createLogger("nameserver", "silent") },
  );
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "waxseal-nameserver-"));
  await chmod(folder, 0o711);
  postgres = await startEmbeddedPostgres({ dataDir: join(folder, "data"), unsafeFast: true });
  await migrate(postgres.databaseUrl);
  db = openDatabase(postgres.databaseUrl);
  tokens = createTestTokens(db);
  const named = { accountUrl: "https://ca.example/acct/7", caaIdentities: ["ca.example", "ca2.example"] };
  const account = { directoryUrl: "https://ca.example/dir", keyJwe: "", createdAt: new Date() };
  await db.acmeAccount.create({ data: { ...account, ...named } });
  const token = await tokens.add();
  await tokens.publish(token, "id1");
  name = `${token}._mta-sts.${ZONE}`;
  nameserver = await start();
});
afterAll(async () => {
  await nameserver?.stop();
  await db?.$disconnect();
  await postgres?.stop();
  await rm(folder, { recursive: true, force: true });
});

test("rubbish over UDP and TCP leaves it answering", async () => {
  const message = encode({ type: "query", id: 1, questions: [{ name, type: "TXT" }] });
  for (let length = 0; length < message.length; length += 1)
    await askUdp(nameserver.port, message.subarray(0, length), 2);
  const socket = connect({ port: nameserver.port, host: "127.0.0.1" });
  socket.on("error", () => undefined);
  socket.write(Buffer.alloc(5_000, 0xff));
  await new Promise((resolve) => socket.once("close", resolve));
  expect((await ask(nameserver.port, name, "TXT")).answers).toHaveLength(1);
});

test("idle TCP connections are cut off when there are too many, the oldest first", async () => {
  const idle = Array.from({ length: 25 }, () =>
    connect({ port: nameserver.port, host: "127.0.0.1" }).on("error", () => undefined),
  );
  const startedAtMs = performance.now();
  await new Promise((resolve) => idle[0]?.once("close", resolve));
  expect(await askOverTcp(nameserver.port, [[name, "TXT"]])).toHaveLength(1);
  expect(performance.now() - startedAtMs).toBeLessThan(4_000);
  for (const socket of idle) socket.destroy();
});

test("RFC 7766 §6.2.3: a TCP connection is closed when no whole question comes, however it drips", async () => {
  const socket = connect({ port: nameserver.port, host: "127.0.0.1" });
  socket.on("error", () => undefined);
  socket.resume();
  const startedAtMs = performance.now();
  const drip = setInterval(() => socket.write(Buffer.from([0])), 500);
  socket.write(Buffer.from([0x0f]));
  await new Promise((resolve) => socket.once("close", resolve));
  clearInterval(drip);
  expect(performance.now() - startedAtMs).toBeLessThan(10_000);
});

test("with the database stopped it answers from memory, and takes up changes once it is back", async () => {
  await postgres.stop();
  expect((await ask(nameserver.port, name, "TXT")).answers).toHaveLength(1);
  expect((await ask(nameserver.port, `nothing.${ZONE}`, "A")).rcode).toBe("NXDOMAIN");
  postgres = await startEmbeddedPostgres({
    dataDir: join(folder, "data"),
    port: postgres.port,
    unsafeFast: true,
  });
  const added = await tokens.add();
  await expect
    .poll(async () => (await ask(nameserver.port, `${added}.mta-sts.${ZONE}`, "A")).answers, {
      timeout: 6_000,
    })
    .toHaveLength(1);
});

test("restarted with the database away it answers everything it had, denies what was not there, and follows again later", async () => {
  await nameserver.stop();
  await postgres.stop();
  nameserver = await start();
  expect(nameserver.isReady()).toBe(true);
  const caa = await ask(nameserver.port, name.replace("_mta-sts", "mta-sts"), "CAA");
  expect(JSON.stringify(caa.answers)).toContain("accounturi=https://ca.example/acct/7");
  expect((await ask(nameserver.port, name, "TXT")).answers).toHaveLength(1);
  expect((await ask(nameserver.port, `nothing.${ZONE}`, "A")).rcode).toBe("NXDOMAIN");
  const file = await readFile(join(folder, "state", "nameserver.1.zone"), "latin1");
  expect(file).toContain(" id1\n");
  postgres = await startEmbeddedPostgres({
    dataDir: join(folder, "data"),
    port: postgres.port,
    unsafeFast: true,
  });
  const added = await tokens.add();
  await expect
    .poll(async () => (await ask(nameserver.port, `${added}.mta-sts.${ZONE}`, "A")).answers, {
      timeout: 6_000,
    })
    .toHaveLength(1);
  await nameserver.stop();
  expect((await readZoneFile(zoneFiles()))?.tokens.map(({ token }) => token)).toContain(added);
});

test("a zone file that was cut off or changed anywhere is not taken", async () => {
  const path = join(folder, "state", "nameserver.1.zone");
  const whole = await readFile(path, "latin1");
  for (let length = 0; length < whole.length; length += 1) {
    await writeFile(path, whole.slice(0, length), "latin1");
    expect(await readZoneFile(zoneFiles())).toBeUndefined();
  }
  await writeFile(path, whole.replace(" id1", " id2"), "latin1");
  expect(await readZoneFile(zoneFiles())).toBeUndefined();
  await writeFile(path, whole, "latin1");
  expect(await readZoneFile(zoneFiles())).toBeDefined();
  nameserver = await start();
});
