import type { Locator } from "playwright-core";

/** Clicks and seconds of journeys, as a script goes them. */
export type JourneyClock = {
  begin(): void;
  end(journey: string): void;
  /** From beginning to end. */
  time(journey: string, work: () => Promise<void>): Promise<void>;
  click(target: Locator): Promise<void>;
  /** Counts a click that happens outside of the page, as in a mail program. */
  count(): void;
  clicks(): number;
  print(): void;
};

/** Starts with no journey; `begin` sets clicks and time back. */
export function timeJourneys(): JourneyClock {
  let clicks = 0;
  let since = 0;
  const table: { journey: string; clicks: number; seconds: number }[] = [];
  const begin = () => {
    clicks = 0;
    since = performance.now();
  };
  const end = (journey: string) => {
    table.push({ journey, clicks, seconds: Math.round((performance.now() - since) / 100) / 10 });
  };
  return {
    begin,
    end,
    time: async (journey, work) => {
      begin();
      await work();
      end(journey);
    },
    click: async (target) => {
      clicks += 1;
      await target.click();
    },
    count: () => {
      clicks += 1;
    },
    clicks: () => clicks,
    print: () => console.table(table),
  };
}
