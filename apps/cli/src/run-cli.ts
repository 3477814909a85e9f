import { readSecretFiles } from "@waxseal/runtime/read-secret-files";
import { readVersion } from "@waxseal/runtime/read-version";
import { Argument, Command, CommanderError } from "commander";
import { COMMAND_GROUPS } from "./command-groups.ts";
import { formatCompletion, SHELLS } from "./format-completion.ts";
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
    readSecretFiles(terminal.env);
    const program = await createProgram(run, terminal, { asJson, wanted: findWanted(args) });
    await program.parseAsync(args, { from: "user" });
  } catch (error) {
    return fail(error, terminal, asJson);
  }
  if (outcome) terminal.writeOut(asJson ? `${JSON.stringify(outcome.json)}\n` : outcome.text);
  return outcome?.failed ? 1 : 0;
}

/** The first command that is named, also after `help`. */
function findWanted(args: readonly string[]): string | undefined {
  const [first, second] = args.filter((arg) => !arg.startsWith("-"));
  return first === "help" ? second : first;
}

/** The program with every command; of those that are not wanted only name and description. `*`: the whole. */
async function createProgram(
  run: Run,
  terminal: Terminal,
  { asJson, wanted }: { asJson: boolean; wanted: string | undefined },
): Promise<Command> {
  const program = new Command("waxseal")
    .description("Hosted MTA-STS and TLS-RPT: the verbs of the dashboard on the command line.")
    .option("--json", "print one JSON object or array and nothing else")
    .version(`${readVersion()}`, "-V, --version", "print the version of this Waxseal")
    .addHelpText("after", EXAMPLES)
    .exitOverride()
    .configureOutput({
      writeOut: terminal.writeOut,
      // With --json the usage error is printed as JSON instead.
      writeErr: (text) => {
        if (!asJson) terminal.writeErr(text);
      },
    });
  for (const { commands, load } of COMMAND_GROUPS) {
    if (wanted === ALL || (wanted !== undefined && wanted in commands)) (await load())(program, run);
    else for (const [name, words] of Object.entries(commands)) program.command(name).description(words);
  }
  program
    .command("version")
    .description("the version of this Waxseal")
    .action(() => run(async () => ({ json: { version: readVersion() }, text: `${readVersion()}\n` })));
  program
    .command("completion")
    .description("a script that completes commands, for your shell to read")
    .addArgument(new Argument("<shell>").choices(SHELLS))
    .addHelpText(
      "after",
      "\nExamples:\n  source <(./waxseal completion bash)\n  ./waxseal completion fish | source",
    )
    .action((shell: (typeof SHELLS)[number]) =>
      run(async () => {
        const script = formatCompletion(shell, await listCommands(terminal));
        return { json: { shell, script }, text: script };
      }),
    );
  return program;
}

const ALL = "*";
const EXAMPLES = `
Examples:
  waxseal domain add example.com --account Acme
  waxseal domain list --health attention
  waxseal policy set example.com --mode testing --mx mx1.example.com --max-age 604800
  waxseal check example.com`;

/** Every command with its own commands. */
async function listCommands(terminal: Terminal): Promise<ReadonlyMap<string, readonly string[]>> {
  const program = await createProgram(async () => undefined, terminal, { asJson: false, wanted: ALL });
  return new Map(
    program.commands.map((command) => [command.name(), command.commands.map((one) => one.name())]),
  );
}

async function fail(error: unknown, terminal: Terminal, asJson: boolean): Promise<number> {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return 0;
    if (asJson) terminal.writeOut(`${JSON.stringify({ code: "usage", detail: error.message })}\n`);
    return 2;
  }
  const { code, detail, errors, unsafe } = await describeFailure(error, terminal);
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

async function describeFailure(error: unknown, terminal: Terminal) {
  // Loaded where something failed: the help page needs none of it.
  const [{ AppError }, { SettingsError }, { explainFailure }] = await Promise.all([
    import("@waxseal/core"),
    import("@waxseal/runtime"),
    import("./explain-cli-failure.ts"),
  ]);
  if (error instanceof AppError) {
    const { code, message, fields: errors, unsafe } = error;
    const detail = code === "confirm_needed" ? `${message} Add --yes to add it all the same.` : message;
    return { code, detail, errors, unsafe };
  }
  if (error instanceof SettingsError)
    return { code: "invalid", detail: error.message, errors: [], unsafe: undefined };
  return { code: "unavailable", detail: explainFailure(error, terminal), errors: [], unsafe: undefined };
}
