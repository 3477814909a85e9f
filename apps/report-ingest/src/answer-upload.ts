import type { IncomingMessage } from "node:http";
import type { AppErrorCode } from "@waxseal/contract";
import type { Logger } from "@waxseal/runtime";
import { collectBytes } from "./collect-bytes.ts";
import type { Gate } from "./create-gate.ts";
import type { IngestMetrics } from "./ingest-metrics.ts";
import type { IngestStore } from "./ingest-store.ts";

/** What an upload is answered with. */
export type UploadAnswer = { status: number; body: object; headers: Record<string, string> };

export type UploadDeps = {
  maxMessageBytes: number;
  store: IngestStore;
  gate: Gate;
  metrics: IngestMetrics;
  now(): Date;
  logger: Logger;
};

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
  clientAddress: string,
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
  if (!gate.allowStray(clientAddress) || !gate.allowMessage(clientAddress)) {
    return refuse("limit_reached", 429, "Too many requests from your address.", { "retry-after": "60" });
  }
  try {
    const owner = await store.findOwner(token);
    if (!owner) return refuse("not_found", 404, "There is no such report address.");
    gate.forgiveStray(clientAddress);
    const collected = await collectBody(request, deps);
    if ("refused" in collected) return collected.refused === "busy" ? unavailable() : tooLarge(deps);
    const [id] = await store
      .receive({
        owners: [owner],
        transport: "https",
        raw: collected.bytes,
        remoteAddress: clientAddress,
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

async function collectBody(request: IncomingMessage, { maxMessageBytes, gate }: UploadDeps) {
  try {
    return await collectBytes(request, maxMessageBytes, gate);
  } catch (cause) {
    throw new BrokenOff("the client broke off", { cause });
  }
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
