import { createSocket } from "node:dgram";
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { type Answer, decode, encode, type Packet, type Question, TRUNCATED_RESPONSE } from "dns-packet";

/** What a test may do to a question before the records answer it: a reply, silence, or `undefined` to leave it. */
export type Interfere = (
  question: Question,
  transport: "udp" | "tcp",
  id: number,
  /** The client switched DNSSEC validation off (CD). */
  isUnchecked: boolean,
) => Partial<Packet> | Buffer | "silence" | undefined;

export type TestDns = {
  /** `host:port` for `createResolver`. */
  readonly server: string;
  /** `transport type name` of every question. */
  readonly asked: string[];
  stop(): Promise<void>;
};

const NXDOMAIN = 3;

/** A DNS server on loopback that answers from these records as a recursive one would, CNAME chains included. */
export async function startTestDns(
  records: Answer[],
  interfere: Interfere = () => undefined,
): Promise<TestDns> {
  const asked: string[] = [];
  const sockets = new Set<Socket>();

  function reply(message: Buffer, transport: "udp" | "tcp"): Buffer | undefined {
    const { id = 0, questions = [], flag_cd } = decode(message);
    const [question] = questions;
    if (!question) return undefined;
    asked.push(`${transport} ${question.type} ${question.name}`);
    const chosen = interfere(question, transport, id, flag_cd) ?? answerFrom(records, question);
    if (chosen === "silence" || Buffer.isBuffer(chosen)) return chosen === "silence" ? undefined : chosen;
    const packet = encode({ type: "response", id, questions, ...chosen });
    return transport === "tcp" || packet.length <= 1232
      ? packet
      : encode({ type: "response", id, flags: TRUNCATED_RESPONSE, questions });
  }

  const tcp = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.on("data", (data) => {
      const packet = reply(data.subarray(2), "tcp");
      if (!packet) return;
      const length = Buffer.alloc(2);
      length.writeUInt16BE(packet.length);
      // In two pieces, as networks do.
      socket.write(Buffer.concat([length, packet.subarray(0, 7)]));
      setImmediate(() => socket.write(packet.subarray(7)));
    });
  });
  tcp.listen(0, "127.0.0.1");
  await once(tcp, "listening");
  const { port } = addressOf(tcp.address());
  const udp = createSocket("udp4");
  udp.on("message", (message, from) => {
    const packet = reply(message, "udp");
    if (packet) udp.send(packet, from.port, from.address);
  });
  udp.bind(port, "127.0.0.1");
  await once(udp, "listening");
  return {
    server: `127.0.0.1:${port}`,
    asked,
    async stop() {
      for (const socket of sockets) socket.destroy();
      udp.close();
      tcp.close();
      await once(tcp, "close");
    },
  };
}

function answerFrom(records: Answer[], { name, type }: Question): Partial<Packet> {
  const answers: Answer[] = [];
  let current = name.toLowerCase();
  for (let hop = 0; hop < 20; hop++) {
    const here = records.filter((record) => record.name === current);
    const matching = here.filter((record) => record.type === type);
    const cname = here.find((record) => record.type === "CNAME");
    if (here.length === 0) return { answers, flags: NXDOMAIN };
    if (matching.length > 0 || cname?.type !== "CNAME") return { answers: [...answers, ...matching] };
    answers.push(cname);
    current = cname.data.toLowerCase();
  }
  return { answers };
}

/** The address of a listening server. */
export function addressOf(address: AddressInfo | string | null): AddressInfo {
  if (address === null || typeof address === "string")
    throw new Error("The server is not listening on a port");
  return address;
}
