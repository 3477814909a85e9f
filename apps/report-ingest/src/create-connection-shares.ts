import { networkOf } from "@waxseal/runtime";

/** A connection's place among those that are open. */
export type Place = {
  /** Keeps newcomers from displacing it for the next seconds: it is delivering something. */
  hold(): void;
  /** Gives the place back; safe to call twice. */
  leave(): void;
};

/** Divides the connections of one listener among the networks they come from. */
export type ConnectionShares = {
  /**
   * A place for one more connection from there; undefined when its network has used up its share and all of that is busy. Where places
   * run out, the network that has most of them loses its oldest: `cut` of that connection is called, once.
   */
  enter(address: string, cut: () => void): Place | undefined;
  open(): number;
};

type Member = { cut(): void; heldUntilMs: number };

type Limits = { maxConnections: number; maxConnectionsPerAddress: number };

/** Longer than any real report takes: a slow one is safe as long as nobody else needs its place. */
const HOLD_MS = 10_000;

/** Counts a connection until it leaves. Networks are those of `networkOf`; `steadyMs` is a clock that is never set. */
export function createConnectionShares(
  { maxConnections, maxConnectionsPerAddress }: Limits,
  { steadyMs = () => performance.now() }: { steadyMs?: () => number } = {},
): ConnectionShares {
  const networks = new Map<string, Set<Member>>();
  let open = 0;

  function remove(network: string, member: Member): void {
    const members = networks.get(network);
    if (!members?.delete(member)) return;
    open -= 1;
    if (members.size === 0) networks.delete(network);
  }

  /** Cuts the oldest that is not busy, else the oldest when that is allowed. */
  function cutOne(network: string, { alsoBusy }: { alsoBusy: boolean }): boolean {
    const members = [...(networks.get(network) ?? [])];
    const nowMs = steadyMs();
    const victim =
      members.find(({ heldUntilMs }) => heldUntilMs <= nowMs) ?? (alsoBusy ? members[0] : undefined);
    if (!victim) return false;
    remove(network, victim);
    victim.cut();
    return true;
  }

  function largestNetwork(): string {
    let largest = { network: "", size: 0 };
    for (const [network, { size }] of networks) if (size > largest.size) largest = { network, size };
    return largest.network;
  }

  return {
    open: () => open,
    enter(address, cut) {
      const network = networkOf(address);
      const own = networks.get(network)?.size ?? 0;
      if (own >= maxConnectionsPerAddress) {
        if (!cutOne(network, { alsoBusy: false })) return undefined;
      } else if (open >= maxConnections) {
        const largest = largestNetwork();
        if (!cutOne(largest, { alsoBusy: largest !== network })) return undefined;
      }
      const member: Member = { cut, heldUntilMs: 0 };
      networks.set(network, (networks.get(network) ?? new Set()).add(member));
      open += 1;
      return {
        hold: () => {
          member.heldUntilMs = steadyMs() + HOLD_MS;
        },
        leave: () => remove(network, member),
      };
    },
  };
}
