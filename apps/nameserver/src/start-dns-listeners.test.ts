import { createSocket } from "node:dgram";
import { once } from "node:events";
import { connect } from "node:net";
import { setImmediate as immediate } from "node:timers/promises";
import { expect, test } from "vitest";
import { type DnsReply, startDnsListeners } from "./start-dns-listeners.ts";

const IDLE_MS = 200;
const MESSAGES = 20;
const MESSAGE_BYTES = 8_000;

/** Messages of a transfer that each take a while to make, as on a busy machine. */
function* makeSlowly(): Iterable<Buffer> {
  for (let message = 0; message < MESSAGES; message++) {
    const untilMs = performance.now() + IDLE_MS / 4;
    while (performance.now() < untilMs);
    yield Buffer.alloc(MESSAGE_BYTES, message);
  }
}

test("RFC 7766 §6.2.3: a transfer that takes longer than a client may be silent is sent whole, and then the silence counts", async () => {
  const listeners = await startDnsListeners({
    port: 0,
    bindAddress: "127.0.0.1",
    maxTcpConnections: 10,
    tcpIdleMs: IDLE_MS,
    answer: () => makeSlowly(),
  });
  try {
    const socket = connect({ port: listeners.port, host: "127.0.0.1" });
    await once(socket, "connect");
    let received = 0;
    socket.on("data", (chunk: Buffer) => {
      received += chunk.length;
    });
    const startedAtMs = performance.now();
    const closedAfterMs = new Promise<number>((resolve) => {
      socket.once("close", () => resolve(performance.now() - startedAtMs));
    });
    socket.write(Buffer.from([0, 1, 0]));
    const tookMs = await closedAfterMs;
    expect(received).toBe(MESSAGES * (MESSAGE_BYTES + 2));
    expect(tookMs).toBeGreaterThan((MESSAGES * IDLE_MS) / 4 + IDLE_MS / 2);
    expect(tookMs).toBeLessThan(10_000);
  } finally {
    await listeners.stop();
  }
});

test("an answer that is ready after the listener was closed, or never, is dropped: no rejection is left unhandled", async () => {
  const unhandled: unknown[] = [];
  const onUnhandled = (error: unknown) => unhandled.push(error);
  process.on("unhandledRejection", onUnhandled);
  const late = Promise.withResolvers<DnsReply>();
  const failing = Promise.withResolvers<DnsReply>();
  const replies = [late.promise, failing.promise];
  let asked = 0;
  const listeners = await startDnsListeners({
    port: 0,
    bindAddress: "127.0.0.1",
    maxTcpConnections: 10,
    answer: () => replies[asked++],
  });
  const client = createSocket("udp4");
  try {
    for (const _ of replies) client.send(Buffer.alloc(12), listeners.port, "127.0.0.1");
    await expect.poll(() => asked).toBe(replies.length);
    await listeners.stop();
    late.resolve([Buffer.alloc(12)]);
    failing.reject(new Error("the database is away"));
    await immediate();
    expect(unhandled).toEqual([]);
  } finally {
    client.close();
    process.off("unhandledRejection", onUnhandled);
  }
});
