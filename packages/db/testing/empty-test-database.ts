import type pg from "pg";

/** What a larger table costs to empty, and what it leaves behind for the planner, is more than a fresh copy costs. */
const MAX_TABLE_BYTES = 1024 * 1024;

/** What a database is besides its rows, to compare it with later. */
export type Shape = { digest: string; newestTable: number };

/** Everything that a test may change besides rows. Partitions that it made are dropped before this is compared. */
const SHAPE = `
  select md5(string_agg(part, ' ' order by part)) as digest,
    (select max(oid)::bigint::int from pg_class) as "newestTable" from (
    select format('%s %s %s %s %s %s', oid, relname, relacl, reloptions, relrowsecurity, reltablespace) as part from pg_class where oid >= 16384
    union all select format('%s %s %s %s', attrelid, attname, atttypid, attnotnull) from pg_attribute where attrelid >= 16384 and attnum > 0
    union all select format('%s %s %s', oid, conname, convalidated) from pg_constraint where oid >= 16384
    union all select format('%s %s', oid, tgenabled) from pg_trigger
    union all select format('%s %s %s', oid, prosrc, proacl) from pg_proc where oid >= 16384
    union all select format('%s %s', oid, indisvalid) from pg_index join pg_class on oid = indexrelid where oid >= 16384
    union all select format('%s %s', oid, nspname) from pg_namespace where nspname not like 'pg\\_%'
    union all select format('%s %s', evtname, evtenabled) from pg_event_trigger
    union all select format('%s %s', setdatabase, setconfig) from pg_db_role_setting
      where setdatabase = (select oid from pg_database where datname = current_database())
    union all select format('%s %s', migration_name, finished_at) from _prisma_migrations
    union all select format('%s', id) from graphile_worker.migrations
  ) parts`;

/** Tables that the template fills. */
const KEPT = ["_prisma_migrations", "migrations"];

/** Reads the shape of a database. */
export async function readShape(client: pg.Client): Promise<Shape> {
  const { rows } = await client.query<Shape>(SHAPE);
  if (!rows[0]) throw new Error("This database has no shape.");
  return rows[0];
}

/** Whether only rows, and partitions that are gone again, were changed between two looks. */
export function isSame(one: Shape, other: Shape): boolean {
  return one.digest === other.digest;
}

/**
 * Takes every row out of the database, sets its sequences back and ends its other connections. False when it cannot be used again:
 * a test changed more than rows, or filled it.
 */
export async function emptyTestDatabase(client: pg.Client, shape: Shape): Promise<boolean> {
  await client.query(
    "select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()",
  );
  const { rows } = await client.query<{ name: string; bytes: string; isNew: boolean }>(
    `select oid::regclass::text as name, pg_table_size(oid) as bytes, relispartition and oid > $2 as "isNew" from pg_class
     where oid >= 16384 and relkind = 'r' and relname <> all ($1) and (oid > $2 or pg_relation_size(oid) > 0)`,
    [KEPT, shape.newestTable],
  );
  if (rows.some(({ bytes }) => Number(bytes) > MAX_TABLE_BYTES)) return false;
  // Without foreign keys and triggers, so that the order of the tables does not matter.
  const statements = [
    "set session_replication_role = replica",
    ...rows.map(({ name, isNew }) => (isNew ? `drop table ${name}` : `delete from ${name}`)),
    "select setval(seqrelid, seqstart, false) from pg_sequence where seqrelid >= 16384",
  ];
  await client.query(statements.join(";\n"));
  return isSame(await readShape(client), shape);
}
