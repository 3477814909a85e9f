import { expect, test } from "vitest";
import { AppError } from "./app-error.ts";
import { makePage, pageByTime, pageOf, placeOfTime } from "./list-page.ts";

const ID = "0195a0c1-1234-7abc-8def-0123456789ab";
const AT = new Date("2026-03-10T12:34:56.789Z");
const letters = (text: string) => ({ items: [...text] });
const keyOf = (letter: string) => letter;

/** The pages of a list that may change after each. */
function readPages(limit: number, versions: readonly string[]): string[] {
  const pages: string[] = [];
  let cursor: string | undefined;
  for (let version = 0; version === 0 || cursor !== undefined; version++) {
    const list = letters(versions[Math.min(version, versions.length - 1)] ?? "");
    const { items, nextCursor } = pageOf(list, { cursor, limit }, keyOf);
    pages.push(items.join(""));
    cursor = nextCursor ?? undefined;
  }
  return pages;
}

test.each([
  ["shorter than a page", 5, ["abc"], ["abc"]],
  ["as long as a page", 3, ["abc"], ["abc"]],
  ["of several pages", 2, ["abcde"], ["ab", "cd", "e"]],
  ["that is empty", 2, [""], [""]],
  ["whose last item of a page is gone before the next is read", 2, ["abcde", "acde"], ["ab", "cd", "e"]],
  ["with a new item at its start", 2, ["abcde", "xabcde"], ["ab", "cd", "e"]],
  ["whose rest is gone", 2, ["abcde", "ab"], ["ab", ""]],
])("a list %s comes page after page", (_name, limit, versions, pages) => {
  expect(readPages(limit, versions)).toEqual(pages);
});

test("a computed list is whole without a limit, and keeps the other fields of the answer", () => {
  expect(pageOf({ total: 3, ...letters("abc") }, {}, keyOf)).toEqual({
    total: 3,
    items: ["a", "b", "c"],
    nextCursor: null,
  });
});

test("a page by time begins after the row of the cursor, in either direction and with the ids of the sign-in library", () => {
  const cursor = placeOfTime(AT, ID);
  expect(pageByTime({ cursor, limit: 2 }, "openedAt", "desc")).toEqual({
    where: { OR: [{ openedAt: { lt: AT } }, { openedAt: AT, id: { lt: ID } }] },
    orderBy: [{ openedAt: "desc" }, { id: "desc" }],
    take: 3,
  });
  expect(pageByTime({ cursor: placeOfTime(AT, "aB3_x-9") }, "createdAt", "asc", "any")).toEqual({
    where: { OR: [{ createdAt: { gt: AT } }, { createdAt: AT, id: { gt: "aB3_x-9" } }] },
    orderBy: [{ createdAt: "asc" }, { id: "asc" }],
    take: 1_001,
  });
  expect(makePage([1, 2, 3], { limit: 2 }, String)).toEqual({ page: [1, 2], nextCursor: "2" });
  expect(makePage([1, 2], { limit: 2 }, String)).toEqual({ page: [1, 2], nextCursor: null });
});

test.each(["", "x", placeOfTime(AT, ID), placeOfTime(AT, "aB3")])(
  "%j is not the cursor of another kind of list",
  (cursor) => {
    expect(() => pageOf(letters("abc"), { cursor }, keyOf)).toThrow(AppError);
    if (cursor !== placeOfTime(AT, ID)) expect(() => pageByTime({ cursor }, "at", "asc")).toThrow(AppError);
  },
);
