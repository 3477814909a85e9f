import fc from "fast-check";
import { expect, test } from "vitest";
import { readOwnPath } from "./own-path.ts";

const good = [
  ["/", "/"],
  ["/domains", "/domains"],
  ["/domains?status=active&q=a%20b#top", "/domains?status=active&q=a%20b#top"],
  ["/invitations/Zm9v-_", "/invitations/Zm9v-_"],
  ["/check/b%C3%BCcher.example", "/check/b%C3%BCcher.example"],
  ["/check/bücher.example", "/check/b%C3%BCcher.example"],
  ["/domains?next=https://elsewhere.example//x", "/domains?next=https://elsewhere.example//x"],
  ["/a/../domains", "/domains"],
  ["/@user", "/@user"],
] as const;

test.each(good)("%j is a page of this site", (value, path) => {
  expect(readOwnPath(value)).toBe(path);
});

const bad = [
  undefined,
  null,
  7,
  ["/domains"],
  "",
  "domains",
  "?x",
  "//evil.example/x",
  "///evil.example/x",
  "/\\evil.example/x",
  "\\\\evil.example",
  "/..//evil.example/x",
  "/.//evil.example/x",
  "/a/..//evil.example/x",
  "/a/%2e%2e//evil.example",
  "/domains//evil.example",
  "/api/../domains",
  "/%2f/evil.example",
  "/%2fevil.example",
  "/%2F%2Fevil.example",
  "/%252f%252fevil.example",
  "/%5cevil.example",
  "/%5c%5cevil.example",
  "/..%2f/evil.example",
  "/\t/evil.example",
  "/\n/evil.example",
  "/\r\nlocation: https://evil.example",
  "/%0d%0alocation:%20https://evil.example",
  "/%09/evil.example",
  "/ /evil.example",
  " /domains",
  "\t/domains",
  "/\u00a0/evil.example",
  "/\u2028x",
  "/\u200b/evil.example",
  "/\ufeff",
  "/\ud800",
  "/%",
  "/%ff",
  "/%252525252525252f",
  "https://evil.example/",
  "https:/domains",
  "https:evil.example",
  "http://own.invalid/domains",
  "//user@evil.example",
  "/\\user:password@evil.example",
  "javascript:alert(1)",
  "data:text/html,x",
  "JaVaScRiPt:alert(1)",
  "/api",
  "/api/v1/account/export",
  "/API/auth/verify-email?token=x",
  "/%61pi/auth/verify-email?token=x",
  "/x/../api/auth/verify-email",
  "/．/evil.example\u3000",
  `/${"x".repeat(2_000)}`,
];

test.each(bad)("open redirect: %j is refused", (value) => {
  expect(readOwnPath(value)).toBeUndefined();
});

const hostile = fc
  .array(
    fc.constantFrom(
      ..."/\\.:@?#%\t\n\r \0",
      "//",
      "..",
      "%2f",
      "%5C",
      "%2e",
      "%25",
      "%09",
      "%00",
      "evil.example",
      "user@",
      "https:",
      "data:",
      "javascript:",
      "\u2028",
      "\u200b",
      "\u3002",
      "\uff0f",
      "\ud800",
      "api",
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(""));

test("a path that is accepted stays on this site, also when it is decoded and resolved again", () => {
  const site = "https://waxseal.example";
  fc.assert(
    fc.property(
      fc.oneof(
        hostile,
        hostile.map((text) => `/${text}`),
        fc.string({ unit: "binary" }),
      ),
      (value) => {
        const path = readOwnPath(value);
        if (path === undefined) return;
        expect(readOwnPath(path)).toBe(path);
        for (const base of [`${site}/`, `${site}/sign-in`, `${site}/a/b/c?d#e`]) {
          let target = path;
          for (let round = 0; round < 4; round++) {
            const url = new URL(target, base);
            expect([value, url.origin, url.username]).toEqual([value, site, ""]);
            expect([value, url.pathname.startsWith("//")]).toEqual([value, false]);
            expect([value, url.pathname.startsWith("/api/")]).toEqual([value, false]);
            target = decodeURIComponent(url.pathname);
          }
        }
      },
    ),
    { numRuns: 5_000 },
  );
});
