import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { countReport } from "../src/count-report.ts";
import { findTlsRptRecord } from "../src/find-tls-rpt-record.ts";
import { formatTlsReport } from "../src/format-tls-report.ts";
import { parseTlsReport } from "../src/parse-tls-report.ts";
import { readTlsReportFileName } from "../src/read-tls-report-file-name.ts";
import { readTlsReportSubject } from "../src/read-tls-report-subject.ts";

// npm run fuzz --workspace packages/tls-rpt -- [minutes] [seed]
// Feeds mutated reports, records, names and subjects to every reader until the time is up. Ends with status 1 and the
// seed when one throws, reads back differently, is slow, or takes more memory than an input of its size may. Linux only.

const SLOWEST_ALLOWED_MS_PER_MIB = 400;
const MOST_GROWTH_MIB = 96;
const MOST_GROWTH_MIB_PER_MIB = 48;
const FLOODS = [
  "[",
  '{"a":',
  "{},",
  "[],",
  "0,",
  '"a",',
  "\\",
  '"',
  "\u0000",
  "9",
  "-",
  " ",
  "1::",
  "a.",
  "=",
  ";",
  "%",
];
const FRAGMENTS = [
  ...FLOODS,
  "null",
  "true",
  "1e400",
  "-0",
  '"2024-02-30T24:00:00+24:00"',
  '"__proto__":',
  '"policies":',
  '"failure-details":',
  '"\\ud800"',
  "\u202e",
  "\ufeff",
  "é",
  "}",
  "]",
  "{",
  ":",
  ",",
  "\n",
];

const minutes = Number(process.argv[2] ?? 1);
const seed = Number(process.argv[3] ?? Date.now() % 2 ** 31) || 1;
const fixturesFolder = new URL("../fixtures/", import.meta.url);
const seeds = readdirSync(fixturesFolder).map((file) => readFileSync(new URL(file, fixturesFolder), "utf8"));
seeds.push(
  "v=TLSRPTv1; rua=mailto:a@example.com,https://r.example/x; ext=1",
  "reporter.example!customer.example!1711411200!1711497599!001.json.gz",
  "Report Domain: customer.example Submitter: reporter.example Report-ID: <1@reporter.example>",
);

let state = seed;
function random(below: number): number {
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  return (state >>> 0) % below;
}

function pick(from: readonly string[]): string {
  return from[random(from.length)] ?? "";
}

/** Starts to measure; returns a function that returns by how much the process has grown at its peak since then. */
function watchPeak(isHeavy: boolean): () => number {
  const read = (field: string) =>
    Number(
      new RegExp(`^${field}:\\s+(\\d+) kB`, "m").exec(readFileSync("/proc/self/status", "latin1"))?.[1],
    ) / 1024;
  // What making the input took must not be there to be used again.
  if (isHeavy) globalThis.gc?.();
  // Sets the peak back to what there is now (proc(5)); `maxRSS` would remember that of making the input.
  writeFileSync("/proc/self/clear_refs", "5");
  const startMib = read("VmRSS");
  return () => read("VmHWM") - startMib;
}

function mutate(text: string): string {
  const at = random(text.length + 1);
  const end = Math.min(text.length, at + random(40));
  switch (random(6)) {
    case 0:
      return text.slice(0, at) + pick(FRAGMENTS) + text.slice(at);
    case 1:
      return text.slice(0, at) + text.slice(end);
    case 2:
      return text.slice(0, at) + pick(FRAGMENTS) + text.slice(end);
    case 3:
      return text.slice(0, end) + text.slice(at, end).repeat(random(20)) + text.slice(end);
    case 4:
      return text.slice(0, at) + String.fromCharCode(random(0x10000)) + text.slice(end);
    default:
      return (
        text.slice(0, at) + pick(FLOODS).repeat(random(random(200) === 0 ? 3_000_000 : 300)) + text.slice(at)
      );
  }
}

function readEverything(text: string): void {
  findTlsRptRecord([[text]]);
  readTlsReportFileName(text);
  readTlsReportSubject(text);
  const options = { submitter: "reporter.example", policyDomain: text.slice(0, 300) };
  const result = parseTlsReport(random(2) === 0 ? text : new TextEncoder().encode(text), options);
  if (!result.ok) return;
  countReport(result.report);
  const again = parseTlsReport(formatTlsReport(result.report), { submitter: "reporter.example" });
  if (JSON.stringify(again.ok && again.report) !== JSON.stringify(result.report)) {
    throw new Error(`reads back differently: ${JSON.stringify(result.report)}`);
  }
}

const endAtMs = Date.now() + minutes * 60_000;
let count = 0;
let accepted = 0;
let slowestMs = 0;
let mostGrowthMib = 0;
while (Date.now() < endAtMs) {
  let text = pick(seeds);
  for (let round = random(6); round >= 0; round--) text = mutate(text);
  const growthAtPeakMib = watchPeak(text.length > 256 * 1024);
  const cpu = process.cpuUsage();
  try {
    readEverything(text);
  } catch (error) {
    console.error(`seed ${seed}, input ${count}: ${error}\n${JSON.stringify(text.slice(0, 10_000))}`);
    process.exit(1);
  }
  const tookMs = process.cpuUsage(cpu).user / 1_000;
  slowestMs = Math.max(slowestMs, tookMs);
  if (tookMs > SLOWEST_ALLOWED_MS_PER_MIB * Math.max(1, text.length / 1024 ** 2)) {
    console.error(`seed ${seed}, input ${count}: ${Math.round(tookMs)} ms for ${text.length} characters`);
    console.error(JSON.stringify(text.slice(0, 10_000)));
    process.exit(1);
  }
  const growthMib = growthAtPeakMib();
  mostGrowthMib = Math.max(mostGrowthMib, growthMib);
  if (growthMib > MOST_GROWTH_MIB + (MOST_GROWTH_MIB_PER_MIB * text.length) / 1024 ** 2) {
    console.error(`seed ${seed}, input ${count}: ${Math.round(growthMib)} MiB for ${text.length} characters`);
    console.error(JSON.stringify(text.slice(0, 10_000)));
    process.exit(1);
  }
  count++;
  if (parseTlsReport(text.length < 100_000 ? text : "", { submitter: "x.example" }).ok) accepted++;
}
const peakMib = Math.round(process.resourceUsage().maxRSS / 1024);
console.log(
  `seed ${seed}: ${count} inputs, ${accepted} accepted, slowest ${Math.round(slowestMs)} ms, most growth ${Math.round(mostGrowthMib)} MiB, peak ${peakMib} MiB`,
);
