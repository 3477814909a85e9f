import { expect, test } from "vitest";
import { describeConnection } from "./describe-connection.ts";
import { createRetryClock } from "./retry-clock.ts";

function startClock() {
  const timers: { run: () => void; afterMs: number }[] = [];
  let nowMs = 0;
  const retryClock = createRetryClock({
    nowMs: () => nowMs,
    setTimer: (run, afterMs) => {
      const timer = { run, afterMs };
      timers.push(timer);
      return () => timers.splice(timers.indexOf(timer), 1);
    },
  });
  const pass = () => {
    const timer = timers.pop();
    nowMs += timer?.afterMs ?? 0;
    timer?.run();
  };
  return { retryClock, timers, pass };
}

test("all requests without an answer wait for one attempt, after 1, 5, 5, 10 and then every 30 seconds", async () => {
  const { retryClock, timers, pass } = startClock();
  for (const afterMs of [1_000, 5_000, 5_000, 10_000, 30_000, 30_000]) {
    const waits = [retryClock.wait(), retryClock.wait()];
    expect(timers.map((timer) => timer.afterMs)).toEqual([afterMs]);
    pass();
    await Promise.all(waits);
  }
  expect(retryClock.current()?.attempt).toBe(6);
});

test("an answer ends the waiting of all, and the next failure begins at one second again", async () => {
  const { retryClock, timers, pass } = startClock();
  const first = retryClock.wait();
  pass();
  await first;
  const second = retryClock.wait();
  let shown = 0;
  retryClock.subscribe(() => shown++);
  retryClock.noteAnswer();
  await second;
  expect([retryClock.current(), timers, shown]).toEqual([undefined, [], 1]);
  retryClock.noteAnswer();
  expect(shown).toBe(1);
  void retryClock.wait();
  expect(timers.map((timer) => timer.afterMs)).toEqual([1_000]);
});

test("a person can make the next attempt at once", async () => {
  const { retryClock, timers } = startClock();
  const wait = retryClock.wait();
  retryClock.retryNow();
  await wait;
  expect(timers).toEqual([]);
});

const second = { attempt: 2, retryAtMs: 5_000 };
test.each([
  [undefined, false, undefined],
  [{ attempt: 1, retryAtMs: 1_000 }, false, undefined],
  [second, false, { what: "The server does not answer.", next: "Retrying in 5 s." }],
  [{ ...second, retryAtMs: 1 }, false, { what: "The server does not answer.", next: "Retrying in 1 s." }],
  [{ ...second, retryAtMs: 0 }, false, { what: "The server does not answer.", next: "Retrying…" }],
  [second, true, { what: "You are offline.", next: "Retrying in 5 s." }],
  [undefined, true, { what: "You are offline.", next: "What you see may be out of date." }],
])("waiting %j, offline %s: %j", (waiting, isOffline, words) => {
  expect(describeConnection({ waiting, isOffline, nowMs: 0 })).toEqual(words);
});
