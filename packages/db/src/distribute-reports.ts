import pg from "pg";
import { type DistributionStep, ENUMS, MARKING, planDistribution } from "./plan-distribution.ts";
import { REPORT_TABLES } from "./report-tables.ts";

/** A database that cannot be distributed yet; the message says what to do first, a line for each problem. */
export class NotDistributable extends Error {
  override name = "NotDistributable";
}

/**
 * Distributes the tables of reports over the nodes of a Citus cluster by account, so that one node answers what one account asks.
 *
 * Checks first, and changes nothing unless every check passes. Tables that are distributed already stay as they are: safe to run again,
 * also after a migration. Returns a line for each step; with `isPlanOnly` nothing is changed. Nothing may be connected meanwhile.
 * @throws NotDistributable
 */
export async function distributeReports(
  reportsDatabaseUrl: string,
  { isPlanOnly = false }: { isPlanOnly?: boolean } = {},
): Promise<string[]> {
  const client = new pg.Client({ connectionString: reportsDatabaseUrl });
  await client.connect();
  try {
    const { problems, steps } = planDistribution(await inspect(client));
    if (problems.length > 0) throw new NotDistributable(problems.join("\n"));
    if (!isPlanOnly) for (const step of steps) await take(client, step);
    return steps.map(({ text }) => text);
  } finally {
    await client.end();
  }
}

async function take(client: pg.Client, { statements }: DistributionStep): Promise<void> {
  for (const statement of statements) await client.query(statement);
}

async function inspect(client: pg.Client) {
  const [found] = await ask<{
    version: string | null;
    triggers: string | null;
    tables: string[];
    connections: number;
    casts: string[];
  }>(
    client,
    `select (select extversion from pg_extension where extname = 'citus') as version,
       current_setting('citus.enable_unsafe_triggers', true) as triggers,
       array(select relname::text from pg_class where relnamespace = 'public'::regnamespace and relname = any($1)) as tables,
       (select count(*)::int from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()
         and backend_type = 'client backend' and application_name not like 'citus%') as connections,
       array(select t.typname::text from pg_cast c join pg_type t on t.oid = c.casttarget
         where c.castsource = 'text'::regtype and t.typname = any($2)) as casts`,
    [REPORT_TABLES, ENUMS],
  );
  const tables = REPORT_TABLES.filter((name) => found?.tables.includes(name));
  const version = found?.version ?? null;
  return {
    version,
    missingTables: REPORT_TABLES.filter((name) => !tables.includes(name)),
    keysWithoutAccount: await findKeysWithoutAccount(client),
    connections: found?.connections ?? 0,
    casts: found?.casts ?? [],
    marking: await readMarking(client),
    rows: await countRows(client, tables),
    ...(version === null ? NO_CLUSTER : await inspectCluster(client, found?.triggers === "on")),
  };
}

const NO_CLUSTER = { nodes: 0, nodesWithoutTriggers: 0, distributed: [], functions: [] };

/** A unique key of a distributed table has to hold the column that says where a row is. */
async function findKeysWithoutAccount(client: pg.Client): Promise<string[]> {
  const rows = await ask<{ name: string }>(
    client,
    `select i.indexrelid::regclass::text as name from pg_index i join pg_class c on c.oid = i.indrelid
     where i.indisunique and c.relnamespace = 'public'::regnamespace and c.relname = any($1)
       and not exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'account_id' and a.attnum = any(i.indkey))
     order by 1`,
    [REPORT_TABLES],
  );
  return rows.map(({ name }) => name);
}

async function readMarking(client: pg.Client): Promise<Map<string, string>> {
  const rows = await ask<{ name: string; body: string }>(
    client,
    "select proname::text as name, prosrc as body from pg_proc where pronamespace = 'public'::regnamespace and proname = any($1)",
    [Object.keys(MARKING)],
  );
  return new Map(rows.map(({ name, body }) => [name, body]));
}

async function countRows(client: pg.Client, tables: readonly string[]): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for (const table of tables) {
    const [row] = await ask<{ rows: string }>(client, `select count(*)::text as rows from ${table}`);
    counts.set(table, Number(row?.rows));
  }
  return counts;
}

async function inspectCluster(client: pg.Client, hasTriggersHere: boolean) {
  const [nodes] = await ask<{ count: number }>(
    client,
    "select count(*)::int as count from pg_dist_node where isactive and shouldhaveshards",
  );
  const others = await ask<{ result: string }>(
    client,
    "select result from run_command_on_all_nodes('show citus.enable_unsafe_triggers')",
  );
  const distributed = await ask<{ name: string }>(
    client,
    "select logicalrelid::text as name from pg_dist_partition where partmethod = 'h'",
  );
  const functions = await ask<{ name: string }>(
    client,
    "select p.proname::text as name from pg_dist_object o join pg_proc p on p.oid = o.objid where o.classid = 'pg_proc'::regclass",
  );
  return {
    nodes: nodes?.count ?? 0,
    nodesWithoutTriggers: others.filter(({ result }) => result !== "on").length || (hasTriggersHere ? 0 : 1),
    distributed: distributed.map(({ name }) => name),
    functions: functions.map(({ name }) => name),
  };
}

async function ask<T extends pg.QueryResultRow>(
  client: pg.Client,
  query: string,
  values: unknown[] = [],
): Promise<T[]> {
  return (await client.query<T>(query, values)).rows;
}
