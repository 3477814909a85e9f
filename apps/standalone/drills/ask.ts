import { randomInt } from "node:crypto";
import type { Agent } from "node:https";
import { request } from "node:https";

export type Question = {
  /** Server name and Host. */
  host?: string;
  port: string | number | undefined;
  method?: string;
  path: string;
  headers?: Record<string, string>;
  body?: Buffer | string;
  /** Unset: a connection of its own. */
  agent?: Agent;
};

/** Asks over HTTPS from another address of loopback each time, as from another network; the certificate is not looked at. */
export function ask({ host = "reports", port, method = "GET", path, headers, body, agent }: Question) {
  return new Promise<{ status: number; text: string }>((resolve, reject) => {
    const localAddress = `127.${randomInt(1, 255)}.${randomInt(255)}.${randomInt(1, 255)}`;
    const sent = request(
      {
        ...{ host: "127.0.0.1", port, method, path, servername: host, localAddress },
        headers: { host, ...headers },
        agent: agent ?? false,
        rejectUnauthorized: false,
        timeout: 20_000,
      },
      async (response) => {
        let text = "";
        response.on("error", reject);
        for await (const chunk of response) text += chunk;
        resolve({ status: response.statusCode ?? 0, text });
      },
    );
    sent.on("timeout", () => sent.destroy(new Error("no answer")));
    sent.on("error", reject).end(body);
  });
}
