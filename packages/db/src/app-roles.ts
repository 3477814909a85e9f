import type pg from "pg";
import { type AppRights, RIGHTS } from "./app-rights.ts";
import { createClient } from "./connect.ts";
import { REPORT_TABLES } from "./report-tables.ts";

/** An app that works with fewer rights than the owner of the database has. */
export type ConfinedApp = "nameserver" | "policy-server" | "report-ingest" | "worker" | "api";

/** The Postgres role of each of them. */
export const APP_ROLES: Readonly<Record<ConfinedApp, string>> = {
  nameserver: "waxseal_nameserver",
  "policy-server": "waxseal_policy",
  "report-ingest": "waxseal_ingest",
  worker: "waxseal_worker",
  api: "waxseal_api",
};

/** Two runs that start together take turns. */
const ROLES_LOCK = 7_218_462;

/** What a database is used for: state and reports, or one of them. */
export type DatabasePart = "all" | "state" | "reports";

type AppRole = { app: ConfinedApp; password: string; role?: string; part?: DatabasePart };

/**
 * Creates an app's role, or changes it, so that it has this password and exactly the rights that the app needs in this database;
 * rights that it had before are taken away. Needs the owner of the database, who may create roles. Safe to run again.
 */
export async function setAppRole(
  databaseUrl: string,
  { app, password, role = APP_ROLES[app], part = "all" }: AppRole,
): Promise<void> {
  const client = createClient(databaseUrl);
  await client.connect();
  try {
    const name = client.escapeIdentifier(role);
    await client.query("begin");
    await client.query("select pg_advisory_xact_lock($1)", [ROLES_LOCK]);
    const { rowCount } = await client.query("select from pg_roles where rolname = $1", [role]);
    if (!rowCount) await client.query(`create role ${name}`);
    await client.query(`alter role ${name} login password ${client.escapeLiteral(password)}`);
    const rights = await listGrants(client, RIGHTS[app], part);
    const statements = [
      ...SCHEMAS.flatMap((schema) => [
        `revoke all on all tables in schema ${schema} from %`,
        `revoke all on all sequences in schema ${schema} from %`,
        `revoke all on all functions in schema ${schema} from %`,
      ]),
      "grant usage on schema public to %",
      // Whether the schema is that of its version.
      'grant select (migration_name, finished_at, rolled_back_at) on "_prisma_migrations" to %',
      ...rights,
    ];
    await client.query(statements.map((statement) => statement.replaceAll("%", name)).join(";\n"));
    await allowQueueRows(client, { role, name, may: part !== "reports" && RIGHTS[app].usesQueue });
    await client.query("commit");
  } finally {
    await client.end();
  }
}

const SCHEMAS = ["public", "graphile_worker"] as const;

const IN_REPORTS: ReadonlySet<string> = new Set(REPORT_TABLES);

/** Whether a table of this name is used in a database. */
function isOf(part: DatabasePart, table: string): boolean {
  return part === "all" || IN_REPORTS.has(table) === (part === "reports");
}

/** The sequences and functions that only the tables of reports need are named for them. */
function isOfTables(part: DatabasePart, name: string): boolean {
  return part === "all" || /^tls_|report_partition/.test(name) === (part === "reports");
}

async function listGrants(client: pg.Client, rights: AppRights, part: DatabasePart): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select c.relname as name from pg_class c
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
       and c.relname <> '_prisma_migrations' order by 1`,
  );
  const listed = new Set(Object.keys(rights.tables));
  const others = rights.others
    ? rows
        .filter(({ name }) => !listed.has(name) && isOf(part, name))
        .map(({ name }) => `grant ${rights.others} on "${name}" to %`)
    : [];
  return [
    ...Object.entries(rights.tables)
      .filter(([table]) => isOf(part, table))
      .flatMap(([table, grants]) =>
        grants.map(({ may, columns }) => `grant ${may}${columns ? ` (${columns})` : ""} on "${table}" to %`),
      ),
    ...others,
    ...(rights.sequences === "all"
      ? ["grant usage on all sequences in schema public to %"]
      : rights.sequences
          .filter((sequence) => isOfTables(part, sequence))
          .map((sequence) => `grant usage on sequence ${sequence} to %`)),
    ...rights.functions
      .filter((signature) => isOfTables(part, signature))
      .map((signature) => `grant execute on function ${signature} to %`),
    ...(rights.usesQueue && part !== "reports"
      ? [
          "grant usage on schema graphile_worker to %",
          "grant select, insert, update, delete on all tables in schema graphile_worker to %",
          "grant usage on all sequences in schema graphile_worker to %",
        ]
      : []),
  ];
}

/** Row level security is on in the job queue's tables, without a policy: only their owner sees rows there. */
async function allowQueueRows(
  client: pg.Client,
  { role, name, may }: { role: string; name: string; may: boolean },
): Promise<void> {
  const { rows } = await client.query<{ table: string; has: boolean }>(
    `select c.oid::regclass::text as table, exists (select from pg_policy p where p.polrelid = c.oid and p.polname = $1) as has
     from pg_class c where c.relnamespace = 'graphile_worker'::regnamespace and c.relrowsecurity`,
    [role],
  );
  for (const { table, has } of rows)
    if (may && !has)
      await client.query(`create policy ${name} on ${table} to ${name} using (true) with check (true)`);
}
