import { DAY_MS } from "@waxseal/runtime/time-spans";
import { expect, test } from "vitest";
import { LIFE_MS, simulateCertificates } from "../../testing/simulate-certificate-year.ts";

// The whole year of 10,000 names is a drill.
const DAYS = 140;

test("140 days of 2,500 names with 45-day certificates under Let's Encrypt's limits, two without the CA: none expires, none is exceeded", () => {
  const { exceeded, expired, worstLeftMs, perDay, names } = simulateCertificates(2_500, DAYS);
  const healthy = names.filter(({ failing }) => failing < 1);
  const without = healthy.filter(({ current }) => !current || current.notAfter.getTime() <= DAYS * DAY_MS);
  expect(exceeded).toEqual([]);
  expect(expired).toBe(0);
  expect(without.map(({ host }) => host)).toEqual([]);
  expect(worstLeftMs).toBeGreaterThan(LIFE_MS / 20);
  expect(Math.max(...perDay)).toBeGreaterThan(2_000);
});
