import { askSecret } from "./ask-secret.ts";
import { runCli } from "./run-cli.ts";

process.exitCode = await runCli(process.argv.slice(2), {
  env: process.env,
  cwd: process.cwd(),
  now: () => new Date(),
  stdin: process.stdin,
  writeOut: (text) => process.stdout.write(text),
  writeErr: (text) => process.stderr.write(text),
  askSecret: process.stdin.isTTY ? askSecret : undefined,
  progress: process.stderr.isTTY ? process.stderr : undefined,
});
