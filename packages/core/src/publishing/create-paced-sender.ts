import { setTimeout as delay } from "node:timers/promises";

/** Sends one request to Route 53, when its turn has come, until it is answered. */
export type SendPaced = <T>(send: () => Promise<T>) => Promise<T>;

/** "Not now" of Route 53, and of the network on the way there. */
const TRANSIENT_NAMES = new Set([
  "Throttling",
  "ThrottlingException",
  "PriorRequestNotComplete",
  "ServiceUnavailable",
  "InternalFailure",
  "InternalError",
  "TimeoutError",
  "NetworkingError",
]);
const MAX_ATTEMPTS = 8;
const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 20_000;

/**
 * Spaces requests of one AWS account at least `intervalMs` apart, retries included, in the order they were asked for.
 * Errors that Route 53 calls temporary are retried up to 8 times over about a minute and a half; others are thrown.
 */
export function createPacedSender({
  intervalMs,
  firstRetryMs = FIRST_RETRY_MS,
}: {
  intervalMs: number;
  firstRetryMs?: number;
}): SendPaced {
  let turn = Promise.resolve();
  const takeTurn = () => {
    const mine = turn;
    turn = mine.then(() => delay(intervalMs));
    return mine;
  };
  return async (send) => {
    for (let attempt = 1; ; attempt += 1) {
      await takeTurn();
      try {
        return await send();
      } catch (error) {
        if (attempt === MAX_ATTEMPTS || !isTransient(error)) throw error;
        const backoffMs = Math.min(firstRetryMs * 2 ** (attempt - 1), LONGEST_RETRY_MS);
        await delay(backoffMs * (0.5 + Math.random() / 2));
      }
    }
  };
}

function isTransient(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { $metadata, code } = error as Error & { $metadata?: { httpStatusCode?: number }; code?: string };
  const status = $metadata?.httpStatusCode;
  return (
    TRANSIENT_NAMES.has(error.name) ||
    status === 429 ||
    (status !== undefined && status >= 500) ||
    (status === undefined && code !== undefined && /^E[A-Z]+$/.test(code))
  );
}
