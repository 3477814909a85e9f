import { createSocket } from "node:dgram";
import { connect } from "node:net";
import { type DecodedPacket, decode, encode, type Packet, streamEncode } from "dns-packet";

/** An answer as dns-packet decodes it. */
export type Answered = DecodedPacket & { rcode: string };

const PATIENCE_MS = 2_000;

/** For tests: sends one datagram and resolves with the answer's bytes, or undefined when none comes. */
export function askUdp(port: number, message: Buffer, patienceMs = PATIENCE_MS): Promise<Buffer | undefined> {
  return new Promise((resolve, reject) => {
    const socket = createSocket("udp4");
    const timer = setTimeout(() => finish(undefined), patienceMs);
    const finish = (bytes: Buffer | undefined) => {
      clearTimeout(timer);
      socket.close();
      resolve(bytes);
    };
    socket.once("error", reject);
    socket.once("message", finish);
    socket.send(message, port, "127.0.0.1");
  });
}

/** For tests: sends bytes over TCP and resolves with everything sent back until the server closes. */
function askTcp(port: number, bytes: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect({ port, host: "127.0.0.1" }, () => socket.end(bytes));
    socket.on("data", (chunk: Buffer) => chunks.push(chunk));
    socket.once("error", reject);
    socket.once("close", () => resolve(Buffer.concat(chunks)));
  });
}

/** For tests: asks one question and decodes the answer. */
export async function ask(port: number, name: string, type: string, packet: Packet = {}): Promise<Answered> {
  const answer = await askUdp(port, encode(asQuery(name, type, packet)));
  if (!answer) throw new Error(`no answer to ${name} ${type}`);
  return decodeAnswer(answer);
}

/** For tests: several questions over one TCP connection, answers in order. */
export async function askOverTcp(
  port: number,
  questions: [name: string, type: string][],
): Promise<Answered[]> {
  let rest = await askTcp(
    port,
    Buffer.concat(questions.map(([name, type]) => streamEncode(asQuery(name, type, {})))),
  );
  const answers: Answered[] = [];
  while (rest.length > 2) {
    const length = rest.readUInt16BE(0);
    answers.push(decodeAnswer(rest.subarray(2, 2 + length)));
    rest = rest.subarray(2 + length);
  }
  return answers;
}

/** dns-packet's decoder gives the response code, its types leave it out. */
function decodeAnswer(bytes: Buffer): Answered {
  return decode(bytes) as Answered;
}

/** dns-packet's types know fewer record types than there are. */
function asQuery(name: string, type: string, packet: Packet): Packet {
  return { type: "query", id: 4711, questions: [{ name, type: type as "A" }], ...packet };
}
