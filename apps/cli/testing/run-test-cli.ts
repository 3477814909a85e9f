import { COMMAND_GROUPS } from "../src/command-groups.ts";
import "../src/explain-cli-failure.ts";
import { runCli } from "../src/run-cli.ts";

// Loaded before the tests begin: their time is for what they are about.
await Promise.all(COMMAND_GROUPS.map(({ load }) => load()));

type Surroundings = {
  env: NodeJS.ProcessEnv;
  cwd: string;
  stdin?: string | undefined;
  /** In place of the time between two looks; gets what was printed so far. */
  pause?: (err: string) => Promise<void>;
};

/** For tests: runs a command and keeps what it printed. */
export async function runTestCli(args: readonly string[], { env, cwd, stdin = "", pause }: Surroundings) {
  const printed = { out: "", err: "" };
  const status = await runCli(args, {
    env,
    cwd,
    now: () => new Date(),
    stdin: streamOf(stdin),
    ...(pause && { pause: () => pause(printed.err) }),
    writeOut: (text) => {
      printed.out += text;
    },
    writeErr: (text) => {
      printed.err += text;
    },
  });
  return { status, ...printed };
}

async function* streamOf(text: string) {
  yield Buffer.from(text);
}
