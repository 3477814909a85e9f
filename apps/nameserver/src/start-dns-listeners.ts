import { createSocket, type RemoteInfo, type Socket as UdpSocket } from "node:dgram";
import { createServer, type Server, type Socket } from "node:net";
import { setImmediate as immediate } from "node:timers/promises";

/** The messages of one answer, more than one only over TCP; undefined: no answer is sent. */
export type DnsReply = Iterable<Buffer> | undefined;

/** Answers one message; a promise only while this server has to catch up. */
export type AnswerDns = (
  message: Buffer,
  source: { transport: "udp" | "tcp"; address: string },
) => DnsReply | Promise<DnsReply>;

type Options = {
  port: number;
  bindAddress: string;
  answer: AnswerDns;
  maxTcpConnections: number;
  /** From one whole query to the next, or to the first; 8 s unless given. RFC 7766 §6.2.3 */
  tcpIdleMs?: number;
};

export type DnsListeners = { port: number; stop(): Promise<void> };

const TCP_IDLE_MS = 8_000;
/** Queries are tiny; nothing longer is read. */
const MAX_TCP_QUERY_BYTES = 4_096;
/** A client that asks on and does not read its answers is cut off. */
const MAX_UNREAD_BYTES = 256 * 1_024;
/** A secondary that takes nothing of a transfer for so long is cut off. */
const STALLED_MS = 30_000;
const UDP_BUFFER_BYTES = 1_048_576;
const PORT_ATTEMPTS = 20;

/** Listens for DNS on one port, UDP and TCP. Port 0: any port that is free in both. RFC 7766 §5 */
export async function startDnsListeners(options: Options): Promise<DnsListeners> {
  for (let attempt = 1; ; attempt += 1) {
    const tcp = createTcpServer(options);
    await listenTcp(tcp, options);
    const port = boundPort(tcp);
    try {
      const udp = await openUdp({ ...options, port });
      return { port, stop: () => closeAll(tcp, udp) };
    } catch (error) {
      tcp.close();
      if (options.port !== 0 || attempt === PORT_ATTEMPTS) throw error;
    }
  }
}

const openSockets = new WeakMap<Server, Set<Socket>>();

function createTcpServer({ answer, maxTcpConnections, tcpIdleMs = TCP_IDLE_MS }: Options): Server {
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    if (sockets.size > maxTcpConnections) {
      // The oldest goes: new clients get through, clients that hold connections open do not.
      const [oldest] = sockets;
      oldest?.destroy();
    }
    serveTcp(socket, answer, tcpIdleMs);
  });
  openSockets.set(server, sockets);
  return server;
}

/** Answers the length-prefixed queries of a connection, in order. RFC 1035 §4.2.2 */
function serveTcp(socket: Socket, answer: AnswerDns, idleMs: number): void {
  const address = socket.remoteAddress ?? "";
  // Runs from whole query to whole query, so that single bytes sent now and then do not prolong it.
  const idle = setTimeout(() => socket.destroy(), idleMs);
  let received: Buffer = Buffer.alloc(0);
  let busy = false;

  async function work(): Promise<void> {
    busy = true;
    while (received.length >= 2 && !socket.destroyed) {
      const length = received.readUInt16BE(0);
      if (length > MAX_TCP_QUERY_BYTES) return void socket.destroy();
      if (received.length < 2 + length) break;
      const message = received.subarray(2, 2 + length);
      received = received.subarray(2 + length);
      idle.refresh();
      for (const bytes of (await answer(message, { transport: "tcp", address })) ?? []) {
        const prefix = Buffer.alloc(2);
        prefix.writeUInt16BE(bytes.length);
        if (socket.destroyed) return;
        const isTaken = socket.write(Buffer.concat([prefix, bytes]));
        if (bytes.length <= MAX_TCP_QUERY_BYTES) continue;
        if (!isTaken) await drained(socket, idle, idleMs);
        // A fast secondary takes everything at once: others have their turn between two messages.
        await immediate();
        // A large zone takes longer than a client may be silent.
        idle.refresh();
      }
      if (socket.writableLength > MAX_UNREAD_BYTES) socket.destroy();
    }
    busy = false;
  }

  socket.on("data", (chunk: Buffer) => {
    received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
    if (!busy) work().catch(() => socket.destroy());
    else if (received.length > MAX_UNREAD_BYTES) socket.destroy();
  });
  socket.on("error", () => socket.destroy());
  socket.once("close", () => clearTimeout(idle));
}

/** Until what was sent has left: of a transfer hardly more than one message is in memory. */
function drained(socket: Socket, idle: NodeJS.Timeout, idleMs: number): Promise<void> {
  return new Promise((resolve) => {
    const stalled = setTimeout(() => socket.destroy(), STALLED_MS);
    const awake = setInterval(() => idle.refresh(), idleMs / 2);
    const finish = () => {
      clearTimeout(stalled);
      clearInterval(awake);
      socket.off("drain", finish).off("close", finish);
      idle.refresh();
      resolve();
    };
    socket.on("drain", finish).on("close", finish);
    if (socket.destroyed) finish();
  });
}

function listenTcp(server: Server, { port, bindAddress }: Options): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ port, host: bindAddress }, resolve);
  });
}

function boundPort(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("not listening on TCP");
  return address.port;
}

function openUdp({ port, bindAddress, answer }: Options): Promise<UdpSocket> {
  const socket = createSocket({ type: bindAddress.includes(":") ? "udp6" : "udp4" });
  socket.on("message", (message, source) => {
    const reply = answer(message, { transport: "udp", address: source.address });
    if (reply instanceof Promise) answerLate(reply, socket, source);
    else sendUdp(socket, reply, source);
  });
  return new Promise((resolve, reject) => {
    socket.once("error", reject);
    socket.bind({ port, address: bindAddress }, () => {
      socket.off("error", reject);
      // A datagram that cannot be sent is lost, as datagrams are.
      socket.on("error", () => undefined);
      growBuffers(socket);
      resolve(socket);
    });
  });
}

/** The socket may be closed by then, or answering may fail: the resolver asks again. */
function answerLate(reply: Promise<DnsReply>, socket: UdpSocket, source: RemoteInfo): void {
  reply.then((messages) => sendUdp(socket, messages, source)).catch(() => undefined);
}

function sendUdp(socket: UdpSocket, reply: DnsReply, { address, port }: RemoteInfo): void {
  for (const bytes of reply ?? []) if (port > 0) socket.send(bytes, port, address, () => undefined);
}

/** Systems may refuse; the default then has to do. */
function growBuffers(socket: UdpSocket): void {
  try {
    socket.setRecvBufferSize(UDP_BUFFER_BYTES);
    socket.setSendBufferSize(UDP_BUFFER_BYTES);
  } catch {
    // Kept as it was.
  }
}

async function closeAll(tcp: Server, udp: UdpSocket): Promise<void> {
  const closed = [
    new Promise<void>((resolve) => tcp.close(() => resolve())),
    new Promise<void>((resolve) => udp.close(() => resolve())),
  ];
  for (const socket of openSockets.get(tcp) ?? []) socket.destroy();
  await Promise.all(closed);
}
