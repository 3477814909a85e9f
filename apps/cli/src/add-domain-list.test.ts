import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { runTestCli } from "../testing/run-test-cli.ts";

let database: TestDatabase;
let folder: string;

beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
  folder = await mkdtemp(join(tmpdir(), "waxseal-cli-list-"));
  expect((await cli(["account", "create", "--name", "Lists"])).status).toBe(0);
});
afterAll(async () => {
  await database.drop();
  await rm(folder, { recursive: true });
});

const cli = (args: string[], stdin?: string) =>
  runTestCli(args, {
    env: {
      DATABASE_URL: database.databaseUrl,
      HOSTED_ZONE: "hosted.example",
      REPORTS_DOMAIN: "reports.hosted.example",
      POLICY_ADDRESSES: "127.0.0.1",
      DNS_RESOLVERS: "127.0.0.1:1",
    },
    cwd: folder,
    stdin,
  });

const THREE_CNAMES = {
  accountId: expect.any(String),
  reason: null,
  setup: ["mta-sts", "_mta-sts", "_smtp._tls"].map((start) =>
    expect.objectContaining({ name: expect.stringMatching(`^${start}\\.`), target: expect.any(String) }),
  ),
};

test("several names: each line says what became of it, and the status is 1 only when one is refused", async () => {
  const first = await cli(["domain", "add", "One.example", "two.example"]);
  expect(first).toEqual({
    status: 0,
    out: "one.example  added\ntwo.example  added\n2 added, 0 there already, 0 refused\n",
    err: "",
  });
  const present = await cli(["domain", "add", "one.example", "two.example"]);
  expect(present).toMatchObject({
    status: 0,
    out: expect.stringMatching(/0 added, 2 there already, 0 refused/),
  });
  const again = await cli(["domain", "add", "one.example", "three.example", "192.0.2.1", "--json"]);
  expect({ ...again, out: JSON.parse(again.out) }).toEqual({
    status: 1,
    out: [
      {
        line: null,
        domain: "one.example",
        customer: null,
        outcome: "present",
        problem: null,
        domainId: expect.any(String),
        ...THREE_CNAMES,
      },
      {
        line: null,
        domain: "three.example",
        customer: null,
        outcome: "added",
        problem: null,
        domainId: expect.any(String),
        ...THREE_CNAMES,
      },
      {
        line: null,
        domain: "192.0.2.1",
        customer: null,
        outcome: "refused",
        problem: expect.any(String),
        domainId: null,
        accountId: null,
        reason: "invalid_input",
        setup: [],
      },
    ],
    err: "",
  });
});

test("a CSV file with titles and customers, in several batches; unreadable lines are listed by their number and stop no others", async () => {
  const many = Array.from({ length: 30 }, (_, index) => `Bakery;n${index}.example`);
  await writeFile(
    join(folder, "list.csv"),
    ["customer;domain", ...many, '"broken;x.example', ";own.example"].join("\r\n"),
  );
  const without = await cli(["domain", "add", "--file", "list.csv", "--json"]);
  expect(without.status).toBe(1);
  expect(JSON.parse(without.out)[0]).toMatchObject({
    line: 2,
    outcome: "refused",
    problem: "There is no customer Bakery.",
  });

  const made = await cli(["domain", "add", "--file", "list.csv", "--create-customers", "--json"]);
  const lines = JSON.parse(made.out);
  expect(made.status).toBe(1);
  expect(lines).toHaveLength(32);
  expect(lines[29]).toMatchObject({ line: 31, domain: "n29.example", customer: "Bakery", outcome: "added" });
  expect(lines[30]).toMatchObject({ line: 32, outcome: "refused", problem: expect.stringMatching(/quotes/) });
  expect(lines[31]).toMatchObject({ line: 33, domain: "own.example", customer: null, outcome: "present" });
  const list = await cli(["domain", "list", "--account", "Bakery", "--json"]);
  expect(JSON.parse(list.out)).toHaveLength(30);
});

test("standard input, an empty list, a missing file and nothing at all", async () => {
  const piped = await cli(["domain", "add", "--file", "-", "--account", "Lists"], "\npiped.example\n");
  expect(piped.out).toContain("line 2: piped.example  added\n");
  expect(await cli(["domain", "add", "--file", "-", "--account", "Lists"], "\n \n")).toEqual({
    status: 1,
    out: "",
    err: "There is no domain in that list.\n",
  });
  expect(await cli(["domain", "add", "--file", "none.csv", "--account", "Lists"])).toMatchObject({
    status: 1,
    err: "There is no file none.csv.\n",
  });
  expect(await cli(["domain", "add"])).toMatchObject({
    status: 2,
    out: "",
    err: expect.stringMatching(/--file/),
  });
});

test("a list that breaks off says what was added and what was not tried, and goes on when it is sent again", {
  timeout: 60_000,
}, async () => {
  const { db } = database;
  await cli(["account", "create", "--name", "Breaking"]);
  const names = Array.from({ length: 30 }, (_, index) => `b${index}.example`);
  // As many customers as an account may have, so that the second batch cannot make its own.
  const { id: parentId } = await db.organization.findFirstOrThrow({ where: { name: "Breaking" } });
  await db.organization.createMany({
    data: Array.from({ length: 1_999 }, (_, index) => ({
      id: `c${index}`,
      name: `c${index}`,
      slug: `c${index}`,
      parentId,
    })),
  });
  const list = names.map((name, index) => `${name},${index < 25 ? "First" : "Second"}`).join("\n");
  const args = ["domain", "add", "--file", "-", "--create-customers", "--account", "Breaking", "--json"];
  const broken = await cli(args, list);
  const lines = JSON.parse(broken.out);
  expect(broken.status).toBe(1);
  expect(lines).toHaveLength(30);
  expect(lines[24]).toMatchObject({ line: 25, outcome: "added" });
  expect(lines[25]).toMatchObject({
    line: 26,
    outcome: "refused",
    problem: expect.stringMatching(/^Not tried\. .*2000 customers/),
  });
  await db.organization.delete({ where: { id: "c0" } });
  const again = await cli(args, list);
  expect(again.status).toBe(0);
  expect(JSON.parse(again.out).map(({ outcome }: { outcome: string }) => outcome)).toEqual([
    ...Array(25).fill("present"),
    ...Array(5).fill("added"),
  ]);
});
