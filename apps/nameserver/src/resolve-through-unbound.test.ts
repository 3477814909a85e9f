import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { createLogger } from "@waxseal/runtime";
import { findFreePort } from "@waxseal/runtime/find-free-port";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { ask } from "../testing/ask-nameserver.ts";
import { createTestTokens, type TestTokens } from "../testing/create-test-tokens.ts";

import { LIMITS } from "./config.ts";
import { type Nameserver, startNameserver } from "./start-nameserver.ts";

const ZONE = "hosted.example";
const RECURSION_DESIRED = 0x0100;
const addresses = Array.from({ length: 90 }, (_, index) => `192.0.2.${index + 1}`);

let database: TestDatabase;
let tokens: TestTokens;
let nameserver: Nameserver;
let stopUnbound: () => Promise<void>;
let port: number;
let token: string;

beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
  tokens = createTestTokens(database.db);
  token = await tokens.add();
  await tokens.publish(token, "first1");
  nameserver = await startNameserver(
    {
      ...LIMITS,
      databaseUrl: database.databaseUrl,
      bindAddress: "127.0.0.1",
      port: 0,
      healthPort: 0,
      secondaries: [],
      tsigKey: undefined,
      settings: {
        hostedZone: ZONE,
        reportsDomain: `reports.${ZONE}`,
        policyAddresses: addresses,
        nameservers: [],
        caaIdentities: ["ca.example"],
      },
    },
    { logger: createLogger("nameserver", "silent") },
  );
  port = await findFreePort();
  stopUnbound = await startUnbound(port, nameserver.port);
});
afterAll(async () => {
  await stopUnbound?.();
  await nameserver?.stop();
  await database?.drop();
});

/** A resolver that finds our zone here, and the owner's CNAMEs in a zone of its own. */
async function startUnbound(listenPort: number, authorityPort: number): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), "waxseal-unbound-"));
  const owner = "owner.example";
  await writeFile(
    join(folder, "owner.zone"),
    `$ORIGIN ${owner}.
@ 300 IN SOA ns.${owner}. hostmaster.${owner}. 1 3600 300 86400 60
@ 300 IN NS ns.${owner}.
_mta-sts 300 IN CNAME ${token}._mta-sts.${ZONE}.
mta-sts 300 IN CNAME ${token}.mta-sts.${ZONE}.
`,
  );
  const config = join(folder, "unbound.conf");
  await writeFile(
    config,
    `server:
  interface: 127.0.0.1@${listenPort}
  do-daemonize: no
  use-syslog: no
  logfile: ""
  verbosity: 1
  username: ""
  chroot: ""
  directory: "${folder}"
  pidfile: "${folder}/pid"
  num-threads: 1
  do-not-query-localhost: no
  module-config: "iterator"
  use-caps-for-id: yes
  qname-minimisation: yes
remote-control:
  control-enable: no
auth-zone:
  name: ${owner}
  zonefile: "${folder}/owner.zone"
  for-upstream: yes
  for-downstream: no
stub-zone:
  name: ${ZONE}
  stub-addr: 127.0.0.1@${authorityPort}
`,
  );
  const command = 'PATH="$PATH:/usr/sbin" exec unbound -d -c "$0"';
  const unbound = spawn("/bin/sh", ["-c", command, config], { stdio: ["ignore", "ignore", "pipe"] });
  const exited = once(unbound, "exit");
  await new Promise<void>((resolve, reject) => {
    let log = "";
    unbound.stderr.on("data", (chunk: Buffer) => {
      log += chunk.toString();
      if (log.includes("start of service")) resolve();
    });
    unbound.once("exit", () => reject(new Error(log)));
  });
  return async () => {
    unbound.kill("SIGTERM");
    await exited;
    await rm(folder, { recursive: true, force: true });
  };
}

const resolve = (name: string, type: string) => ask(port, name, type, { flags: RECURSION_DESIRED });

test("RFC 8461 §3.1: a resolver with 0x20 and QNAME minimisation follows the owner's CNAME to the TXT record", async () => {
  const answer = await resolve("_mta-sts.owner.example", "TXT");
  expect(answer.rcode).toBe("NOERROR");
  expect(answer.answers).toMatchObject([
    { type: "CNAME", data: `${token}._mta-sts.${ZONE}` },
    { type: "TXT", data: [Buffer.from("v=STSv1; id=first1;")] },
  ]);
});

test("RFC 7766 §5: an answer too long for UDP reaches the resolver over TCP, whole", async () => {
  const direct = await ask(nameserver.port, `${token}.mta-sts.${ZONE}`, "A");
  expect(direct).toMatchObject({ flag_tc: true, answers: [] });
  const args = ["@127.0.0.1", "-p", String(port), "+short", "mta-sts.owner.example", "A"];
  const { stdout } = await promisify(execFile)("dig", args);
  expect(stdout.trim().split("\n")).toHaveLength(1 + addresses.length);
});

test("RFC 8659 §3: the CAA set is found at the owner's name, and what does not exist is denied through the resolver", async () => {
  const caa = await resolve("mta-sts.owner.example", "CAA");
  expect((caa.answers ?? []).filter(({ type }) => type === "CAA")).toHaveLength(2);
  expect(await resolve(`aaaaaaaaaaaaaaaa.mta-sts.${ZONE}`, "A")).toMatchObject({ rcode: "NXDOMAIN" });
  expect(await resolve(ZONE, "TXT")).toMatchObject({ rcode: "NOERROR", answers: [] });
});
