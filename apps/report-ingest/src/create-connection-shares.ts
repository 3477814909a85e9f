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
   * A place for one more connection from there. `full`: its network has used up its share and all of that is busy; `tooFast`: it opens
   * one after another without end. Where places run out, the network that has most of them loses its oldest: `cut` of that connection is
   * called, once.
   */
  enter(address: string, cut: () => void): Place | "full" | "tooFast";
  open(): number;
};

type Member = { cut(): void; heldUntilMs: number };

type Limits = { maxConnections: number; maxConnectionsPerAddress: number };

/** Longer than any real report takes: a slow one is safe until another client needs its place. */
const HOLD_MS = 10_000;

/** New connections of a network: so many at once, and so many a second. A flood that is cut off comes back at once. */
const MAX_BURST = 1_000;
const MAX_PER_SECOND = 50;
const MAX_NETWORKS = 50_000;

/** Counts a connection until it leaves. Networks are those of `networkOf`; `steadyMs` is a clock that is never set. */
export function createConnectionShares(
  { maxConnections, maxConnectionsPerAddress }: Limits,
  { steadyMs = () => performance.now() }: { steadyMs?: () => number } = {},
): ConnectionShares {
  const networks = new Map<string, Set<Member>>();
  const bursts = new Map<string, { level: number; atMs: number }>();
  let open = 0;

  function isTooFast(network: string): boolean {
    const nowMs = steadyMs();
    const { level, atMs } = bursts.get(network) ?? { level: 0, atMs: nowMs };
    const left = Math.max(0, level - ((nowMs - atMs) / 1_000) * MAX_PER_SECOND);
    const isOver = left >= MAX_BURST;
    bursts.delete(network);
    bursts.set(network, { level: isOver ? left : left + 1, atMs: nowMs });
    const [oldest] = bursts.keys();
    if (bursts.size > MAX_NETWORKS && oldest !== undefined) bursts.delete(oldest);
    return isOver;
  }

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
      if (isTooFast(network)) return "tooFast";
      const own = networks.get(network)?.size ?? 0;
      if (own >= maxConnectionsPerAddress) {
        if (!cutOne(network, { alsoBusy: false })) return "full";
      } else if (open >= maxConnections) {
        const largest = largestNetwork();
        if (!cutOne(largest, { alsoBusy: largest !== network })) return "full";
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
