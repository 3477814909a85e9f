import { measureDatabaseRoom } from "@waxseal/core/operating";
import { createTestDatabase } from "@waxseal/db/testing";
import { createLogger } from "@waxseal/runtime";
import { afterEach, expect, inject, test, vi } from "vitest";
import { isRoomLeft, watchRoom } from "./watch-room.ts";

const GB = 1024 ** 3;
const volume = (freeBytes: number, sizeBytes: number) => ({
  databaseBytes: GB,
  volume: { folder: "/data", freeBytes, sizeBytes },
});

test.each([
  [true, "half of the volume free", volume(50 * GB, 100 * GB), undefined],
  [false, "under a tenth of a small volume free", volume(0.9 * GB, 10 * GB), undefined],
  [true, "3 GiB of a large volume free", volume(3 * GB, 1_000 * GB), undefined],
  [false, "2 GiB of a large volume free", volume(2 * GB, 1_000 * GB), undefined],
  [true, "nothing known of the volume, no limit", { databaseBytes: GB, volume: undefined }, undefined],
  [false, "over nine tenths of the limit", { databaseBytes: 0.91 * GB, volume: undefined }, GB],
  [true, "under nine tenths of the limit", { databaseBytes: 0.89 * GB, volume: undefined }, GB],
  [false, "volume full, limit far", volume(0, 100 * GB), 90 * GB],
])("reports taken: %s with %s", (expected, _what, room, limit) => {
  expect(isRoomLeft(room, limit)).toBe(expected);
});

test("the size of the database and the free room of its volume are measured for a Postgres on this machine", async () => {
  const database = await createTestDatabase(inject("templateDatabaseUrl"));
  const room = await measureDatabaseRoom(database.db);
  await database.drop();
  expect(room.databaseBytes).toBeGreaterThan(1_000_000);
  expect(room.volume?.freeBytes).toBeGreaterThan(0);
  expect(room.volume?.sizeBytes).toBeGreaterThanOrEqual(room.volume?.freeBytes ?? Infinity);
});

afterEach(() => {
  vi.useRealTimers();
});

test("intake closes within ten seconds of a volume filling up, stays closed while nothing is measured, and opens again", async () => {
  vi.useFakeTimers();
  const measured: boolean[] = [];
  let next = () => Promise.resolve(volume(50 * GB, 100 * GB));
  const watch = await watchRoom({
    measure: () => next(),
    limitBytes: undefined,
    onMeasured: ({ isOpen }) => measured.push(isOpen),
    logger: createLogger("report-ingest", "silent"),
  });
  expect(watch.hasRoom()).toBe(true);
  next = () => Promise.resolve(volume(0, 100 * GB));
  await vi.advanceTimersByTimeAsync(10_000);
  expect(watch.hasRoom()).toBe(false);
  next = () => Promise.reject(new Error("away"));
  await vi.advanceTimersByTimeAsync(10_000);
  expect(watch.hasRoom()).toBe(false);
  next = () => new Promise(() => {});
  await vi.advanceTimersByTimeAsync(20_000);
  expect(watch.hasRoom()).toBe(false);
  next = () => Promise.resolve(volume(50 * GB, 100 * GB));
  await vi.advanceTimersByTimeAsync(10_000);
  expect(watch.hasRoom()).toBe(true);
  watch.stop();
  next = () => Promise.resolve(volume(0, 100 * GB));
  await vi.advanceTimersByTimeAsync(60_000);
  expect(watch.hasRoom()).toBe(true);
  expect(measured).toEqual([true, false, true]);
});

test("a failed measurement does not close reception", async () => {
  const watch = await watchRoom({
    measure: () => Promise.reject(new Error("away")),
    limitBytes: 1,
    onMeasured: () => undefined,
    logger: createLogger("report-ingest", "silent"),
  });
  expect(watch.hasRoom()).toBe(true);
  watch.stop();
});
