import { fork } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { chmod, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { Context } from "@waxseal/core";
import { importReports, type TokenOwner } from "@waxseal/core/reports";
import { createTestAccount, createTestDomain } from "@waxseal/core/reports/testing";
import { createTestKeyDns } from "@waxseal/core/reports/testing-dns";
import { type Database, migrate, openDatabase, reportsOf, startEmbeddedPostgres } from "@waxseal/db";
import { findPort } from "../src/find-port.ts";
import type { BenchReport } from "./bench-report.ts";
import { copyRowsFloor } from "./copy-rows-floor.ts";
import { KEY_NAME, KEY_RECORD, makeBenchReport, signBenchMail } from "./make-bench-reports.ts";
import { readTreeUsage } from "./process-tree.ts";
import { deliverMails, postReports } from "./report-load.ts";
import { type BenchMails, storeBenchMails } from "./store-bench-mails.ts";

const INGEST = fileURLToPath(new URL("../../report-ingest/e2e/roomy-ingest-main.ts", import.meta.url));
const REPORTS_DOMAIN = "reports.bench.example";
const DOMAINS = 200;
const SESSIONS = 6;

type Row = Record<string, string | number | undefined>;
type Measured = { seconds: number; ownCpu: number; postgresCpu: number; peakBytes: number };

/** Reports from socket or file to committed daily rows, beside the least that reading and writing them can cost. */
export async function run(args: readonly string[], tell: (line: string) => void): Promise<BenchReport> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      /** Reports in the bulk import and in its floor. */
      imports: { type: "string", default: "100000" },
      /** Reports by SMTP, and as many by HTTPS. */
      received: { type: "string", default: "10000" },
      /** As `report import` has it. */
      batch: { type: "string", default: "500" },
    },
  });
  const counts = {
    imports: Number(values.imports),
    received: Number(values.received),
    batch: Number(values.batch),
  };
  const folder = await mkdtemp(join(tmpdir(), "waxseal-bench-"));
  await chmod(folder, 0o711);
  const dataDir = join(folder, "postgres");
  const postgres = await startEmbeddedPostgres({ dataDir });
  const db = openDatabase(postgres.databaseUrl);
  const dns = await createTestKeyDns(new Map([[KEY_NAME, KEY_RECORD]]));
  try {
    await migrate(postgres.databaseUrl);
    const postgresPid = Number((await readFile(join(dataDir, "postmaster.pid"), "utf8")).split("\n")[0]);
    const rows = await measureAll({
      ...counts,
      db,
      folder,
      databaseUrl: postgres.databaseUrl,
      dnsServer: dns.server,
      postgresPid,
      tell,
    });
    return {
      title: "TLS reports: from socket or file to committed daily rows",
      conditions: [
        "Reports of 3 policies with 15 failure details, mails of about 3.7 kB; 200 domains, 28 days, 7 reporters; Postgres durable (fsync on).",
        "Per CPU second of our process (user + system, children too); Postgres' own CPU beside it. The load client is not counted.",
        "Floor: inflate, JSON.parse, COPY of the same rows into tables with the same keys, nothing checked, counted or verified.",
        "Peak MB: resident memory of our process at its most, since it began (VmHWM); import and floor share one. Their mails were made by a thread of its own before, and are read from a file.",
        `SMTP: ${SESSIONS} sessions, pipelined, every mail's DKIM signature (RSA 2048) verified.`,
      ],
      tables: [{ title: "Reports", rows }],
    };
  } finally {
    await dns.stop();
    await db.$disconnect();
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

type Input = {
  imports: number;
  received: number;
  batch: number;
  db: Database;
  folder: string;
  databaseUrl: string;
  dnsServer: string;
  postgresPid: number;
  tell(line: string): void;
};

async function measureAll(input: Input): Promise<Row[]> {
  const { db, imports, received, batch, databaseUrl, postgresPid, tell } = input;
  const now = new Date();
  const ctx = await createTestAccount(db, () => now);
  const owners: TokenOwner[] = [];
  for (let index = 0; index < DOMAINS; index++) owners.push(await createTestDomain(ctx, `d${index}.example`));
  const domains = owners.map(({ domain }) => domain);
  const make = (index: number) => makeBenchReport(index, domains, now);
  tell(`a mail has ${make(0).raw.length} bytes`);

  const path = join(input.folder, "mails");
  const mails = await storeBenchMails({ path, count: imports, domains, lastDay: now });
  tell("mails made");
  const imported = await measure(process.pid, postgresPid, () => importAll(ctx, mails, batch));
  tell("import done");
  const floor = await measure(process.pid, postgresPid, () => copyRowsFloor(databaseUrl, mails, batch));
  await mails.close();
  tell("floor done");
  const ingest = await startIngest(input);
  try {
    const waiting = () => reportsOf(db).reportMessage.count({ where: { state: "received" } });
    const done = async () => {
      while ((await waiting()) > 0) await new Promise((resolve) => setTimeout(resolve, 100));
    };
    const share = (session: number) =>
      Array.from({ length: Math.floor(received / SESSIONS) }, (_, index) => index * SESSIONS + session);
    const sessions = Array.from({ length: SESSIONS }, (_, session) => share(session));
    const signed = await Promise.all(
      sessions.map((indexes) =>
        Promise.all(
          indexes.map(async (index) => {
            const report = make(1_000_000 + index);
            const token = owners[(1_000_000 + index) % DOMAINS]?.token ?? "";
            return { recipient: `${token}@${REPORTS_DOMAIN}`, mail: await signBenchMail(report) };
          }),
        ),
      ),
    );
    const smtp = await measure(ingest.pid, postgresPid, async () => {
      await Promise.all(signed.map((own) => deliverMails(ingest.smtpPort, own)));
      await done();
    });
    tell("SMTP done");
    const bodies = sessions.map((indexes) =>
      indexes.map((index) => ({
        token: owners[(2_000_000 + index) % DOMAINS]?.token ?? "",
        body: make(2_000_000 + index).gzip,
      })),
    );
    const https = await measure(ingest.pid, postgresPid, async () => {
      await Promise.all(bodies.map((own) => postReports(ingest.httpsPort, own)));
      await done();
    });
    const sent = Math.floor(received / SESSIONS) * SESSIONS;
    return [
      present("import of mails", imports, imported, floor),
      present("floor of the import", imports, floor, floor),
      present("SMTP with DKIM", sent, smtp),
      present("HTTPS", sent, https),
    ];
  } finally {
    await ingest.stop();
  }
}

async function importAll(ctx: Context, mails: BenchMails, batch: number): Promise<void> {
  for (let at = 0; at < mails.count; at += batch) {
    const files = mails.read(at, batch).map(({ raw, id }) => ({ fileName: `${id}.eml`, bytes: raw }));
    const result = await importReports(ctx, files);
    const odd = result.find(({ state }) => state !== "processed");
    if (odd) throw new Error(`not counted: ${JSON.stringify(odd)}`);
  }
}

async function measure(pid: number, postgresPid: number, work: () => Promise<void>): Promise<Measured> {
  const [own, postgres, startedMs] = [await cpuOf(pid), await readTreeUsage(postgresPid), performance.now()];
  await work();
  const seconds = (performance.now() - startedMs) / 1_000;
  return {
    seconds,
    ownCpu: (await cpuOf(pid)) - own,
    postgresCpu: (await readTreeUsage(postgresPid)).cpuSeconds - postgres.cpuSeconds,
    peakBytes: await readPeakBytes(pid),
  };
}

async function readPeakBytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "latin1");
  return Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1]) * 1_024;
}

/** This process has Postgres among its children, which must not be counted twice. */
async function cpuOf(pid: number): Promise<number> {
  if (pid !== process.pid) return (await readTreeUsage(pid)).cpuSeconds;
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

function present(name: string, count: number, measured: Measured, floor?: Measured): Row {
  const { seconds, ownCpu, postgresCpu, peakBytes } = measured;
  return {
    what: name,
    reports: count,
    "per second": count / seconds,
    "per CPU s, ours": count / ownCpu,
    "per CPU s, with Postgres": count / (ownCpu + postgresCpu),
    "times the floor's own CPU": floor && ownCpu / floor.ownCpu,
    "with Postgres'": floor && (ownCpu + postgresCpu) / (floor.ownCpu + floor.postgresCpu),
    "peak MB": peakBytes / 1e6,
  };
}

async function startIngest({ databaseUrl, dnsServer }: Input) {
  const [smtpPort, httpsPort] = [await findPort(0, "127.0.0.1"), await findPort(0, "127.0.0.1")];
  const child = fork(INGEST, {
    env: {
      ...process.env,
      DATABASE_URL: databaseUrl,
      SECRET_KEYS: `k1:${randomBytes(32).toString("base64url")}`,
      REPORTS_DOMAIN,
      DNS_RESOLVERS: dnsServer,
      INGEST_SMTP_PORT: String(smtpPort),
      INGEST_HTTPS_PORT: String(httpsPort),
      LOG_LEVEL: "error",
    },
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const [message] = await once(child, "message");
  if (!message?.ready) throw new Error(`the ingest did not start: ${JSON.stringify(message)}`);
  return {
    pid: child.pid ?? 0,
    smtpPort,
    httpsPort,
    stop: async () => {
      const exited = once(child, "exit");
      child.kill("SIGTERM");
      await exited;
    },
  };
}
