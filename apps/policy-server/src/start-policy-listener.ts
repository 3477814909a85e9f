import { type AddressInfo, createServer, type Socket } from "node:net";
import type { SecureContext } from "node:tls";
import { expectProxyHeaders } from "@waxseal/runtime";
import type { Answer } from "./answer.ts";
import { createConnectionKeeper } from "./create-connection-keeper.ts";
import type { ContextCache, NoContext } from "./create-context-cache.ts";
import { createFairTurns } from "./create-fair-turns.ts";
import type { OpenTls, TlsEvents } from "./open-tls-connection.ts";
import type { PolicyRequest } from "./read-request.ts";
import {
  type ByteStream,
  HEAD_DEADLINE_MS,
  type ServedConnection,
  serveConnection,
} from "./serve-connection.ts";

type Options = {
  port: number;
  bindAddress: string;
  openTls: OpenTls;
  contexts: ContextCache;
  /** Whether a policy is served at this policy host; other names get no handshake. */
  isServed(policyHost: string): boolean;
  answer(
    request: PolicyRequest,
    serverName: string,
    clientAddress: string | undefined,
  ): Answer | Promise<Answer>;
  /** Bytes on a connection made for `serverName` that are no request we read, answered with this status. */
  onRefused(status: number, serverName: string, clientAddress: string | undefined): void;
  /** Once for each handshake that began and comes to nothing; `policyHost` is empty when nothing is served there. */
  onHandshakeFailure(policyHost: string, reason: string, clientAddress?: string): void;
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
  const { openTls, contexts, isServed, onHandshakeFailure } = options;
  const keeper = createConnectionKeeper(options);
  const turns = createFairTurns();

  function talk(socket: Socket): void {
    const allow = keeper.watch(socket, HEAD_DEADLINE_MS);
    const deadlineAtMs = performance.now() + HEAD_DEADLINE_MS;
    const clientAddress = clientAddressOf(socket);
    let serverName = "";
    let isKnown = false;
    let reason: string | undefined;
    let stream: ByteStream | undefined;
    let connection: ServedConnection | undefined;
    let hasFailed = false;
    let hasGreeted = false;

    function fail(why: string): void {
      if (connection || hasFailed) return;
      hasFailed = true;
      onHandshakeFailure(isKnown ? serverName : "", why, clientAddress);
    }

    const events: TlsEvents = {
      onHello: (name, use) => {
        hasGreeted = true;
        serverName = name.toLowerCase();
        isKnown = isServed(serverName);
        const give = (found: SecureContext | NoContext | "unknown-name") => {
          if (typeof found !== "string") return use(found);
          reason = found;
          use(undefined);
        };
        if (isKnown) turns.take(socket, clientAddress, () => contexts.use(serverName, give));
        else if (name) give("unknown-name");
        else use(undefined);
      },
      onSecure: () => {
        if (!stream) return;
        connection = serveConnection(stream, {
          answer: (request) => options.answer(request, serverName, clientAddress),
          onRefused: (status) => options.onRefused(status, serverName, clientAddress),
          allow,
        });
      },
      onReceived: (text) => connection?.receive(text),
      onEnd: () => {
        if (connection) connection.end();
        else socket.destroy();
      },
      onError: (error) => fail(reason ?? describe(error)),
    };
    socket.on("error", () => socket.destroy());
    socket.on("close", () => {
      if (performance.now() >= deadlineAtMs) fail("handshake-timeout");
      // Fronts that check a port, and port scans, end the connection without a ClientHello: no handshake has failed.
      else if (hasGreeted) fail("econnreset");
    });
    turns.take(socket, clientAddress, () => {
      stream = openTls(socket, events);
    });
  }

  const server = createServer({ noDelay: true }, talk);
  const clientAddressOf = expectProxyHeaders(server, {
    fronts: options.proxyProtocolFrom,
    onRefused: () => onHandshakeFailure("", "proxy-header"),
  });
  // Counts a connection as accepted before its PROXY header is read.
  server.prependListener("connection", turns.accepted);
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

/** A label from a small set: OpenSSL's reason in lower case. */
function describe(error: NodeJS.ErrnoException): string {
  return (error.code ?? "unknown")
    .replace(/^ERR_(SSL_|TLS_)?/, "")
    .toLowerCase()
    .replaceAll("_", "-");
}

/** The port of a listening TCP server. */
export function boundPort(address: AddressInfo | string | null): number {
  if (address === null || typeof address === "string") throw new Error("not listening on TCP");
  return address.port;
}
