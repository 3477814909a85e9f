import { expect, test } from "vitest";
import { compareWithMx } from "./compare-with-mx.ts";

test("RFC 8461 §4.1: each line says which live hosts it allows, and hosts without a line are named", () => {
  expect(
    compareWithMx(["*.mail.example", "old.example"], ["a.mail.example", "b.mail.example", "x.other.example"]),
  ).toEqual({
    uncovered: ["x.other.example"],
    coveredBy: [["a.mail.example", "b.mail.example"], []],
  });
});
