import { networkOf } from "@waxseal/runtime";

/** Room for one message that is being received. */
export type Room = {
  /** Takes more of it; false: there is none for this sender now. */
  take(bytes: number): boolean;
  /** Gives all of it back; safe to call twice. */
  release(): void;
};

/** Divides the memory for messages being received among the networks they come from. */
export type BytePool = { open(address: string): Room };

/** Each message has this much for itself: nearly every real report fits, so large ones of others do not keep it out. */
const OWN_BYTES = 64 * 1024;

/**
 * A pool of this size, of which a network may hold at most as much as is left: alone half of it, one of two a third, and some is always
 * free for the next.
 */
export function createBytePool({ maxBytesInFlight }: { maxBytesInFlight: number }): BytePool {
  const held = new Map<string, number>();
  let inFlight = 0;

  function add(network: string, bytes: number): void {
    inFlight += bytes;
    const left = (held.get(network) ?? 0) + bytes;
    if (left > 0) held.set(network, left);
    else held.delete(network);
  }

  return {
    open(address) {
      const network = networkOf(address);
      let taken = 0;
      let charged = 0;
      return {
        take(bytes) {
          const more = Math.max(0, taken + bytes - OWN_BYTES) - charged;
          if (more > 0 && (held.get(network) ?? 0) + more > maxBytesInFlight - inFlight) return false;
          taken += bytes;
          if (more > 0) {
            charged += more;
            add(network, more);
          }
          return true;
        },
        release() {
          if (charged > 0) add(network, -charged);
          taken = 0;
          charged = 0;
        },
      };
    },
  };
}
