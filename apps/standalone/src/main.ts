import { readArguments } from "./read-arguments.ts";

const startedAtMs = performance.now();
const { dataDir, empty, answer } = readArguments(process.argv.slice(2), process.cwd());
if (answer) {
  process[answer.stream].write(answer.text);
  process.exit(answer.status);
}
// Loaded now, since --help needs none of it.
const { printWelcome } = await import("./print-welcome.ts");
const { startStandalone } = await import("./start-standalone.ts");

let stopping = false;
const started = startStandalone({
  env: process.env,
  dataDir,
  empty,
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
      demo: !empty,
      dataDir,
    });
  }
} catch (error) {
  const { explainFailedStart, writeStartLog } = await import("./explain-failed-start.ts");
  const { text, unexpected } = explainFailedStart(error, { env: process.env, dataDir });
  if (unexpected) writeStartLog(dataDir, error);
  process.stderr.write(`\n  ${text}\n\n`);
  process.exit(1);
}
