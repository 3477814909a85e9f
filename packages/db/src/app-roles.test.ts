import { randomBytes } from "node:crypto";
import pg from "pg";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../testing/create-test-database.ts";
import { APP_ROLES, type ConfinedApp, setAppRole } from "./app-roles.ts";

const APPS = Object.keys(APP_ROLES) as ConfinedApp[];

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"), { isSplit: false });
});
afterAll(() => database?.drop());

/** What `query` says as the app: its rows, or the code of its refusal. */
async function askAs(app: ConfinedApp, query: string): Promise<unknown> {
  const client = new pg.Client({ connectionString: await database.urlAs(app) });
  await client.connect();
  try {
    return (await client.query(query)).rows;
  } catch (error) {
    return Object(error).code;
  } finally {
    await client.end();
  }
}

const DENIED = "42501";

const SIGN_IN = [
  "select password from credential",
  "select client_secret_jwe from account_sso",
  "select secret from two_factor",
  "select token from session",
  "select key from api_key",
  'select two_factor_enabled from "user"',
];
/** The worker mails alerts to people; the others need no address. */
const PEOPLE = 'select email from "user"';
const CERTIFICATE_KEYS = ["select key_jwe from acme_account", "select order_key_jwe from certificate_name"];
const MAIL = ["select raw from operator_mail where false for update"];
const SERVED = [
  "update domain set status = 'left'",
  "delete from certificate",
  "insert into acme_challenge values ('t', 'k', 'h', now())",
  "update policy_version set mode = 'none'",
  "delete from serving_change",
];

/** What each app must not do. */
const FORBIDDEN: Record<ConfinedApp, readonly string[]> = {
  nameserver: [
    ...SIGN_IN,
    PEOPLE,
    ...CERTIFICATE_KEYS,
    ...MAIL,
    ...SERVED,
    "select raw from report_message",
    "select value from verification",
    "select * from domain",
    "select host from certificate",
  ],
  "policy-server": [
    ...SIGN_IN,
    PEOPLE,
    ...CERTIFICATE_KEYS,
    ...MAIL,
    ...SERVED,
    "select raw from report_message",
    "select value from verification",
    "select * from domain",
  ],
  "report-ingest": [...SIGN_IN, PEOPLE, ...CERTIFICATE_KEYS, ...SERVED, "select value from verification"],
  worker: SIGN_IN,
  api: [
    "select key_jwe from acme_account",
    "select raw from operator_mail",
    "select token from acme_challenge",
  ],
};

test.each(APPS)("the role of the %s is refused what its app does not need", async (app) => {
  for (const query of FORBIDDEN[app]) expect([query, await askAs(app, query)]).toEqual([query, DENIED]);
});

test.each(APPS)("the role of the %s makes and drops no table, and gives itself no right", async (app) => {
  for (const query of [
    "create table public.own (id int)",
    "drop table tls_report",
    "alter function ensure_report_partitions(date) reset search_path",
    "alter role current_user createrole",
  ])
    expect([query, await askAs(app, query)]).toEqual([query, DENIED]);
});

test("the policy server reads the certificates' keys", async () => {
  expect(await askAs("policy-server", "select host, key_jwe from certificate")).toEqual([]);
});

test("only roles that count reports add partitions, only the worker drops them, and no role drops other tables", async () => {
  const add = "select ensure_report_partitions('2031-05-06')::text";
  const drop = (name: string) => `select drop_report_partition('${name}')::text`;
  for (const app of ["nameserver", "policy-server"] as const) expect(await askAs(app, add)).toBe(DENIED);
  for (const app of ["report-ingest", "worker", "api"] as const)
    expect(await askAs(app, add)).toEqual([expect.anything()]);
  for (const app of APPS)
    if (app !== "worker") expect(await askAs(app, drop("tls_report_203105"))).toBe(DENIED);
  expect(await askAs("worker", drop("tls_report_203105"))).toEqual([expect.anything()]);
  for (const other of [
    "session",
    "tls_report",
    "tls_report_203105; drop table session",
    "x.tls_report_203105",
  ])
    expect(await askAs("worker", drop(other))).toBe("22023");
  const left = await askAs("worker", "select to_regclass('tls_report_203105')::text as gone");
  expect(left).toEqual([{ gone: null }]);
});

test("a caller's temporary table does not lead a function that runs as the owner astray", async () => {
  const lure = "create temp table tls_report (report_day date) partition by range (report_day)";
  expect(await askAs("worker", `${lure}; select ensure_report_partitions('2032-01-01')`)).not.toBe("42P17");
  const made = await askAs("worker", "select to_regclass('public.tls_report_203201')::text as part");
  expect(made).toEqual([{ part: "tls_report_203201" }]);
});

test("rights and password are those of the newest run; a table that comes later is out of reach", async () => {
  const role = `extra_${randomBytes(4).toString("hex")}`;
  const has = async (table: string) =>
    database.db.$queryRawUnsafe(`select has_table_privilege('${role}', '${table}', 'select') as may`);
  await setAppRole(database.databaseUrl, { app: "nameserver", password: "it's \\ one", role });
  await database.db.$executeRawUnsafe(`grant select on credential to ${role}`);
  await database.db.$executeRawUnsafe("create table later (id int)");
  await setAppRole(database.databaseUrl, { app: "nameserver", password: "it's \\ two", role });
  expect(await has("credential")).toEqual([{ may: false }]);
  expect(await has("later")).toEqual([{ may: false }]);
  const url = new URL(database.databaseUrl);
  const connect = async (password: string) => {
    const client = new pg.Client({
      host: url.hostname,
      port: Number(url.port),
      database: url.pathname.slice(1),
      user: role,
      password,
    });
    await client.connect();
    await client.end();
  };
  await connect("it's \\ two");
});
