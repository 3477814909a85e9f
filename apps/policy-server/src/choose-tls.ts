import { type AddressInfo, createServer, type Server } from "node:net";
import { connect, createSecureContext, type SecureContext } from "node:tls";
import { createSelfSignedPair } from "@waxseal/runtime";
import { loadTlsHandles, type TlsHandles } from "./node-tls-handles.ts";
import { createHandleTls, type OpenTls } from "./open-tls-connection.ts";
import { openTlsStream } from "./open-tls-stream.ts";

/** How TLS is spoken, and why not on Node's handle when that did not pass its self-test. */
export type ChosenTls = { openTls: OpenTls; path: "handle" | "stream"; problem?: unknown };

const SELF_TEST_MS = 5_000;
const HOST = "self-test.invalid";
const QUESTION = "question";
const ANSWER = "answer";

/**
 * Chooses the faster way to speak TLS, if it works in this Node: one connection over loopback, from the ClientHello to both
 * sides' end, has to go as a policy fetch does. Otherwise Node's public streams. Never rejects.
 */
export async function chooseTls(
  load: () => TlsHandles = loadTlsHandles,
  timeoutMs = SELF_TEST_MS,
): Promise<ChosenTls> {
  try {
    const openTls = createHandleTls(load());
    await testTls(openTls, timeoutMs);
    return { openTls, path: "handle" };
  } catch (problem) {
    return { openTls: openTlsStream, path: "stream", problem };
  }
}

/** @throws Error unless a client gets its answer over TLS and both sides end in time */
export async function testTls(openTls: OpenTls, timeoutMs: number = SELF_TEST_MS): Promise<void> {
  const context = createSecureContext(createSelfSignedPair([HOST], new Date()));
  const served = Promise.withResolvers<void>();
  const server = createServer((socket) => {
    socket.once("close", () => served.resolve());
    try {
      answerOnce(openTls, socket, context, served.reject);
    } catch (error) {
      socket.destroy();
      served.reject(error);
    }
  });
  const { port, stop } = await listen(server);
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`the TLS self-test took over ${timeoutMs} ms`)), timeoutMs);
  });
  try {
    const [answer] = await Promise.race([Promise.all([ask(port), served.promise]), deadline]);
    if (answer !== ANSWER) throw new Error(`the TLS self-test was answered with ${answer.length} bytes`);
  } finally {
    clearTimeout(timer);
    stop();
  }
}

function answerOnce(
  openTls: OpenTls,
  socket: Parameters<OpenTls>[0],
  context: SecureContext,
  fail: (error: Error) => void,
): void {
  const stream = openTls(socket, {
    onHello: (serverName, use) => use(serverName === HOST ? context : undefined),
    onSecure: () => undefined,
    onReceived: (text) => {
      if (text !== QUESTION) return fail(new Error("the TLS self-test read something else than was sent"));
      stream?.write(ANSWER);
      stream?.end();
    },
    onEnd: () => undefined,
    onError: fail,
  });
}

async function listen(server: Server): Promise<{ port: number; stop(): void }> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address() as AddressInfo;
  return { port: address.port, stop: () => void server.close() };
}

function ask(port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = "";
    // Any certificate will do: the test is of the server's side.
    const client = connect({ port, host: "127.0.0.1", servername: HOST, rejectUnauthorized: false }, () =>
      client.write(QUESTION),
    );
    client.on("data", (bytes: Buffer) => {
      answer += bytes.toString("latin1");
    });
    client.once("error", reject);
    client.once("close", () => resolve(answer));
  });
}
