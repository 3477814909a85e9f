import { createSocket, type RemoteInfo, type Socket as UdpSocket } from "node:dgram";
import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { type DecodedPacket, decode, encode, type Packet, TRUNCATED_RESPONSE } from "dns-packet";

const UDP_BYTES_WITHOUT_EDNS = 512;
const UDP_BYTES_MAX = 1232;
const MAX_TCP_CONNECTIONS = 100;
const TCP_IDLE_MS = 10_000;
const MAX_UDP_IN_FLIGHT = 500;

/** Turns one well-formed question into a whole response; id and EDNS are the listener's business. */
export type AnswerQuery = (query: DecodedPacket) => Promise<Packet>;

/**
 * Listens for DNS over UDP and TCP on one port of 127.0.0.1.
 *
 * Port 0 takes a free one. Bytes that are no DNS are dropped; a UDP answer that
 * does not fit is sent as truncated, so that the client asks again over TCP.
 *
 * RFC 1035 §4.2, RFC 6891 §6.2.3
 */
export async function startDnsListener(input: {
  port: number;
  answer: AnswerQuery;
}): Promise<{ port: number; stop(): Promise<void> }> {
  const { udp, tcp, port } = await bindBoth(input.port);
  const connections = new Set<Socket>();
  let udpInFlight = 0;

  async function answerDatagram(message: Buffer, peer: RemoteInfo): Promise<void> {
    udpInFlight += 1;
    const response = await respond(message, input.answer, "udp");
    udpInFlight -= 1;
    if (response) udp.send(response, peer.port, peer.address, () => {});
  }

  udp.on("message", (message, peer) => {
    if (udpInFlight >= MAX_UDP_IN_FLIGHT) return;
    // The socket may be closed by the time the answer is ready.
    answerDatagram(message, peer).catch(() => undefined);
  });
  udp.on("error", () => {});

  tcp.maxConnections = MAX_TCP_CONNECTIONS;
  tcp.on("connection", (socket) => {
    connections.add(socket);
    socket.on("close", () => connections.delete(socket)).on("error", () => socket.destroy());
    socket.setTimeout(TCP_IDLE_MS, () => socket.destroy());
    answerStream(socket, input.answer).catch(() => socket.destroy());
  });

  return {
    port,
    async stop() {
      for (const socket of connections) socket.destroy();
      await Promise.all([
        new Promise<void>((resolve) => udp.close(() => resolve())),
        new Promise((resolve) => tcp.close(resolve)),
      ]);
    },
  };
}

async function answerStream(socket: Socket, answer: AnswerQuery): Promise<void> {
  let received = Buffer.alloc(0);
  for await (const chunk of socket) {
    received = Buffer.concat([received, chunk]);
    while (received.length >= 2 && received.length >= received.readUInt16BE(0) + 2) {
      const length = received.readUInt16BE(0);
      const response = await respond(received.subarray(2, length + 2), answer, "tcp");
      received = received.subarray(length + 2);
      if (!response) return void socket.destroy();
      const prefix = Buffer.alloc(2);
      prefix.writeUInt16BE(response.length);
      socket.write(Buffer.concat([prefix, response]));
    }
  }
}

async function respond(
  message: Buffer,
  answer: AnswerQuery,
  transport: "udp" | "tcp",
): Promise<Buffer | undefined> {
  try {
    const query = decode(message);
    if (query.flag_qr) return undefined;
    const edns = query.additionals?.find((record) => record.type === "OPT");
    const response: Packet = { ...(await answer(query)), id: query.id, type: "response" };
    if (edns) response.additionals = [...(response.additionals ?? []), OPT];
    const bytes = encode(response);
    const limit = edns ? Math.min(UDP_BYTES_MAX, Math.max(UDP_BYTES_WITHOUT_EDNS, edns.udpPayloadSize)) : 512;
    if (transport === "tcp" || bytes.length <= limit) return bytes;
    return encode({
      id: query.id,
      type: "response",
      flags: (response.flags ?? 0) | TRUNCATED_RESPONSE,
      questions: query.questions,
      additionals: edns ? [OPT] : [],
    });
  } catch {
    return undefined;
  }
}

const OPT = {
  type: "OPT",
  name: ".",
  udpPayloadSize: UDP_BYTES_MAX,
  extendedRcode: 0,
  ednsVersion: 0,
  flags: 0,
  flag_do: false,
  options: [],
} satisfies NonNullable<Packet["additionals"]>[number];

// With port 0 the UDP side picks a number that may be taken on the TCP side: try again with another.
async function bindBoth(wanted: number): Promise<{ udp: UdpSocket; tcp: Server; port: number }> {
  for (let attemptsLeft = 10; ; attemptsLeft -= 1) {
    const udp = createSocket("udp4");
    const tcp = createServer();
    try {
      udp.bind(wanted, "127.0.0.1");
      await once(udp, "listening");
      const { port } = udp.address();
      tcp.listen(port, "127.0.0.1");
      await once(tcp, "listening");
      return { udp, tcp, port };
    } catch (error) {
      udp.close();
      if (wanted !== 0 || attemptsLeft === 1) throw error;
    }
  }
}
