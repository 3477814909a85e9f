import { readFileSync } from "node:fs";
import { requireSuitableDatabase } from "./check-database.ts";
import { findMissingMigrations, MIGRATIONS_DIR } from "./find-missing-migrations.ts";
import { openSqlDatabase } from "./open-sql-database.ts";

/** One statement of a migration that takes time with the rows there are. */
export type PlannedStep = {
  /** What it does, e.g. `builds an index on`. */
  what: string;
  table: string;
  /** As the database estimates. */
  rows: number;
  /** An estimate from the number of rows; nothing is measured on this database. */
  estimatedSeconds: number;
  /** Whether writes to the table wait meanwhile. */
  blocksWrites: boolean;
};

/** A migration that the database lacks, and what of it takes time; no steps: it is done at once, whatever the tables hold. */
export type PlannedMigration = { name: string; steps: PlannedStep[] };

/** Rows a second, an estimate for two cores; real ones depend on widths, indexes and the disk. */
const RATES = { index: 400_000, rewrite: 150_000, check: 1_500_000 } as const;

const STATEMENTS: readonly { form: RegExp; what: string; rate: number; blocksWrites: boolean }[] = [
  {
    form: /^create (?:unique )?index concurrently .*? on (\S+)/,
    what: "builds an index on",
    rate: RATES.index,
    blocksWrites: false,
  },
  {
    form: /^create (?:unique )?index .*? on (\S+)/,
    what: "builds an index on",
    rate: RATES.index,
    blocksWrites: true,
  },
  { form: /^update (\S+)/, what: "changes rows of", rate: RATES.rewrite, blocksWrites: false },
  { form: /^delete from (\S+)/, what: "deletes rows of", rate: RATES.rewrite, blocksWrites: false },
  { form: /^insert into .*? from (\S+)/, what: "reads", rate: RATES.rewrite, blocksWrites: false },
  {
    form: /^alter table (\S+) .*(?:type |add constraint .*(?:primary key|unique))/,
    what: "rewrites or checks",
    rate: RATES.rewrite,
    blocksWrites: true,
  },
  {
    form: /^alter table (\S+) .*(?:set not null|add constraint .*(?:check|foreign key)(?!.*not valid))/,
    what: "checks",
    rate: RATES.check,
    blocksWrites: true,
  },
];

/** The steps of a migration's script that take time where a table has rows. Pure. */
export function planScript(sql: string, rowsOf: (table: string) => number): PlannedStep[] {
  return splitStatements(sql).flatMap((statement) => {
    const found = STATEMENTS.map((one) => ({ ...one, match: one.form.exec(statement) })).find(
      ({ match }) => match,
    );
    const table = found?.match?.[1]
      ?.replace(/\(.*/, "")
      .replaceAll(/"|^only /g, "")
      .replace(/^public\./, "");
    if (!found || !table) return [];
    const rows = rowsOf(table);
    const { what, rate, blocksWrites } = found;
    return rows > 0 ? [{ what, table, rows, estimatedSeconds: Math.ceil(rows / rate), blocksWrites }] : [];
  });
}

/**
 * What `migrate` would do to this database now, oldest first. Changes nothing.
 * @throws UnsuitableDatabase it would refuse this database
 */
export async function planMigrations(databaseUrl: string): Promise<PlannedMigration[]> {
  await requireSuitableDatabase(databaseUrl);
  const db = openSqlDatabase(databaseUrl, { poolSize: 1 });
  try {
    const names = await findMissingMigrations(db);
    const tables = await db.$queryRaw<{ name: string; rows: number }[]>`
      select c.relname::text as name, greatest(c.reltuples, (
        select coalesce(sum(greatest(p.reltuples, 0)), 0) from pg_inherits i join pg_class p on p.oid = i.inhrelid
        where i.inhparent = c.oid), 0)::float8 as rows
      from pg_class c where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace`;
    const rows = new Map(tables.map((table) => [table.name, table.rows]));
    return names.map((name) => ({
      name,
      steps: planScript(
        readFileSync(`${MIGRATIONS_DIR}/${name}/migration.sql`, "utf8"),
        (table) => rows.get(table) ?? 0,
      ),
    }));
  } finally {
    await db.close();
  }
}

/** Lower case, one line each, without comments; bodies of functions stay in one piece. */
function splitStatements(sql: string): string[] {
  const pieces = sql.replaceAll(/--.*$/gm, "").split(/(\$\w*\$[\s\S]*?\$\w*\$)/);
  const flat = pieces.map((piece, place) => (place % 2 === 1 ? "$body$" : piece)).join("");
  return flat.split(";").map((statement) => statement.replaceAll(/\s+/g, " ").trim().toLowerCase());
}
