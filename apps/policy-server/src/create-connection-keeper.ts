import type { Socket } from "node:net";

/** Keeps connections within their deadlines and their number within bounds. */
export type ConnectionKeeper = {
  /**
   * Counts a connection until it closes, and cuts it off after this time. Too many: the oldest is cut off, so newcomers get through.
   * Returns what gives it more time, from the call on.
   */
  watch(socket: Socket, forMs: number): Allow;
  open(): number;
  /** Cuts off everything. */
  stop(): void;
};

export type Allow = (forMs: number) => void;

type Watched = { socket: Socket | undefined; deadlineAtMs: number; older: Watched; newer: Watched };

const SWEEP_MS = 250;

/**
 * One timer for all connections: thousands of idle ones cost nothing but memory.
 *
 * They are in a ring by age. A Set keeps what was deleted from it until the next collection of old objects, by way of the tables it
 * has outgrown, and with each socket all that hangs on it.
 */
export function createConnectionKeeper({ maxConnections }: { maxConnections: number }): ConnectionKeeper {
  const ends = createRing();
  let open = 0;

  function* oldestFirst(): Generator<{ socket: Socket; deadlineAtMs: number }> {
    for (let watched = ends.newer; watched.socket; ) {
      // Closing it may take it out of the ring.
      const next = watched.newer;
      yield { socket: watched.socket, deadlineAtMs: watched.deadlineAtMs };
      watched = next;
    }
  }

  const timer = setInterval(() => {
    const nowMs = performance.now();
    for (const { socket, deadlineAtMs } of oldestFirst()) if (deadlineAtMs <= nowMs) socket.destroy();
  }, SWEEP_MS);

  return {
    watch: (socket, forMs) => {
      const watched = addNewest(ends, socket, performance.now() + forMs);
      open += 1;
      socket.on("close", () => {
        remove(watched);
        open -= 1;
      });
      if (open > maxConnections) ends.newer.socket?.destroy();
      return (moreMs) => {
        watched.deadlineAtMs = performance.now() + moreMs;
      };
    },
    open: () => open,
    stop: () => {
      clearInterval(timer);
      for (const { socket } of oldestFirst()) socket.destroy();
    },
  };
}

/** The place between the newest and the oldest. */
function createRing(): Watched {
  // Both neighbours are set in the next line: it is its own.
  const ends = { socket: undefined, deadlineAtMs: 0 } as Watched;
  ends.older = ends.newer = ends;
  return ends;
}

function addNewest(ends: Watched, socket: Socket, deadlineAtMs: number): Watched {
  const watched = { socket, deadlineAtMs, older: ends.older, newer: ends };
  ends.older.newer = watched;
  ends.older = watched;
  return watched;
}

function remove(watched: Watched): void {
  watched.older.newer = watched.newer;
  watched.newer.older = watched.older;
  watched.older = watched.newer = watched;
  watched.socket = undefined;
}
