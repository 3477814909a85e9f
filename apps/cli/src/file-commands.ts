import { createWriteStream } from "node:fs";
import { isAbsolute, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { AppError } from "@waxseal/core/app-error";
import { explainFileError } from "@waxseal/runtime";
import { Argument, type Command, Option } from "commander";
import type { CustomerApi } from "./customer-api.ts";
import { formatInstructions } from "./format-domain.ts";
import type { Run } from "./run-cli.ts";
import type { Outcome, Terminal } from "./terminal.ts";
import { ACCOUNT, type AccountOption, findNamedDomain, withApi } from "./with-api.ts";

type SheetOptions = AccountOption & {
  all?: true;
  complete?: true;
  format: "text" | "csv" | "zone";
  output?: string;
};
type ExportOptions = AccountOption & {
  format: "csv" | "json";
  from?: string;
  to?: string;
  output?: string;
};
type Exported = "account" | "events" | "reports";

/** `instructions` and `export`. */
export function fileCommands(program: Command, run: Run): void {
  instructionCommand(program, run);
  program
    .command("export")
    .description("everything kept for the account, its audit log, or its report figures, as a file")
    .addArgument(new Argument("<what>").choices(["account", "events", "reports"]))
    .addOption(
      new Option("--format <format>", "of events and reports").choices(["csv", "json"]).default("csv"),
    )
    .option("--from <day>", "of events and reports: first UTC day, such as 2026-11-01")
    .option("--to <day>", "of events and reports: last UTC day")
    .option("-o, --output <file>", "the file; default: standard output")
    .option(...ACCOUNT)
    .addHelpText(
      "after",
      "\nExamples:\n  waxseal export account -o account.json\n  waxseal export reports --from 2026-11-01 --to 2026-11-30 > november.csv",
    )
    .action((what: Exported, options: ExportOptions, command: Command) => {
      refuseTwoOutputs(command, options, what === "account" ? "json" : options.format);
      return run((terminal) =>
        withApi(terminal, options, async (api) =>
          keep(terminal, await openExport(api, what, options), options),
        ),
      );
    });
}

function instructionCommand(program: Command, run: Run): void {
  program
    .command("instructions [domain...]")
    .description("the CNAMEs that domains lack, for the person who edits their DNS")
    .option("--all", "also of the domains of all customers")
    .option("--complete", "also the CNAMEs that are there already")
    .addOption(new Option("--format <format>").choices(["text", "csv", "zone"]).default("text"))
    .option("-o, --output <file>", "the file for csv or zone; default: standard output")
    .option(...ACCOUNT)
    .addHelpText(
      "after",
      "\nExamples:\n  waxseal instructions example.com\n  waxseal instructions --all --format csv -o cnames.csv",
    )
    .action((names: string[], options: SheetOptions, command: Command) => {
      refuseTwoOutputs(command, options, options.format === "text" ? "json" : options.format);
      return run((terminal) =>
        withApi(terminal, options, async (api) => {
          const ids: string[] = [];
          for (const name of names) ids.push((await findNamedDomain(api, name)).id);
          const query = {
            only: options.complete ? ("all" as const) : ("missing" as const),
            scope: options.all ? ("customers" as const) : ("account" as const),
            domainIds: ids.length > 0 ? ids.join(",") : undefined,
          };
          const { format } = options;
          if (format !== "text")
            return keep(terminal, await api.getInstructionsExport({ query: { ...query, format } }), options);
          return showInstructions(api, query);
        }),
      );
    });
}

/** With --json standard output holds JSON and nothing else. */
function refuseTwoOutputs(command: Command, { output }: { output?: string }, format: string): void {
  if (command.optsWithGlobals<{ json?: true }>().json && output === undefined && format !== "json")
    command.error("error: with --json, name the file by --output");
}

type SheetQuery = { only: "all" | "missing"; scope: "account" | "customers"; domainIds: string | undefined };

async function showInstructions(api: CustomerApi, query: SheetQuery): Promise<Outcome> {
  const { collectItems } = await import("./collect-items.ts");
  const items = await collectItems((cursor) =>
    api.getInstructions({ query: { ...query, cursor, limit: 500 } }),
  );
  return { json: items, text: formatInstructions(items) };
}

function openExport(
  api: CustomerApi,
  what: Exported,
  { format, from, to }: ExportOptions,
): Promise<Response> {
  if (what === "account") return api.getAccountExport();
  if (what === "events") return api.getEventsExport({ query: { format, from, to } });
  return api.getTlsReportsExport({ query: { format, from, to } });
}

/**
 * Writes a file while it is read. One that breaks off stays as far as it came, and the command fails.
 * @throws AppError `unavailable` – it broke off; `invalid` – it cannot be written
 */
async function keep(terminal: Terminal, file: Response, { output }: { output?: string }): Promise<Outcome> {
  let bytes = 0;
  async function* read() {
    try {
      for await (const chunk of file.body ?? []) {
        bytes += chunk.length;
        yield chunk;
      }
    } catch (cause) {
      throw new AppError("unavailable", `The file broke off after ${bytes} bytes. Ask for it again.`, {
        reason: "dependency_away",
        cause,
      });
    }
  }
  if (output === undefined) {
    const decoder = new TextDecoder();
    for await (const chunk of read()) terminal.writeOut(decoder.decode(chunk, { stream: true }));
    return { json: {}, text: "", isWritten: true };
  }
  const path = isAbsolute(output) ? output : join(terminal.cwd, output);
  // It may name people: other users of the machine have no business with it.
  await pipeline(read, createWriteStream(path, { mode: 0o600 })).catch((cause: unknown) => {
    if (cause instanceof AppError) throw cause;
    throw new AppError("invalid", `${output} could not be written: ${explainFileError(cause)}`, { cause });
  });
  return { json: { file: output, bytes }, text: `${output} is written: ${bytes} bytes.\n` };
}
