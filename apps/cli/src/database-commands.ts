import { migrate } from "@waxseal/db";
import type { Command } from "commander";
import { findDatabaseUrl } from "./open-installation.ts";
import type { Run } from "./run-cli.ts";

/** `db migrate`. */
export function databaseCommands(program: Command, run: Run): void {
  program
    .command("db")
    .description("the database")
    .command("migrate")
    .description("bring the database to the schema of this version")
    .action(() =>
      run(async (terminal) => {
        const applied = await migrate(findDatabaseUrl(terminal));
        const text =
          applied.length > 0 ? applied.map((name) => `Applied ${name}.\n`).join("") : "Up to date.\n";
        return { json: { applied }, text };
      }),
    );
}
