/** Requests wait for the next attempt; `attempt` counts those that failed in a row. */
export type Waiting = { attempt: number; retryAtMs: number };

type Clock = { nowMs(): number; setTimer(run: () => void, afterMs: number): () => void };

/** The first wait is too short to be worth a word; a server that restarts is back after a few. */
const WAITS_MS = [1_000, 5_000, 5_000, 10_000, 30_000];

const SYSTEM_CLOCK: Clock = {
  nowMs: () => Date.now(),
  setTimer: (run, afterMs) => {
    const timer = setTimeout(run, afterMs);
    return () => clearTimeout(timer);
  },
};

/**
 * Lets every request that got no answer wait for one common next attempt, so that a server which is back is asked once by each and a
 * page has one countdown to show.
 */
export function createRetryClock(clock: Clock = SYSTEM_CLOCK) {
  const listeners = new Set<() => void>();
  let attempt = 0;
  let waiting: (Waiting & { cancel: () => void; wake: () => void; woken: Promise<void> }) | undefined;
  let shown: Waiting | undefined;
  const show = (next: Waiting | undefined) => {
    shown = next;
    for (const listener of listeners) listener();
  };
  const wake = () => {
    const current = waiting;
    waiting = undefined;
    current?.cancel();
    current?.wake();
  };
  return {
    /** Resolves at the next attempt. */
    wait(): Promise<void> {
      if (waiting) return waiting.woken;
      const { promise, resolve } = Promise.withResolvers<void>();
      const afterMs = WAITS_MS[Math.min(attempt, WAITS_MS.length - 1)] ?? 1_000;
      attempt++;
      const retryAtMs = clock.nowMs() + afterMs;
      waiting = { attempt, retryAtMs, woken: promise, wake: resolve, cancel: clock.setTimer(wake, afterMs) };
      show({ attempt, retryAtMs });
      return promise;
    },
    /** Makes the next attempt at once. */
    retryNow: wake,
    /** The server answered a request: nothing is wrong any longer. */
    noteAnswer(): void {
      if (attempt === 0) return;
      attempt = 0;
      wake();
      show(undefined);
    },
    /** What is waited for; undefined while every request is answered. */
    current: () => shown,
    subscribe(listener: () => void): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

export type RetryClock = ReturnType<typeof createRetryClock>;
