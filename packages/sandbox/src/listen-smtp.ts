import { once } from "node:events";
import type { SMTPServer } from "smtp-server";

/**
 * Listens, and answers with the port and how to stop at once.
 *
 * @throws Error – the port is taken or the address is not this machine's
 */
export async function listenSmtp(
  server: SMTPServer,
  port: number,
  host: string,
): Promise<{ port: number; stop(): Promise<void> }> {
  const listener = server.listen(port, host);
  await once(listener, "listening");
  // A client that resets its connection is no reason to end the sandbox.
  server.on("error", () => {});
  const address = listener.address();
  if (!address || typeof address === "string") throw new Error("no port from SMTP listen");
  return {
    port: address.port,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
