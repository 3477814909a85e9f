import { request } from "node:https";
import { gzipSync } from "node:zlib";

// What Postfix's tlsrpt-reporter gives a receiver.
const TIMEOUT_MS = 10_000;

/**
 * POSTs a report and answers with the HTTP status.
 *
 * The receiver's certificate is not looked at, as RFC 8460 §3 allows.
 *
 * @throws Error – no answer within 10 s
 *
 * RFC 8460 §5.4
 */
export function postTlsReport(input: {
  url: URL;
  address: string;
  port: number;
  json: string;
}): Promise<number> {
  const body = gzipSync(input.json);
  return new Promise((resolve, reject) => {
    const req = request(
      {
        host: input.address,
        port: input.port,
        servername: input.url.hostname,
        method: "POST",
        path: input.url.pathname + input.url.search,
        headers: {
          host: input.url.host,
          "content-type": "application/tlsrpt+gzip",
          "content-length": body.length,
          "user-agent": "waxseal-sandbox-sender",
        },
        rejectUnauthorized: false,
        agent: false,
        signal: AbortSignal.timeout(TIMEOUT_MS),
      },
      (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      },
    );
    req.on("error", reject).end(body);
  });
}
