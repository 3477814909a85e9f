import { randomInt } from "node:crypto";
import { createSocket } from "node:dgram";
import { connect } from "node:net";
import { type DecodedPacket, decode, encode, RECURSION_DESIRED, type RecordType } from "dns-packet";

/** A DNS server to ask: an address (not a name) and a port. */
export type DnsServer = { host: string; port: number };

const UDP_PAYLOAD_BYTES = 1232;
const RCODE_MASK = 0x0f;

/**
 * What one DNS server says, over UDP and again over TCP when the answer was truncated.
 *
 * An answer that does not repeat id and question is ignored. One repeat after half of `timeoutMs` (default 3,000).
 *
 * @throws Error – no answer in time, or the server cannot be reached
 */
export async function queryDns(input: {
  server: DnsServer;
  name: string;
  type: RecordType;
  timeoutMs?: number;
}): Promise<DecodedPacket & { rcode: number }> {
  const { server, name, type, timeoutMs = 3_000 } = input;
  const id = randomInt(65_536);
  const query = encode({
    type: "query",
    id,
    flags: RECURSION_DESIRED,
    questions: [{ type, name }],
    additionals: [
      {
        type: "OPT",
        name: ".",
        udpPayloadSize: UDP_PAYLOAD_BYTES,
        extendedRcode: 0,
        ednsVersion: 0,
        flags: 0,
        flag_do: false,
        options: [],
      },
    ],
  });
  const isAnswer = (packet: DecodedPacket) =>
    packet.id === id &&
    packet.flag_qr &&
    packet.questions?.[0]?.name.toLowerCase() === name.toLowerCase() &&
    packet.questions[0].type === type;
  const overUdp = await askOverUdp(server, query, isAnswer, timeoutMs);
  const packet = overUdp.flag_tc ? await askOverTcp(server, query, isAnswer, timeoutMs) : overUdp;
  return { ...packet, rcode: (packet.flags ?? 0) & RCODE_MASK };
}

function askOverUdp(
  server: DnsServer,
  query: Buffer,
  isAnswer: (packet: DecodedPacket) => boolean,
  timeoutMs: number,
): Promise<DecodedPacket> {
  return new Promise((resolve, reject) => {
    const socket = createSocket(server.host.includes(":") ? "udp6" : "udp4");
    const repeat = setTimeout(() => socket.send(query), timeoutMs / 2);
    const deadline = setTimeout(() => finish(new Error("DNS server did not answer")), timeoutMs);
    const finish = (result: Error | DecodedPacket) => {
      clearTimeout(repeat);
      clearTimeout(deadline);
      socket.close();
      if (result instanceof Error) reject(result);
      else resolve(result);
    };
    socket.once("error", finish);
    socket.on("message", (message) => {
      const packet = decodeOrUndefined(message);
      if (packet && isAnswer(packet)) finish(packet);
    });
    socket.connect(server.port, server.host, () => socket.send(query));
  });
}

function askOverTcp(
  server: DnsServer,
  query: Buffer,
  isAnswer: (packet: DecodedPacket) => boolean,
  timeoutMs: number,
): Promise<DecodedPacket> {
  return new Promise((resolve, reject) => {
    const socket = connect(server.port, server.host);
    let received = Buffer.alloc(0);
    const deadline = setTimeout(() => socket.destroy(new Error("DNS server did not answer")), timeoutMs);
    socket.on("connect", () => socket.write(Buffer.concat([lengthPrefix(query), query])));
    socket.on("data", (chunk) => {
      received = Buffer.concat([received, chunk]);
      const length = received.length >= 2 ? received.readUInt16BE(0) : Number.POSITIVE_INFINITY;
      if (received.length < length + 2) return;
      const packet = decodeOrUndefined(received.subarray(2, length + 2));
      if (packet && isAnswer(packet)) resolve(packet);
      socket.destroy(new Error("DNS server answered something else"));
    });
    socket.on("error", reject);
    socket.on("close", () => {
      clearTimeout(deadline);
      reject(new Error("DNS server closed the connection"));
    });
  });
}

function decodeOrUndefined(message: Buffer): DecodedPacket | undefined {
  try {
    return decode(message);
  } catch {
    return undefined;
  }
}

function lengthPrefix(message: Buffer): Buffer {
  const prefix = Buffer.alloc(2);
  prefix.writeUInt16BE(message.length);
  return prefix;
}
