import { checkPolicy } from "../src/check-policy.ts";
import { findStsRecord } from "../src/find-sts-record.ts";
import { formatPolicy } from "../src/format-policy.ts";
import { parsePolicy } from "../src/parse-policy.ts";

// npm run fuzz --workspace packages/mta-sts -- [minutes] [seed]
// Feeds mutated policies and records to every reader until the time is up. Ends with status 1 and the input as JSON when
// one throws, reads back differently, takes longer than a 64 KiB input may, or takes more than double the time for double the length.

const MAX_INPUT_LENGTH = 65_536;
const SLOWEST_ALLOWED_MS = 250;
/** Inputs of one repeated piece, this long and then half of it, every so many inputs. */
const DOUBLED_EVERY = 250;
/** Linear is 2, quadratic is 4; what is over faster says nothing. */
const STEEPEST_ALLOWED = 2.8;
const SHORTEST_TELLING_MS = 1;
/** A busy machine explains one steep measurement, and a second. */
const DOUBTS = 4;
const FRAGMENTS = [
  "version: STSv1\r\n",
  "mode: enforce\r\n",
  "mode: none\n",
  "mx: *.example.com\r\n",
  "mx: mx.bücher.example\r\n",
  "max_age: 604800\r\n",
  "max_age: 99999999999\r\n",
  "\r\n",
  "\n",
  "\r",
  " ",
  "\t",
  ":",
  ";",
  "=",
  "\uFEFF",
  "\u0000",
  "*.",
  ".",
  "xn--",
  "[::1]",
  "192.0.2.1",
  "v=STSv1;",
  "v=STSv1; id=",
  "id=1;",
  "\u{1F4A9}",
  "\uD800",
];

const minutes = Number(process.argv[2] ?? 1);
const seed = Number(process.argv[3] ?? Date.now() % 2 ** 31);
let state = seed || 1;

function random(below: number): number {
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  return (state >>> 0) % below;
}

function fragment(): string {
  return random(4) === 0 ? String.fromCharCode(random(0x300)) : (FRAGMENTS[random(FRAGMENTS.length)] ?? "");
}

function mutate(text: string): string {
  const at = random(text.length + 1);
  switch (random(5)) {
    case 0:
      return text.slice(0, at) + fragment() + text.slice(at);
    case 1:
      return text.slice(0, at) + text.slice(at + 1 + random(8));
    case 2:
      return (
        text.slice(0, at) + fragment().repeat(1 + random(random(50) === 0 ? 20_000 : 20)) + text.slice(at)
      );
    case 3:
      return text + text.slice(0, at);
    default:
      return text.slice(at) + text.slice(0, at);
  }
}

function tryInput(text: string): void {
  const parsed = parsePolicy(text);
  findStsRecord([[text]]);
  findStsRecord([["v=STSv1;", text]]);
  checkPolicy({ mode: text, mx: text.split("\n", 200), maxAgeSeconds: text.length });
  if (!parsed.ok) return;
  const again = parsePolicy(formatPolicy(parsed.policy));
  if (!again.ok || JSON.stringify(again.policy) !== JSON.stringify(parsed.policy))
    throw new Error("reads back differently");
}

/** The whole length of a piece repeated, with something before and after it: what makes a reader start over again and again. */
function repeated(pieces: readonly [string, string, string], length: number): string {
  const [before, piece, after] = pieces;
  const times = Math.max(1, Math.trunc((length - before.length - after.length) / piece.length));
  return before + piece.repeat(times) + after;
}

/** Of the processor: others may keep it busy. */
function usedMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

function fastestMs(text: string): number {
  let fastest = Number.POSITIVE_INFINITY;
  for (let run = 0; run < 3; run++) {
    const startedAt = usedMs();
    tryInput(text);
    fastest = Math.min(fastest, usedMs() - startedAt);
  }
  return fastest;
}

function tryDoubling(): void {
  const before = random(2) === 0 ? "" : start.slice(0, random(start.length));
  let piece = fragment();
  for (let more = random(3); more > 0; more--) piece += fragment();
  if (piece === "") return;
  const pieces = [before, piece, fragment()] as const;
  let steepness = Number.POSITIVE_INFINITY;
  for (let doubt = 0; doubt < DOUBTS && steepness > STEEPEST_ALLOWED; doubt++) {
    const [half, whole] = [MAX_INPUT_LENGTH / 2, MAX_INPUT_LENGTH].map((length) =>
      fastestMs(repeated(pieces, length)),
    );
    if (half === undefined || whole === undefined || whole < SHORTEST_TELLING_MS) return;
    steepness = Math.min(steepness, whole / half);
  }
  steepest = Math.max(steepest, steepness);
  if (steepness > STEEPEST_ALLOWED) {
    text = JSON.stringify(pieces);
    throw new Error(`double the length of a repeated piece takes ${steepness.toFixed(1)} times as long`);
  }
}

const start = "version: STSv1\r\nmode: testing\r\nmx: mx.example.com\r\nmax_age: 86400\r\n";
const stopAt = performance.now() + minutes * 60_000;
let text = start;
let count = 0;
let slowestMs = 0;
let steepest = 0;
while (performance.now() < stopAt) {
  text = random(30) === 0 ? start : mutate(text).slice(0, MAX_INPUT_LENGTH + 10);
  const startedAt = usedMs();
  try {
    tryInput(text);
    const tookMs = usedMs() - startedAt;
    slowestMs = Math.max(slowestMs, tookMs);
    if (count % DOUBLED_EVERY === 0) tryDoubling();
    if (tookMs > SLOWEST_ALLOWED_MS) throw new Error(`took ${Math.round(tookMs)} ms`);
  } catch (error) {
    console.error(
      `seed ${seed}, input ${count}: ${error instanceof Error ? error.message : error}\n${JSON.stringify(text)}`,
    );
    process.exit(1);
  }
  count++;
}
console.log(
  `${count} inputs in ${minutes} min, seed ${seed}, slowest ${slowestMs.toFixed(1)} ms, double the length at most ${steepest.toFixed(1)} times as long: nothing found`,
);
