import { expect, test } from "vitest";
import { textAnswer } from "./answer.ts";
import { serveConnection } from "./serve-connection.ts";

const GET = "GET / HTTP/1.1\r\nHost: a.example\r\n\r\n";
const BODY = "x".repeat(4_000);

/** A connection whose client asks and takes nothing of what it is sent. */
function connectGreedy() {
  const sent: string[] = [];
  const state = { unsentBytes: 0, isDestroyed: false };
  const connection = serveConnection(
    {
      write: (text) => {
        sent.push(text);
        state.unsentBytes += text.length;
      },
      end: () => undefined,
      destroy: () => {
        state.isDestroyed = true;
      },
      unsentBytes: () => state.unsentBytes,
    },
    { answer: () => textAnswer(BODY), onRefused: () => undefined, allow: () => undefined },
  );
  return { connection, state };
}

test("a client that does not read is cut off before 128 KiB of answers wait for it", () => {
  const { connection, state } = connectGreedy();
  for (let request = 0; request < 100 && !state.isDestroyed; request += 1) connection.receive(GET);
  expect(state.isDestroyed).toBe(true);
  expect(state.unsentBytes).toBeGreaterThan(100_000);
  expect(state.unsentBytes).toBeLessThanOrEqual(128 * 1_024);
});

test("the same holds for requests that come in one piece", () => {
  const { connection, state } = connectGreedy();
  connection.receive(GET.repeat(100));
  expect(state).toEqual({ unsentBytes: 0, isDestroyed: true });
});

test("a client that reads has all its answers", () => {
  const { connection, state } = connectGreedy();
  for (let request = 0; request < 100; request += 1) {
    connection.receive(GET);
    state.unsentBytes = 0;
  }
  expect(state.isDestroyed).toBe(false);
});
