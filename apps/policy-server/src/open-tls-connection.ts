import type { Socket } from "node:net";
import type { SecureContext } from "node:tls";
import { END_OF_FILE, type TlsHandles } from "./node-tls-handles.ts";
import type { ByteStream } from "./serve-connection.ts";
import { withoutCertificate } from "./tls-offer.ts";

export type TlsEvents = {
  /**
   * Whom the client wants to talk to; empty without SNI. Call `use` once, at once or later: with the context to go on with, or
   * undefined, which aborts the handshake. RFC 6066 §3
   */
  onHello(serverName: string, use: (context: SecureContext | undefined) => void): void;
  onSecure(): void;
  /** Latin-1, one character per byte. */
  onReceived(text: string): void;
  /** The client has ended its side. */
  onEnd(): void;
  /** OpenSSL gave up; the client got an alert with the reason. */
  onError(error: NodeJS.ErrnoException): void;
};

/**
 * Speaks TLS 1.2 or 1.3 on an accepted TCP socket, which no other code may read from now on. Once both sides have ended, or when the
 * client resets the connection, the socket is destroyed; deadlines are the caller's. Undefined: the socket is closed already.
 */
export type OpenTls = (socket: Socket, events: TlsEvents) => ByteStream | undefined;

/** The most that is handed over at once. RFC 8446 §5.1 */
const MAX_RECORD_BYTES = 16_384;
/** Each name after its length. RFC 7301 §3.1 */
const ALPN_WIRE = Buffer.from("\x08http/1.1\x08http/1.0", "latin1");

const ignore = () => undefined;

/**
 * TLS on Node's handle, without the two streams and the timer that a `TLSSocket` keeps per connection: they were a tenth of a
 * fetch (`npm run bench policy`: 1.10 times the fetches per CPU second of `openTlsStream`).
 */
export function createHandleTls(handles: TlsHandles): OpenTls {
  /** Of all connections: what is read is taken out before anything else is read. */
  const record = Buffer.allocUnsafeSlow(MAX_RECORD_BYTES);
  return (socket, events) => openTlsConnection(handles, record, socket, events);
}

function openTlsConnection(
  { wrapSocket, lastRead, isWriting, WriteWrap, ShutdownWrap }: TlsHandles,
  record: Buffer,
  socket: Socket,
  events: TlsEvents,
): ByteStream | undefined {
  const tls = wrapSocket(socket, withoutCertificate.context);
  if (!tls) return undefined;
  let unsent = "";
  let writingBytes = 0;
  let isEnding = false;
  let hasEnded = false;
  let hasClientEnded = false;
  const destroy = () => void socket.destroy();

  function send(): void {
    if (socket.destroyed || writingBytes > 0) return;
    if (unsent !== "") write();
    else if (isEnding && !hasEnded) end();
  }

  function write(): void {
    const request = new WriteWrap();
    request.oncomplete = (status) => {
      writingBytes = 0;
      if (status < 0) destroy();
      else send();
    };
    writingBytes = unsent.length;
    const failed = tls?.writeLatin1String(request, unsent) !== 0;
    unsent = "";
    if (failed) destroy();
    else if (!isWriting()) request.oncomplete(0);
  }

  function end(): void {
    hasEnded = true;
    const request = new ShutdownWrap();
    request.oncomplete = () => {
      if (hasClientEnded) destroy();
    };
    if (tls?.shutdown(request) !== 0) destroy();
  }

  tls.oncertcb = ({ servername }) => {
    events.onHello(servername || "", (context) => {
      if (socket.destroyed) return;
      if (context) tls.sni_context = context.context;
      tls.certCbDone();
    });
  };
  tls.onhandshakedone = events.onSecure;
  tls.onerror = (error) => {
    events.onError(error);
    destroy();
  };
  tls.onread = () => {
    const bytes = lastRead();
    if (socket.destroyed || hasClientEnded) return;
    if (bytes > 0) return events.onReceived(record.toString("latin1", 0, bytes));
    if (bytes !== END_OF_FILE) return destroy();
    hasClientEnded = true;
    events.onEnd();
    if (hasEnded) destroy();
  };
  tls.useUserBuffer(record);
  tls.enableCertCb();
  tls.setALPNProtocols(ALPN_WIRE);
  socket.on("error", destroy);
  socket.on("close", () => {
    tls.destroySSL();
    // Collections of young objects keep a handle with properties, and all that these lead to, until an old one comes.
    tls.oncertcb = tls.onhandshakedone = tls.onerror = tls.onread = ignore;
  });
  // What came with a header of the PROXY protocol.
  while (socket.readableLength > 0) tls.receive(socket.read());
  tls.readStart();

  return {
    write: (text) => {
      unsent += text;
      send();
    },
    end: () => {
      isEnding = true;
      send();
    },
    destroy,
    unsentBytes: () => unsent.length + writingBytes,
  };
}
