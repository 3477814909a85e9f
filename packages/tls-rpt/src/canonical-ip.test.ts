import { isIP } from "node:net";
import fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalIp } from "./canonical-ip.ts";

test.each([
  ["192.0.2.1", "192.0.2.1"],
  ["255.255.255.255", "255.255.255.255"],
  ["[192.0.2.1]", "192.0.2.1"],
  ["::", "::"],
  ["::1", "::1"],
  ["1::", "1::"],
  ["2001:DB8::1", "2001:db8::1"],
  ["2001:db8:abcd:0012::1", "2001:db8:abcd:12::1"],
  ["2001:0db8:0000:0000:0000:0000:0000:0001", "2001:db8::1"],
  ["2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"],
  ["2001:0:0:1:0:0:0:1", "2001:0:0:1::1"],
  ["2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"],
  ["2001:db8::1:1:1:1:1", "2001:db8:0:1:1:1:1:1"],
  ["IPv6:2001:db8::1", "2001:db8::1"],
  ["[IPv6:2001:db8::1]", "2001:db8::1"],
  ["::ffff:192.0.2.1", "192.0.2.1"],
  ["::ffff:c000:201", "192.0.2.1"],
  ["64:ff9b::192.0.2.1", "64:ff9b::c000:201"],
])("RFC 5952 §4: %s is written %s", (written, canonical) => {
  expect(canonicalIp(written)).toBe(canonical);
});

test.each([
  "",
  "x.x.x.x",
  "192.0.2",
  "192.0.2.256",
  "192.0.02.1",
  "192.0.2.1.5",
  "192.0.2.1:25",
  ":",
  ":::",
  "1::2::3",
  "1:2:3:4:5:6:7",
  "1:2:3:4:5:6:7:8:9",
  "1:2:3:4:5:6:7::8",
  "1:2:3:4:5:6:7:8::",
  "12345::",
  "g::1",
  "fe80::1%eth0",
  "192.0.2.1::",
  "::192.0.2.1:1",
  "mx.example.com",
])("%s is no address", (text) => {
  expect(canonicalIp(text)).toBeUndefined();
});

test("RFC 5952 §4: a canonical address is an address, and is its own canonical form", () => {
  const address = fc.oneof(
    fc.ipV6(),
    fc.ipV4(),
    fc.string({ unit: fc.constantFrom("0", "1", "f", ":", "::", ".", "9") }),
  );
  fc.assert(
    fc.property(address, (text) => {
      const canonical = canonicalIp(text);
      expect(canonical !== undefined).toBe(isIP(text) !== 0);
      if (canonical !== undefined) expect(canonicalIp(canonical)).toBe(canonical);
    }),
    { numRuns: 1000 },
  );
});

test("RFC 5952 §4: the form is the one URLs use, but for IPv4-mapped addresses", () => {
  fc.assert(
    fc.property(fc.ipV6(), (text) => {
      const inUrl = new URL(`http://[${text}]/`).hostname.slice(1, -1);
      fc.pre(!inUrl.startsWith("::ffff:"));
      expect(canonicalIp(text)).toBe(inUrl);
    }),
  );
});
