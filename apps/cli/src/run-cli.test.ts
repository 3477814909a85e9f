import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { runTestCli } from "../testing/run-test-cli.ts";

let database: TestDatabase;
let folder: string;
let env: NodeJS.ProcessEnv;

beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
  folder = await mkdtemp(join(tmpdir(), "waxseal-cli-"));
  env = {
    DATABASE_URL: database.databaseUrl,
    HOSTED_ZONE: "hosted.example",
    REPORTS_DOMAIN: "reports.hosted.example",
    POLICY_ADDRESSES: "127.0.0.1",
    DNS_RESOLVERS: "127.0.0.1:1",
  };
});
afterAll(async () => {
  await database.drop();
  await rm(folder, { recursive: true });
});

const cli = (args: string[], changes: { env?: NodeJS.ProcessEnv; cwd?: string; stdin?: string } = {}) =>
  runTestCli(args, { env, cwd: folder, ...changes });

/** With --json: the status, and the one value on standard output. */
async function json(args: string[], changes: Parameters<typeof cli>[1] = {}) {
  const { status, out, err } = await cli([...args, "--json"], changes);
  expect([args, err]).toEqual([args, ""]);
  expect(out.endsWith("\n")).toBe(true);
  return { status, value: JSON.parse(out) };
}

test("user, account, key, domain and policy: the whole way by commands, each with one JSON value", async () => {
  const user = await json(["user", "create", "--email", "Op@Example.com", "--password", "long enough words"]);
  expect(user).toMatchObject({ status: 0, value: { email: "op@example.com" } });
  const account = await json(["account", "create", "--name", "Story", "--owner", "op@example.com"]);
  expect(account).toMatchObject({ status: 0, value: { name: "Story", owner: "op@example.com" } });
  const key = await json(["api-key", "create", "--account", "Story", "--name", "k"]);
  expect(key).toMatchObject({ status: 0, value: { key: expect.stringMatching(/^wxs_/) } });
  expect((await json(["api-key", "create", "--account", account.value.id, "--name", "k2"])).status).toBe(0);

  const added = await json(["domain", "add", "https://Orchard.example./", "--account", "Story"]);
  expect(added).toMatchObject({ status: 0, value: { domain: "orchard.example", status: "pending" } });
  expect(added.value.setup).toHaveLength(3);
  const list = await json(["domain", "list"]);
  expect(list).toMatchObject({ status: 0, value: [{ domain: "orchard.example" }] });
  const wanted = [
    ...["orchard.example", "--mode", "enforce"],
    ...["--mx", "mx1.orchard.example", "*.mx.orchard.example", "--max-age", "1209600"],
  ];
  // No DNS server answers here: what we could not look at stops enforcing until it is acknowledged.
  const looked = await json(["policy", "check", ...wanted]);
  expect(looked).toMatchObject({ status: 1, value: { verdict: "stop" } });
  const codes = looked.value.reasons.flatMap(({ code, level }: { code: string; level: string }) =>
    level === "stop" ? [code] : [],
  );
  expect(codes).toContain("mx-unknown");
  const refused = await json(["policy", "set", ...wanted]);
  expect(refused).toMatchObject({ status: 1, value: { code: "unsafe", reasons: expect.any(Array) } });
  const set = await json([
    ...["policy", "set", ...wanted],
    ...["--acknowledge", ...codes, "--confirm", "orchard.example"],
  ]);
  expect(set).toMatchObject({
    status: 0,
    value: {
      version: 2,
      mode: "enforce",
      mx: ["mx1.orchard.example", "*.mx.orchard.example"],
      maxAgeSeconds: 1_209_600,
    },
  });
  const kept = await json(["policy", "set", "orchard.example", "--mode", "testing"]);
  expect(kept.value).toMatchObject({
    version: 3,
    mode: "testing",
    mx: set.value.mx,
    maxAgeSeconds: 1_209_600,
  });
  const shown = await json(["domain", "show", added.value.id]);
  expect(shown).toMatchObject({ status: 0, value: { domain: "orchard.example", policy: { version: 3 } } });
  const left = await json(["domain", "leave", "orchard.example"]);
  expect(left).toMatchObject({ status: 0, value: { status: "left" } });
});

test("a refusal is status 1, wrong usage status 2, each with its reason", async () => {
  const refused = await json([
    "user",
    "create",
    "--email",
    "op@example.com",
    "--password",
    "long enough words",
  ]);
  expect(refused).toMatchObject({ status: 1, value: { code: "conflict", detail: expect.any(String) } });
  expect(await json(["domain", "add", "192.0.2.1"])).toMatchObject({ status: 1, value: { code: "invalid" } });
  expect(await json(["domain", "show", "unknown.example"])).toMatchObject({
    status: 1,
    value: { code: "not_found" },
  });
  expect(await json(["check", "co.uk"])).toMatchObject({ status: 1, value: { code: "invalid" } });
  // No DNS server answers: the check is made, and its verdict is an error.
  const wrong = { value: { domain: "orchard.example", verdict: "error" } };
  expect(await json(["check", "orchard.example"])).toMatchObject({ status: 1, ...wrong });
  expect(await json(["check", "orchard.example", "--exit-zero"])).toMatchObject({ status: 0, ...wrong });
  for (const usage of [
    ["nonsense"],
    ["domain"],
    ["domain", "add"],
    ["domain", "list", "--status", "x"],
    ["policy", "set", "a.example"],
    ["policy", "set", "a.example", "--mode", "none", "--max-age", "soon"],
  ]) {
    expect([usage, (await cli(usage)).status]).toEqual([usage, 2]);
    expect(await json(usage)).toMatchObject({ status: 2, value: { code: "usage" } });
  }
  const forPeople = await cli(["domain", "show", "unknown.example"]);
  expect(forPeople).toEqual({
    status: 1,
    out: "",
    err: "There is no domain unknown.example in this account.\n",
  });
});

test("with several accounts the account must be named", async () => {
  await json(["account", "create", "--name", "Second"]);
  expect(await json(["domain", "list"])).toMatchObject({ status: 1, value: { code: "conflict" } });
  expect(await json(["domain", "list", "--account", "Second"])).toEqual({ status: 0, value: [] });
});

test("reports are imported from files, folders and standard input, and what is no report is a refusal", async () => {
  await json(["domain", "add", "reported.example", "--account", "Second"]);
  const report = JSON.stringify({
    "organization-name": "Sender",
    "date-range": { "start-datetime": "2026-01-01T00:00:00Z", "end-datetime": "2026-01-01T23:59:59Z" },
    "contact-info": "tls@sender.example",
    "report-id": "r1",
    policies: [
      {
        policy: { "policy-type": "sts", "policy-domain": "reported.example" },
        summary: { "total-successful-session-count": 3, "total-failure-session-count": 0 },
      },
    ],
  });
  const reports = join(folder, "reports");
  await mkdir(join(reports, "deeper"), { recursive: true });
  await writeFile(join(reports, "a.json"), report);
  await writeFile(join(reports, "deeper/b.json"), report);
  const imported = await json(["report", "import", "reports", "--account", "Second"]);
  expect(imported).toMatchObject({
    status: 0,
    value: [
      { file: "reports/a.json", state: "processed", reports: 1 },
      { file: "reports/deeper/b.json", state: "duplicate", reports: 0 },
    ],
  });
  const piped = await json(["report", "import", "-", "--account", "Second"], {
    stdin: report.replace("r1", "r2"),
  });
  expect(piped).toMatchObject({ status: 0, value: [{ file: "-", state: "processed" }] });
  const rubbish = await json(["report", "import", "-", "--account", "Second"], { stdin: "{" });
  expect(rubbish).toMatchObject({ status: 1, value: [{ state: "quarantined", reason: expect.any(String) }] });
  expect((await json(["report", "import", "none.json", "--account", "Second"])).status).toBe(1);
});

test("commands work on the standalone that runs in this folder or above it, and say so when there is none", async () => {
  const deep = join(folder, "installation/deep/er");
  await mkdir(deep, { recursive: true });
  const nothing = await json(["domain", "list"], { env: {}, cwd: deep });
  expect(nothing).toMatchObject({ status: 1, value: { detail: expect.stringMatching(/npm start/) } });
  await mkdir(join(folder, "installation/.waxseal"));
  const running = join(folder, "installation/.waxseal/running.json");
  await writeFile(running, JSON.stringify({ pid: 1, env: {} }));
  const starting = await json(["domain", "list"], { env: {}, cwd: deep });
  expect(starting).toMatchObject({ status: 1, value: { detail: expect.stringMatching(/still starting/) } });
  await writeFile(running, JSON.stringify({ pid: 1, env }));
  expect(await json(["domain", "list", "--account", "Second"], { env: {}, cwd: deep })).toMatchObject({
    status: 0,
  });
});

test("db distribute refuses the database that also holds state, and one without Citus", async () => {
  const refusal = async (changes?: NodeJS.ProcessEnv) => {
    const { status, err } = await cli(["db", "distribute", "--plan"], { env: { ...env, ...changes } });
    return [status, err];
  };
  expect(await refusal({ REPORTS_DATABASE_URL: env.DATABASE_URL })).toEqual([
    1,
    expect.stringContaining("Move the reports first"),
  ]);
  const own = `${env.DATABASE_URL}?application_name=own`;
  expect(await refusal({ REPORTS_DATABASE_URL: own })).toEqual([
    1,
    expect.stringContaining("does not have the Citus extension"),
  ]);
});

test("db migrate brings an empty database up to date, and one that is stays so", async () => {
  expect(await json(["db", "migrate"])).toEqual({ status: 0, value: { applied: [] } });
  expect(await json(["db", "migrate", "--plan"])).toEqual({ status: 0, value: { plan: [] } });
});

test("doctor says what is wrong with this installation, and how to put it right", async () => {
  const { status, value } = await json(["doctor"], {
    env: {
      ...env,
      SECRET_KEYS: `k1:${Buffer.alloc(32).toString("base64url")}`,
      PROBE_HTTPS_PORT: "1",
      PROBE_HTTP_PORT: "1",
      PROBE_SMTP_PORT: "1",
    },
  });
  expect(status).toBe(1);
  type Finding = { about: string; state: string; fix?: string };
  const states = (value as Finding[]).map(({ about, state }) => `${about}: ${state}`);
  expect(states).toEqual(
    expect.arrayContaining(["schema: ok", "keys: ok", "delegation: wrong", "mail out: unknown"]),
  );
  for (const { about, state, fix } of value as Finding[])
    expect([about, state, fix !== undefined]).toEqual([
      about,
      state,
      state === "wrong" || state === "advice",
    ]);
});

test("db roles names every password that is missing", async () => {
  expect(await json(["db", "roles"])).toMatchObject({
    status: 1,
    value: { detail: expect.stringMatching(/^Set POSTGRES_NAMESERVER_PASSWORD, .*POSTGRES_API_PASSWORD\.$/) },
  });
});

test("the command starts with whatever Node is there, and prints nothing but its one value", {
  timeout: 60_000,
}, async () => {
  const command = fileURLToPath(new URL("../bin/waxseal.mjs", import.meta.url));
  const run = (args: string[]) =>
    new Promise<{ status: unknown; out: string; err: string }>((resolve) => {
      // The plain `node` of the path: older than the one that runs this test on many machines.
      const options = { env: { ...env, PATH: process.env.PATH }, cwd: folder };
      execFile("node", [command, ...args], options, (error, out, err) =>
        resolve({ status: error?.code ?? 0, out, err }),
      );
    });
  const [listed, wrong] = await Promise.all([
    run(["domain", "list", "--account", "Second", "--json"]),
    run(["domain", "nonsense"]),
  ]);
  expect(listed).toMatchObject({ status: 0, out: expect.stringMatching(/^\[\{.*\}\]\n$/), err: "" });
  expect(wrong).toMatchObject({ status: 2, out: "" });
});
