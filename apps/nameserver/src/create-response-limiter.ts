import { networkOf } from "@waxseal/runtime";

/** What a source gets at this moment. */
export type Allowance = "answer" | "truncate" | "drop";

/** Sources that share a slot share its bucket: rare among resolvers, harmless as they can use TCP. */
const SLOTS = 65_536;
/** Up to this many times the rate a source is sent to TCP, which a forged source cannot use. */
const TRUNCATED_FACTOR = 10;
/** A flood in a resolver's name must not cut it off: some of what is far too much says "use TCP" as well. */
const SLIP = 4;
const SOURCE_SIZES = { ipv4: 24, ipv6: 56 };

/**
 * Limits UDP answers by a bucket per source network (IPv4 /24, IPv6 /56) that holds one second's answers and fills steadily, so that
 * forged questions cannot turn this server against a third party. Without a token answers are truncated, ten times the rate; beyond that
 * only every fourth question gets a truncated one. Loopback is not limited unless asked for.
 * Memory is fixed, whatever the number of sources.
 */
export function createResponseLimiter({
  answersPerSecond,
  limitsLoopback = false,
  nowMs,
}: {
  answersPerSecond: number;
  limitsLoopback?: boolean | undefined;
  nowMs(): number;
}): (address: string) => Allowance {
  const takeAnswer = createBuckets(answersPerSecond);
  const takeTruncated = createBuckets(answersPerSecond * TRUNCATED_FACTOR);
  let refused = 0;
  return (address) => {
    if (!limitsLoopback && (address.startsWith("127.") || address === "::1")) return "answer";
    const slot = hash(networkOf(address, SOURCE_SIZES)) % SLOTS;
    const atMs = nowMs();
    if (takeAnswer(slot, atMs)) return "answer";
    if (takeTruncated(slot, atMs)) return "truncate";
    refused += 1;
    return refused % SLIP === 0 ? "truncate" : "drop";
  };
}

/** Buckets of one second's tokens each, all full; returns whether there was one to take. */
function createBuckets(perSecond: number): (slot: number, atMs: number) => boolean {
  // What a bucket lacks of being full: zero at first.
  const missing = new Float32Array(SLOTS);
  const changedAtMs = new Float64Array(SLOTS);
  return (slot, atMs) => {
    const filled = ((atMs - (changedAtMs[slot] ?? 0)) * perSecond) / 1_000;
    const lacks = Math.max(0, (missing[slot] ?? 0) - filled);
    const isThere = lacks + 1 <= perSecond;
    missing[slot] = isThere ? lacks + 1 : lacks;
    changedAtMs[slot] = atMs;
    return isThere;
  };
}

/** FNV-1a. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  }
  return value >>> 0;
}
