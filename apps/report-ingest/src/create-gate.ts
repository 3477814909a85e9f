import { BlockList, isIPv6 } from "node:net";
import { networkOf } from "@waxseal/runtime";

/** Says who may come in now; `…` of an address are counted per minute. */
export type Gate = {
  /** Whether one more connection from there is fine; if so, `leave` must follow. */
  enter(address: string): boolean;
  leave(address: string): void;
  /** Counts a message; false: too many lately. */
  allowMessage(address: string): boolean;
  /** Counts an unknown recipient or upload address; false: too many lately. */
  allowStray(address: string): boolean;
  /** Takes the last count back: it was known after all. */
  forgiveStray(address: string): void;
  /** Takes room for bytes being received; false: there is none. What was taken must be given back. */
  takeBytes(bytes: number): boolean;
  giveBytes(bytes: number): void;
};

export type GateLimits = {
  maxBytesInFlight: number;
  maxConnectionsPerAddress: number;
  maxMessagesPerAddress: number;
  maxStrayPerAddress: number;
};

type GateOptions = { isExempt(address: string): boolean; steadyMs?: () => number };

type Tally = { connections: number; windowStart: number; messages: number; stray: number };

const WINDOW_MS = 60_000;
const MAX_ADDRESSES = 50_000;

/** Our own front and test hosts: what comes through them is many senders, not one. */
const privateAddresses = new BlockList();
for (const [network, prefix] of [
  ["10.0.0.0", 8],
  ["172.16.0.0", 12],
  ["192.168.0.0", 16],
  ["127.0.0.0", 8],
] as const) {
  privateAddresses.addSubnet(network, prefix, "ipv4");
}
privateAddresses.addSubnet("fc00::", 7, "ipv6");
privateAddresses.addAddress("::1", "ipv6");

/** Whether an address is private or loopback. */
export function isPrivateAddress(address: string): boolean {
  return privateAddresses.check(address, isIPv6(address) ? "ipv6" : "ipv4");
}

/**
 * A gate with these limits. Addresses are counted by `networkOf`, exempt ones only by the bytes in flight. `steadyMs` is a clock that is
 * never set, so that a limit lasts a minute whatever happens to the time of day.
 */
export function createGate(
  limits: GateLimits,
  { isExempt, steadyMs = () => performance.now() }: GateOptions,
): Gate {
  const tallies = new Map<string, Tally>();
  let bytesInFlight = 0;

  function tallyOf(address: string): Tally {
    const key = networkOf(address);
    const nowMs = steadyMs();
    const tally = tallies.get(key) ?? { connections: 0, windowStart: nowMs, messages: 0, stray: 0 };
    if (nowMs - tally.windowStart >= WINDOW_MS)
      Object.assign(tally, { windowStart: nowMs, messages: 0, stray: 0 });
    // Moved to the end: the front is whoever was heard of least recently.
    tallies.delete(key);
    tallies.set(key, tally);
    if (tallies.size > MAX_ADDRESSES) forgetOne();
    return tally;
  }

  function forgetOne(): void {
    for (const [key, { connections }] of tallies) {
      if (connections > 0) continue;
      tallies.delete(key);
      return;
    }
  }

  return {
    enter(address) {
      const tally = tallyOf(address);
      if (tally.connections >= limits.maxConnectionsPerAddress && !isExempt(address)) return false;
      tally.connections++;
      return true;
    },
    leave(address) {
      tallyOf(address).connections--;
    },
    allowMessage: (address) =>
      isExempt(address) || ++tallyOf(address).messages <= limits.maxMessagesPerAddress,
    allowStray: (address) => isExempt(address) || ++tallyOf(address).stray <= limits.maxStrayPerAddress,
    forgiveStray(address) {
      if (!isExempt(address)) tallyOf(address).stray--;
    },
    takeBytes(bytes) {
      if (bytesInFlight + bytes > limits.maxBytesInFlight) return false;
      bytesInFlight += bytes;
      return true;
    },
    giveBytes(bytes) {
      bytesInFlight -= bytes;
    },
  };
}
