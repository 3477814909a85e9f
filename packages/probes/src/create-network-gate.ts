import ipaddr from "ipaddr.js";
import { createLimiter } from "./create-limiter.ts";

/**
 * Lets a limited number of connections at a time into one network. Resolves to what ends the stay, which is to be called once, or to
 * undefined when `deadline` fires first.
 */
export type NetworkGate = (address: string, deadline?: AbortSignal) => Promise<(() => void) | undefined>;

/**
 * A gate for connections to other people's servers: at most `limit` at a time to one provider network, the rest wait in order.
 * Networks without a connection are forgotten.
 */
export function createNetworkGate(limit: number): NetworkGate {
  const networks = new Map<string, { limiter: ReturnType<typeof createLimiter>; users: number }>();
  return async (address, deadline) => {
    if (deadline?.aborted) return undefined;
    const key = networkOf(address);
    const network = networks.get(key) ?? { limiter: createLimiter(limit), users: 0 };
    networks.set(key, network);
    network.users += 1;
    const entered = Promise.withResolvers<boolean>();
    const left = Promise.withResolvers<void>();
    const stay = network.limiter(() => {
      entered.resolve(true);
      return left.promise;
    });
    void stay.then(() => {
      network.users -= 1;
      if (network.users === 0) networks.delete(key);
    });
    const giveUp = () => entered.resolve(false);
    deadline?.addEventListener("abort", giveUp, { once: true });
    const isIn = await entered.promise;
    deadline?.removeEventListener("abort", giveUp);
    if (isIn) return left.resolve;
    // Its turn passes as soon as it comes.
    left.resolve();
    return undefined;
  };
}

/** The /24 of an IPv4 address, the /48 of an IPv6 address: what one provider usually holds. */
export function networkOf(address: string): string {
  if (!ipaddr.isValid(address)) return address;
  const parsed = ipaddr.process(address);
  const bits = parsed.kind() === "ipv4" ? 24 : 48;
  const bytes = parsed.toByteArray().map((byte, index) => (index * 8 < bits ? byte : 0));
  return `${ipaddr.fromByteArray(bytes).toString()}/${bits}`;
}
