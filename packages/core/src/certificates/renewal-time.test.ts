import { expect, test } from "vitest";
import { renewalTimeInWindow } from "./renewal-time.ts";

const day = (days: number) => new Date(Date.parse("2026-05-01T00:00:00Z") + days * 86_400_000);
const life = { notBefore: day(0), notAfter: day(90) };

test("RFC 9773 §4.2: any time of the window is as likely as another, but with a third of the life left at the latest", () => {
  const window = { start: day(20), end: day(30) };
  expect(renewalTimeInWindow(window, life, 0)).toEqual(day(20));
  expect(renewalTimeInWindow(window, life, 0.5)).toEqual(day(25));
  expect(renewalTimeInWindow({ start: day(70), end: day(80) }, life, 0)).toEqual(day(60));
});

test("a window that is past means now, but never within an hour of the certificate's start", () => {
  const past = { start: day(-10), end: day(-9) };
  expect(renewalTimeInWindow(past, life, 0.5)).toEqual(new Date(day(0).getTime() + 3_600_000));
});
