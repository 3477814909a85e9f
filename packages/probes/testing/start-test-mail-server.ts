import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { createSecureContext, type SecureContextOptions, TLSSocket } from "node:tls";
import { addressOf } from "./start-test-dns.ts";

/** What a mail server says; after a STARTTLS reply that begins with 220 it shakes hands. */
export type MailScript = {
  readonly greeting: string;
  readonly ehlo: string;
  readonly starttls: string;
  /** By the name in SNI; undefined ends the handshake. A client without SNI gets `defaultCertificate`, if there is one. */
  readonly certificateFor: (servername: string) => SecureContextOptions | undefined;
  readonly defaultCertificate: SecureContextOptions;
  /** Filled with what clients say. */
  readonly heard: string[];
};

/** A mail server on loopback that follows a script. */
export async function startTestMailServer(
  script: Partial<MailScript> & Pick<MailScript, "certificateFor">,
): Promise<{ port: number; stop: () => void }> {
  const {
    greeting = "220 mx.example.com ESMTP\r\n",
    starttls = "220 go ahead\r\n",
    heard = [],
    certificateFor,
  } = script;
  const { ehlo = "250-mx.example.com\r\n250-SIZE 1000\r\n250 STARTTLS\r\n" } = script;
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.write(greeting);
    const onData = (data: Buffer) => {
      const line = data.toString().trim();
      heard.push(line);
      if (line.startsWith("EHLO")) socket.write(ehlo);
      if (line !== "STARTTLS") return;
      socket.off("data", onData);
      socket.write(starttls);
      if (!starttls.startsWith("220")) return;
      const tls = new TLSSocket(socket, {
        isServer: true,
        ...script.defaultCertificate,
        SNICallback(name, done) {
          const certificate = certificateFor(name);
          if (certificate) done(null, createSecureContext(certificate));
          else socket.destroy();
        },
      });
      tls.on("error", () => undefined);
      tls.on("data", (secret) => heard.push(secret.toString().trim()));
    };
    socket.on("data", onData);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: addressOf(server.address()).port,
    stop() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
