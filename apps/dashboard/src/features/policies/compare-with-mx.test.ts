import { expect, test } from "vitest";
import { compareWithMx } from "./compare-with-mx.ts";

test("RFC 8461 §4.1: each line says which live hosts it allows, and hosts without a line are named", () => {
  expect(
    compareWithMx(["*.mail.example", "old.example"], ["a.mail.example", "b.mail.example", "x.other.example"]),
  ).toEqual({
    uncovered: ["x.other.example"],
    unusable: [],
    coveredBy: [["a.mail.example", "b.mail.example"], []],
  });
});

test("RFC 8461 §4.1: a live host that no policy may list is explained, not offered", () => {
  const { uncovered, unusable } = compareWithMx(["mx1.other.example"], ["_dc-mx.1a.other.example"]);
  expect(uncovered).toEqual(["_dc-mx.1a.other.example"]);
  expect(unusable).toMatchObject([{ code: "proxy-name", fix: expect.stringMatching(/DNS only/) }]);
});
