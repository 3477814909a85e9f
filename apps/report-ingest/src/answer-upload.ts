import type { IncomingMessage } from "node:http";
import { type AppErrorCode, type ProblemReason, usualReason } from "@waxseal/contract";
import type { TokenOwner } from "@waxseal/core/reports";
import type { Logger } from "@waxseal/runtime";
import { collectBytes, type Pace } from "./collect-bytes.ts";
import type { BytePool } from "./create-byte-pool.ts";
import type { Gate } from "./create-gate.ts";
import type { Declined, Intake } from "./create-intake.ts";
import type { IngestMetrics } from "./ingest-metrics.ts";
import type { IngestStore } from "./ingest-store.ts";
import { logUnkept } from "./log-unkept.ts";

/** What an upload is answered with. */
export type UploadAnswer = { status: number; body: object; headers: Record<string, string> };

export type UploadDeps = Pace & {
  maxMessageBytes: number;
  store: IngestStore;
  gate: Gate;
  pool: BytePool;
  intake: Intake;
  metrics: IngestMetrics;
  now(): Date;
  logger: Logger;
};

/** Who uploads; `hold` keeps newcomers from displacing the connection for the next seconds. */
export type UploadClient = { address: string; hold(): void };

const PATH = /^\/v1\/tlsrpt\/([^/?]{1,100})\/?(?:\?.*)?$/;

const ACCEPTED = "application/tlsrpt+gzip, application/tlsrpt+json";
/** Those two of the RFC, and what clients send that do not know them. With any other type, or none, the body must hold a report. */
const MEDIA_TYPES = new Set([
  "application/tlsrpt",
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
  const declaredBytes = Number(request.headers["content-length"] ?? 0);
  if (declaredBytes > deps.maxMessageBytes) return tooLarge(deps);
  if (!gate.allowMessage(address)) return tooMany();
  try {
    const owner = await store.findOwner(token);
    // Only unknown addresses count as such: reports from the same client are taken all the while.
    if (!owner) {
      return gate.allowStray(address)
        ? refuse("not_found", 404, "There is no such report address.")
        : tooMany();
    }
    const foreseen = deps.intake.foresee(address, declaredBytes);
    if (foreseen) return decline(foreseen, deps);
    hold();
    const collected = await collectBody(request, address, deps);
    if ("refused" in collected) return ON_REFUSED_BODY[collected.refused](deps);
    return await keepUpload(request, { owner, address, raw: collected.bytes }, deps).finally(
      collected.release,
    );
  } catch (error) {
    if (error instanceof BrokenOff) throw error;
    logUnkept(deps.logger, error);
    return unavailable();
  }
}

class BrokenOff extends Error {}

type Upload = { owner: TokenOwner; address: string; raw: Buffer };

async function keepUpload(
  request: IncomingMessage,
  { owner, address, raw }: Upload,
  deps: UploadDeps,
): Promise<UploadAnswer> {
  const [mediaType = ""] = (request.headers["content-type"] ?? "").split(";");
  const contentType = mediaType.trim().toLowerCase();
  const arrived = { raw, transport: "https", remoteAddress: address, owners: [owner] } as const;
  const mustHoldReport = !MEDIA_TYPES.has(contentType);
  const receive = () =>
    deps.store.receive({ ...arrived, envelopeFrom: null, contentType, receivedAt: deps.now() });
  const outcome = await deps.intake.keep(arrived, receive, { mustHoldReport });
  if ("kept" in outcome) {
    deps.metrics.accepted.inc({ transport: "https" });
    return { status: 201, body: { id: outcome.kept[0] }, headers: {} };
  }
  if (outcome.declined === "noise" && mustHoldReport) {
    return refuse("invalid", 415, `The media type must be one of ${ACCEPTED}.`, { "accept-post": ACCEPTED });
  }
  return decline(outcome.declined, deps);
}

/** Seconds after which it may be worth another try. */
const RETRY_SECONDS = { full: "600", spent: "3600", quota: "21600", busy: "60" };

function decline(why: Declined, { metrics }: UploadDeps): UploadAnswer {
  metrics.declined.inc({ transport: "https", reason: why });
  if (why === "noise") return refuse("invalid", 422, "There is no TLS report in it.");
  const retry = { "retry-after": RETRY_SECONDS[why] };
  if (why === "quota")
    return refuse(
      "limit_reached",
      429,
      "The owner of this report address has received all reports of today. Try again tomorrow.",
      retry,
    );
  if (why !== "spent") return refuse("unavailable", 503, "We have no room for reports right now.", retry);
  return refuse(
    "limit_reached",
    429,
    "This report address has had its share of unsigned reports for today.",
    retry,
  );
}

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

/** By status, where it is not the usual one of the code. */
const REASONS: Readonly<Record<number, ProblemReason>> = {
  405: "wrong_method",
  413: "too_large",
  415: "malformed_request",
};

/** A problem document. RFC 9457 §3 */
function refuse(
  code: AppErrorCode,
  status: number,
  detail: string,
  headers: Record<string, string> = {},
): UploadAnswer {
  const reason = REASONS[status] ?? usualReason(code);
  return { status, body: { type: "about:blank", title: detail, status, detail, code, reason }, headers };
}
