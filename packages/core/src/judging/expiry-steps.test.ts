import { DAY_MS } from "@waxseal/runtime/time-spans";
import { expect, test } from "vitest";
import { expiryAt } from "./expiry-steps.ts";

const NOW = new Date("2026-11-29T10:00:00Z");
const inDays = (days: number) => new Date(NOW.getTime() + days * DAY_MS);
const OWN = "mx1.example.com";
const PROVIDER = "example-com.mail.protection.outlook.com";

test.each<[name: string, mxHost: string, lifeDays: number | null, daysLeft: number, severity: string | null]>(
  [
    ["time enough", OWN, 90, 14.1, null],
    ["two weeks", OWN, 90, 14, "notice"],
    ["a week", OWN, 90, 7, "warning"],
    ["a day", OWN, 90, 1, "critical"],
    ["it is over", OWN, 90, -1, "critical"],
    ["nobody noted when it began", OWN, null, 14, "notice"],
    ["a provider renews late", PROVIDER, 90, 3.1, null],
    ["a provider did not renew", PROVIDER, 90, 3, "warning"],
    ["a provider's last day", PROVIDER, 90, 1, "critical"],
    ["a short life has just begun", OWN, 6, 6, null],
    ["a quarter of a short life", OWN, 6, 1.5, "notice"],
    ["an eighth of a short life", OWN, 6, 0.75, "warning"],
    ["a short life is over", OWN, 6, 0, "critical"],
    ["47 days are a short life", OWN, 47, 12, null],
    ["a quarter of 47 days", OWN, 47, 11.7, "notice"],
    ["a provider's short life", PROVIDER, 6, 1.5, null],
  ],
)("a certificate's end: %s", (_, mxHost, lifeDays, daysLeft, severity) => {
  const notAfter = inDays(daysLeft);
  const notBefore = lifeDays === null ? null : inDays(daysLeft - lifeDays);
  expect(expiryAt({ mxHost, notBefore, notAfter }, NOW)?.severity ?? null).toBe(severity);
});
