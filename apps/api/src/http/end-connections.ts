import type { Server } from "node:http";
import type { Socket } from "node:net";

/**
 * Follows a server's connections. The function that comes back ends those without a request at once, and each other one with its answer.
 *
 * `server.close()` alone waits for connections over which nothing was ever asked, as browsers open them ahead of need, and for
 * those that become idle after it.
 */
export function followConnections(server: Server): () => void {
  const connections = new Map<Socket, number>();
  let isStopping = false;
  server.on("connection", (socket) => {
    if (isStopping) return socket.destroy();
    connections.set(socket, 0);
    socket.on("close", () => connections.delete(socket));
  });
  server.prependListener("request", ({ socket }, response) => {
    connections.set(socket, (connections.get(socket) ?? 0) + 1);
    response.on("close", () => {
      if (!connections.has(socket)) return;
      const left = (connections.get(socket) ?? 1) - 1;
      connections.set(socket, left);
      if (isStopping && left === 0) socket.destroySoon();
    });
  });
  return () => {
    isStopping = true;
    for (const [socket, requests] of connections) if (requests === 0) socket.destroy();
  };
}
