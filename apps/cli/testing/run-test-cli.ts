import { runCli } from "../src/run-cli.ts";

type Surroundings = { env: NodeJS.ProcessEnv; cwd: string; stdin?: string | undefined };

/** For tests: runs a command and keeps what it printed. */
export async function runTestCli(args: readonly string[], { env, cwd, stdin = "" }: Surroundings) {
  const printed = { out: "", err: "" };
  const status = await runCli(args, {
    env,
    cwd,
    now: () => new Date(),
    stdin: streamOf(stdin),
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
