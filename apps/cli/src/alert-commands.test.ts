import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { runTestCli } from "../testing/run-test-cli.ts";

let database: TestDatabase;
let accountId: string;
const INCIDENT = "019ab001-0203-7405-8607-08090a0b0c0d";
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
  for (const name of ["Acme", "Other"]) await cli(["account", "create", "--name", name]);
  accountId = (await database.db.organization.findFirstOrThrow({ where: { name: "Acme" } })).id;
  const about = {
    condition: "mx.badTls",
    subject: "mx1.example.com",
    severity: "critical",
    openedAt: new Date(),
  };
  await database.db.incident.create({ data: { accountId, id: INCIDENT, causeKey: "k", ...about } });
  const domain = { domain: "example.com", token: "t".repeat(16), createdAt: new Date() };
  await database.db.domain.create({ data: { accountId, ...domain } });
});
afterAll(() => database.drop());

const env = () => ({
  DATABASE_URL: database.databaseUrl,
  SECRET_KEYS: `k:${Buffer.alloc(32, 7).toString("base64url")}`,
  REPORTS_DOMAIN: "reports.example",
  PUBLIC_URL: "https://waxseal.example",
});
const cli = (args: string[], stdin?: string) => runTestCli(args, { env: env(), cwd: "/", stdin });

async function json(args: string[], stdin?: string) {
  const { status, out, err } = await cli([...args, "--account", "Acme", "--json"], stdin);
  expect([args, err]).toEqual([args, ""]);
  return { status, value: JSON.parse(out) };
}

test("alerts are listed, acknowledged, snoozed and explained; another account's does not exist", async () => {
  expect((await json(["alert", "list"])).value).toMatchObject([{ id: INCIDENT, severity: "critical" }]);
  expect((await json(["alert", "ack", INCIDENT])).value.acknowledgedAt).not.toBeNull();
  expect((await json(["alert", "snooze", INCIDENT, "--days", "2"])).value.snoozedUntil).not.toBeNull();
  expect(await json(["alert", "snooze", INCIDENT, "--days", "31"])).toMatchObject({
    status: 1,
    value: { code: "invalid" },
  });
  const { value } = await json(["alert", "explain", "example.com"]);
  expect(value).toMatchObject({
    domain: "example.com",
    items: expect.arrayContaining([expect.objectContaining({ condition: "mx.badTls", state: "off" })]),
  });
  for (const id of [INCIDENT, "x"]) {
    const other = await cli(["alert", "ack", id, "--account", "Other", "--json"]);
    expect([other.status, JSON.parse(other.out).code]).toEqual([1, "not_found"]);
  }
  const text = await cli(["alert", "explain", "example.com", "--account", "Acme"]);
  expect(text.out).toMatch(/^off {6}A mail host fails encryption$/m);
});

test("a channel is added with its secret from standard input, listed without its address, and removed by name", async () => {
  const target = "https://hooks.example/secret-path";
  const args = [
    "channel",
    "add",
    "--kind",
    "webhook",
    "--name",
    "Hook",
    "--target",
    "-",
    "--tag",
    "vip",
    "mail",
  ];
  const added = await json(args, `${target}\n`);
  expect(added.value).toMatchObject({
    secret: expect.stringMatching(/^whsec_/),
    match: { tags: ["vip", "mail"] },
  });
  const listed = await json(["channel", "list"]);
  expect(listed.value.items).toMatchObject([{ name: "Hook", state: "active" }]);
  expect(JSON.stringify(listed.value)).not.toContain("secret-path");
  const refused = await json(["channel", "add", "--kind", "webhook", "--target", "http://127.0.0.1/"]);
  expect(refused).toMatchObject({ status: 1, value: { code: "invalid" } });
  expect(await json(["channel", "test", "none"])).toMatchObject({ status: 1, value: { code: "not_found" } });
  expect((await cli(["channel", "remove", "hook", "--account", "Acme"])).out).toBe("Hook is removed.\n");
  expect((await json(["channel", "list"])).value.items).toEqual([]);
});
