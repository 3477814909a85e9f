import {
  listUncheckedMessages,
  type MessageKey,
  type ProcessDeps,
  recheckReportTrust,
} from "@waxseal/core/reports";
import { DAY_MS, MINUTE_MS } from "@waxseal/runtime/time-spans";

/** Messages whose DKIM key could not be looked up, to be checked again. */
export type TrustRechecks = {
  add(key: MessageKey): void;
  /** Checks those that are due; rejects when the database is away, and loses none then. */
  runDue(isStopped: () => boolean): Promise<void>;
};

type Waiting = { key: MessageKey; tries: number; dueMs: number };

/** A DNS outage of minutes is common, one of a day is not worth waiting for. */
const DELAYS_MINUTES = [1, 5, 30, 180, 720];
const MAX_WAITING = 10_000;
const MAX_PER_RUN = 50;

/** Starts with those that an earlier process left. */
export function createTrustRechecks(deps: ProcessDeps): TrustRechecks {
  const waiting = new Map<string, Waiting>();
  let isLoaded = false;

  function add(key: MessageKey, tries = 0): void {
    const delayMinutes = DELAYS_MINUTES[tries];
    if (delayMinutes === undefined || waiting.size >= MAX_WAITING) return;
    waiting.set(key.id, { key, tries, dueMs: performance.now() + delayMinutes * MINUTE_MS });
  }

  return {
    add,
    async runDue(isStopped) {
      if (!isLoaded) {
        const since = new Date(deps.now().getTime() - DAY_MS);
        for (const key of await listUncheckedMessages(deps, { since, limit: MAX_WAITING })) {
          if (!waiting.has(key.id)) add(key);
        }
        isLoaded = true;
      }
      const due = [...waiting.values()].filter(({ dueMs }) => dueMs <= performance.now());
      for (const { key, tries } of due.slice(0, MAX_PER_RUN)) {
        if (isStopped()) return;
        const isKnown = await recheckReportTrust(deps, key);
        waiting.delete(key.id);
        if (!isKnown) add(key, tries + 1);
      }
    },
  };
}
