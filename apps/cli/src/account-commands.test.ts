import { randomBytes } from "node:crypto";
import { createSecretBox } from "@waxseal/core";
import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { runTestCli } from "../testing/run-test-cli.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
  expect((await cli(["account", "create", "--name", "Acme"])).status).toBe(0);
});
afterAll(() => database.drop());

const cli = (args: string[], stdin?: string) =>
  runTestCli(args, { env: { DATABASE_URL: database.databaseUrl }, cwd: "/", stdin });

async function json(...args: string[]) {
  const { status, out, err } = await cli([...args, "--json"]);
  expect([args, err]).toEqual([args, ""]);
  return { status, value: JSON.parse(out) };
}

test("a key has the scope it was made with, admin by default, and no other word is one", async () => {
  const scopes: Record<string, string> = {};
  for (const scope of ["read", "write", "admin"]) {
    const made = await json("api-key", "create", "--account", "Acme", "--name", scope, "--scope", scope);
    expect(made).toMatchObject({ status: 0, value: { key: expect.stringMatching(/^wxs_/), scope } });
  }
  const plain = await json("api-key", "create", "--account", "Acme", "--name", "plain");
  expect(plain).toMatchObject({ status: 0, value: { scope: "admin" } });
  for (const { name, scope } of await database.db.apikey.findMany()) scopes[name ?? ""] = scope ?? "";
  expect(scopes).toEqual({ read: "read", write: "write", admin: "admin", plain: "admin" });
  const wrong = await json("api-key", "create", "--account", "Acme", "--name", "x", "--scope", "owner");
  expect(wrong).toMatchObject({ status: 2, value: { code: "usage" } });
});

test("a password comes from the first line of standard input or of a file, and never has to be an argument", async () => {
  const create = (email: string, ...more: string[]) => [
    "user",
    "create",
    "--email",
    email,
    ...more,
    "--json",
  ];
  expect((await cli(create("stdin@people.example"), "correct horse battery\nmore\n")).status).toBe(0);
  expect(
    (await cli(create("dash@people.example", "--password-file", "-"), "correct horse battery")).status,
  ).toBe(0);
  const empty = await cli(create("none@people.example"), "\n");
  expect([empty.status, empty.out]).toEqual([1, expect.stringContaining("no password")]);
  const missing = await cli(create("none@people.example", "--password-file", "/no/such/file"));
  expect([missing.status, missing.out]).toEqual([1, expect.stringContaining("There is no file")]);
  const { value } = await json("user", "list");
  expect(value.map(({ email }: { email: string }) => email)).toEqual([
    "dash@people.example",
    "stdin@people.example",
  ]);
});

test("accounts, customers and keys are listed; a customer is made once; a revoked key is gone", async () => {
  const add = ["customer", "add", "Bakery", "--external-id", "4711", "--account", "Acme"];
  const made = await json(...add);
  expect((await json(...add)).value).toEqual({ ...made.value, isNew: false });
  expect(await json("customer", "add", "Other", "--external-id", "4711", "--account", "Acme")).toMatchObject({
    status: 1,
    value: { code: "conflict" },
  });
  expect((await json("customer", "list", "--account", "Acme")).value).toMatchObject([
    { id: made.value.id, externalId: "4711" },
  ]);
  expect((await json("account", "list")).value).toMatchObject([
    { name: "Acme", provider: null },
    { name: "Bakery", provider: "Acme" },
  ]);
  const { value: key } = await json("api-key", "create", "--account", "Bakery", "--name", "gone");
  const list = async () => (await json("api-key", "list", "--account", "Bakery")).value;
  expect(await list()).toMatchObject([{ id: key.id, name: "gone" }]);
  expect((await cli(["api-key", "revoke", key.id, "--account", "Bakery"])).status).toBe(0);
  expect([await list(), (await cli(["api-key", "revoke", key.id, "--account", "Bakery"])).status]).toEqual([
    [],
    1,
  ]);
  await database.db.organization.delete({ where: { id: made.value.id } });
});

test("waiting for a domain ends with 0 when it is active, and with 1 when it is not in time", async () => {
  const { id: accountId } = await database.db.organization.findFirstOrThrow({ where: { name: "Acme" } });
  const at = new Date();
  const row = { accountId, token: "a".repeat(16), createdAt: at, nextCheckAt: at, mxHosts: [] };
  await database.db.domain.create({ data: { ...row, domain: "wait.example" } });
  const wait = ["domain", "wait", "wait.example", "--timeout", "0"];
  expect(await json(...wait)).toEqual({ status: 1, value: { domain: "wait.example", status: "pending" } });
  await database.db.domain.updateMany({ where: { accountId }, data: { status: "active" } });
  expect((await json(...wait)).status).toBe(0);
  await database.db.domain.deleteMany({ where: { accountId } });
});

test("retention is shown, changed in part or whole with an event, and refused outside its bounds", async () => {
  const shown = await json("account", "retention", "--account", "Acme");
  expect(shown).toEqual({ status: 0, value: { rawDays: 90, dailyDays: 400, isDefault: true } });
  const raw = await json("account", "retention", "--raw-days", "14");
  expect(raw.value).toEqual({ rawDays: 14, dailyDays: shown.value.dailyDays, isDefault: false });
  const both = await cli(["account", "retention", "--raw-days", "60", "--daily-days", "730"]);
  expect(both).toEqual({
    status: 0,
    out: "Raw messages are kept 60 days, reports and totals 730 days.\n",
    err: "",
  });
  const refused = await json("account", "retention", "--daily-days", "29");
  expect(refused).toMatchObject({
    status: 2,
    value: { code: "usage", detail: expect.stringMatching(/30 to 3650/) },
  });
  expect(await json("account", "retention", "--raw-days", "soon")).toMatchObject({ status: 2 });
  expect((await json("account", "retention")).value).toMatchObject({ rawDays: 60, dailyDays: 730 });
  expect(await database.db.event.count({ where: { kind: "retention.changed" } })).toBe(2);
});

test("a brand is set in part, shown with the shades of its colour, and refused in words", async () => {
  expect(await cli(["brand", "set", "--color", "#FFD400", "--sender-name", "Acme Mail"])).toMatchObject({
    status: 0,
    out: expect.stringMatching(
      /^Name: Acme\nLogo: none\nColour: #ffd400\. Text in .*\nSender name: Acme Mail\n$/,
    ),
  });
  expect((await json("brand", "set", "--color", "")).value).toMatchObject({
    color: null,
    senderName: "Acme Mail",
  });
  const refused = await json("brand", "set", "--sender-name", "a@bank.example");
  expect(refused).toMatchObject({ status: 1, value: { detail: expect.stringMatching(/email address/) } });
  expect((await json("brand", "show")).value).toMatchObject({ isOwnName: true, senderName: "Acme Mail" });
});

test("a rotation that opens no secret has status 1 and says to keep the old keys", async () => {
  const newKey = (name: string) => `${name}:${randomBytes(32).toString("base64url")}`;
  const [used, other] = [newKey("used"), newKey("other")];
  const keyJwe = await createSecretBox(used).seal("key");
  await database.db.acmeAccount.create({
    data: { directoryUrl: "https://ca.example/dir", keyJwe, createdAt: new Date() },
  });
  const rotate = (secretKeys: string) =>
    runTestCli(["secrets", "rotate"], {
      env: { DATABASE_URL: database.databaseUrl, SECRET_KEYS: secretKeys },
      cwd: "/",
    });
  expect(await rotate(other)).toMatchObject({
    status: 1,
    out: expect.stringMatching(/^0 of 1 secrets .*\n.*ca\.example.*\nKeep every old key in SECRET_KEYS/),
  });
  expect(await rotate(`${other},${used}`)).toEqual({
    status: 0,
    out: "1 of 1 secrets encrypted again.\n",
    err: "",
  });
});

test("the operator sets and reads quotas, suspends and resumes an account, and says who may sign up", async () => {
  expect((await cli(["account", "quota", "--account", "Acme"])).out).toBe(
    "Acme at most: domains as every account, members as every account, reports a day as every account.\n",
  );
  const set = await json("account", "quota", "--account", "Acme", "--domains", "5", "--reports-a-day", "100");
  expect(set.value).toMatchObject({ domains: 5, members: null, reportsADay: 100 });
  expect((await json("account", "quota", "--account", "Acme", "--domains", "none")).value).toMatchObject({
    domains: null,
    reportsADay: 100,
  });
  expect(await json("account", "quota", "--account", "Acme", "--members", "-1")).toMatchObject({ status: 1 });
  const where = { where: { name: "Acme" } };
  await json("account", "suspend", "--account", "Acme", "--reason", "Not paid.");
  expect((await database.db.organization.findFirst(where))?.suspendedAt).toBeInstanceOf(Date);
  await json("account", "resume", "--account", "Acme");
  expect((await database.db.organization.findFirst(where))?.suspendedAt).toBeNull();
  expect(await json("account", "resume", "--account", "Acme")).toMatchObject({ status: 1 });
  expect((await json("operator", "sign-up")).value).toEqual({ signUp: "open" });
  expect((await cli(["operator", "sign-up", "example.com"])).out).toBe(
    "People with an address at example.com and invited people may sign up.\n",
  );
  expect(await json("operator", "sign-up", "nobody")).toMatchObject({ status: 1 });
  expect((await json("operator", "sign-up", "--reset")).value).toEqual({ signUp: "open" });
});
