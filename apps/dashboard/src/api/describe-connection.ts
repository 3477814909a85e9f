import type { Waiting } from "./retry-clock.ts";

/** Failed attempts before the page says so: one that is repeated after a second is not worth a word. */
const SILENT_ATTEMPTS = 1;

/** What to say about the connection, and when the next attempt is; undefined while all is well. */
export function describeConnection(state: {
  waiting: Waiting | undefined;
  isOffline: boolean;
  nowMs: number;
}): { what: string; next: string } | undefined {
  const { waiting, isOffline, nowMs } = state;
  const isSilent = waiting !== undefined && waiting.attempt > SILENT_ATTEMPTS;
  if (!isOffline && !isSilent) return undefined;
  const what = isOffline ? "You are offline." : "The server does not answer.";
  if (!waiting) return { what, next: "What you see may be out of date." };
  const seconds = Math.ceil((waiting.retryAtMs - nowMs) / 1_000);
  return { what, next: seconds > 0 ? `Retrying in ${seconds} s.` : "Retrying…" };
}
