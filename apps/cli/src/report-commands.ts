import type { Schemas } from "@waxseal/client";
import { formatDay } from "@waxseal/contract/format-instant";
import { AppError } from "@waxseal/core/app-error";
import type { Command } from "commander";
import { collectItems } from "./collect-items.ts";
import type { CustomerApi } from "./customer-api.ts";
import { type Imported, importFiles } from "./import-files.ts";
import { listReportFiles } from "./list-report-files.ts";
import { monthlyCommands } from "./monthly-commands.ts";
import { openProgressBar } from "./open-progress-bar.ts";
import type { Run } from "./run-cli.ts";
import type { Outcome } from "./terminal.ts";
import { ACCOUNT, type AccountOption, withApi } from "./with-api.ts";

const REPARSED_AT_ONCE = 100;
const REPARSE_FATES = ["read", "processed", "duplicate", "quarantined"] as const;

/** `report import`, `report monthly`, `report customers`, `report reparse` and `report recount`. */
export function reportCommands(program: Command, run: Run): void {
  const report = program.command("report").description("TLS reports");
  monthlyCommands(report, run);
  report
    .command("reparse")
    .description("read all messages in quarantine again, after an upgrade or with a domain added")
    .option(...ACCOUNT)
    .action((options: AccountOption) =>
      run((terminal) =>
        withApi(terminal, options, async (api) => {
          const json = { read: 0, processed: 0, duplicate: 0, quarantined: 0 };
          for (let cursor: string | null | undefined; cursor !== null; ) {
            const part = await api.reparseQuarantine({
              body: { cursor: cursor ?? undefined, limit: REPARSED_AT_ONCE },
            });
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
    .command("recount")
    .description("show how many days of figures are still being recomputed after an upgrade")
    .option(...ACCOUNT)
    .option("--start", "recompute all days from the reports kept")
    .action((options: AccountOption & { start?: true }) =>
      run(async (terminal) =>
        (await import("./with-account.ts")).withAccount(terminal, options, async (ctx) => {
          const { countRecountDays, startRecount } = await import("@waxseal/core/reports");
          if (options.start) await startRecount(ctx);
          const daysLeft = await countRecountDays(ctx.db, ctx.accountId);
          const text =
            daysLeft === 0
              ? "All figures are up to date.\n"
              : `${daysLeft} days are still to be recomputed.\n`;
          return { json: { daysLeft }, text };
        }),
      ),
    );
  report
    .command("customers")
    .description("show what trusted reports say of the account and of each customer it manages")
    .option(...ACCOUNT)
    .option("--from <day>", "first UTC day, such as 2026-11-01; the last 14 complete days without both")
    .option("--to <day>", "last UTC day; today with --from alone")
    .action(({ from, to, ...options }: AccountOption & { from?: string; to?: string }) =>
      run((terminal) =>
        withApi(terminal, options, async (api) => {
          if ([from, to].some((day) => day !== undefined && !/^\d{4}-\d\d-\d\d$/.test(day)))
            throw new AppError("invalid", "A day is written as 2026-11-01.");
          const json = await readCustomerReports(api, { from, to });
          return { json, text: formatCustomerReports(json) };
        }),
      ),
    );
  report
    .command("import <file...>")
    .description(
      "count reports from files (.json .jsonl .eml .mbox, also as .gz or .zip), folders, or - for standard input",
    )
    .option(...ACCOUNT)
    .action((paths: string[], options: AccountOption) =>
      run(async (terminal) =>
        (await import("./with-account.ts")).withAccount(terminal, options, async (ctx, installation) => {
          const { createDkimKeyLookUp } = await import("@waxseal/core/reports");
          const deps = { lookUpKey: createDkimKeyLookUp(installation.resolver()) };
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

/** All pages: the first with the customers of all. */
async function readCustomerReports(
  api: CustomerApi,
  days: { from?: string | undefined; to?: string | undefined },
) {
  const first = await api.getCustomersReports({ query: days });
  const items = await collectItems((cursor) =>
    cursor === undefined ? Promise.resolve(first) : api.getCustomersReports({ query: { ...days, cursor } }),
  );
  return { ...first, items, nextCursor: null };
}

function formatCustomerReports({ totals, items }: Schemas["CustomerReports"]): string {
  const line = (name: string, figures: (typeof items)[number] | typeof totals) => {
    const { domains, failingDomains, sessions, failedSessions, successShare, lastDay } = figures;
    const share = successShare === null ? "no reports" : `${(successShare * 100).toFixed(1)}% successful`;
    const counts = `${countOf(sessions, "session")}, ${failedSessions} failed; ${failingDomains} of ${countOf(domains, "domain")} failing`;
    return `${name}: ${share}, ${counts}${lastDay ? `; last report for ${formatDay(lastDay)}` : ""}`;
  };
  const lines = items.map((item) => line(item.customer ?? "this account", item));
  return `${[...lines, line(`All ${items.length}`, totals)].join("\n")}\n`;
}

/** Fails when anything was not used, so that a script notices; what is in quarantine is kept and can be reprocessed. */
function present(imported: readonly Imported[]): Outcome {
  const text = `${imported.map(formatImported).join("\n")}\n${summarize(imported)}\n`;
  const failed = imported.some(({ state, notUsedCount }) => state === "failed" || notUsedCount > 0);
  return { json: imported, text, failed };
}

function summarize(imported: readonly Imported[]): string {
  const sum = (key: "found" | "reports" | "duplicates" | "notUsedCount") =>
    imported.reduce((total, file) => total + file[key], 0);
  const failed = imported.filter(({ state }) => state === "failed").length;
  const notStored = failed > 0 ? `; ${countOf(failed, "file")} not stored` : "";
  return `${countOf(imported.length, "file")}: ${countOf(sum("found"), "report")} found, ${sum("reports")} counted, ${sum("duplicates")} counted before; ${sum("notUsedCount")} in quarantine${notStored}`;
}

function formatImported({
  file,
  state,
  detail,
  found,
  reports,
  duplicates,
  notUsedCount,
  notUsed,
}: Imported): string {
  if (state === "failed") return `${file}: not stored (${detail})`;
  const counts = `${file}: ${countOf(found, "report")} found, ${reports} counted, ${duplicates} counted before`;
  if (notUsedCount === 0) return counts;
  const lines = notUsed.map((each) => `  ${each.place ? `${each.place}: ` : ""}${each.detail}`);
  const left = notUsedCount - notUsed.length;
  return [
    `${counts}; ${notUsedCount} in quarantine:`,
    ...lines,
    ...(left > 0 ? [`  and ${left} more`] : []),
  ].join("\n");
}

function countOf(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
