import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { Server, Socket } from "node:net";
import { expectProxyHeaders, type Logger, TLS_GROUPS } from "@waxseal/runtime";
import { answerUpload, type UploadDeps } from "./answer-upload.ts";
import { createConnectionShares, type Place } from "./create-connection-shares.ts";
import { createHoldingPen } from "./create-holding-pen.ts";
import type { CertificateKeeper } from "./keep-certificates.ts";

export type HttpsListenerDeps = UploadDeps & {
  port: number;
  bindAddress: string;
  maxConnections: number;
  maxConnectionsPerAddress: number;
  uploadTimeoutMs: number;
  certificates: CertificateKeeper;
  /** Networks of the fronts that send PROXY v2. */
  proxyProtocolFrom: readonly string[];
  logger: Logger;
};

/**
 * Takes TLS reports by HTTPS POST. Slow headers and slow bodies are cut off.
 *
 * RFC 8460 §5.4
 */
export async function startHttpsListener(
  deps: HttpsListenerDeps,
): Promise<{ port: number; stop(): Promise<void> }> {
  const { metrics, logger } = deps;
  const shares = createConnectionShares(deps);
  const hold = createHoldingPen();
  // By the peer's address and port: a TLS socket does not say which TCP socket it is on.
  const places = new Map<string, Place>();
  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const answer = await answerUpload(
      request,
      {
        address: clientAddressOf(request.socket) ?? "",
        hold: () => places.get(peerOf(request.socket))?.hold(),
      },
      deps,
    );
    metrics.refused.inc({ transport: "https", answer: String(answer.status) }, answer.status === 201 ? 0 : 1);
    // What is left of a refused body is not worth reading.
    const close = answer.status === 201 ? {} : { connection: "close" };
    const body = `${JSON.stringify(answer.body)}\n`;
    response.writeHead(answer.status, {
      "content-type": answer.status === 201 ? "application/json" : "application/problem+json",
      "content-length": Buffer.byteLength(body),
      "cache-control": "no-store",
      ...close,
      ...answer.headers,
    });
    response.end(body, () => {
      if (answer.status !== 201 && !request.complete) lingerThenClose(request);
    });
  };
  const server = createServer(
    {
      SNICallback: (serverName, done) => done(null, deps.certificates.contextFor(serverName)),
      minVersion: "TLSv1.2",
      ecdhCurve: TLS_GROUPS,
      maxHeaderSize: 8_192,
      headersTimeout: Math.min(10_000, deps.uploadTimeoutMs),
      requestTimeout: deps.uploadTimeoutMs,
      keepAliveTimeout: 5_000,
      handshakeTimeout: 10_000,
      connectionsCheckingInterval: Math.min(5_000, deps.uploadTimeoutMs / 2),
    },
    (request, response) => {
      handle(request, response).catch((error) => {
        logger.debug({ err: error }, "upload broken off");
        request.destroy();
      });
    },
  );
  deps.certificates.followDefault((pair) =>
    server.setSecureContext({ ...pair, minVersion: "TLSv1.2", ecdhCurve: TLS_GROUPS }),
  );
  admitFirst(server, (socket) => {
    const place = shares.enter(clientAddressOf(socket) ?? "", () => socket.destroy());
    if (typeof place === "string") {
      hold(socket);
      return false;
    }
    const peer = peerOf(socket);
    places.set(peer, place);
    socket.on("close", () => {
      place.leave();
      if (places.get(peer) === place) places.delete(peer);
    });
    return true;
  });
  const clientAddressOf = expectProxyHeaders(server, {
    fronts: deps.proxyProtocolFrom,
    onRefused: () => logger.debug("a front sent no PROXY header"),
  });
  server.on("tlsClientError", (error) => logger.debug({ err: error }, "handshake failed"));
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(deps.port, deps.bindAddress, resolve);
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("not listening on a port");
  return {
    port: address.port,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
        setTimeout(() => server.closeAllConnections(), 3_000).unref();
      }),
  };
}

/** Asks before TLS has anything to do with a connection: those not admitted cost no handshake. */
function admitFirst(server: Server, isAdmitted: (socket: Socket) => boolean): void {
  const proceed = server.listeners("connection");
  server.removeAllListeners("connection");
  server.on("connection", (socket: Socket) => {
    if (isAdmitted(socket)) for (const listener of proceed) listener.call(server, socket);
  });
}

function peerOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}

/** A client still sending would meet a reset before it reads the answer: a moment's reading lets it. */
function lingerThenClose(request: IncomingMessage): void {
  request.resume();
  setTimeout(() => request.destroy(), 1_000).unref();
}
