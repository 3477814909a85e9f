import { connect as connectTcp, type Socket } from "node:net";
import { type ConnectionOptions, connect as connectTls, type TLSSocket } from "node:tls";

/** For tests: a TLS connection whose handshake is done. */
export function openTls(
  port: number,
  { servername, ...options }: { servername?: string; localAddress?: string } & ConnectionOptions,
): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const socket = connectTls(
      // An empty name sends no SNI at all.
      { port, host: "127.0.0.1", rejectUnauthorized: false, servername: servername ?? "", ...options },
      () => resolve(socket),
    );
    socket.once("error", reject);
    socket.once("close", () => reject(new Error("closed during handshake")));
  });
}

/** For tests: a plain TCP connection. */
export function openTcp(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connectTcp({ port, host: "127.0.0.1" }, () => resolve(socket));
    socket.once("error", reject);
  });
}

/** For tests: everything the server sends until it closes the connection. */
export function readToEnd(socket: Socket): Promise<string> {
  return new Promise((resolve) => {
    let text = "";
    socket.on("data", (chunk: Buffer) => {
      text += chunk.toString("latin1");
    });
    socket.once("error", () => undefined);
    socket.once("close", () => resolve(text));
  });
}

/** For tests: sends bytes and returns everything that comes back until the server closes. */
export async function exchange(socket: Socket, bytes: string): Promise<string> {
  const answer = readToEnd(socket);
  socket.write(bytes, "latin1");
  return answer;
}

/** For tests: one policy fetch on a connection of its own; the whole answer with its head. */
export async function fetchRaw(port: number, policyHost: string, ca?: string): Promise<string> {
  const trust = ca === undefined ? {} : { ca, rejectUnauthorized: true };
  const socket = await openTls(port, { servername: policyHost, ...trust });
  return exchange(
    socket,
    `GET /.well-known/mta-sts.txt HTTP/1.1\r\nHost: ${policyHost}\r\nConnection: close\r\n\r\n`,
  );
}
