import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { createSecureContext } from "node:tls";
import { createSelfSignedPair } from "@waxseal/runtime";
import { expect, test } from "vitest";
import { openTls } from "../testing/talk-to-server.ts";
import { type HandleRequest, loadTlsHandles, type TlsHandle, type TlsHandles } from "./node-tls-handles.ts";
import { createHandleTls } from "./open-tls-connection.ts";
import { boundPort } from "./start-policy-listener.ts";

const HOST = "mta-sts.example.com";
const BROKEN_PIPE = -32;

/** A handle whose writes fail in this way; all else is Node's. */
function withWrite(write: (tls: TlsHandle, request: HandleRequest, text: string) => number): TlsHandles {
  const handles = loadTlsHandles();
  return {
    ...handles,
    wrapSocket: (socket, context) => {
      const tls = handles.wrapSocket(socket, context);
      if (tls) tls.writeLatin1String = (request, text) => write(tls, request, text);
      return tls;
    },
    isWriting: () => true,
  };
}

/** The server's side of a connection whose client has asked for something and is being answered. */
async function answerOver(handles: TlsHandles): Promise<{ served: Socket; stop(): void }> {
  const open = createHandleTls(handles);
  const context = createSecureContext(createSelfSignedPair([HOST], new Date()));
  const server = createServer((socket) => {
    const stream = open(socket, {
      onHello: (_, use) => use(context),
      onSecure: () => undefined,
      onReceived: () => stream?.write("answer"),
      onEnd: () => undefined,
      onError: () => undefined,
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const accepted = once(server, "connection");
  const client = await openTls(boundPort(server.address()), { servername: HOST });
  client.on("error", () => undefined).write("question");
  const [served] = (await accepted) as [Socket];
  return {
    served,
    stop: () => {
      client.destroy();
      server.close();
    },
  };
}

test.each([
  ["is refused at once", () => BROKEN_PIPE],
  [
    "fails later",
    (_: TlsHandle, request: HandleRequest) => {
      setImmediate(() => request.oncomplete?.(BROKEN_PIPE));
      return 0;
    },
  ],
])("a TLS write that %s ends the connection", async (_, write) => {
  const { served, stop } = await answerOver(withWrite(write));
  await expect.poll(() => served.destroyed).toBe(true);
  stop();
});
