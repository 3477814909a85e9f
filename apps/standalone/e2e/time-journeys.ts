import type { Locator } from "playwright-core";
import { expect } from "vitest";
import type { TestStandalone } from "./start-test-standalone.ts";

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

/** Waits for a mail to `to` that holds a link with `part` in it, and returns the newest one's link. */
export async function findMailedLink(
  { env }: Pick<TestStandalone, "env">,
  to: string,
  part: string,
): Promise<string> {
  const inbox = `http://127.0.0.1:${env.SANDBOX_MAIL_WEB_PORT}/mails?to=${encodeURIComponent(to)}`;
  const find = async () =>
    new RegExp(`https?://[^\\s"\\\\<>]+${part}[^\\s"\\\\<>]+`).exec(await (await fetch(inbox)).text())?.[0];
  await expect.poll(find, { timeout: 15_000 }).toBeDefined();
  return ((await find()) ?? "").replaceAll("&amp;", "&");
}
