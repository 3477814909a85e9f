import { randomUUID } from "node:crypto";
import type { Server, Socket } from "node:net";
import { SMTPServer, type SMTPServerOptions, type SMTPServerSession } from "smtp-server";
import { createConnectionShares, type Place } from "./create-connection-shares.ts";
import { createHoldingPen } from "./create-holding-pen.ts";
import type { KeyPair } from "./keep-certificates.ts";

type Options = {
  maxConnections: number;
  maxConnectionsPerAddress: number;
  /** Returns the client's address, also behind a front. */
  clientAddressOf(socket: Socket): string | undefined;
};

type Held = { id: string };

/** An SMTP server whose connections are divided fairly among the networks they come from. */
export type SharingSmtpServer = {
  tcpServer: Server;
  /** Keeps newcomers from displacing this session for the next seconds. */
  hold(session: Held): void;
  /** Ends a session in the middle of what it sends, with this reply. */
  hangUp(session: Held, code: number, message: string): void;
  useCertificate(pair: KeyPair): void;
  onError(listener: (error: Error) => void): void;
  /** Resolves with the port. */
  listen(port: number, bindAddress: string): Promise<number>;
  stop(): Promise<void>;
};

type Open = { place: Place; startedMs: number };

const MAX_SESSION_MS = 15 * 60_000;
const SWEEP_MS = 30_000;

/** A server that limits connections before it greets; a session ends after a quarter of an hour in any case. */
export function createSharingSmtpServer(
  options: SMTPServerOptions,
  { clientAddressOf, ...limits }: Options,
): SharingSmtpServer {
  const shares = createConnectionShares(limits);
  const sessions = new Map<string, Open>();
  const hold = createHoldingPen();

  class Sharing extends SMTPServer {
    override connect(socket: Socket): void {
      const id = randomUUID();
      const address = clientAddressOf(socket);
      const place = shares.enter(address ?? "", () => evict(id));
      if (place === "tooFast") {
        hold(socket);
        return;
      }
      if (place === "full") {
        socket.on("error", () => undefined);
        socket.write("421 4.7.0 Too many connections from your address\r\n");
        return void socket.destroySoon();
      }
      sessions.set(id, { place, startedMs: performance.now() });
      super.connect(socket, { id, ...(address !== undefined && { remoteAddress: address }) });
    }
  }

  const server = new Sharing({
    ...options,
    onClose: (session: SMTPServerSession) => leave(session.id),
  });

  function leave(id: string): void {
    sessions.get(id)?.place.leave();
    sessions.delete(id);
  }

  function find(id: string) {
    for (const connection of server.connections) if (connection.id === id) return connection;
    return undefined;
  }

  /** The client has a moment to read the reply, also while it sends. */
  function hangUp({ id }: Held, code: number, message: string): void {
    const connection = find(id);
    connection?.send(code, message);
    connection?.close();
    leave(id);
  }

  /** No such moment: thousands of half-closed connections would be what a flood wants. */
  function evict(id: string): void {
    const connection = find(id);
    connection?.send(421, "4.3.2 Too many connections, try again later");
    // Below a handshake, only the server itself may close the socket.
    if (connection && !connection._upgrading) connection._socket.destroySoon();
    leave(id);
  }

  const sweep = setInterval(() => {
    const oldest = performance.now() - MAX_SESSION_MS;
    for (const [id, { startedMs }] of sessions)
      if (startedMs < oldest) hangUp({ id }, 421, "4.4.2 This took too long");
  }, SWEEP_MS);
  sweep.unref();

  return {
    tcpServer: server.server,
    hold: ({ id }) => sessions.get(id)?.place.hold(),
    hangUp,
    useCertificate: (pair) => server.updateSecureContext(pair),
    onError: (listener) => server.on("error", listener),
    listen: async (port, bindAddress) => {
      await new Promise<void>((resolve, reject) => {
        server.server.once("error", reject);
        server.listen(port, bindAddress, resolve);
      });
      const address = server.server.address();
      if (address === null || typeof address === "string") throw new Error("not listening on a port");
      return address.port;
    },
    stop: () => {
      clearInterval(sweep);
      return new Promise((resolve) => server.close(resolve));
    },
  };
}
