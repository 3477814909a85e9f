import { expect, test } from "vitest";
import { createBytePool } from "./create-byte-pool.ts";

const MB = 1024 * 1024;
const SMALL = 64 * 1024;

test("11 unfinished mails of one address leave room for everybody else's large mails", () => {
  const pool = createBytePool({ maxBytesInFlight: 256 * MB });
  const unfinished = Array.from({ length: 11 }, () => pool.open("198.51.100.1"));
  for (let mb = 0; mb < 25; mb++) for (const room of unfinished) room.take(MB);
  expect(unfinished.filter((room) => room.take(MB))).toEqual([]);
  for (let index = 0; index < 4; index++) {
    const room = pool.open(`192.0.2.${index}`);
    expect(room.take(20 * MB)).toBe(true);
  }
});

test("small messages have room however full the pool is, also of the sender that filled it", () => {
  const pool = createBytePool({ maxBytesInFlight: MB });
  for (let index = 0; index < 100; index++) pool.open(`192.0.2.${index}`).take(SMALL + MB / 8);
  for (const address of ["192.0.2.1", "203.0.113.1"]) {
    const room = pool.open(address);
    expect([room.take(SMALL), room.take(MB)]).toEqual([true, false]);
  }
});

test("returned bytes are available again, once", () => {
  const pool = createBytePool({ maxBytesInFlight: 4 * MB });
  const room = pool.open("192.0.2.1");
  const other = pool.open("192.0.2.1");
  expect(room.take(2 * MB)).toBe(true);
  expect(other.take(2 * MB)).toBe(false);
  room.release();
  room.release();
  expect(other.take(2 * MB)).toBe(true);
});
