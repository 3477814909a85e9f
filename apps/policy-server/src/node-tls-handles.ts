import type { Socket } from "node:net";
import { getSystemErrorMap } from "node:util";

/**
 * Node's TLS below its streams: what `tls.TLSSocket` is a stream around. Callbacks are called with the handle as `this`.
 *
 * Not documented. Node's own lib/internal/tls/wrap.js and lib/internal/stream_base_commons.js use it in the same way.
 * `choose-tls.ts` tests it at start and goes without it when it does not work.
 */
export type TlsHandle = {
  /** In the tick of the ClientHello, when `enableCertCb` was called; the handshake goes on with `certCbDone`. */
  oncertcb?: (hello: { servername?: string }) => void;
  onhandshakedone?: () => void;
  /** OpenSSL gave up. */
  onerror?: (error: NodeJS.ErrnoException) => void;
  /** How many bytes came, or why none will: `lastRead()`. */
  onread?: () => void;
  /** The handle of the context for this connection, read by `certCbDone`. */
  sni_context?: object;
  enableCertCb(): void;
  certCbDone(): void;
  setALPNProtocols(wire: Buffer): void;
  /** What is read is put here; all connections may share it, since it is only read in `onread`. */
  useUserBuffer(buffer: Buffer): void;
  readStart(): number;
  /** Takes bytes as if they had come from the network. */
  receive(bytes: Buffer): void;
  /** One at a time. 0, or a negative error. */
  writeLatin1String(request: HandleRequest, text: string): number;
  /** Sends close_notify and ends the TCP side, after what was written. RFC 8446 §6.1 */
  shutdown(request: HandleRequest): number;
  /** Frees what OpenSSL holds. */
  destroySSL(): void;
};

/** Something a handle does; `oncomplete` is called when it was not done at once. */
export type HandleRequest = { oncomplete?: (status: number) => void };

type Bindings = {
  tls_wrap: { wrap(tcp: object, context: object, isServer: boolean, hasActiveWrite: boolean): TlsHandle };
  stream_wrap: {
    WriteWrap: new () => HandleRequest;
    ShutdownWrap: new () => HandleRequest;
    streamBaseState: Int32Array;
    kReadBytesOrError: number;
    kLastWriteWasAsync: number;
  };
};

/** What this process' Node offers below its TLS streams. */
export type TlsHandles = Pick<Bindings["stream_wrap"], "WriteWrap" | "ShutdownWrap"> & {
  /** The server's side of TLS on an accepted TCP socket, which no other code may read from now on. */
  wrapSocket(socket: Socket, context: object): TlsHandle | undefined;
  /** Bytes of the read that `onread` is called for; negative: the end, or an error. */
  lastRead(): number;
  /** Whether the write that was just started calls `oncomplete`; if not, it is done. */
  isWriting(): boolean;
};

/** What a read says when the other side has ended. */
export const END_OF_FILE = [...getSystemErrorMap()].find(([, [name]]) => name === "EOF")?.[0];

/** @throws Error in a Node that does not have these bindings */
export function loadTlsHandles(): TlsHandles {
  const { wrap } = bindingOf("tls_wrap");
  const { WriteWrap, ShutdownWrap, streamBaseState, kReadBytesOrError, kLastWriteWasAsync } =
    bindingOf("stream_wrap");
  return {
    WriteWrap,
    ShutdownWrap,
    wrapSocket: (socket, context) => {
      const tcp = Reflect.get(socket, "_handle");
      return typeof tcp === "object" && tcp !== null ? wrap(tcp, context, true, false) : undefined;
    },
    lastRead: () => streamBaseState[kReadBytesOrError] ?? 0,
    isWriting: () => streamBaseState[kLastWriteWasAsync] !== 0,
  };
}

/** Node's types leave `process.binding` out. */
function bindingOf<Name extends keyof Bindings>(name: Name): Bindings[Name] {
  return (process as unknown as { binding(name: Name): Bindings[Name] }).binding(name);
}
