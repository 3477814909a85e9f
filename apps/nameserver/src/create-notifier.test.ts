import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { afterEach, expect, test } from "vitest";
import { createNotifier, type Notifier } from "./create-notifier.ts";

let socket: Socket;
let notifier: Notifier;
afterEach(() => {
  notifier.stop();
  socket.close();
});

/** A secondary that answers from the n-th message on. */
async function start(answersFrom: number) {
  const received: Buffer[] = [];
  const outcomes: string[] = [];
  socket = createSocket("udp4");
  socket.on("message", (message, { address, port }) => {
    received.push(message);
    if (received.length < answersFrom) return;
    const answer = Buffer.from(message);
    answer.writeUInt16BE(answer.readUInt16BE(2) | 0x8000, 2);
    socket.send(answer, port, address);
  });
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  notifier = createNotifier({
    hostedZone: "hosted.example",
    secondaries: [{ address: "127.0.0.1", port: socket.address().port }],
    tsigKey: undefined,
    bindAddress: "127.0.0.1",
    now: () => new Date(),
    onOutcome: (outcome) => outcomes.push(outcome),
    firstRetryMs: 5,
  });
  return { received, outcomes };
}

test("RFC 1996 §3.6: a NOTIFY is sent again until it is answered, then no more", async () => {
  const { received, outcomes } = await start(3);
  notifier.notify();
  await expect.poll(() => outcomes).toEqual(["acknowledged"]);
  expect(received).toHaveLength(3);
  // Opcode 4, authoritative; one question. RFC 1996 §3.7
  expect(received[0]?.readUInt16BE(2)).toBe(0x2400);
  expect(received[0]?.readUInt16BE(4)).toBe(1);
});

test("a secondary that never answers is given up after eight times", async () => {
  const { received, outcomes } = await start(100);
  notifier.notify();
  await expect.poll(() => outcomes, { timeout: 5_000 }).toEqual(["unanswered"]);
  expect(received).toHaveLength(8);
});

test("many changes at once are one NOTIFY, and one that comes while it is under way is announced afterwards", async () => {
  const { received, outcomes } = await start(1);
  for (let change = 0; change < 50; change += 1) notifier.notify();
  await expect.poll(() => outcomes).toHaveLength(1);
  expect(received).toHaveLength(1);
  notifier.notify();
  await expect.poll(() => received).toHaveLength(2);
});
