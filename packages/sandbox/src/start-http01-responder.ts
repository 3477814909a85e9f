import { createServer } from "node:http";

/**
 * A web server on a free loopback port that answers http-01 challenges and 404 for the rest.
 *
 * RFC 8555 §8.3
 */
export async function startHttp01Responder(): Promise<{
  port: number;
  answer(token: string, keyAuthorization: string): void;
  /** `Host` headers seen, oldest first. */
  hosts: string[];
  stop(): Promise<void>;
}> {
  const answers = new Map<string, string>();
  const hosts: string[] = [];
  const server = createServer((request, response) => {
    hosts.push(request.headers.host ?? "");
    const body = answers.get((request.url ?? "").replace("/.well-known/acme-challenge/", ""));
    response.writeHead(body === undefined ? 404 : 200, { "content-type": "text/plain" }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (!address || typeof address === "string") throw new Error("no port from listen(0)");
  return {
    port: address.port,
    answer: (token, keyAuthorization) => void answers.set(token, keyAuthorization),
    hosts,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
