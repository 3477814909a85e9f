import { randomInt } from "node:crypto";
import { createSocket } from "node:dgram";
import { connect, isIPv6 } from "node:net";
import {
  AUTHENTIC_DATA,
  CHECKING_DISABLED,
  type DecodedPacket,
  decode,
  encode,
  type Packet,
  RECURSION_DESIRED,
  type RecordType,
} from "dns-packet";
import type { DnsServer } from "./parse-dns-servers.ts";

/** One server's reply, or why it gave none. */
export type DnsReply =
  | { readonly reply: DecodedPacket; readonly rcode: number }
  | { readonly failed: "timeout" | "unreachable" | "unreadable"; readonly detail: string };

type Question = { name: string; type: RecordType };
type Exchange = {
  server: DnsServer;
  question: Question;
  timeoutMs: number;
  /** Asks a validating resolver for its data also where DNSSEC fails. RFC 4035 §3.2.2 */
  checkingDisabled?: boolean;
};

const UDP_PAYLOAD_BYTES = 1232;
const MAX_REPLY_BYTES = 32_768;
const RCODE_MASK = 0xf;

/**
 * Asks one server one question by UDP, and again by TCP when the reply is truncated.
 *
 * Replies with another id or question are ignored, as are those from elsewhere. At most 32 KiB, and `timeoutMs` for both
 * ways together. Never throws.
 *
 * RFC 1035 §4.2, RFC 5452 §9, RFC 6891 §6.2.5
 */
export async function askDnsServer(exchange: Exchange): Promise<DnsReply> {
  const startedAt = performance.now();
  const first = await askByUdp(exchange);
  if (!("reply" in first) || !first.reply.flag_tc) return first;
  const remainingMs = exchange.timeoutMs - (performance.now() - startedAt);
  return askByTcp({ ...exchange, timeoutMs: Math.max(1, remainingMs) });
}

function askByUdp({ server, question, timeoutMs, checkingDisabled }: Exchange): Promise<DnsReply> {
  const { promise, resolve } = Promise.withResolvers<DnsReply>();
  const id = randomInt(0x10000);
  const socket = createSocket(isIPv6(server.host) ? "udp6" : "udp4");
  const timer = setTimeout(() => resolve(timedOut()), timeoutMs);
  socket.on("error", () => resolve(unreachable(server)));
  socket.on("message", (message) => {
    const reply = readReply(message, id, question);
    if (reply) resolve(reply);
  });
  // Connected, so that the kernel drops what comes from any other address or port.
  socket.on("connect", () => socket.send(encode(questionPacket(id, question, checkingDisabled))));
  socket.connect(server.port, server.host);
  return promise.finally(() => {
    clearTimeout(timer);
    socket.close();
  });
}

function askByTcp({ server, question, timeoutMs, checkingDisabled }: Exchange): Promise<DnsReply> {
  const { promise, resolve } = Promise.withResolvers<DnsReply>();
  const id = randomInt(0x10000);
  const query = encode(questionPacket(id, question, checkingDisabled));
  const length = Buffer.alloc(2);
  length.writeUInt16BE(query.length);
  const socket = connect(server.port, server.host, () => socket.write(Buffer.concat([length, query])));
  const timer = setTimeout(() => resolve(timedOut()), timeoutMs);
  let received = Buffer.alloc(0);
  socket.on("error", () => resolve(unreachable(server)));
  socket.on("close", () =>
    resolve({ failed: "unreadable", detail: "The server closed the connection early" }),
  );
  socket.on("data", (chunk) => {
    received = Buffer.concat([received, chunk]);
    if (received.length < 2) return;
    const replyBytes = received.readUInt16BE(0);
    if (replyBytes > MAX_REPLY_BYTES) resolve({ failed: "unreadable", detail: "The reply is too large" });
    else if (received.length >= replyBytes + 2) {
      const reply = readReply(received.subarray(2, replyBytes + 2), id, question);
      resolve(reply ?? { failed: "unreadable", detail: "The reply answers another question" });
    }
  });
  return promise.finally(() => {
    clearTimeout(timer);
    socket.destroy();
  });
}

function questionPacket(id: number, question: Question, checkingDisabled = false): Packet {
  return {
    type: "query",
    id,
    // AD in a query asks for AD in the reply (RFC 6840 §5.7).
    flags: RECURSION_DESIRED | AUTHENTIC_DATA | (checkingDisabled ? CHECKING_DISABLED : 0),
    questions: [question],
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
  };
}

function readReply(message: Buffer, id: number, question: Question): DnsReply | undefined {
  if (message.length < 12 || message.readUInt16BE(0) !== id) return undefined;
  try {
    const reply = decode(message);
    const [echoed] = reply.questions ?? [];
    const isOurs = reply.flag_qr && echoed?.type === question.type && isSameName(echoed.name, question.name);
    return isOurs ? { reply, rcode: (reply.flags ?? 0) & RCODE_MASK } : undefined;
  } catch {
    return { failed: "unreadable", detail: "The reply of the DNS server cannot be read" };
  }
}

function isSameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

function unreachable({ host }: DnsServer): DnsReply {
  return { failed: "unreachable", detail: `Our DNS server ${host} cannot be reached` };
}

function timedOut(): DnsReply {
  return { failed: "timeout", detail: "DNS did not answer in time" };
}
