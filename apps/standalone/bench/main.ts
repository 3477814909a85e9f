// npm run bench [policy|ingest|query|issue|propagation|domains|pages] [-- --json …]: without a name, all there are. Measures and prints; never a gate.
import { readdir } from "node:fs/promises";
import { type BenchModule, formatBenchReport } from "./bench-report.ts";

const here = new URL(".", import.meta.url);
const args = process.argv.slice(2);
const asJson = args.includes("--json");
const [name] = args.filter((arg) => !arg.startsWith("-"));
const rest = args.filter((arg) => arg !== "--json" && arg !== name);

const known = (await readdir(here))
  .map((file) => /^bench-(\w+)\.ts$/.exec(file)?.[1])
  .filter((found) => found !== undefined && found !== "report");
if (name !== undefined && !known.includes(name)) {
  console.error(`There is no benchmark "${name}". There are: ${known.join(", ")}.`);
  process.exit(2);
}

for (const bench of name === undefined ? known : [name]) {
  const { run }: BenchModule = await import(new URL(`bench-${bench}.ts`, here).href);
  const report = await run(rest, (line) => process.stderr.write(`  ${bench}: ${line}\n`));
  console.log(asJson ? JSON.stringify({ bench, ...report }) : formatBenchReport(report));
}
