import { createServer } from "node:net";

/**
 * A TCP port on 127.0.0.1 that was free a moment ago.
 *
 * For programs that cannot take "port 0"; another process may take it
 * before they do, so starting them has to cope with a taken port.
 */
export async function findFreePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (!address || typeof address === "string") throw new Error("no port from listen(0)");
  return address.port;
}
