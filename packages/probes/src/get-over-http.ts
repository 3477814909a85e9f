import type { Socket } from "node:net";
import { exchangeOverHttp, type HttpExchange, type HttpRefusal } from "./exchange-over-http.ts";

type GetOptions = { socket: Socket; host: string; path: string; maxBytes: number; deadline: AbortSignal };

/** Asks for one path over an open connection; nothing but 200 is good, redirects are not followed. RFC 8461 §3.3 */
export async function getOverHttp(options: GetOptions): Promise<HttpExchange | HttpRefusal> {
  return exchangeOverHttp({
    ...options,
    headers: { accept: "text/plain" },
    refuse: (status, location = "nowhere") => {
      if (status >= 300 && status < 400) {
        const detail = `Status ${status}, redirected to ${location.slice(0, 200)}`;
        return { missing: "http-redirect", detail };
      }
      return status === 200 ? undefined : { missing: "http-status", detail: `Status ${status}` };
    },
  });
}
