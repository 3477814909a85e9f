/** What a source gets at this moment. */
export type Allowance = "answer" | "truncate" | "drop";

/** Sources that share a slot share its rate: rare among resolvers, harmless as they can use TCP. */
const SLOTS = 65_536;
/** Beyond the rate a source is sent to TCP, which a forged one cannot follow; far beyond it gets nothing. */
const DROP_FACTOR = 10;

/**
 * Limits UDP answers per second and source network (IPv4 /24, IPv6 /56), so that forged questions cannot turn this
 * server against somebody. Loopback is not limited unless asked for. Memory is fixed, whatever the number of sources.
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
  const counts = new Uint32Array(SLOTS);
  const seconds = new Uint32Array(SLOTS);
  return (address) => {
    if (!limitsLoopback && (address.startsWith("127.") || address === "::1")) return "answer";
    const slot = hash(sourceNetwork(address)) % SLOTS;
    const second = Math.trunc(nowMs() / 1_000) >>> 0;
    if (seconds[slot] !== second) {
      seconds[slot] = second;
      counts[slot] = 0;
    }
    const count = (counts[slot] ?? 0) + 1;
    counts[slot] = count;
    if (count <= answersPerSecond) return "answer";
    return count <= answersPerSecond * DROP_FACTOR ? "truncate" : "drop";
  };
}

function sourceNetwork(address: string): string {
  if (!address.includes(":")) return address.slice(0, address.lastIndexOf("."));
  // Compressed forms make the cut coarser or finer by a group; a rate limit can live with that.
  return address.split(":").slice(0, 4).join(":").slice(0, -2);
}

/** FNV-1a. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  }
  return value >>> 0;
}
