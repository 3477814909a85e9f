import { expect, test } from "vitest";
import { allowsMxHost } from "./allows-mx-host.ts";

test.each<[patterns: string[], mxHost: string, allowed: boolean]>([
  [["mx.example.com"], "mx.example.com", true],
  [["mx.example.com"], "mx2.example.com", false],
  [["*.example.com"], "mx.example.com", true],
  [["*.example.com"], "example.com", false],
  [["*.example.com"], "a.b.example.com", false],
  [["*.mx.microsoft"], "example-com.h-v1.mx.microsoft", false],
  [["*.h-v1.mx.microsoft"], "example-com.h-v1.mx.microsoft", true],
  [["example.com"], "mx.example.com", false],
  [["a.example", "*.b.example"], "mx.b.example", true],
  [["mx.example.com"], "MX.Example.COM.", true],
  [["*.Example.com"], "mx.example.com", true],
  [["*.example.com"], ".example.com", false],
  [["mx.example.com"], "mx.example.com..", false],
  [[], "mx.example.com", false],
])("RFC 8461 §4.1: a wildcard matches exactly one label: %j, %s: %s", (patterns, mxHost, allowed) => {
  expect(allowsMxHost(patterns, mxHost)).toBe(allowed);
});
