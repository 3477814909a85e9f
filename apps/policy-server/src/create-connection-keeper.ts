import type { Socket } from "node:net";
import type { Connection } from "./serve-connection.ts";

/** Keeps connections within their deadlines and their number within bounds. */
export type ConnectionKeeper = {
  /** Counts a TCP connection, whatever happens on it. Too many: the oldest is cut off, so newcomers get through. */
  count(socket: Socket): void;
  /** Watches over the deadline of a connection until it closes. */
  watch(connection: Connection): void;
  open(): number;
  /** Cuts off everything. */
  stop(): void;
};

const SWEEP_MS = 250;

/** One timer for all connections: thousands of idle ones cost nothing but memory. */
export function createConnectionKeeper({ maxConnections }: { maxConnections: number }): ConnectionKeeper {
  const sockets = new Set<Socket>();
  const watched = new Set<Connection>();
  const timer = setInterval(() => {
    const nowMs = Date.now();
    for (const connection of watched) {
      if (connection.deadlineAtMs <= nowMs) connection.socket.destroy();
    }
  }, SWEEP_MS);
  return {
    count: (socket) => {
      sockets.add(socket);
      socket.once("close", () => sockets.delete(socket));
      if (sockets.size <= maxConnections) return;
      // Sets iterate in order of insertion: the first is the oldest.
      const [oldest] = sockets;
      oldest?.destroy();
    },
    watch: (connection) => {
      watched.add(connection);
      connection.socket.once("close", () => watched.delete(connection));
    },
    open: () => sockets.size,
    stop: () => {
      clearInterval(timer);
      for (const socket of sockets) socket.destroy();
    },
  };
}
