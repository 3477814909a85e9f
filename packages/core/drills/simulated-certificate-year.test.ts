import { DAY_MS } from "@waxseal/runtime/time-spans";
import { expect, test } from "vitest";
import { LIFE_MS, simulateCertificates } from "../testing/simulate-certificate-year.ts";

const DAYS = 365;

test("a year of 10,000 names with 45-day certificates under Let's Encrypt's limits: none expires, none is exceeded", () => {
  const { exceeded, expired, worstLeftMs, perDay, names } = simulateCertificates(10_000, DAYS);
  const endMs = DAYS * DAY_MS;
  const healthy = names.filter(({ failing }) => failing < 1);
  const without = healthy.filter(({ current }) => !current || current.notAfter.getTime() <= endMs);
  const busy = perDay.filter((orders) => orders > 0).sort((a, b) => a - b);
  console.info(
    `orders per day: first week ${perDay.slice(0, 7).join(" ")}, median ${busy[busy.length >> 1]}, most ${Math.max(...perDay)}; ` +
      `least life left at a renewal: ${(worstLeftMs / DAY_MS).toFixed(1)} of 45 days`,
  );
  expect(exceeded).toEqual([]);
  expect(expired).toBe(0);
  expect(without.map(({ host }) => host)).toEqual([]);
  expect(worstLeftMs).toBeGreaterThan(LIFE_MS / 20);
  expect(Math.max(...perDay)).toBeGreaterThan(2_000);
});
