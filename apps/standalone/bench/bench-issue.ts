import { fork } from "node:child_process";
import { randomBytes, randomUUID } from "node:crypto";
import { once } from "node:events";
import { chmod, mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { enqueueJob, newToken, ownerName, targetName } from "@waxseal/core";
import { certificateJobKey } from "@waxseal/core/certificates";
import { type Database, migrate, openDatabase, startEmbeddedPostgres } from "@waxseal/db";
import { type Pebble, startPebble } from "@waxseal/sandbox";
import type { BenchReport } from "./bench-report.ts";
import { ensureBenchPeers } from "./ensure-bench-peers.ts";
import { issueWithUacme } from "./issue-with-uacme.ts";
import { readTreeUsage } from "./process-tree.ts";

const WORKER = fileURLToPath(new URL("../../worker/src/main.ts", import.meta.url));
const ACCOUNT_ID = "bench";
const UACME_AT_A_TIME = 8;
const HOSTED_ZONE = "hosted.bench.example";
const CAA_IDENTITY = "pebble.letsencrypt.org";

type Issued = { seconds: number; cpuSeconds: number; postgresCpuSeconds?: number };
type World = {
  db: Database;
  databaseUrl: string;
  postgresPid: number;
  pebble: Pebble;
  folder: string;
  httpPort: number;
};

/** Certificates from an ACME CA: our worker with its queue and Postgres, beside uacme on the same Pebble. */
export async function run(args: readonly string[], tell: (line: string) => void): Promise<BenchReport> {
  const { values } = parseArgs({
    args: [...args],
    options: { names: { type: "string", default: "500" } },
  });
  const names = Number(values.names);
  ensureBenchPeers({ pebble: "pebble" });
  const world = await startWorld();
  try {
    const ours = await issueWithWorker(world, names, tell);
    tell(`worker: ${(names / ours.seconds).toFixed(1)} certificates/s`);
    const theirs = await issueWithPeer(world, names, tell);
    return {
      title: `${names} certificates from Pebble`,
      conditions: [
        "Pebble without its waits and refused nonces; http-01 answered by one small server of this process, the same for both.",
        "DNS: challtestsrv; every name is a CNAME to a name with a CAA set that allows Pebble.",
        "Worker: from the commit of the jobs to the last certificate stored, with the whole pre-flight (CNAME, CAA, port 80), leases, events and the job that publishes the policy; policy servers to wait for: none.",
        `uacme: ${UACME_AT_A_TIME} processes at a time, an EC key each, its hook a shell script that writes one file.`,
        "CPU: of the worker's process tree, Postgres beside it; of uacme and its hooks.",
      ],
      tables: [
        {
          title: "Issuing",
          rows: [present("waxseal worker", names, ours, theirs), present("uacme", names, theirs, theirs)],
        },
      ],
    };
  } finally {
    await world.stop();
  }
}

async function startWorld(): Promise<World & { stop(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), "waxseal-bench-issue-"));
  await chmod(folder, 0o711);
  const dataDir = join(folder, "postgres");
  const postgres = await startEmbeddedPostgres({ dataDir });
  await migrate(postgres.databaseUrl);
  const db = openDatabase(postgres.databaseUrl);
  const responder = createServer(async (request, response) => {
    const token = /^\/\.well-known\/acme-challenge\/([\w-]{1,100})$/.exec(request.url ?? "")?.[1] ?? "";
    const written = await readFile(join(folder, `token-${token}`), "utf8").catch(() => undefined);
    const answer = written ?? (await db.acmeChallenge.findUnique({ where: { token } }))?.keyAuthorization;
    response.writeHead(answer ? 200 : 404).end(answer);
  });
  responder.listen(0, "127.0.0.1");
  await once(responder, "listening");
  const address = responder.address();
  if (address === null || typeof address === "string") throw new Error("the responder does not listen");
  const pebble = await startPebble({ validationHttpPort: address.port });
  return {
    db,
    databaseUrl: postgres.databaseUrl,
    postgresPid: Number((await readFile(join(dataDir, "postmaster.pid"), "utf8")).split("\n")[0]),
    pebble,
    folder,
    httpPort: address.port,
    stop: async () => {
      await pebble.stop();
      responder.closeAllConnections();
      responder.close();
      await db.$disconnect();
      await postgres.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function issueWithWorker(world: World, names: number, tell: (line: string) => void): Promise<Issued> {
  const { db, postgresPid } = world;
  const worker = await startWorker(world);
  try {
    await order(world, await addDomains(world, ["first.example.com"]));
    await issuedCount(db, 1);
    const domains = Array.from({ length: names }, (_, index) => `n${index}.example.com`);
    const added = await addDomains(world, domains);
    tell("worker: has an account at the CA, and the CNAMEs are published");
    const [cpu, postgres] = [await readTreeUsage(worker.pid), await readTreeUsage(postgresPid)];
    const startedMs = performance.now();
    await order(world, added);
    await issuedCount(db, names + 1);
    return {
      seconds: (performance.now() - startedMs) / 1_000,
      cpuSeconds: (await readTreeUsage(worker.pid)).cpuSeconds - cpu.cpuSeconds,
      postgresCpuSeconds: (await readTreeUsage(postgresPid)).cpuSeconds - postgres.cpuSeconds,
    };
  } finally {
    await worker.stop();
  }
}

type Added = { domainId: string; host: string };

/** Domains as they are when their CNAMEs were seen and nothing has been ordered yet. */
async function addDomains({ db, pebble }: World, domains: readonly string[]): Promise<Added[]> {
  const rows = domains.map((domain) => ({
    accountId: ACCOUNT_ID,
    id: randomUUID(),
    domain,
    token: newToken(),
    createdAt: new Date(),
  }));
  await db.domain.createMany({ data: rows });
  await db.domainToken.createMany({
    data: rows.map(({ accountId, id, token, createdAt }) => ({ accountId, domainId: id, token, createdAt })),
  });
  await publishCnames(pebble, rows);
  return rows.map(({ id, domain }) => ({ domainId: id, host: ownerName("policyHost", domain) }));
}

async function publishCnames(
  pebble: Pebble,
  names: readonly { domain: string; token: string }[],
): Promise<void> {
  for (const { domain, token } of names) {
    const target = targetName("policyHost", token, HOSTED_ZONE);
    await pebble.mockDns.addCname(ownerName("policyHost", domain), target);
    await pebble.mockDns.addCaa(target, "issue", CAA_IDENTITY);
  }
}

async function order({ db }: World, names: readonly Added[]): Promise<void> {
  const accountId = ACCOUNT_ID;
  await db.$transaction(
    async (transaction) => {
      await transaction.certificateName.createMany({
        data: names.map(({ domainId, host }) => ({ accountId, domainId, host, stateSince: new Date() })),
      });
      for (const { host } of names) {
        const key = certificateJobKey(accountId, host);
        await enqueueJob(transaction, "certificate.order", { accountId, host }, { key });
      }
    },
    { timeout: 60_000 },
  );
}

async function issuedCount(db: Database, wanted: number): Promise<void> {
  const deadlineMs = performance.now() + 300_000;
  while ((await db.certificateName.count({ where: { state: "issued" } })) < wanted) {
    const failing = await db.certificateName.findFirst({ where: { state: "failing" } });
    if (failing) throw new Error(`${failing.host}: ${failing.lastErrorDetail}`);
    if (performance.now() > deadlineMs) throw new Error("the worker did not get there in five minutes");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function startWorker({ databaseUrl, pebble, httpPort }: World) {
  const child = fork(WORKER, {
    env: {
      ...process.env,
      DATABASE_URL: databaseUrl,
      SECRET_KEYS: `k1:${randomBytes(32).toString("base64url")}`,
      HOSTED_ZONE,
      REPORTS_DOMAIN: "reports.bench.example",
      POLICY_ADDRESSES: "127.0.0.1",
      NAMESERVERS: "ns1.hosted.bench.example",
      ACME_CAA_IDENTITIES: CAA_IDENTITY,
      DNS_RESOLVERS: pebble.mockDns.dnsServer,
      ACME_DIRECTORY_URL: pebble.directoryUrl,
      ACME_CA_FILE: pebble.caFile,
      PROBE_HTTP_PORT: String(httpPort),
      ALLOW_PRIVATE_ADDRESSES: "1",
      LOG_LEVEL: "error",
    },
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const [message] = await once(child, "message");
  if (!message?.ready) throw new Error(`the worker did not start: ${JSON.stringify(message)}`);
  return {
    pid: child.pid ?? 0,
    stop: async () => {
      const exited = once(child, "exit");
      child.kill("SIGTERM");
      await exited;
    },
  };
}

/** Undefined, and said, where uacme cannot be had or cannot be made to trust Pebble. */
async function issueWithPeer(
  { pebble, folder }: World,
  names: number,
  tell: (line: string) => void,
): Promise<Issued | undefined> {
  try {
    ensureBenchPeers({ uacme: "uacme", unshare: "util-linux" });
    const domains = Array.from({ length: names }, (_, index) => `u${index}.example.com`);
    await publishCnames(
      pebble,
      domains.map((domain) => ({ domain, token: newToken() })),
    );
    const hosts = domains.map((domain) => ownerName("policyHost", domain));
    return await issueWithUacme({ pebble, folder, hosts, atATime: UACME_AT_A_TIME });
  } catch (error) {
    tell(`uacme is MISSING from this comparison: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}

function present(what: string, names: number, own: Issued | undefined, peer: Issued | undefined) {
  return {
    what: own ? what : `${what} (missing, see above)`,
    "certificates/s": own && names / own.seconds,
    "times uacme": own && peer && peer.seconds / own.seconds,
    "CPU s": own?.cpuSeconds,
    "Postgres' CPU s": own?.postgresCpuSeconds,
    "certificates per CPU s": own && names / (own.cpuSeconds + (own.postgresCpuSeconds ?? 0)),
  };
}
