import { afterEach, beforeEach, expect, test } from "vitest";
import { setProcessDate } from "./set-process-date.ts";

const AT_MS = Date.parse("2026-05-01T12:00:00Z");
const native = globalThis.Date;
beforeEach(() => setProcessDate(() => AT_MS));
afterEach(() => {
  globalThis.Date = native;
});

test("everything that reads the time of day reads the given clock", () => {
  expect([new Date().toISOString(), Date.now(), new Date(Date()).getTime()]).toEqual([
    "2026-05-01T12:00:00.000Z",
    AT_MS,
    AT_MS,
  ]);
});

test("dates from a value, subclasses and instanceof are as ever", () => {
  class Later extends Date {}
  expect([
    new Date(0).getTime(),
    new Date(2026, 0, 1).getMonth(),
    Date.UTC(1970, 0, 2),
    Date.parse("1970-01-02"),
  ]).toEqual([0, 0, 86_400_000, 86_400_000]);
  expect([new Date() instanceof Date, new Date() instanceof native, new native() instanceof Date]).toEqual([
    true,
    true,
    true,
  ]);
  expect([new Later() instanceof Later, new Later().getTime()]).toEqual([true, AT_MS]);
  expect(structuredClone(new Date())).toEqual(new native(AT_MS));
});
