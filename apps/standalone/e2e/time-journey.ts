import type { Locator } from "playwright-core";

/** Counts the clicks of a journey and prints them with its seconds. */
export function createClickCounter() {
  let clicks = 0;
  return {
    click: async (target: Locator): Promise<void> => {
      clicks++;
      await target.click();
    },
    timed: async (journey: string, work: () => Promise<void>): Promise<void> => {
      const startedAt = performance.now();
      clicks = 0;
      await work();
      const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
      process.stdout.write(`${journey}: ${clicks} clicks, ${seconds} s\n`);
    },
  };
}
