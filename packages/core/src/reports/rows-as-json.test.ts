import { expect, test } from "vitest";
import { rowsAsJson } from "./rows-as-json.ts";

test("what Postgres refuses in a jsonb text is replaced, everything else is left alone", () => {
  const rows = [{ text: `a\0b\ud83d`, face: "😀", backslash: "\\ud83d", count: 1 }];
  expect(JSON.parse(rowsAsJson(rows))).toEqual([
    { text: "a b\ufffd", face: "😀", backslash: "\\ud83d", count: 1 },
  ]);
});
