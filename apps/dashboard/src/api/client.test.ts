import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { ApiError, createSend } from "./client.ts";

/** `send` over real sockets to a server that answers its first, second … request as listed, and the last way from then on. */
async function sendTo(...answers: RequestListener[]) {
  let asked = 0;
  const server = createServer((request, response) => {
    answers[Math.min(asked++, answers.length - 1)]?.(request, response);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const noted: string[] = [];
  const send = createSend({
    fetch: (path, init) => fetch(`http://127.0.0.1:${port}${path}`, init),
    retryClock: { wait: async () => void noted.push("wait"), noteAnswer: () => void noted.push("answer") },
  });
  return { send, noted, asked: () => asked };
}

const fine: RequestListener = (_, response) =>
  response.setHeader("content-type", "application/json").end("{}");
const problem =
  (status: number): RequestListener =>
  (_, response) =>
    response
      .writeHead(status)
      .end(JSON.stringify({ code: "unavailable", detail: "Reports cannot be read." }));

const NO_ANSWERS: Record<string, RequestListener> = {
  "a connection that is closed": (request) => request.socket.destroy(),
  "silence beyond the time-out": () => undefined,
  "an answer that breaks off": (_, response) => {
    response.writeHead(200, { "content-length": "100" }).write("{");
    response.destroy();
  },
  "an answer that never ends": (_, response) => response.writeHead(200).write("{"),
  "a proxy's own 502": (_, response) => response.writeHead(502).end("<h1>Bad Gateway</h1>"),
  "a page of another server": (_, response) => response.end("<h1>Welcome to the hotel</h1>"),
};

test.each(Object.entries(NO_ANSWERS))("what only reads is sent again after %s", async (_, listener) => {
  const { send, noted } = await sendTo(listener, listener, fine);
  expect(await send("GET", "/x", { timeoutMs: 200 })).toEqual({});
  // On a busy machine the good answer may come too late as well, and is asked for again.
  expect(noted.slice(0, 2)).toEqual(["wait", "wait"]);
  expect(noted.indexOf("answer")).toBe(noted.length - 1);
});

test.each(Object.entries(NO_ANSWERS))("a change is sent once and says so after %s", async (_, listener) => {
  const { send, noted, asked } = await sendTo(listener, fine);
  const refusal: unknown = await send("POST", "/x", { timeoutMs: 200, body: {} }).catch((error) => error);
  expect(refusal).toBeInstanceOf(ApiError);
  expect((refusal as ApiError).message).toMatch(/does not answer.*may have done this already/);
  expect([noted, asked()]).toEqual([[], 1]);
});

test.each([404, 422, 429, 500, 503])("a refusal with status %d is an answer", async (status) => {
  const { send, noted, asked } = await sendTo(problem(status));
  await expect(send("GET", "/x")).rejects.toMatchObject({ status, message: "Reports cannot be read." });
  expect([noted, asked()]).toEqual([["answer"], 1]);
});
