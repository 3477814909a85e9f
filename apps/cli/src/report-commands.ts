import { AppError, type Context } from "@waxseal/core";
import type { ImportDeps, ImportedFile, ReportFile } from "@waxseal/core/reports";
import type { Command } from "commander";
import { readReportFiles } from "./read-report-files.ts";
import type { Run } from "./run-cli.ts";
import type { Outcome } from "./terminal.ts";
import { type AccountOption, withAccount } from "./with-account.ts";

type Imported = ImportedFile & { file: string };

const MAX_BATCH_FILES = 100;
const MAX_BATCH_BYTES = 32 * 1024 * 1024;

/** `report import`. */
export function reportCommands(program: Command, run: Run): void {
  program
    .command("report")
    .description("TLS reports")
    .command("import <file...>")
    .description("count reports from files (.json .json.gz .eml .mbox), folders, or - for standard input")
    .option("--account <id or name>", "the account; needed when there are several")
    .action((paths: string[], options: AccountOption) =>
      run((terminal) =>
        withAccount(terminal, options, async (ctx, installation) => {
          const { createDkimKeyLookUp } = await import("@waxseal/core/reports");
          const deps = { lookUpKey: createDkimKeyLookUp(installation.resolver(), ctx.now) };
          return importAll(ctx, readReportFiles(paths, terminal.cwd, terminal.stdin), deps);
        }),
      ),
    );
}

async function importAll(ctx: Context, files: AsyncIterable<ReportFile>, deps: ImportDeps): Promise<Outcome> {
  const { importReports } = await import("@waxseal/core/reports");
  const imported: Imported[] = [];
  let batch: ReportFile[] = [];
  let batchBytes = 0;
  const flush = async () => {
    const results = await importReports(ctx, batch, deps);
    imported.push(...results.map((result, index) => ({ file: batch[index]?.fileName ?? "", ...result })));
    batch = [];
    batchBytes = 0;
  };
  for await (const file of files) {
    batch.push(file);
    batchBytes += file.bytes.length;
    if (batch.length >= MAX_BATCH_FILES || batchBytes >= MAX_BATCH_BYTES) await flush();
  }
  if (batch.length > 0) await flush();
  if (imported.length === 0) throw new AppError("invalid", "There is no file to import.");
  // What is in quarantine is kept and can be read again: nothing was refused.
  return { json: imported, text: `${imported.map(formatImported).join("\n")}\n${summarize(imported)}\n` };
}

function summarize(imported: readonly Imported[]): string {
  const count = (state: Imported["state"]) => imported.filter((file) => file.state === state).length;
  const reports = imported.reduce((sum, file) => sum + file.reports, 0);
  return `${imported.length} files: ${reports} reports counted, ${count("duplicate")} counted before, ${count("quarantined")} in quarantine`;
}

function formatImported({ file, state, reason, detail, reports }: Imported): string {
  if (state === "quarantined")
    return `${file}: in quarantine, ${reason ?? "unknown"}${detail ? ` (${detail})` : ""}`;
  if (state === "duplicate") return `${file}: counted before`;
  return `${file}: ${reports} ${reports === 1 ? "report" : "reports"} counted`;
}
