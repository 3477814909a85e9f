import { readFileSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { failToLookUp } from "../src/reports/processing/import-report.ts";
import { parseMessage } from "../src/reports/understanding/parse-message.ts";
import { BAD_MAILS, GOOD_MAILS, REPORT_GZIP, REPORT_JSON } from "./create-test-mails.ts";
import { createTestZip } from "./create-test-zip.ts";

// npm run fuzz --workspace packages/core -- [seconds] [seed]
// Feeds damaged mails, archives and bombs to the reader of messages until the time is up. Ends with status 1 and the seed when one
// throws, is slow, or takes more memory than a message of its size may. Linux only.

/** Unpacked at most 40 MiB, a report in it as text and as values, and what the garbage collector is late with. */
const MOST_GROWTH_MIB = 120;
const MOST_GROWTH_MIB_PER_MIB = 8;
const SLOWEST_ALLOWED_MS = 4_000;
const SLOWEST_ALLOWED_MS_PER_MIB = 400;
const MIB = 1024 ** 2;

const seconds = Number(process.argv[2] ?? 60);
const seed = Number(process.argv[3] ?? Date.now() % 2 ** 31) || 1;

let state = seed;
function random(below: number): number {
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  return (state >>> 0) % below;
}

function pick<T>(from: readonly [T, ...T[]]): T {
  return from[random(from.length)] ?? from[0];
}

const MAILS = [...Object.values(GOOD_MAILS), ...BAD_MAILS.map(([, mail]) => mail)];
const FLOODS = [
  "\0",
  "[",
  '{"a":',
  "{},",
  '"a",',
  "Content-Type: a\r\n",
  "--b1\r\n",
  "A",
  "=",
  " ",
  "\r\n",
  "\r",
] as const;

function flood(bytes: number): Buffer {
  return Buffer.alloc(bytes, pick(FLOODS));
}

/** Much that is packed into little. */
function bomb(): Buffer {
  const inner = Buffer.concat([
    Buffer.from(pick(["", REPORT_JSON, REPORT_JSON.slice(0, 200), "{"])),
    flood(random(30 * MIB)),
  ]);
  switch (random(4)) {
    case 0:
      return gzipSync(inner, { level: 1 });
    case 1:
      return gzipSync(gzipSync(inner, { level: 1 }));
    case 2:
      return Buffer.concat(new Array<Buffer>(1 + random(20)).fill(gzipSync(inner, { level: 1 })));
    default:
      return createTestZip(new Array(1 + random(60)).fill({ name: "a.json", bytes: inner.subarray(0, MIB) }));
  }
}

function asMail(attachment: Buffer): Buffer {
  const lines = attachment.toString("base64").match(/.{1,76}/g) ?? [];
  const head = ["From: a@sender.example", "Content-Type: multipart/mixed; boundary=b1", ""];
  const part = ["--b1", "Content-Type: application/tlsrpt+gzip", "Content-Transfer-Encoding: base64", ""];
  const parts = new Array(1 + random(4)).fill([...part, ...lines].join("\r\n"));
  return Buffer.from([...head, ...parts, "--b1--", ""].join("\r\n"));
}

function damage(bytes: Buffer): Buffer {
  const at = random(bytes.length + 1);
  switch (random(4)) {
    case 0:
      return Buffer.concat([
        bytes.subarray(0, at),
        flood(random(random(20) === 0 ? 2 * MIB : 300)),
        bytes.subarray(at),
      ]);
    case 1:
      return bytes.subarray(0, at);
    case 2:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(Math.min(bytes.length, at + random(60)))]);
    default: {
      const changed = Buffer.from(bytes);
      if (changed.length > 0) changed[at % changed.length] = random(256);
      return changed;
    }
  }
}

function makeMessage(): { raw: Buffer; isBomb: boolean } {
  const isBomb = random(12) === 0;
  let raw = isBomb ? bomb() : (MAILS[random(MAILS.length)] ?? REPORT_GZIP);
  if (random(3) === 0) raw = asMail(raw);
  // What is unpacked is what bombs are about, so most of them stay whole.
  for (let round = random(isBomb ? 2 : 5); round > 0; round--) raw = damage(raw);
  return { raw, isBomb };
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

function fail(count: number, raw: Buffer, why: string): never {
  console.error(`seed ${seed}, input ${count}, ${raw.length} bytes: ${why}`);
  console.error(raw.toString("base64", 0, 20_000));
  process.exit(1);
}

const endAtMs = Date.now() + seconds * 1_000;
const most = { ms: 0, growthMib: 0 };
let count = 0;
let found = 0;
for (; Date.now() < endAtMs; count++) {
  const { raw, isBomb } = makeMessage();
  const transport = pick(["smtp", "https", "import"] as const);
  const message = {
    accountId: "a",
    id: "1",
    home: null,
    transport,
    raw,
    fileName: null,
    receivedAt: new Date(),
  };
  const growthAtPeakMib = watchPeak(isBomb || raw.length > 256 * 1024);
  const cpu = process.cpuUsage();
  try {
    const { parsed, problems } = await parseMessage(message, { lookUpKey: failToLookUp });
    if (parsed.length + problems.length === 0) fail(count, raw, "neither a report nor a reason why not");
    if (parsed.length > 0) found++;
  } catch (error) {
    fail(count, raw, String(error));
  }
  const ms = process.cpuUsage(cpu).user / 1_000;
  const growthMib = growthAtPeakMib();
  most.ms = Math.max(most.ms, ms);
  most.growthMib = Math.max(most.growthMib, growthMib);
  const sizeMib = raw.length / MIB;
  if (ms > SLOWEST_ALLOWED_MS + SLOWEST_ALLOWED_MS_PER_MIB * sizeMib)
    fail(count, raw, `took ${Math.round(ms)} ms`);
  if (growthMib > MOST_GROWTH_MIB + MOST_GROWTH_MIB_PER_MIB * sizeMib)
    fail(count, raw, `took ${Math.round(growthMib)} MiB`);
}
console.log(
  `seed ${seed}: ${count} messages, ${found} with a report, slowest ${Math.round(most.ms)} ms, most growth ${Math.round(most.growthMib)} MiB`,
);
