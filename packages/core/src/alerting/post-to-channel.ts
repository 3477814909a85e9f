import type { ChannelKind } from "@waxseal/contract";
import type { HttpsClient } from "@waxseal/probes";
import type { AlertMessage } from "./alert-message.ts";
import { formatChannelRequest, type OpenChannel } from "./channel-requests.ts";

/** What became of one attempt. `isUncertain`: the receiver may have it; `isGone`: no later attempt will work. */
export type Attempt = {
  ok: boolean;
  status: number | null;
  /** In words, at most 200 characters. */
  detail: string | null;
  isUncertain: boolean;
  isGone: boolean;
  /** When the receiver wants to be asked again. */
  retryAfterMs: number | null;
};

/** Answers that mean: this address will never work again. */
const GONE: Partial<Record<ChannelKind, readonly number[]>> = {
  webhook: [410],
  teams: [410],
  slack: [403, 404, 410],
  discord: [401, 404],
};

const MAX_RETRY_AFTER_MS = 24 * 3_600_000;

/**
 * Sends one message to a channel. Any answer of the 2xx range is a delivery; a redirect is a failure, since it would carry the message to an
 * address that no person entered. Never throws.
 */
export async function postToChannel(
  https: HttpsClient,
  channel: OpenChannel,
  message: AlertMessage,
  at: Date,
): Promise<Attempt> {
  const answer = await https.send(formatChannelRequest(channel, message, at));
  if ("missing" in answer) {
    const isUncertain = ["timeout", "http-failed", "too-large"].includes(answer.missing);
    return {
      ok: false,
      status: null,
      detail: clip(answer.detail),
      isUncertain,
      isGone: false,
      retryAfterMs: null,
    };
  }
  const { status, headers } = answer;
  const ok = status >= 200 && status < 300;
  return {
    ok,
    status,
    detail: ok ? null : clip(`${explainStatus(status)} ${answer.body.replace(/\s+/g, " ")}`.trim()),
    isUncertain: false,
    isGone: GONE[channel.kind]?.includes(status) ?? false,
    retryAfterMs: status === 429 || status === 503 ? readRetryAfter(headers["retry-after"]) : null,
  };
}

/** Seconds (RFC 9110 §10.2.3); dates, which none of the services sends, count as missing. */
function readRetryAfter(value: string | undefined): number | null {
  const seconds = Number(value);
  return value && seconds >= 0 ? Math.min(Math.ceil(seconds * 1_000), MAX_RETRY_AFTER_MS) : null;
}

function explainStatus(status: number): string {
  if (status >= 300 && status < 400)
    return `It redirects elsewhere (status ${status}), which is not followed.`;
  if (status === 410) return "It answered that this address is gone (status 410).";
  if (status === 429) return "It answered that it gets too many messages (status 429).";
  return `It answered with status ${status}.`;
}

function clip(text: string): string {
  return text.slice(0, 200);
}
