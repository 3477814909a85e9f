import { AppError } from "@waxseal/core";
import { readVersion, SettingsError } from "@waxseal/runtime";
import { Command, CommanderError } from "commander";
import { accountCommands } from "./account-commands.ts";
import { alertCommands } from "./alert-commands.ts";
import { channelCommands } from "./channel-commands.ts";
import { checkCommand } from "./check-command.ts";
import { databaseCommands } from "./database-commands.ts";
import { doctorCommand } from "./doctor-command.ts";
import { domainCommands } from "./domain-commands.ts";
import { explainFailure } from "./explain-cli-failure.ts";
import { operatorCommands } from "./operator-commands.ts";
import { policyCommands } from "./policy-commands.ts";
import { reportCommands } from "./report-commands.ts";
import { secretCommands } from "./secret-commands.ts";
import type { Outcome, Terminal } from "./terminal.ts";

/** Runs a command's work and keeps what it has to say. */
export type Run = (work: (terminal: Terminal) => Promise<Outcome>) => Promise<void>;

/**
 * Runs one command. Returns the exit status: 0 done, 1 refused with a reason, 2 wrong usage.
 *
 * With `--json` standard output holds one object or array and nothing else, also when the command is refused:
 * `{"code", "detail", "errors"}` then.
 */
export async function runCli(args: readonly string[], terminal: Terminal): Promise<number> {
  const asJson = args.includes("--json");
  let outcome: Outcome | undefined;
  const run: Run = async (work) => {
    outcome = await work(asJson ? { ...terminal, progress: undefined } : terminal);
  };
  try {
    await createProgram(run, terminal, asJson).parseAsync(args, { from: "user" });
  } catch (error) {
    return fail(error, terminal, asJson);
  }
  if (outcome) terminal.writeOut(asJson ? `${JSON.stringify(outcome.json)}\n` : outcome.text);
  return outcome?.failed ? 1 : 0;
}

function createProgram(run: Run, terminal: Terminal, asJson: boolean): Command {
  const program = new Command("waxseal")
    .description("Hosted MTA-STS and TLS-RPT: the verbs of the dashboard on the command line.")
    .option("--json", "print one JSON object or array and nothing else")
    .exitOverride()
    .configureOutput({
      writeOut: terminal.writeOut,
      // With --json the usage error is printed as JSON instead.
      writeErr: (text) => {
        if (!asJson) terminal.writeErr(text);
      },
    });
  for (const add of [
    accountCommands,
    domainCommands,
    policyCommands,
    reportCommands,
    alertCommands,
    channelCommands,
    checkCommand,
    databaseCommands,
    secretCommands,
    operatorCommands,
    doctorCommand,
  ]) {
    add(program, run);
  }
  program
    .command("version")
    .description("the version of this Waxseal")
    .action(() => run(async () => ({ json: { version: readVersion() }, text: `${readVersion()}\n` })));
  return program;
}

function fail(error: unknown, terminal: Terminal, asJson: boolean): number {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return 0;
    if (asJson) terminal.writeOut(`${JSON.stringify({ code: "usage", detail: error.message })}\n`);
    return 2;
  }
  const { code, detail, errors, unsafe } = describeFailure(error, terminal);
  if (asJson)
    terminal.writeOut(
      `${JSON.stringify({ code, detail, ...(errors.length > 0 && { errors }), ...unsafe })}\n`,
    );
  else
    terminal.writeErr(
      `${[
        detail,
        ...(errors.length > 1 ? errors : []).map(({ path, problem }) => `  ${path}: ${problem}`),
        ...(unsafe?.reasons ?? []).map(({ level, text }) => `  ${level.padEnd(6)}  ${text}`),
      ].join("\n")}\n`,
    );
  return 1;
}

function describeFailure(error: unknown, terminal: Terminal) {
  if (error instanceof AppError) {
    const { code, message, fields: errors, unsafe } = error;
    const detail = code === "confirm_needed" ? `${message} Add --yes to add it all the same.` : message;
    return { code, detail, errors, unsafe };
  }
  if (error instanceof SettingsError)
    return { code: "invalid", detail: error.message, errors: [], unsafe: undefined };
  return { code: "unavailable", detail: explainFailure(error, terminal), errors: [], unsafe: undefined };
}
