import { AppError } from "@waxseal/core";
import type { Command } from "commander";
import { type Imported, importFiles } from "./import-files.ts";
import { listReportFiles } from "./list-report-files.ts";
import { openProgressBar } from "./open-progress-bar.ts";
import type { Run } from "./run-cli.ts";
import type { Outcome } from "./terminal.ts";
import { type AccountOption, withAccount } from "./with-account.ts";

const REPARSED_AT_ONCE = 100;
const REPARSE_FATES = ["read", "processed", "duplicate", "quarantined"] as const;

/** `report import` and `report reparse`. */
export function reportCommands(program: Command, run: Run): void {
  const report = program.command("report").description("TLS reports");
  report
    .command("reparse")
    .description("read all messages in quarantine again, after an upgrade or with a domain added")
    .option("--account <id or name>", "the account; needed when there are several")
    .action((options: AccountOption) =>
      run((terminal) =>
        withAccount(terminal, options, async (ctx, installation) => {
          const { createDkimKeyLookUp, reparseQuarantine } = await import("@waxseal/core/reports");
          const lookUpKey = createDkimKeyLookUp(installation.resolver(), ctx.now);
          const json = { read: 0, processed: 0, duplicate: 0, quarantined: 0 };
          for (let cursor: string | null | undefined; cursor !== null; ) {
            const part = await reparseQuarantine(
              ctx,
              { ...(cursor && { cursor }), limit: REPARSED_AT_ONCE },
              { lookUpKey },
            );
            for (const fate of REPARSE_FATES) json[fate] += part[fate];
            cursor = part.nextCursor;
          }
          const { read, processed, duplicate, quarantined } = json;
          const text = `${read} messages read again: ${processed} counted, ${duplicate} counted before, ${quarantined} still in quarantine\n`;
          return { json, text };
        }),
      ),
    );
  report
    .command("import <file...>")
    .description("count reports from files (.json .json.gz .eml .mbox), folders, or - for standard input")
    .option("--account <id or name>", "the account; needed when there are several")
    .action((paths: string[], options: AccountOption) =>
      run((terminal) =>
        withAccount(terminal, options, async (ctx, installation) => {
          const { createDkimKeyLookUp } = await import("@waxseal/core/reports");
          const deps = { lookUpKey: createDkimKeyLookUp(installation.resolver(), ctx.now) };
          const files = await listReportFiles(paths, terminal.cwd);
          if (files.length === 0) throw new AppError("invalid", "There is no file to import.");
          const bar = openProgressBar(terminal.progress, files.length, "files");
          try {
            return present(await importFiles(ctx, { files, stdin: terminal.stdin }, deps, bar.advance));
          } finally {
            bar.stop();
          }
        }),
      ),
    );
}

/** What is in quarantine is kept and can be read again: only what could not be stored has failed. */
function present(imported: readonly Imported[]): Outcome {
  const text = `${imported.map(formatImported).join("\n")}\n${summarize(imported)}\n`;
  return { json: imported, text, failed: imported.some(({ state }) => state === "failed") };
}

function summarize(imported: readonly Imported[]): string {
  const count = (state: Imported["state"]) => imported.filter((file) => file.state === state).length;
  const reports = imported.reduce((sum, file) => sum + file.reports, 0);
  return `${imported.length} files: ${reports} reports counted, ${count("duplicate")} counted before, ${count("quarantined")} in quarantine, ${count("failed")} not stored`;
}

function formatImported({ file, state, reason, detail, reports }: Imported): string {
  if (state === "quarantined")
    return `${file}: in quarantine, ${reason ?? "unknown"}${detail ? ` (${detail})` : ""}`;
  if (state === "failed") return `${file}: not stored (${detail})`;
  if (state === "duplicate") return `${file}: counted before`;
  return `${file}: ${reports} ${reports === 1 ? "report" : "reports"} counted`;
}
