import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { afterEach, expect, test } from "vitest";
import { expectProxyHeaders } from "./expect-proxy-headers.ts";

const HEADER = Buffer.from("0d0a0d0a000d0a515549540a2111000cc0000201cb0071079c4001bb", "hex");
const LOCAL = Buffer.from("0d0a0d0a000d0a515549540a20000000", "hex");
const undo: (() => void)[] = [];
afterEach(() => {
  for (const step of undo.splice(0)) step();
});

/** A server that answers the first bytes it sees with whose they are and what they were. */
async function start(fronts: string[]): Promise<{ port: number; refused(): number; accepted(): number }> {
  let refused = 0;
  let accepted = 0;
  const server: Server = createServer((socket) => {
    socket.on("error", () => socket.destroy());
    socket.once("data", (chunk) =>
      socket.end(`${clientAddressOf(socket)} ${chunk.toString("latin1")}`, "latin1"),
    );
  });
  const clientAddressOf = expectProxyHeaders(server, { fronts, onRefused: () => (refused += 1) });
  server.on("connection", () => (accepted += 1));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  undo.push(() => server.close());
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("not listening");
  return { port: address.port, refused: () => refused, accepted: () => accepted };
}

async function open(port: number): Promise<Socket> {
  const socket = connect(port, "127.0.0.1");
  socket.setNoDelay(true);
  await once(socket, "connect");
  undo.push(() => socket.destroy());
  return socket;
}

async function readAll(socket: Socket): Promise<string> {
  let text = "";
  socket.on("data", (chunk: Buffer) => {
    text += chunk.toString("latin1");
  });
  socket.on("error", () => undefined);
  await new Promise((resolve) => socket.once("close", resolve));
  return text;
}

const PARTS: [name: string, parts: Buffer[]][] = [
  ["with the first bytes", [Buffer.concat([HEADER, Buffer.from("hello")])]],
  ["alone", [HEADER, Buffer.from("hello")]],
  ["byte by byte", [...HEADER, ...Buffer.from("hello")].map((byte) => Buffer.from([byte])).slice(0, 29)],
];
test.each(PARTS)(
  "a front's header that comes %s names the client and is not seen by the server",
  async (_, parts) => {
    const { port } = await start(["127.0.0.0/8"]);
    const socket = await open(port);
    const answer = readAll(socket);
    for (const part of parts) await new Promise<void>((resolve) => socket.write(part, () => resolve()));
    expect(await answer).toMatch(/^192\.0\.2\.1 h/);
  },
);

test("the front's own connections are its own, and each connection has the client it was opened for", async () => {
  const { port } = await start(["127.0.0.0/8"]);
  const sockets = await Promise.all([open(port), open(port), open(port)]);
  const answers = sockets.map(readAll);
  const other = Buffer.from(HEADER);
  other.writeUInt8(99, 19);
  for (const [index, header] of [HEADER, LOCAL, other].entries()) sockets[index]?.write(header);
  for (const socket of sockets) socket.write("x");
  expect(await Promise.all(answers)).toEqual(["192.0.2.1 x", "127.0.0.1 x", "192.0.2.99 x"]);
});

test("a header from anybody else is not believed, and without fronts nothing is read", async () => {
  for (const fronts of [["192.0.2.0/24", "2001:db8::/32"], []]) {
    const { port, refused } = await start(fronts);
    const socket = await open(port);
    const answer = readAll(socket);
    socket.write(HEADER);
    expect(await answer).toBe(`127.0.0.1 ${HEADER.toString("latin1")}`);
    expect(refused()).toBe(0);
  }
});

test("a front that sends something else is cut off at once, one that sends nothing after some seconds", async () => {
  const { port, refused, accepted } = await start(["127.0.0.1/32"]);
  for (const bytes of ["PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n", "GET / HTTP/1.1\r\n\r\n"]) {
    const socket = await open(port);
    const answer = readAll(socket);
    socket.write(bytes);
    expect(await answer).toBe("");
  }
  expect(refused()).toBe(2);
  const silent = await open(port);
  silent.write(HEADER.subarray(0, 20));
  const startedMs = performance.now();
  expect(await readAll(silent)).toBe("");
  expect(performance.now() - startedMs).toBeLessThan(4_500);
  expect(refused()).toBe(3);
  const gone = await open(port);
  gone.write(HEADER.subarray(0, 20));
  gone.resetAndDestroy();
  await expect.poll(accepted).toBe(4);
  expect(refused()).toBe(3);
});
