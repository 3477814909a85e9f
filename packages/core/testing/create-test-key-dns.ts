import { createSocket } from "node:dgram";
import { once } from "node:events";

/** A DNS server on loopback that knows TXT records only; a name with `"servfail"` fails. For tests. */
export type TestKeyDns = { server: string; asked: string[]; stop(): Promise<void> };

const NXDOMAIN = 3;
const SERVFAIL = 2;

/** Starts it with these records; they may be changed while it runs. */
export async function createTestKeyDns(records: Map<string, string>): Promise<TestKeyDns> {
  const asked: string[] = [];
  const socket = createSocket("udp4");
  socket.on("message", (query, from) => {
    const { name, end } = readName(query);
    asked.push(name);
    socket.send(answer(query.subarray(0, end + 4), records.get(name)), from.port, from.address);
  });
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  return {
    server: `127.0.0.1:${socket.address().port}`,
    asked,
    stop: async () => {
      socket.close();
      await once(socket, "close");
    },
  };
}

function readName(query: Buffer): { name: string; end: number } {
  const labels: string[] = [];
  let offset = 12;
  while (query[offset]) {
    const length = query.readUInt8(offset);
    labels.push(query.toString("latin1", offset + 1, offset + 1 + length));
    offset += length + 1;
  }
  return { name: labels.join(".").toLowerCase(), end: offset + 1 };
}

function answer(question: Buffer, text: string | undefined): Buffer {
  const reply = Buffer.from(question);
  const rcode = text === undefined ? NXDOMAIN : text === "servfail" ? SERVFAIL : 0;
  reply.writeUInt16BE(0x8180 | rcode, 2);
  reply.writeUInt16BE(1, 4);
  reply.writeUInt16BE(rcode === 0 ? 1 : 0, 6);
  reply.writeUInt32BE(0, 8);
  if (rcode !== 0) return reply;
  const strings = (text ?? "").match(/.{1,255}/g) ?? [];
  const data = Buffer.concat(
    strings.map((part) => Buffer.from(`${String.fromCharCode(part.length)}${part}`, "latin1")),
  );
  const record = Buffer.from("c00c001000010000003c0000", "hex");
  record.writeUInt16BE(data.length, 10);
  return Buffer.concat([reply, record, data]);
}
