import { execFile } from "node:child_process";
import { randomInt } from "node:crypto";
import { Resolver } from "node:dns/promises";
import { readdir, readFile } from "node:fs/promises";
import { request } from "node:https";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { addSandboxDomain, untilActive } from "../e2e/sandbox-domain.ts";
import { startTestStandalone, type TestStandalone } from "../e2e/start-test-standalone.ts";

const run = promisify(execFile);
const ROUNDS = 12;
const DOMAINS = ["one.example", "two.example", "three.example", "four.example"];

/** How Postgres is taken away: as by an operator, by a crash, by the kernel, and one of its processes by the kernel. */
const FAULTS = ["SIGINT", "SIGQUIT", "SIGKILL", "backend"] as const;

test("Postgres stopped and killed 12 times at random moments under load: no app ends, none leaves a rejection unhandled", async () => {
  const waxseal = await startTestStandalone({}, { embedded: true });
  try {
    const { key } = await waxseal.newAccount("Lost");
    const ids: string[] = [];
    for (const domain of DOMAINS) ids.push((await addSandboxDomain(waxseal, key, domain)).id);
    for (const id of ids) await untilActive(waxseal, key, id);
    const { postgres: _, ...before } = waxseal.pids();

    const ended = new AbortController();
    const load = startLoad(waxseal, { key, ids, signal: ended.signal });
    for (let round = 0; round < ROUNDS; ) {
      await delay(randomInt(100, 2_500));
      if (await takePostgresAway(waxseal, FAULTS[randomInt(FAULTS.length)] ?? "SIGKILL")) round++;
    }
    ended.abort();
    const answers = await load;
    process.stderr.write(`  lost Postgres: ${JSON.stringify(answers)}\n`);

    const { postgres: __, ...after } = waxseal.pids();
    expect(after).toEqual(before);
    expect(await linesAbout(waxseal, /unhandled|uncaught|triggerUncaught/i)).toEqual([]);
    await expect
      .poll(async () => (await waxseal.api("GET", "/api/v1/domains", { key })).status, { timeout: 30_000 })
      .toBe(200);
    await untilActive(waxseal, key, (await addSandboxDomain(waxseal, key, "after.example")).id);
  } finally {
    await waxseal.stop();
  }
}, 420_000);

/** False when there was nothing to take away any more. */
async function takePostgresAway(waxseal: TestStandalone, fault: (typeof FAULTS)[number]): Promise<boolean> {
  const pid = () => waxseal.pids().postgres;
  await expect.poll(pid, { timeout: 60_000, interval: 20 }).toBeDefined();
  const postmaster = pid() ?? 0;
  try {
    if (fault !== "backend") return process.kill(postmaster, fault);
    const { stdout } = await run("pgrep", ["-P", String(postmaster)]);
    const backends = stdout.trim().split("\n");
    return process.kill(Number(backends[randomInt(backends.length)]), "SIGKILL");
  } catch {
    return false;
  }
}

/** Asks every app for something that needs the database, over and over; counts the answers by kind. */
async function startLoad(
  waxseal: TestStandalone,
  { key, ids, signal }: { key: string; ids: string[]; signal: AbortSignal },
): Promise<Record<string, number>> {
  const answers: Record<string, number> = {};
  const { env } = waxseal;
  const resolver = new Resolver({ timeout: 500, tries: 1 });
  resolver.setServers([`127.0.0.1:${env.DNS_PORT}`]);
  const asks: Record<string, () => Promise<unknown>> = {
    list: async () => (await waxseal.api("GET", "/api/v1/domains", { key })).status,
    check: async () =>
      (await waxseal.api("POST", `/api/v1/domains/${ids[randomInt(ids.length)]}/check`, { key })).status,
    change: async () => {
      const body = { mode: "testing", mx: ["*.one.example"], maxAgeSeconds: 86_400 + randomInt(1_000_000) };
      return (await waxseal.api("PUT", `/api/v1/domains/${ids[0]}/policy`, { key, body })).status;
    },
    signIn: async () => {
      const body = { email: "lost@example.com", password: "password of Lost" };
      return (await waxseal.api("POST", "/api/auth/sign-in/email", { body })).status;
    },
    reset: async () => {
      const body = { email: "lost@example.com", redirectTo: "/reset-password" };
      return (await waxseal.api("POST", "/api/auth/request-password-reset", { body })).status;
    },
    upload: () => upload(Number(env.INGEST_HTTPS_PORT)),
    dns: () => resolver.resolveSoa(env.HOSTED_ZONE ?? "").then(() => "answered"),
  };
  const loop = async ([name, ask]: [string, () => Promise<unknown>]) => {
    while (!signal.aborted) {
      const answer = await ask().catch(() => "failed");
      answers[`${name} ${answer}`] = (answers[`${name} ${answer}`] ?? 0) + 1;
      await delay(50);
    }
  };
  await Promise.all(Object.entries(asks).map(loop));
  return answers;
}

function upload(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const options = { host: "127.0.0.1", port, path: `/v1/tlsrpt/${"a".repeat(16)}`, method: "POST" };
    const headers = { "content-type": "application/tlsrpt+gzip" };
    const sent = request({ ...options, headers, rejectUnauthorized: false, agent: false }, (response) => {
      response.resume().on("end", () => resolve(response.statusCode ?? 0));
    });
    sent.on("error", reject).end(gzipSync("{}"));
  });
}

async function linesAbout(waxseal: TestStandalone, words: RegExp): Promise<string[]> {
  const logs = join(waxseal.folder, ".waxseal/logs");
  const texts = await Promise.all((await readdir(logs)).map((name) => readFile(join(logs, name), "utf8")));
  return texts.flatMap((text) => text.split("\n")).filter((line) => words.test(line));
}
