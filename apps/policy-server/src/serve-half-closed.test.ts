import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readToEnd } from "../testing/talk-to-server.ts";
import { type Answer, textAnswer } from "./answer.ts";
import { type Service, serveSocket } from "./serve-connection.ts";
import { boundPort } from "./start-policy-listener.ts";

const GET = "GET / HTTP/1.1\r\nHost: a.example\r\n\r\n";
let answer: Service["answer"];
let served: Socket[];
const server = createServer((socket) => {
  served.push(socket);
  serveSocket(socket, {
    answer: (request) => answer(request),
    onRefused: () => undefined,
    allow: () => undefined,
  });
});

beforeEach(async () => {
  served = [];
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
});
afterEach(() => server.close());

async function ask(bytes: string): Promise<string> {
  const socket = connect({ port: boundPort(server.address()), host: "127.0.0.1", allowHalfOpen: true });
  const text = readToEnd(socket);
  socket.once("end", () => socket.end());
  socket.end(bytes);
  return text;
}

test("a client that ends its side right after its requests has every answer, and then the connection ends", async () => {
  answer = () => textAnswer("body");
  expect((await ask(GET.repeat(3))).match(/HTTP\/1\.1 200 OK/g)).toHaveLength(3);
  await expect.poll(() => served[0]?.destroyed).toBe(true);
});

test("answers that have to be waited for come in order, also to a client that has ended its side", async () => {
  const waiting: ((answer: Answer) => void)[] = [];
  answer = () => new Promise((resolve) => waiting.push(resolve));
  const answers = ask(GET.repeat(2));
  for (const body of ["first", "second"]) {
    await expect.poll(() => waiting.length).toBe(1);
    waiting.pop()?.(textAnswer(body));
  }
  expect((await answers).match(/first|second/g)).toEqual(["first", "second"]);
  await expect.poll(() => served[0]?.destroyed).toBe(true);
});

test("an answer that fails ends this connection and nothing else", async () => {
  answer = () => Promise.reject(new Error("no answer"));
  expect(await ask(GET)).toBe("");
  answer = () => {
    throw new Error("no answer");
  };
  expect(await ask(GET)).toBe("");
  answer = () => textAnswer("body");
  expect(await ask(GET)).toContain("200 OK");
});
