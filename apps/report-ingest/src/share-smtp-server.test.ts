import { once } from "node:events";
import { connect } from "node:net";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createSharingSmtpServer } from "./share-smtp-server.ts";

const MINUTE_MS = 60_000;

// The server's own clock alone: sockets keep the real timers.
beforeEach(() => void vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "performance"] }));
afterEach(() => void vi.useRealTimers());

test("a session ends after 15 minutes even when its client keeps talking; a younger one does not end", async () => {
  const limits = { maxConnections: 10, maxConnectionsPerAddress: 10 };
  const server = createSharingSmtpServer(
    { disabledCommands: ["AUTH", "STARTTLS"], disableReverseLookup: true },
    { ...limits, clientAddressOf: () => "192.0.2.1" },
  );
  const port = await server.listen(0, "127.0.0.1");
  const old = await greet(port);
  vi.advanceTimersByTime(10 * MINUTE_MS);
  const young = await greet(port);
  expect(await old.ask("NOOP")).toMatch(/^250 /);
  vi.advanceTimersByTime(6 * MINUTE_MS);
  await old.closed;
  expect(old.heard()).toMatch(/^421 4\.4\.2 This took too long/m);
  expect(await young.ask("NOOP")).toMatch(/^250 /);
  young.end();
  await server.stop();
});

/** Connects and waits for the greeting. */
async function greet(port: number) {
  const socket = connect(port, "127.0.0.1");
  let heard = "";
  socket.on("data", (chunk) => {
    heard += chunk.toString();
  });
  socket.on("error", () => undefined);
  const closed = once(socket, "close");
  await once(socket, "data");
  return {
    closed,
    heard: () => heard,
    end: () => socket.destroy(),
    ask: async (line: string) => {
      const answered = once(socket, "data");
      socket.write(`${line}\r\n`);
      const [answer] = await answered;
      return String(answer);
    },
  };
}
