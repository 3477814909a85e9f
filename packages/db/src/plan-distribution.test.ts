import pg from "pg";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../testing/create-test-database.ts";
import { distributeReports } from "./distribute-reports.ts";
import { type DistributionFacts, ENUMS, MARKING, planDistribution } from "./plan-distribution.ts";
import { REPORT_TABLES } from "./report-tables.ts";

/** A cluster that is ready, with nothing distributed. */
const READY: DistributionFacts = {
  version: "13.2-1",
  missingTables: [],
  keysWithoutAccount: [],
  connections: 0,
  nodes: 2,
  nodesWithoutTriggers: 0,
  casts: [],
  distributed: [],
  functions: [],
  marking: new Map([["mark_unsettled_days", "\nBEGIN … END "]]),
  rows: new Map([["tls_report", 12_345]]),
};

/** The same afterwards. */
const DONE: DistributionFacts = {
  ...READY,
  casts: ENUMS,
  distributed: REPORT_TABLES,
  functions: ["failure_cluster"],
  marking: new Map(Object.entries(MARKING)),
};

const PROBLEMS: readonly [Partial<DistributionFacts>, string][] = [
  [{ version: null }, "does not have the Citus extension"],
  [{ version: "12.1-1" }, "Citus 12.1-1 is too old"],
  [{ missingTables: ["report_effect"] }, "report_effect missing"],
  [{ nodes: 0 }, "No node of this cluster stores rows"],
  [{ nodesWithoutTriggers: 1 }, "citus.enable_unsafe_triggers = on"],
  [{ keysWithoutAccount: ["tls_report_pkey"] }, "tls_report_pkey"],
  [{ connections: 3 }, "3 other connections use this database"],
];

test.each(PROBLEMS)("nothing is distributed with %j, and the reason says what to do", (facts, text) => {
  const { problems, steps } = planDistribution({ ...READY, ...facts });
  expect(problems).toEqual([expect.stringContaining(text)]);
  expect(steps).toEqual([]);
});

test("all problems are named at once", () => {
  expect(planDistribution({ ...READY, nodes: 0, connections: 1 }).problems).toHaveLength(2);
});

test("each table is distributed by account, and its rows do not stay on the coordinator too", () => {
  const { steps } = planDistribution(READY);
  const statements = steps.flatMap((step) => step.statements);
  expect(statements.filter((sql) => sql.includes("create_distributed_table"))).toEqual(
    REPORT_TABLES.map((table) => `select create_distributed_table('public.${table}', 'account_id')`),
  );
  expect(statements.filter((sql) => sql.includes("truncate_local_data"))).toEqual([
    "select truncate_local_data_after_distributing_table('public.tls_report')",
  ]);
  expect(steps.map(({ text }) => text)).toContain("Table tls_report by account, 12,345 rows");
});

test("a second run has nothing left to do; a table or function of a later version is done then", () => {
  expect(planDistribution(DONE).steps).toEqual([]);
  const later = planDistribution({
    ...DONE,
    distributed: REPORT_TABLES.filter((name) => name !== "report_effect"),
    marking: new Map([...DONE.marking, ["mark_changed_domains", "\nBEGIN\n  …\nEND "]]),
  });
  expect(later.steps.map(({ text }) => text)).toEqual([
    "Table report_effect by account, 0 rows",
    "Function mark_changed_domains for distributed tables",
  ]);
});

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"), { isSplit: false });
});
afterAll(() => database?.drop());

const ask = async <T extends pg.QueryResultRow>(query: string): Promise<T[]> => {
  const client = new pg.Client({ connectionString: database.databaseUrl });
  await client.connect();
  try {
    return (await client.query<T>(query)).rows;
  } finally {
    await client.end();
  }
};

test("plain Postgres is refused in words, and stays as it is", async () => {
  const before = await ask("select proname, prosrc from pg_proc where proname like 'mark%' order by 1");
  await expect(distributeReports(database.databaseUrl)).rejects.toThrow(
    "does not have the Citus extension. Install Citus",
  );
  expect(await ask("select proname, prosrc from pg_proc where proname like 'mark%' order by 1")).toEqual(
    before,
  );
});

test("every unique key of the report tables contains account_id, and every trigger has its function for distributed tables", async () => {
  const keys = await ask(
    `select i.indexrelid::regclass::text as name from pg_index i join pg_class c on c.oid = i.indrelid
     where i.indisunique and c.relname = any(array['${REPORT_TABLES.join("','")}'])
       and not exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'account_id' and a.attnum = any(i.indkey))`,
  );
  expect(keys).toEqual([]);
  const functions = await ask<{ name: string }>(
    `select distinct p.proname::text as name from pg_trigger t join pg_proc p on p.oid = t.tgfoid join pg_class c on c.oid = t.tgrelid
     where not t.tgisinternal and c.relname = any(array['${REPORT_TABLES.join("','")}']) order by 1`,
  );
  expect(functions.map(({ name }) => name)).toEqual(Object.keys(MARKING).sort());
});
