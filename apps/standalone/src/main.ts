import { join } from "node:path";
import { parseArgs } from "node:util";
import { printWelcome } from "./print-welcome.ts";
import { startStandalone } from "./start-standalone.ts";

const startedAtMs = performance.now();
const { values } = parseArgs({
  options: {
    /** Start without demo account and demo data. */
    empty: { type: "boolean", default: false },
    "data-dir": { type: "string", default: join(process.cwd(), ".waxseal") },
  },
});
const dataDir = values["data-dir"];

let stopping = false;
const started = startStandalone({
  env: process.env,
  dataDir,
  empty: values.empty,
  tell: (line) => process.stdout.write(`  ${line}\n`),
});

function stop(): void {
  if (stopping) return;
  stopping = true;
  process.stdout.write("\n  Stopping …\n");
  started
    .then((standalone) => standalone.stop())
    .then(
      () => process.exit(0),
      () => process.exit(1),
    );
}
process.on("SIGINT", stop);
process.on("SIGTERM", stop);

try {
  const standalone = await started;
  if (!stopping) {
    printWelcome({
      env: standalone.env,
      readyAfterMs: performance.now() - startedAtMs,
      demo: !values.empty,
      dataDir,
    });
  }
} catch (error) {
  process.stderr.write(`\n  ${error instanceof Error ? error.message : String(error)}\n\n`);
  process.exit(1);
}
