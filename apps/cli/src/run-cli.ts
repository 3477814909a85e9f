import { readSecretFiles } from "@waxseal/runtime/read-secret-files";
import { readVersion } from "@waxseal/runtime/read-version";
import { Argument, Command, CommanderError } from "commander";
import { COMMAND_GROUPS } from "./command-groups.ts";
import { formatCompletion, SHELLS } from "./format-completion.ts";
import type { NamedApi, Outcome, Terminal } from "./terminal.ts";

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
  let named: NamedApi = {};
  const run: Run = async (work) => {
    outcome = await work({ ...terminal, named, ...(asJson && { progress: undefined }) });
  };
  try {
    readSecretFiles(terminal.env);
    const program = await createProgram(run, terminal, { asJson, wanted: findWanted(args) });
    program.hook("preAction", () => {
      named = program.opts<NamedApi>();
    });
    await program.parseAsync(args, { from: "user" });
  } catch (error) {
    return fail(error, terminal, asJson);
  }
  if (outcome && !outcome.isWritten)
    terminal.writeOut(asJson ? `${JSON.stringify(outcome.json)}\n` : outcome.text);
  return outcome?.failed ? 1 : 0;
}

/** The first command that is named, also after `help` and after options with a value. */
function findWanted(args: readonly string[]): string | undefined {
  const [first, second] = args.filter(
    (arg, index) => !arg.startsWith("-") && !WITH_VALUE.has(args[index - 1] ?? ""),
  );
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
    .option("--url <address>", "the API to speak to, instead of the database; or WAXSEAL_URL")
    .option(
      "--token <key>",
      "the API key, seen by other users of this machine: better WAXSEAL_TOKEN, or login",
    )
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
const WITH_VALUE: ReadonlySet<string> = new Set(["--url", "--token"]);
const EXAMPLES = `
Examples:
  waxseal login --url https://waxseal.example
  waxseal domain add example.com
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

/** What commands print of a refusal, wherever it comes from. */
type Failure = {
  code: string;
  detail: string;
  errors: readonly { path: string; problem: string }[];
  unsafe?: { reasons: readonly { level: string; text: string }[] } | undefined;
};

async function describeFailure(error: unknown, terminal: Terminal): Promise<Failure> {
  // Loaded where something failed: the help page needs none of it.
  const [{ AppError }, { WaxsealError }, { SettingsError }, { explainFailure }] = await Promise.all([
    import("@waxseal/core/app-error"),
    import("@waxseal/client"),
    import("@waxseal/runtime"),
    import("./explain-cli-failure.ts"),
  ]);
  if (error instanceof AppError) {
    const { code, message, fields: errors, unsafe } = error;
    return { code, detail: advise(code, message), errors, unsafe };
  }
  if (error instanceof WaxsealError) {
    const { code = "unavailable", message, problem } = error;
    const { errors = [], reasons, assessmentId } = problem ?? {};
    return {
      code,
      detail: advise(code, message),
      errors,
      unsafe: reasons && { ...(assessmentId && { assessmentId }), reasons },
    };
  }
  if (error instanceof SettingsError) return { code: "invalid", detail: error.message, errors: [] };
  return { code: "unavailable", detail: explainFailure(error, terminal), errors: [] };
}

/** What a person at a terminal can do about it. */
function advise(code: string, message: string): string {
  if (code === "confirm_needed") return `${message} Add --yes to add it all the same.`;
  if (code === "account_required") return `${message} Here: --account.`;
  return message;
}
