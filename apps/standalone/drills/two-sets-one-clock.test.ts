import { type ChildProcess, fork } from "node:child_process";
import { randomInt } from "node:crypto";
import { Resolver } from "node:dns/promises";
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { request } from "node:https";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { listConditions } from "@waxseal/core/operating";
import { testPolicy, testReportJson } from "@waxseal/core/reports/testing";
import { type Database, openDatabase, reportsOf } from "@waxseal/db";
import { DAY_MS } from "@waxseal/runtime/time-spans";
import { afterAll, beforeAll, expect, test } from "vitest";
import { addSandboxDomain, type Domain, untilActive } from "../e2e/sandbox-domain.ts";
import { startTestStandalone, type TestStandalone } from "../e2e/start-test-standalone.ts";
import { appProcess } from "../src/app-process.ts";
import { findPort } from "../src/find-port.ts";

const APPS = ["nameserver", "policy-server", "report-ingest", "worker", "api"] as const;
const PORTS = [
  ...["PORT", "POLICY_HTTPS_PORT", "POLICY_HTTP_PORT", "INGEST_SMTP_PORT", "INGEST_HTTPS_PORT", "DNS_PORT"],
  ...APPS.map((app) => `HEALTH_${app}`),
];
/** The dynamic linker puts in the machine's folder for libraries. */
const LIBRARY = "/usr/$LIB/faketime/libfaketimeMT.so.1";
/** A right clock is compared every minute. */
const PATIENCE = { timeout: 150_000, interval: 500 };

let waxseal: TestStandalone;
let db: Database;
const children: ChildProcess[] = [];
beforeAll(async () => {
  waxseal = await startTestStandalone({}, { embedded: true });
  const { DATABASE_URL = "", REPORTS_DATABASE_URL } = waxseal.env;
  db = openDatabase(DATABASE_URL, { reportsDatabaseUrl: REPORTS_DATABASE_URL });
});
afterAll(async () => {
  for (const child of children) child.kill("SIGKILL");
  await db?.$disconnect();
  await waxseal?.stop();
});

/** A second set of all apps on the same database, on a machine whose clock `setClock` sets as faketime writes offsets. */
async function startSecondSet(offset: string) {
  const folder = join(waxseal.folder, "second");
  await mkdir(folder);
  const clockFile = join(folder, "clock");
  const setClock = (to: string) => writeFile(clockFile, to);
  await setClock(offset);
  const ports: Record<string, string> = {};
  const first = randomInt(10_000, 31_000);
  for (const [place, name] of PORTS.entries())
    ports[name] = String(await findPort(first + place, "127.0.0.1", { udp: true }));
  const pids: number[] = [];
  for (const app of APPS) {
    const { nodeArgs, env } = appProcess(app);
    const child = fork(fileURLToPath(new URL(`../../${app}/src/main.ts`, import.meta.url)), [], {
      execArgv: [...nodeArgs],
      silent: true,
      env: {
        PATH: process.env.PATH,
        ...env,
        ...waxseal.env,
        ...ports,
        STATE_DIR: folder,
        HEALTH_PORT: ports[`HEALTH_${app}`],
        LD_PRELOAD: LIBRARY,
        FAKETIME_TIMESTAMP_FILE: clockFile,
        FAKETIME_CACHE_DURATION: "1",
        FAKETIME_DONT_FAKE_MONOTONIC: "1",
      },
    });
    children.push(child);
    expect((await once(child, "message"))[0]).toEqual({ ready: true });
    pids.push(child.pid ?? 0);
  }
  const readiness = async () => {
    const states: Record<string, unknown> = {};
    for (const app of APPS)
      states[app] = await (await fetch(`http://127.0.0.1:${ports[`HEALTH_${app}`]}/readyz`)).json();
    return states;
  };
  return { setClock, pids, ports, readiness };
}

/** What these answer does not depend on this machine's clock, so they go on. */
const SERVING: readonly string[] = ["nameserver", "policy-server"];
const allApps = (state: "right" | "wrong") =>
  Object.fromEntries(
    APPS.map((app) => {
      const need = SERVING.includes(app) ? { ready: true } : { needs: { clock: state === "right" } };
      return [app, { ...need, clock: { state } }];
    }),
  );
const WRONG = allApps("wrong");
const RIGHT = allApps("right");

type Sent = { host?: string; port: string | undefined; method?: string; path: string; body?: Buffer };

function ask({ host = "reports", port, method = "GET", path, body }: Sent): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = { host, ...(body && { "content-type": "application/tlsrpt+gzip" }) };
    const options = { host: "127.0.0.1", port, method, path, headers, servername: host, agent: false };
    const sent = request({ ...options, rejectUnauthorized: false }, async (response) => {
      let text = `${response.statusCode} `;
      for await (const chunk of response) text += chunk;
      resolve(text);
    });
    sent.on("error", reject).end(body);
  });
}

async function readTxt(port: string | undefined, name: string): Promise<string> {
  const resolver = new Resolver({ timeout: 2_000, tries: 2 });
  resolver.setServers([`127.0.0.1:${port}`]);
  return (await resolver.resolveTxt(name)).flat().join("");
}

/** What keeps for good: the certificates of domains as they were issued, and messages. */
async function readKept() {
  // The operator's own names get theirs some minutes after the start.
  const where = { host: { startsWith: "mta-sts." } };
  return {
    certificates: await db.certificate.count({ where }),
    names: await db.certificateName.groupBy({ by: ["state"], where, orderBy: { state: "asc" } }),
    messages: await reportsOf(db).reportMessage.count(),
  };
}

const clockSubjects = async () =>
  (await listConditions(db)).filter(({ code }) => code === "clock").map(({ subject }) => subject);

test("a second set of all apps at +450 d, +100 d, -1 d, stepping: nothing is lost, refused or stopped, and the operator reads which processes are wrong", async () => {
  const { key } = await waxseal.newAccount("Clocks");
  const { id, setup } = await addSandboxDomain(waxseal, key, "one.example");
  await untilActive(waxseal, key, id);
  const targetOf = (prefix: string) =>
    setup.find(({ name }) => name === `${prefix}.one.example`)?.target ?? "";
  const token = targetOf("mta-sts").split(".")[0];
  const second = await startSecondSet("+450d");
  const sets = [waxseal.env, second.ports];
  let reportsSent = 0;

  /** Everything that senders and people ask of either set is answered, and every report is kept. */
  async function expectService(): Promise<void> {
    for (const ports of sets) {
      const policy = { host: "mta-sts.one.example", path: "/.well-known/mta-sts.txt" };
      expect(await ask({ ...policy, port: ports.POLICY_HTTPS_PORT })).toMatch(/^200 version: STSv1/);
      expect(await readTxt(ports.DNS_PORT, targetOf("_mta-sts"))).toMatch(/^v=STSv1; id=\w+;$/);
      const day = new Date(Date.now() - DAY_MS).toISOString().slice(0, 10);
      const policies = [testPolicy("one.example")];
      const report = testReportJson(day, { reportId: `clock ${reportsSent++}`, policies });
      const upload = { port: ports.INGEST_HTTPS_PORT, method: "POST", path: `/v1/tlsrpt/${token}` };
      expect(await ask({ ...upload, body: gzipSync(report) })).toMatch(/^20[0-2] /);
      const answer = await fetch(`http://127.0.0.1:${ports.PORT}/api/v1/domains/${id}`, {
        headers: { authorization: `Bearer ${key}` },
      });
      expect([answer.status, ((await answer.json()) as Domain).status]).toEqual([200, "active"]);
    }
    await expect
      .poll(() => reportsOf(db).tlsReport.count({ where: { domainId: id } }), PATIENCE)
      .toBe(reportsSent);
  }

  await expect.poll(second.readiness, PATIENCE).toMatchObject(WRONG);
  await expectService();
  const kept = await readKept();
  let added = 0;
  for (const offset of ["+450d", "+100d", "-1d", "+0", "+450d"]) {
    await second.setClock(offset);
    await expect.poll(second.readiness, PATIENCE).toMatchObject(offset === "+0" ? RIGHT : WRONG);
    const named = offset === "+0" ? [] : second.pids.map((pid) => expect.stringContaining(`process ${pid}`));
    await expect.poll(async () => (await clockSubjects()).length, PATIENCE).toBe(named.length);
    expect(await clockSubjects()).toEqual(expect.arrayContaining(named));
    await db.$queryRaw`
      select graphile_worker.add_job(t)::text
      from unnest(array['reports.expire', 'retention.prune', 'sweep.dueWork']) t`;
    await expectService();
    const domain = `step${added++}.example`;
    await untilActive(waxseal, key, (await addSandboxDomain(waxseal, key, domain)).id);
    const now = await readKept();
    expect(now).toMatchObject({
      certificates: kept.certificates + added,
      messages: kept.messages + 2 * added,
    });
    expect(now.names.map(({ state }) => state)).toEqual(["issued"]);
  }
  const codes = new Set((await listConditions(db)).map(({ code }) => code));
  // What the worker sees of the fleet besides, such as jobs that waited, depends on the machine.
  expect([...codes].filter((code) => !code.startsWith("op."))).toEqual(["clock"]);
  expect(children.every(({ exitCode, signalCode }) => exitCode === null && signalCode === null)).toBe(true);
}, 1_200_000);
