import { type ConnectFailure, connectToHost } from "./connect-to-host.ts";
import type { AddressGuard } from "./create-address-guard.ts";
import type { Resolver } from "./create-resolver.ts";
import type { HttpFailure } from "./exchange-over-http.ts";
import { getOverHttp } from "./get-over-http.ts";

/** What a CA would get when it validates. */
export type FetchedHttp01 =
  | {
      readonly found: {
        readonly body: string;
        readonly address: string;
        readonly addresses: readonly string[];
      };
    }
  | {
      readonly missing: ConnectFailure | HttpFailure;
      readonly detail: string;
      readonly status: number;
      readonly addresses: readonly string[];
    };

export type FetchHttp01Options = {
  readonly host: string;
  readonly token: string;
  readonly resolver: Resolver;
  readonly guard: AddressGuard;
  /** 80 unless given. */
  readonly port?: number | undefined;
  /** For everything together; 10 s unless given. */
  readonly timeoutMs?: number | undefined;
};

const MAX_KEY_AUTHORIZATION_BYTES = 4096;

/**
 * Fetches an http-01 challenge as a CA would, for a look at it before the CA's.
 *
 * A redirect counts as a failure although CAs follow it: our own port 80 never sends one. Never throws.
 *
 * RFC 8555 §8.3
 */
export async function fetchHttp01(options: FetchHttp01Options): Promise<FetchedHttp01> {
  const { host, token, resolver, guard, port = 80, timeoutMs = 10_000 } = options;
  const deadline = AbortSignal.timeout(timeoutMs);
  const connection = await connectToHost({
    host,
    port,
    resolver,
    guard,
    deadline,
    addressTimeoutMs: timeoutMs / 2,
  });
  const { addresses } = connection;
  if ("missing" in connection) {
    return { missing: connection.missing, detail: connection.detail, status: 0, addresses };
  }
  const path = `/.well-known/acme-challenge/${encodeURIComponent(token)}`;
  const socket = connection.connected;
  const response = await getOverHttp({ socket, host, path, maxBytes: MAX_KEY_AUTHORIZATION_BYTES, deadline });
  if ("missing" in response) return { ...response, addresses };
  return { found: { body: response.body, address: connection.address, addresses } };
}
