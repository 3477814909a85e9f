import type { AddressInfo } from "node:net";
import { createServer, type SecureContext, type TLSSocket } from "node:tls";
import { expectProxyHeaders } from "@waxseal/runtime";
import type { Answer } from "./answer.ts";
import { createConnectionKeeper } from "./create-connection-keeper.ts";
import type { ContextCache, NoContext } from "./create-context-cache.ts";
import type { PolicyRequest } from "./read-request.ts";
import { type Connection, HEAD_DEADLINE_MS, serveConnection } from "./serve-connection.ts";
import { TLS_CIPHERS } from "./tls-ciphers.ts";

type Options = {
  port: number;
  bindAddress: string;
  contexts: ContextCache;
  /** Whether a policy is served at this policy host; nobody else gets a handshake. */
  isServed(policyHost: string): boolean;
  answer(
    request: PolicyRequest,
    serverName: string,
    clientAddress: string | undefined,
  ): Answer | Promise<Answer>;
  /** Bytes on a connection made for `serverName` that are no request we read, answered with this status. */
  onRefused(status: number, serverName: string, clientAddress: string | undefined): void;
  /** Once for each handshake that comes to nothing; `policyHost` is empty when nothing is served there. */
  onHandshakeFailure(policyHost: string, reason: string): void;
  maxConnections: number;
  /** Networks of the fronts that send PROXY v2. */
  proxyProtocolFrom: readonly string[];
};

export type Listener = { port: number; openConnections(): number; stop(): Promise<void> };

const BACKLOG = 1_024;

/**
 * Serves policies over TLS 1.2 and 1.3. Without SNI, or with the name of a host that is not ours, the handshake is
 * aborted: there is no default certificate.
 *
 * RFC 8461 §7.1, §7.2
 */
export async function startPolicyListener(options: Options): Promise<Listener> {
  const { contexts, isServed, onHandshakeFailure } = options;
  const keeper = createConnectionKeeper(options);

  type Done = (error: Error | null, context?: SecureContext) => void;

  // Node calls it as a method of the socket; its types do not say so.
  function findContext(this: unknown, serverName: string, done: Done): void {
    const policyHost = serverName.toLowerCase();
    const isKnown = isServed(policyHost);
    const note = (reason?: string) => {
      if (typeof this === "object" && this !== null)
        noteHandshake(this, { policyHost: isKnown ? policyHost : "", reason });
    };
    note();
    const give = (found: SecureContext | NoContext | "unknown-name") => {
      if (typeof found === "string") {
        note(found);
        done(null);
      } else done(null, found);
    };
    if (isKnown) contexts.use(policyHost, give);
    else give("unknown-name");
  }

  const server = createServer({
    SNICallback: findContext,
    minVersion: "TLSv1.2",
    maxVersion: "TLSv1.3",
    ciphers: TLS_CIPHERS,
    honorCipherOrder: true,
    ecdhCurve: "X25519:P-256:P-384",
    ca: [],
    ALPNProtocols: ["http/1.1", "http/1.0"],
    handshakeTimeout: HEAD_DEADLINE_MS,
    noDelay: true,
  });
  const clientAddressOf = expectProxyHeaders(server, {
    fronts: options.proxyProtocolFrom,
    onRefused: () => onHandshakeFailure("", "proxy-header"),
  });
  server.on("connection", (socket) => keeper.count(socket));
  server.on("secureConnection", (socket: TLSSocket) => {
    const serverName = serverNameOf(socket)?.toLowerCase() ?? "";
    const connection: Connection = { socket, deadlineAtMs: 0 };
    const clientAddress = clientAddressOf(socket);
    serveConnection(
      connection,
      (request) => options.answer(request, serverName, clientAddress),
      (status) => options.onRefused(status, serverName, clientAddress),
    );
    keeper.watch(connection);
  });
  server.on("tlsClientError", (error: NodeJS.ErrnoException, socket: TLSSocket) => {
    const known = handshakeOf(socket);
    onHandshakeFailure(known?.policyHost ?? "", known?.reason ?? describe(error));
    socket.destroy();
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ port: options.port, host: options.bindAddress, backlog: BACKLOG }, resolve);
  });
  return {
    port: boundPort(server.address()),
    openConnections: keeper.open,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        keeper.stop();
      }),
  };
}

/** What is known of a handshake that is going on, or has just failed. */
type Handshake = { policyHost: string; reason: string | undefined };

// On the socket itself: a weak map of all handshakes is work for every garbage collection.
const HANDSHAKE = Symbol("handshake");

function noteHandshake(socket: object, handshake: Handshake): void {
  Object.assign(socket, { [HANDSHAKE]: handshake });
}

/** Only {@link noteHandshake} writes the property. */
function handshakeOf(socket: object): Handshake | undefined {
  return (socket as { [HANDSHAKE]?: Handshake })[HANDSHAKE];
}

/** A label from a small set: OpenSSL's reason in lower case. */
function describe(error: NodeJS.ErrnoException): string {
  return (error.code ?? "unknown")
    .replace(/^ERR_(SSL_|TLS_)?/, "")
    .toLowerCase()
    .replaceAll("_", "-");
}

/** Node documents the property (tlsSocket.servername), its types do not. */
function serverNameOf(socket: TLSSocket): string | undefined {
  return (socket as TLSSocket & { servername?: string | false }).servername || undefined;
}

/** The port of a listening TCP server. */
export function boundPort(address: AddressInfo | string | null): number {
  if (address === null || typeof address === "string") throw new Error("not listening on TCP");
  return address.port;
}
