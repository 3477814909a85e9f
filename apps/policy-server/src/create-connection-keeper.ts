import type { Socket } from "node:net";

/** Keeps connections within their deadlines and their number within bounds. */
export type ConnectionKeeper = {
  /** Counts a TCP connection, whatever happens on it. Too many: the oldest is cut off, so newcomers get through. */
  count(socket: Socket): void;
  /** Cuts a connection off after this time, unless it is allowed more before. */
  allow(socket: Socket, forMs: number): void;
  open(): number;
  /** Cuts off everything. */
  stop(): void;
};

const SWEEP_MS = 250;

/** One timer for all connections: thousands of idle ones cost nothing but memory. */
export function createConnectionKeeper({ maxConnections }: { maxConnections: number }): ConnectionKeeper {
  const deadlinesMs = new Map<Socket, number>();
  const timer = setInterval(() => {
    const nowMs = Date.now();
    for (const [socket, deadlineMs] of deadlinesMs) {
      if (deadlineMs <= nowMs) socket.destroy();
    }
  }, SWEEP_MS);
  return {
    count: (socket) => {
      deadlinesMs.set(socket, Number.POSITIVE_INFINITY);
      socket.once("close", () => deadlinesMs.delete(socket));
      if (deadlinesMs.size <= maxConnections) return;
      // Maps iterate in order of insertion: the first is the oldest.
      const [oldest] = deadlinesMs.keys();
      oldest?.destroy();
    },
    allow: (socket, forMs) => {
      if (deadlinesMs.has(socket)) deadlinesMs.set(socket, Date.now() + forMs);
    },
    open: () => deadlinesMs.size,
    stop: () => {
      clearInterval(timer);
      for (const socket of deadlinesMs.keys()) socket.destroy();
    },
  };
}
