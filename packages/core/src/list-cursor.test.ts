import { expect, test } from "vitest";
import { AppError } from "./app-error.ts";
import { formatCursor, parseCursor } from "./list-cursor.ts";

const ID = "0195a0c1-1234-7abc-8def-0123456789ab";
const encode = (text: string) => Buffer.from(text).toString("base64url");

test.each(["2026-03-10", "2026-03-10T12:34:56.789Z", "2028-02-29", "2026-12-31T23:59:59Z"])(
  "a place at %s comes back as it was given out",
  (at) => {
    const cursor = formatCursor({ at, id: ID });
    expect(cursor).toMatch(/^[\w-]+$/);
    expect(parseCursor(cursor)).toEqual({ at, id: ID });
  },
);

test.each([
  ["nothing", ""],
  ["no base64", "%%%"],
  ["no id", encode("2026-03-10_")],
  ["an id that is none", encode("2026-03-10_0195a0c1-1234-7abc-8def-0123456789aZ")],
  ["an id in upper case, which sorts elsewhere", encode(`2026-03-10_${ID.toUpperCase()}`)],
  ["no day", encode(`_${ID}`)],
  ["31 February, which Postgres refuses", encode(`2026-02-31_${ID}`)],
  ["29 February of an ordinary year", encode(`2026-02-29_${ID}`)],
  ["a month that is none", encode(`2026-13-01_${ID}`)],
  ["an hour that is none", encode(`2026-03-10T25:00:00Z_${ID}`)],
  ["another zone", encode(`2026-03-10T12:00:00+01:00_${ID}`)],
  ["something behind", encode(`2026-03-10_${ID}'; drop table`)],
  ["something before", encode(`x2026-03-10_${ID}`)],
])("a cursor of %s is refused, and never read as the first page", (_name, cursor) => {
  expect(() => parseCursor(cursor)).toThrow(AppError);
  expect(() => parseCursor(cursor)).toThrow("This page cannot be found.");
});
