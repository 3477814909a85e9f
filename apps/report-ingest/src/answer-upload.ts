import type { IncomingMessage } from "node:http";
import type { AppErrorCode } from "@waxseal/contract";
import type { Logger } from "@waxseal/runtime";
import { collectBytes, type Pace } from "./collect-bytes.ts";
import type { BytePool } from "./create-byte-pool.ts";
import type { Gate } from "./create-gate.ts";
import type { IngestMetrics } from "./ingest-metrics.ts";
import type { IngestStore } from "./ingest-store.ts";

/** What an upload is answered with. */
export type UploadAnswer = { status: number; body: object; headers: Record<string, string> };

export type UploadDeps = Pace & {
  maxMessageBytes: number;
  store: IngestStore;
  gate: Gate;
  pool: BytePool;
  metrics: IngestMetrics;
  now(): Date;
  logger: Logger;
};

/** Who uploads; `hold` keeps newcomers from displacing the connection for the next seconds. */
export type UploadClient = { address: string; hold(): void };

const PATH = /^\/v1\/tlsrpt\/([^/?]{1,100})\/?(?:\?.*)?$/;

/** The two of the RFC, and what clients send that know them not. What is inside is found out later. */
const MEDIA_TYPES = new Set([
  "application/tlsrpt+gzip",
  "application/tlsrpt+json",
  "application/gzip",
  "application/json",
  "application/octet-stream",
  "application/x-gzip",
]);

/**
 * Answers `POST /v1/tlsrpt/<token>`: 201 once the body is committed, else why not.
 * @throws Error the client broke off
 *
 * RFC 8460 §5.4
 */
export async function answerUpload(
  request: IncomingMessage,
  { address, hold }: UploadClient,
  deps: UploadDeps,
): Promise<UploadAnswer> {
  const { gate, store } = deps;
  const [, token] = PATH.exec(request.url ?? "") ?? [];
  if (token === undefined) return refuse("not_found", 404, "There is nothing here.");
  if (request.method !== "POST") {
    return refuse("invalid", 405, "Reports are sent by POST.", { allow: "POST" });
  }
  const [mediaType = ""] = (request.headers["content-type"] ?? "").split(";");
  if (!MEDIA_TYPES.has(mediaType.trim().toLowerCase())) {
    const accept = "application/tlsrpt+gzip, application/tlsrpt+json";
    return refuse("invalid", 415, `The media type must be one of ${accept}.`, { "accept-post": accept });
  }
  if (Number(request.headers["content-length"] ?? 0) > deps.maxMessageBytes) return tooLarge(deps);
  if (!gate.allowMessage(address)) return tooMany();
  try {
    const owner = await store.findOwner(token);
    // Only unknown addresses count as such: reports from the same client are taken all the while.
    if (!owner) {
      return gate.allowStray(address)
        ? refuse("not_found", 404, "There is no such report address.")
        : tooMany();
    }
    hold();
    const collected = await collectBody(request, address, deps);
    if ("refused" in collected) return ON_REFUSED_BODY[collected.refused](deps);
    const [id] = await store
      .receive({
        owners: [owner],
        transport: "https",
        raw: collected.bytes,
        remoteAddress: address,
        envelopeFrom: null,
        contentType: mediaType.trim().toLowerCase(),
        receivedAt: deps.now(),
      })
      .finally(collected.release);
    deps.metrics.accepted.inc({ transport: "https" });
    return { status: 201, body: { id }, headers: {} };
  } catch (error) {
    if (error instanceof BrokenOff) throw error;
    deps.logger.warn({ err: error }, "database not available");
    return unavailable();
  }
}

class BrokenOff extends Error {}

async function collectBody(request: IncomingMessage, address: string, deps: UploadDeps) {
  try {
    const maxBytes = deps.maxMessageBytes;
    return await collectBytes(request, deps.pool.open(address), { ...deps, maxBytes, drainBytes: 0 });
  } catch (cause) {
    throw new BrokenOff("the client broke off", { cause });
  }
}

const ON_REFUSED_BODY = {
  busy: unavailable,
  tooLarge,
  tooSlow: () => refuse("invalid", 408, "The report came too slowly."),
} satisfies Record<string, (deps: UploadDeps) => UploadAnswer>;

function tooMany(): UploadAnswer {
  return refuse("limit_reached", 429, "Too many requests from your address.", { "retry-after": "60" });
}

function unavailable(): UploadAnswer {
  return refuse("unavailable", 503, "We cannot store reports right now.", { "retry-after": "60" });
}

function tooLarge({ maxMessageBytes }: UploadDeps): UploadAnswer {
  return refuse("limit_reached", 413, `A report has at most ${maxMessageBytes} bytes.`);
}

/** A problem document. RFC 9457 §3 */
function refuse(
  code: AppErrorCode,
  status: number,
  detail: string,
  headers: Record<string, string> = {},
): UploadAnswer {
  return { status, body: { type: "about:blank", title: detail, status, detail, code }, headers };
}
