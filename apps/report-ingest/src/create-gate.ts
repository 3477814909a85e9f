import { networkOf } from "@waxseal/runtime";

/** Counts by the minute what comes from a network. */
export type Gate = {
  /** Counts a message; false when the address sent too many recently. */
  allowMessage(address: string): boolean;
  /** Counts an unknown recipient or upload address; false when there were too many recently. */
  allowStray(address: string): boolean;
};

export type GateLimits = { maxMessagesPerAddress: number; maxStrayPerAddress: number };

type Tally = { windowStart: number; messages: number; stray: number };

const WINDOW_MS = 60_000;
const MAX_NETWORKS = 50_000;

/**
 * A gate with these limits. Addresses are counted by `networkOf`. `steadyMs` is a clock that is never set, so that a limit lasts a minute
 * whatever happens to the time of day.
 */
export function createGate(
  limits: GateLimits,
  { steadyMs = () => performance.now() }: { steadyMs?: () => number } = {},
): Gate {
  const tallies = new Map<string, Tally>();

  function tallyOf(address: string): Tally {
    const network = networkOf(address);
    const nowMs = steadyMs();
    const known = tallies.get(network);
    const tally =
      known && nowMs - known.windowStart < WINDOW_MS ? known : { windowStart: nowMs, messages: 0, stray: 0 };
    // Moved to the end: the first is the one that was heard of least recently.
    tallies.delete(network);
    tallies.set(network, tally);
    const [first] = tallies.keys();
    if (tallies.size > MAX_NETWORKS && first !== undefined) tallies.delete(first);
    return tally;
  }

  return {
    allowMessage: (address) => ++tallyOf(address).messages <= limits.maxMessagesPerAddress,
    allowStray: (address) => ++tallyOf(address).stray <= limits.maxStrayPerAddress,
  };
}
