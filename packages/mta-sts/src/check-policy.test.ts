import { describe, expect, test } from "vitest";
import { checkPolicy, MAX_MX_PATTERNS } from "./check-policy.ts";
import { formatPolicy } from "./format-policy.ts";

const draft = { mode: "enforce", mx: ["mx1.example.com"], maxAgeSeconds: 1_209_600 };

function problemsOf(changes: object) {
  return checkPolicy({ ...draft, ...changes }).map(({ field, index, severity }) => [field, index, severity]);
}

const cases: [
  name: string,
  changes: object,
  problems: [field: string, index: number | undefined, severity: string][],
][] = [
  ["a good policy", {}, []],
  ["mode none for a day", { mode: "none", maxAgeSeconds: 86_400 }, []],
  ["unknown mode", { mode: "report" }, [["mode", undefined, "error"]]],
  ["no mx", { mx: [] }, [["mx", undefined, "error"]]],
  ["no mx in mode none", { mode: "none", mx: [] }, [["mx", undefined, "error"]]],
  ["empty mx", { mx: ["a.example", ""] }, [["mx", 1, "error"]]],
  ["IPv4 address", { mx: ["192.0.2.1"] }, [["mx", 0, "error"]]],
  ["IPv6 address", { mx: ["[2001:db8::1]"] }, [["mx", 0, "error"]]],
  ["U-label", { mx: ["mx.bücher.example"] }, [["mx", 0, "error"]]],
  ["trailing dot", { mx: ["mx.example.com."] }, [["mx", 0, "error"]]],
  ["URL", { mx: ["https://mx.example.com/"] }, [["mx", 0, "error"]]],
  ["duplicate, in other case", { mx: ["a.example", "b.example", "A.example"] }, [["mx", 2, "error"]]],
  ["single label", { mx: ["mail"] }, [["mx", 0, "error"]]],
  [
    "a name that Cloudflare puts in place of a proxied host",
    { mx: ["_dc-mx.1a2b.example.com"] },
    [["mx", 0, "error"]],
  ],
  ["underscore", { mx: ["*.mail_1.example.com"] }, [["mx", 0, "error"]]],
  ["name of a private network", { mx: ["mx1.example.local"] }, [["mx", 0, "error"]]],
  ["localhost", { mx: ["localhost"] }, [["mx", 0, "error"]]],
  ["label of 64 characters", { mx: [`${"a".repeat(64)}.example`] }, [["mx", 0, "error"]]],
  ["name of 254 characters", { mx: [`${"a.".repeat(123)}examples`] }, [["mx", 0, "error"]]],
  ["wildcard over a top-level domain", { mx: ["*.com"] }, [["mx", 0, "error"]]],
  ["RFC 8461 §10.4: wildcard over a whole zone", { mx: ["*.example.com"] }, [["mx", 0, "warning"]]],
  ["wildcard below the zone", { mx: ["*.mail.example.com"] }, []],
  ["wildcard over a zone of MX hosts only", { mx: ["*.mx.microsoft"] }, []],
  ["not a number", { maxAgeSeconds: Number.NaN }, [["maxAgeSeconds", undefined, "error"]]],
  ["half a second", { maxAgeSeconds: 86_400.5 }, [["maxAgeSeconds", undefined, "error"]]],
  ["zero", { mode: "testing", maxAgeSeconds: 0 }, [["maxAgeSeconds", undefined, "error"]]],
  ["a year", { maxAgeSeconds: 31_557_600 }, []],
  ["over a year", { maxAgeSeconds: 31_557_601 }, [["maxAgeSeconds", undefined, "error"]]],
  ["enforce for less than a day", { maxAgeSeconds: 86_399 }, [["maxAgeSeconds", undefined, "error"]]],
  [
    "enforce for less than two weeks",
    { maxAgeSeconds: 1_209_599 },
    [["maxAgeSeconds", undefined, "warning"]],
  ],
  [
    "testing for less than a day",
    { mode: "testing", maxAgeSeconds: 3600 },
    [["maxAgeSeconds", undefined, "warning"]],
  ],
  ["testing for a day", { mode: "testing", maxAgeSeconds: 86_400 }, []],
];

describe("RFC 8461 §3.2: what speaks against publishing", () => {
  test.each(cases)("%s", (_, changes, problems) => {
    expect(problemsOf(changes)).toEqual(problems);
  });
});

test("a U-label is answered with its A-label", () => {
  expect(checkPolicy({ ...draft, mx: ["mx.bücher.example"] })[0]?.problem).toContain(
    "mx.xn--bcher-kva.example",
  );
});

test("RFC 8461 §3.3: the largest policy let through is far below 64 kB, the 101st mx is refused", () => {
  const label = "a".repeat(60);
  const mx = Array.from(
    { length: MAX_MX_PATTERNS },
    (_, index) => `${index}.${label}.${label}.${label}.${label}.com`,
  );
  expect(problemsOf({ mx })).toEqual([]);
  expect(formatPolicy({ mode: "enforce", mx, maxAgeSeconds: 1 }).length).toBeLessThan(30_000);
  expect(problemsOf({ mx: [...mx, "one.more.example"] })).toEqual([["mx", undefined, "error"]]);
});
