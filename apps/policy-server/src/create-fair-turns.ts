import type { EventEmitter } from "node:events";
import { networkOf } from "@waxseal/runtime";

/** Divides the work of handshakes among the networks that ask for it. */
export type FairTurns = {
  /** Call for each accepted connection: while more arrive, accepting goes before handshakes, but for 4 ms at most. */
  accepted(): void;
  /**
   * Runs the work once: immediately when the server is idle, otherwise in the turn of this address' network; never after the
   * socket has closed. A socket waits for one piece of work at a time.
   */
  take(socket: Pick<EventEmitter, "once" | "off">, address: string | undefined, work: () => void): void;
  waiting(): number;
};

type Clock = {
  steadyMs?: () => number;
  /** Runs this after pending network events were handled. */
  later?: (round: () => void) => unknown;
};

/** Longest run of handshakes, and longest run of accepting, before the other is due. */
const ROUND_MS = 4;
/** Work that follows other work sooner than this waits for its turn. */
const IDLE_MS = 1;

/**
 * Handshakes in turns of networks (see `networkOf`), so that a flood of valid handshakes from one network delays another network
 * by a few handshakes, not by all of them. As many wait as sockets are open, and the connection keeper bounds these.
 *
 * Node accepts one connection in each round of its event loop. With one handshake in each round as well, all others wait in the
 * kernel's queue, which is first come, first served. Accepting first, for 4 ms at a time, moves that queue here. Measured with
 * 2,500 handshakes a second from one network: another network's p95 fell from 2,700 ms to between 60 and 190 ms.
 */
export function createFairTurns({
  steadyMs = () => performance.now(),
  later = setImmediate,
}: Clock = {}): FairTurns {
  /** The first network has the next turn. After its turn, a network goes to the end. */
  const queues = new Map<string, Set<() => void>>();
  let waiting = 0;
  let isRoundPlanned = false;
  let hasAccepted = false;
  let workedAtMs = Number.NEGATIVE_INFINITY;

  function planRound(): void {
    if (isRoundPlanned) return;
    isRoundPlanned = true;
    later(round);
  }

  function round(): void {
    isRoundPlanned = false;
    const isAccepting = hasAccepted && steadyMs() - workedAtMs < ROUND_MS;
    hasAccepted = false;
    if (!isAccepting) {
      const untilMs = steadyMs() + ROUND_MS;
      while (waiting > 0 && steadyMs() < untilMs) runNext();
      workedAtMs = steadyMs();
    }
    if (waiting > 0) planRound();
  }

  function runNext(): void {
    const [next] = queues;
    if (!next) return;
    const [network, queue] = next;
    queues.delete(network);
    queues.set(network, queue);
    const [run] = queue;
    run?.();
  }

  function leave(network: string, queue: Set<() => void>, run: () => void): void {
    queue.delete(run);
    waiting -= 1;
    if (queue.size === 0) queues.delete(network);
  }

  return {
    accepted: () => {
      hasAccepted = true;
    },
    take: (socket, address, work) => {
      if (waiting === 0 && steadyMs() - workedAtMs > IDLE_MS) {
        work();
        workedAtMs = steadyMs();
        return;
      }
      const network = networkOf(address);
      const queue = queues.get(network) ?? new Set();
      const cancel = () => leave(network, queue, run);
      function run(): void {
        socket.off("close", cancel);
        cancel();
        work();
      }
      queues.set(network, queue.add(run));
      socket.once("close", cancel);
      waiting += 1;
      planRound();
    },
    waiting: () => waiting,
  };
}
