import type { ReportTrust } from "@waxseal/db";
import { expect, test } from "vitest";
import { isMoreTrusted } from "./is-more-trusted.ts";

const UNPROVEN: ReportTrust[] = ["broken", "unsigned", "unauthenticated", "unknown"];
const ALL: ReportTrust[] = ["aligned", "signed", ...UNPROVEN];

test("RFC 8460 §5.4: an aligned copy replaces every other one, a signed copy the unproven ones, and no other copy replaces one", () => {
  const replaces = Object.fromEntries(
    ALL.map((trust) => [trust, ALL.filter((other) => isMoreTrusted(trust, other))]),
  );
  expect(replaces).toEqual({
    aligned: ["signed", ...UNPROVEN],
    signed: UNPROVEN,
    broken: [],
    unsigned: [],
    unauthenticated: [],
    unknown: [],
  });
});
