import { AppError } from "@waxseal/core/app-error";
import {
  APP_ROLES,
  type ConfinedApp,
  compareReports,
  distributeReports,
  migrateBoth,
  NotDistributable,
  type PlannedMigration,
  planMigrations,
  ReportsNotMoved,
  setAppRole,
} from "@waxseal/db";
import type { Command } from "commander";
import { findDatabaseUrls } from "./open-installation.ts";
import type { Run } from "./run-cli.ts";

/** The setting that holds the password of each app's role. */
const PASSWORDS: Record<ConfinedApp, string> = {
  api: "POSTGRES_API_PASSWORD",
  nameserver: "POSTGRES_NAMESERVER_PASSWORD",
  "policy-server": "POSTGRES_POLICY_PASSWORD",
  "report-ingest": "POSTGRES_INGEST_PASSWORD",
  worker: "POSTGRES_WORKER_PASSWORD",
};

/** The others have nothing to do in a database of reports alone. */
const READS_REPORTS: ReadonlySet<ConfinedApp> = new Set(["api", "report-ingest", "worker"]);

const APPS = Object.keys(APP_ROLES) as ConfinedApp[];

/** `db migrate`, `db compare-reports`, `db distribute`, `db roles`. */
export function databaseCommands(program: Command, run: Run): void {
  const database = program.command("db").description("the database");
  database
    .command("migrate")
    .description(
      "bring the database to the schema of this version, and that of the reports where they have one; say first what that takes",
    )
    .option("--plan", "say it only")
    .action((options: { plan?: true }) =>
      run(async (terminal) => {
        const { databaseUrl, reportsDatabaseUrl } = findDatabaseUrls(terminal);
        const plans = [...new Set([databaseUrl, reportsDatabaseUrl ?? databaseUrl])].map(planMigrations);
        const plan = (await Promise.all(plans)).flat();
        if (options.plan) return { json: { plan }, text: describePlan(plan) };
        terminal.writeErr(plan.length > 0 ? describePlan(plan) : "");
        const applied = await migrateBoth(databaseUrl, reportsDatabaseUrl).catch((error: unknown) => {
          throw error instanceof ReportsNotMoved
            ? new AppError("conflict", error.message, { reason: "reports_not_moved" })
            : error;
        });
        const text =
          applied.length > 0 ? applied.map((name) => `Applied ${name}.\n`).join("") : "Up to date.\n";
        return { json: { applied }, text };
      }),
    );
  database
    .command("compare-reports")
    .description("compare every row of the reports in both databases, while nothing writes to them")
    .action(() =>
      run(async (terminal) => {
        const { databaseUrl, reportsDatabaseUrl } = findDatabaseUrls(terminal);
        if (!reportsDatabaseUrl)
          throw new AppError("invalid", "Set REPORTS_DATABASE_URL to the other database.");
        const tables = await compareReports(databaseUrl, reportsDatabaseUrl);
        const different = tables.filter(({ isSame }) => !isSame);
        const lines = tables.map(
          ({ table, rows, reportsRows, isSame }) =>
            `${table}: ${isSame ? `${rows} rows, the same` : `${rows} rows here, ${reportsRows} there, not the same`}\n`,
        );
        return { json: tables, text: lines.join(""), failed: different.length > 0 };
      }),
    );
  database
    .command("distribute")
    .description(
      "distribute the reports over the nodes of a Citus cluster, by account; check first; again after each migration",
    )
    .option("--plan", "say it only")
    .action((options: { plan?: true }) =>
      run(async (terminal) => {
        const { reportsDatabaseUrl } = findDatabaseUrls(terminal);
        if (!reportsDatabaseUrl)
          throw new AppError(
            "invalid",
            "Only a database of reports alone can be distributed. Move the reports first (README, Past one machine) and set REPORTS_DATABASE_URL.",
          );
        const isPlanOnly = options.plan ?? false;
        const steps = await distributeReports(reportsDatabaseUrl, { isPlanOnly }).catch((error: unknown) => {
          throw error instanceof NotDistributable
            ? new AppError("conflict", error.message, { reason: "reports_not_moved" })
            : error;
        });
        return { json: { [isPlanOnly ? "plan" : "done"]: steps }, text: describeSteps(steps, isPlanOnly) };
      }),
    );
  database
    .command("roles")
    .description("create a Postgres role for each app, with the rights it needs; again after each migration")
    .action(() =>
      run(async (terminal) => {
        const { databaseUrl, reportsDatabaseUrl } = findDatabaseUrls(terminal);
        const missing = APPS.map((app) => PASSWORDS[app]).filter((name) => !terminal.env[name]);
        if (missing.length > 0) throw new AppError("invalid", `Set ${missing.join(", ")}.`);
        for (const app of APPS) {
          const role = { app, password: terminal.env[PASSWORDS[app]] ?? "" };
          await setAppRole(databaseUrl, { ...role, part: reportsDatabaseUrl ? "state" : "all" });
          if (reportsDatabaseUrl && READS_REPORTS.has(app))
            await setAppRole(reportsDatabaseUrl, { ...role, part: "reports" });
        }
        const roles = Object.values(APP_ROLES);
        return { json: { roles }, text: `Roles set: ${roles.join(", ")}.\n` };
      }),
    );
}

function describeSteps(steps: readonly string[], isPlanOnly: boolean): string {
  if (steps.length === 0) return "Up to date: every table is distributed.\n";
  return `${isPlanOnly ? "This would be done:" : "Done:"}\n${steps.map((step) => `  ${step}\n`).join("")}`;
}

/** One line a migration, and one for each step that takes time. */
function describePlan(plan: readonly PlannedMigration[]): string {
  if (plan.length === 0) return "Up to date: nothing would be done.\n";
  const lines = plan.flatMap(({ name, steps }) => [
    `${name}${steps.length === 0 ? ": done at once" : ""}`,
    ...steps.map(
      ({ what, table, rows, estimatedSeconds, blocksWrites }) =>
        `  ${what} ${table} (about ${rows.toLocaleString("en")} rows): estimated ${estimatedSeconds} s${blocksWrites ? ", and writes to it wait" : ""}`,
    ),
  ]);
  return `${lines.join("\n")}\n`;
}
