import { connect, type Socket } from "node:net";
import type { AddressGuard } from "./create-address-guard.ts";
import type { NetworkGate } from "./create-network-gate.ts";
import type { Resolver } from "./create-resolver.ts";
import type { DnsMissing } from "./dns-answer.ts";
import { explainNetworkError, isNoRoute } from "./explain-network-error.ts";

/**
 * Why no connection was made. `no-address` and `no-domain` are the owner's DNS, `dns-failed` is the DNS servers,
 * `address-refused` is our guard.
 */
export type ConnectFailure =
  | "no-domain"
  | "no-address"
  | "dns-failed"
  | "address-refused"
  | "connection-failed"
  | "timeout";

/** An open connection and the address it goes to, or why there is none; `addresses` are all that DNS gave. */
export type Connection =
  | { readonly connected: Socket; readonly address: string; readonly addresses: readonly string[] }
  | {
      readonly missing: ConnectFailure;
      readonly detail: string;
      readonly addresses: readonly string[];
      /** Our own line has no way there, e.g. no IPv6: that says nothing of the host. */
      readonly isNoRoute?: boolean;
      /** It was not tried: the gate let nothing more in before the deadline. */
      readonly isBusy?: boolean;
    };

export type ConnectOptions = {
  readonly host: string;
  readonly port: number;
  readonly resolver: Resolver;
  readonly guard: AddressGuard;
  /** Ends everything when it fires. */
  readonly deadline: AbortSignal;
  /** For one address, in milliseconds. */
  readonly addressTimeoutMs: number;
  /** Asked instead of DNS, and not shown to the guard. */
  readonly connectAddress?: string | undefined;
  /** Asked instead of DNS, and shown to the guard: one of several addresses that DNS gave before. */
  readonly onlyAddress?: string | undefined;
  /** Passed before each connection, which leaves it when its socket closes. A process or an installation shares one. */
  readonly gate?: NetworkGate | undefined;
};

const MAX_ADDRESSES_TRIED = 4;

const DNS_FAILURES = {
  "no-domain": "no-domain",
  "no-record": "no-address",
  "bad-name": "no-domain",
  "too-many-cnames": "dns-failed",
  timeout: "dns-failed",
  "server-failure": "dns-failed",
} satisfies Record<DnsMissing, ConnectFailure>;

/** Resolves a host and connects to the first address that takes the connection; never to one that the guard refuses. */
export async function connectToHost(options: ConnectOptions): Promise<Connection> {
  const { connectAddress } = options;
  if (connectAddress !== undefined) return connectToFirst(options, [connectAddress], [connectAddress]);
  if (options.onlyAddress !== undefined) return connectToAllowed(options, [options.onlyAddress]);
  const answer = await orTimeout(options.resolver.resolveAddresses(options.host), options.deadline);
  if (answer === "timeout")
    return { missing: "timeout", detail: "DNS took too long to answer", addresses: [] };
  if ("missing" in answer) {
    return { missing: DNS_FAILURES[answer.missing], detail: answer.detail, addresses: [] };
  }
  return connectToAllowed(
    options,
    answer.found.map(({ address }) => address),
  );
}

function connectToAllowed(
  options: ConnectOptions,
  addresses: readonly string[],
): Promise<Connection> | Connection {
  const { guard } = options;
  const allowed = addresses.filter((address) => guard.findRefusal(address) === undefined);
  if (allowed.length === 0) {
    const detail = guard.findRefusal(addresses[0] ?? "") ?? "There is no address";
    return { missing: "address-refused", detail, addresses };
  }
  return connectToFirst(options, allowed, addresses);
}

async function connectToFirst(
  options: ConnectOptions,
  allowed: readonly string[],
  addresses: readonly string[],
): Promise<Connection> {
  let failure: Connection = { missing: "connection-failed", detail: "There is no address", addresses };
  for (const address of allowed.slice(0, MAX_ADDRESSES_TRIED)) {
    const socket = await connectToAddress(options, address);
    if (!(socket instanceof Error)) return { connected: socket, address, addresses };
    const isTimeout = socket.name === "TimeoutError";
    const isRefusal = socket instanceof RefusedAddress;
    const detail =
      isRefusal || socket instanceof GateBusy
        ? socket.message
        : explainNetworkError(socket, { address, port: options.port });
    const missing = isTimeout ? "timeout" : isRefusal ? "address-refused" : "connection-failed";
    const isBusy = socket instanceof GateBusy;
    failure = {
      missing,
      detail,
      addresses,
      isNoRoute: isBusy || isNoRoute(socket),
      ...(isBusy && { isBusy }),
    };
    if (options.deadline.aborted) break;
  }
  return failure;
}

class RefusedAddress extends Error {}

class GateBusy extends Error {
  override message = "Too many of our tests ran at once";
}

async function connectToAddress(options: ConnectOptions, address: string): Promise<Socket | Error> {
  const { guard, connectAddress, port, deadline, addressTimeoutMs, gate } = options;
  const leave = await gate?.(address, deadline);
  if (gate && !leave) return new GateBusy();
  const signal = AbortSignal.any([deadline, AbortSignal.timeout(Math.ceil(addressTimeoutMs))]);
  const { promise, resolve } = Promise.withResolvers<Socket | Error>();
  const socket = connect({ host: address, port });
  if (leave) socket.once("close", leave);
  const onAbort = () => resolve(signal.reason instanceof Error ? signal.reason : new Error("Stopped"));
  const onError = (error: Error) => resolve(error);
  signal.addEventListener("abort", onAbort);
  if (signal.aborted) onAbort();
  socket.once("error", onError);
  socket.once("connect", () => resolve(socket));
  const result = await promise;
  signal.removeEventListener("abort", onAbort);
  const refusal = connectAddress === undefined ? guard.findRefusal(socket.remoteAddress ?? "") : undefined;
  const outcome = result === socket && refusal !== undefined ? new RefusedAddress(refusal) : result;
  // A socket error after this moment is the next owner's to hear; one listener always stays, so that it never throws.
  socket.on("error", () => undefined);
  socket.removeListener("error", onError);
  if (outcome instanceof Error) socket.destroy();
  return outcome;
}

/** The promise's value, or "timeout" when the signal fires first. */
export async function orTimeout<T>(promise: Promise<T>, signal: AbortSignal): Promise<T | "timeout"> {
  const { promise: aborted, resolve } = Promise.withResolvers<"timeout">();
  const onAbort = () => resolve("timeout");
  signal.addEventListener("abort", onAbort);
  if (signal.aborted) onAbort();
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
