import { TLSSocket } from "node:tls";
import type { OpenTls } from "./open-tls-connection.ts";
import { withoutCertificate } from "./tls-offer.ts";

/** TLS through Node's public streams, for when its handle does not work as `createHandleTls` needs it. */
export const openTlsStream: OpenTls = (socket, events) => {
  if (socket.destroyed) return undefined;
  let isSecure = false;
  let hasClientEnded = false;
  const destroy = () => {
    tls.destroy();
    socket.destroy();
  };
  const tls = new TLSSocket(socket, {
    isServer: true,
    secureContext: withoutCertificate,
    ALPNProtocols: ["http/1.1", "http/1.0"],
    SNICallback: (serverName, use) =>
      // Without a certificate the handshake ends with an alert: there is no default one.
      events.onHello(serverName, (context) => use(null, context ?? withoutCertificate)),
  });
  tls.allowHalfOpen = true;
  tls.on("secure", () => {
    isSecure = true;
    events.onSecure();
  });
  tls.on("data", (bytes: Buffer) => {
    if (!hasClientEnded) events.onReceived(bytes.toString("latin1"));
  });
  tls.on("end", () => {
    hasClientEnded = true;
    events.onEnd();
    if (tls.writableFinished) destroy();
  });
  tls.on("finish", () => {
    if (hasClientEnded) destroy();
  });
  tls.on("error", (error: NodeJS.ErrnoException) => {
    if (!isSecure) events.onError(error);
    destroy();
  });
  socket.on("error", destroy);

  return {
    write: (text) => void tls.write(text, "latin1"),
    end: () => void tls.end(),
    destroy,
    unsentBytes: () => tls.writableLength,
  };
};
