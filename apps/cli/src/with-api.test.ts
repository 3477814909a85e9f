import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createContext } from "@waxseal/core";
import { answerDeviceLogin, createAccount, createUser } from "@waxseal/core/accounts";
import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { runTestCli } from "../testing/run-test-cli.ts";
import { startTestServer, type TestServer } from "../testing/start-test-server.ts";

let database: TestDatabase;
let server: TestServer;
let folder: string;
let local: NodeJS.ProcessEnv;
let remote: NodeJS.ProcessEnv;

beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
  folder = await mkdtemp(join(tmpdir(), "waxseal-cli-"));
  local = {
    DATABASE_URL: database.databaseUrl,
    HOSTED_ZONE: "hosted.example",
    REPORTS_DOMAIN: "reports.hosted.example",
    REPORTS_HOST: "upload.hosted.example",
    POLICY_ADDRESSES: "127.0.0.1",
    NAMESERVERS: "ns1.hosted.example",
    CAA_IDENTITIES: "ca.example",
    DNS_RESOLVERS: "127.0.0.1:1",
    PUBLIC_URL: "http://waxseal.example",
    SECRET_KEYS: `test:${Buffer.alloc(32, 7).toString("base64url")}`,
  };
  server = await startTestServer(local);
  await run(local, "account", "create", "--name", "Provider");
  const { key } = await json(local, "api-key", "create", "--account", "Provider", "--name", "cli");
  remote = { WAXSEAL_URL: server.url, WAXSEAL_TOKEN: key };
}, 120_000);
afterAll(async () => {
  await server?.stop();
  await database.drop();
  await rm(folder, { recursive: true });
});

const run = (env: NodeJS.ProcessEnv, ...args: string[]) => runTestCli(args, { env, cwd: folder });
async function json(env: NodeJS.ProcessEnv, ...args: string[]) {
  const { out, err } = await run(env, ...args, "--json");
  expect([args, err]).toEqual([args, ""]);
  return JSON.parse(out);
}

/** The commands of the API documentation's page on customers. */
async function readDocumentedCommands(): Promise<string[][]> {
  const page = await readFile(new URL("../../api/src/docs/pages/customers.md", import.meta.url), "utf8");
  return [...page.matchAll(/^\.\/waxseal (.+)$/gm)].map(([, command = ""]) => command.split(" "));
}

test("twenty customers by the documented commands: added from a list, their CNAMEs in one file, awaited until active", {
  timeout: 120_000,
}, async () => {
  const names = Array.from({ length: 20 }, (_, index) => `customer${index + 1}`);
  const lines = names.map((name) => `${name}.example,${name}`);
  await writeFile(join(folder, "customers.csv"), `domain,customer\n${lines.join("\n")}\n`);
  const [add = [], write = [], wait = [], ...more] = await readDocumentedCommands();
  expect(more).toEqual([]);
  const added = await run(remote, ...add);
  expect([added.status, added.out.split("\n").at(-2)]).toEqual([0, "20 added, 0 there already, 0 refused"]);
  const again = await run(remote, ...add);
  expect(again.out).toContain("0 added, 20 there already, 0 refused");

  await run(remote, ...write);
  const file = await readFile(join(folder, "cnames.csv"), "utf8");
  expect(file.match(/\.example\b[^\n]*hosted\.example/g)).toHaveLength(60);
  expect((await stat(join(folder, "cnames.csv"))).mode & 0o777).toBe(0o600);

  const early = await run(remote, ...wait, "--timeout", "0");
  expect([early.status, early.out.match(/is still pending/g)?.length]).toEqual([1, 20]);
  // Another process looks at the DNS and gets certificates.
  await database.db.domain.updateMany({ data: { status: "active" } });
  expect(await run(remote, ...wait)).toMatchObject({ status: 0 });
  const active = await json(remote, "domain", "list", "--all", "--status", "active");
  expect(active.map(({ customer }: { customer: string }) => customer).sort()).toEqual([...names].sort());
});

test("each customer command prints the same with an address as on the database", {
  timeout: 120_000,
}, async () => {
  await run(local, "domain", "add", "own.example", "--account", "Provider", "--yes");
  const own = ["--account", "Provider"];
  const customer = ["--account", "customer7"];
  const commands = [
    ["domain", "list", "--all", ...own],
    ["domain", "show", "own.example", ...own],
    ["domain", "show", "customer7.example", ...customer],
    ["domain", "show", "customer8.example", ...customer],
    ["domain", "remove", "own.example", "--confirm", "other.example", ...own],
    ["domain", "restore", "own.example", ...own],
    ["policy", "set", "own.example", "--mode", "testing", "--mx", "not a host", "--max-age", "9", ...own],
    ["customer", "list", ...own],
    ["api-key", "list", ...own],
    ["alert", "ack", "5b9d1c1e-0000-4000-8000-000000000000", ...own],
    ["alert", "explain", "own.example", ...own],
    ["channel", "list", ...own],
    ["instructions", "customer7.example", ...customer],
    ["instructions", "--all", "--format", "zone", ...own],
    ["domain", "list", "--account", "nobody.example"],
  ];
  // Between two commands the time of a look changes.
  const TIMES = /\d{4}-\d\d-\d\dT[\d:.]+Z|\d{1,2} \w{3} \d{4}, \d\d:\d\d UTC|(?<="assessmentId":")[\w-]+/g;
  const steady = ({ status, out, err }: Awaited<ReturnType<typeof run>>, isJson: boolean) => {
    const text = out.replaceAll(TIMES, "…");
    return { status, err, out: isJson ? JSON.parse(text) : text };
  };
  for (const command of commands)
    for (const more of command.includes("zone")
      ? [[]]
      : command[1] === "show"
        ? [[], ["--json"]]
        : [["--json"]]) {
      const [here, there] = [await run(local, ...command, ...more), await run(remote, ...command, ...more)];
      const isJson = more.length > 0;
      expect([command, steady(there, isJson)]).toEqual([command, steady(here, isJson)]);
    }
});

test("a customer is renamed by a command, and what is not named stays", async () => {
  const [first] = await json(remote, "customer", "list", "--query", "customer9");
  const change = ["customer", "change", first.id];
  expect(await json(remote, ...change, "--external-id", "4711")).toMatchObject({
    name: "customer9",
    externalId: "4711",
  });
  expect(await json(local, ...change, "--name", "Nine", "--account", "Provider")).toMatchObject({
    name: "Nine",
    externalId: "4711",
  });
  const back = ["--name", "customer9", "--external-id", ""];
  expect(await json(remote, ...change, ...back)).toMatchObject({ name: "customer9", externalId: null });
});

test("an operation without a command of its own is called by its name, and a list is read to its end", async () => {
  const pages = await json(remote, "api", "listCustomers", "limit=3", "--all");
  expect(pages.map(({ name }: { name: string }) => name)).toHaveLength(20);
  const [{ id, domain }] = (await json(remote, "api", "getCustomersDomains", "limit=1")).items;
  expect(domain).toMatch(/^customer/);
  expect(await json(remote, "api", "getCustomer", "id=nobody")).toMatchObject({ code: "not_found" });
  const body = ["--body", JSON.stringify({ domainIds: [id], add: ["by-hand"] })];
  expect(await json(remote, "api", "tagDomains", ...body)).toEqual({ changed: 1 });
  expect(await json(remote, "api", "listTags", "colour=red")).toMatchObject({ code: "invalid" });
  expect(await json(remote, "api", "getMe", "--all")).toMatchObject({ code: "invalid" });
  expect(await json(remote, "api", "tagDomains", "--body", "{")).toMatchObject({ code: "invalid" });
  expect(await json(remote, "api", "noSuchThing")).toMatchObject({ code: "not_found" });
  expect(await json(local, "api", "getMe")).toMatchObject({ code: "invalid" });
  expect(await json(local, "api")).toMatchObject({ listDomains: "GET /api/v1/domains" });
  const csv = await run(remote, "api", "getEventsExport", "format=csv");
  expect(csv.out).toMatch(/^at,/);
});

test("no command draws in colour, so that NO_COLOR has nothing to change", async () => {
  for (const command of [["--help"], ["customer", "list"], ["domain", "show", "nobody.example"]])
    for (const NO_COLOR of [undefined, "1"]) {
      const { out, err } = await run({ ...remote, FORCE_COLOR: "1", NO_COLOR }, ...command);
      expect(out + err).not.toContain("\u001b");
    }
});

test("many policies are changed through the API when their number is confirmed", async () => {
  const change = ["policy", "set-many", "--query", "customer1", "--max-age", "172800"];
  await database.db.policyVersion.updateMany({ data: { mx: ["mx.example.com"], maxAgeSeconds: 86_400 } });
  const { waiting } = await json(remote, ...change);
  expect(waiting).toBe(11);
  const done = await json(remote, ...change, "--confirm", String(waiting));
  expect(done).toMatchObject({ changed: true, applied: 11, refused: 0 });
  const { policy } = await json(remote, "domain", "show", "customer1.example", "--account", "customer1");
  expect(policy).toMatchObject({ maxAgeSeconds: 172_800 });
});

test("exports go to standard output or to a file that only its owner reads", async () => {
  const account = await run(remote, "export", "account", "--account", "customer3");
  expect(JSON.parse(account.out)).toMatchObject({ account: { name: "customer3" } });
  const events = await json(remote, "export", "events", "-o", "events.csv");
  expect(events).toEqual({ file: "events.csv", bytes: (await stat(join(folder, "events.csv"))).size });
  const onDatabase = await run(local, "export", "events", "--account", "Provider");
  expect(onDatabase.out.split("\n")[0]).toBe(
    (await readFile(join(folder, "events.csv"), "utf8")).split("\n")[0],
  );
  expect((await run(remote, "export", "events", "--json")).status).toBe(2);
  const lost = await run(remote, "export", "events", "-o", "no/such/folder/file");
  expect(lost).toMatchObject({ status: 1, err: expect.stringContaining("could not be written") });
});

test("a refusal says what to do: no key, a wrong key, a wrong address, an address that is no API", async () => {
  const { WAXSEAL_URL: url, WAXSEAL_TOKEN: key } = remote;
  const failure = async (env: NodeJS.ProcessEnv, ...args: string[]) => {
    const { status, out, err } = await run(env, ...args);
    return [status, out, err];
  };
  const list = ["domain", "list"];
  expect(await failure({ WAXSEAL_URL: url }, ...list)).toEqual([
    1,
    "",
    expect.stringContaining(`waxseal login --url ${url}`),
  ]);
  expect(await failure({ ...remote, WAXSEAL_TOKEN: "wxs_wrong" }, ...list)).toEqual([
    1,
    "",
    expect.stringMatching(/API key/),
  ]);
  expect(await failure({}, "--url", "waxseal.example", "--token", "x", ...list)).toEqual([
    1,
    "",
    expect.stringContaining("must begin with https://"),
  ]);
  expect(await failure({ ...remote, WAXSEAL_URL: "http://127.0.0.1:1" }, ...list)).toEqual([
    1,
    "",
    "http://127.0.0.1:1 does not answer.\n",
  ]);
  expect(await failure({ WAXSEAL_TOKEN_FILE: "/no/such/file", WAXSEAL_URL: url }, ...list)).toEqual([
    1,
    "",
    expect.stringContaining("There is no file"),
  ]);
  await writeFile(join(folder, "key"), `${key}\n`);
  expect((await run({ WAXSEAL_TOKEN_FILE: join(folder, "key"), WAXSEAL_URL: url }, ...list)).status).toBe(0);
  expect((await run({}, ...list, "--url", url ?? "", "--token", key ?? "")).status).toBe(0);
});

test("commands of the operator say that they work on the database when --url is given", async () => {
  for (const command of [
    ["user", "list"],
    ["account", "list"],
    ["account", "suspend", "--account", "Provider", "--reason", "x"],
    ["db", "migrate"],
    ["secrets", "rotate"],
    ["doctor"],
    ["operator", "conditions"],
    ["report", "import", "x.json"],
  ]) {
    const { status, err } = await run(local, ...command, "--url", server.url, "--token", "x");
    expect([command, status, err]).toEqual([
      command,
      1,
      expect.stringMatching(/^This command works on the database[^.]*\.\n$/),
    ]);
  }
});

test("login keeps a key that a person allowed in the browser, for this user alone; logout revokes and forgets it", async () => {
  const home = { XDG_CONFIG_HOME: join(folder, "config") };
  const file = join(folder, "config", "waxseal", "login.json");
  const source = { db: database.db, now: () => new Date() };
  const user = await createUser(source, {
    email: "person@people.example",
    password: "a long enough password",
  });
  const { id: accountId } = await createAccount(source, { name: "Terminal", ownerEmail: user.email });
  const person = createContext(source, accountId, { kind: "user", id: user.id, name: "Person" }, "owner");
  const answer = (allowedScope: "admin" | "write" | undefined) => async (err: string) => {
    const [userCode = ""] = /\b[A-Z]{4}-[A-Z]{4}\b/.exec(err) ?? [];
    await answerDeviceLogin(person, { userCode, allowedScope });
  };
  const login = (allowedScope: "admin" | "write" | undefined) =>
    runTestCli(["login", "--url", server.url, "--json"], {
      env: home,
      cwd: folder,
      pause: answer(allowedScope),
    });

  expect(await login(undefined)).toMatchObject({
    status: 1,
    out: expect.stringContaining("was refused in the browser"),
  });
  const done = await login("admin");
  expect(done.err).toContain("http://waxseal.example/device?code=");
  expect(JSON.parse(done.out)).toMatchObject({ name: "Terminal", scope: "admin", file });
  expect([(await stat(file)).mode & 0o777, (await stat(join(file, ".."))).mode & 0o777]).toEqual([
    0o600, 0o700,
  ]);
  const { token } = JSON.parse(await readFile(file, "utf8"));
  expect(done.out).not.toContain(token);

  expect((await run(home, "domain", "list")).out).toBe("No domains.\n");
  expect((await json(home, "api-key", "list"))[0]).toMatchObject({ createdBy: { name: "Person" } });
  // The key goes to no other address, and a database that is named comes first.
  const elsewhere = await run({ ...home, WAXSEAL_URL: "http://127.0.0.1:1" }, "domain", "list");
  expect(elsewhere.err).toContain("There is no API key for http://127.0.0.1:1.");
  expect((await run({ ...home, ...local }, "customer", "list", "--account", "Provider")).out).toContain(
    "customer7",
  );

  expect(await json(home, "logout")).toEqual({ loggedOut: true, revoked: true });
  await expect(stat(file)).rejects.toThrow();
  expect(await run({ WAXSEAL_URL: server.url, WAXSEAL_TOKEN: token }, "domain", "list")).toMatchObject({
    status: 1,
  });
  expect((await run(home, "logout")).out).toBe("There is no login on this machine.\n");
});
