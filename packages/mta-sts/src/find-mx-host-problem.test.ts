import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkPolicy } from "./check-policy.ts";
import { explainMxHostProblem, findMxHostProblem, type MxHostProblem } from "./find-mx-host-problem.ts";

const LONG_LABEL = "a".repeat(64);

const unusable: [mxHost: string, problem: MxHostProblem][] = [
  [".", "null-mx"],
  ["", "empty"],
  ["192.0.2.1", "ip-address"],
  ["[192.0.2.1]", "ip-address"],
  ["2001:db8::1", "ip-address"],
  ["[ipv6:2001:db8::1]", "ip-address"],
  ["0x7f000001", "ip-address"],
  ["mail.0x7f", "ip-address"],
  ["_dc-mx.8f2c1d7a.shop.example", "proxy-name"],
  ["mail_1.example.com", "underscore"],
  ["_mail.example.com", "underscore"],
  ["mail", "single-label"],
  ["localhost", "private-name"],
  ["mail.localhost", "private-name"],
  ["localhost.localdomain", "private-name"],
  ["exchange.corp.local", "private-name"],
  ["mail.invalid", "private-name"],
  ["mail.office.lan", "private-name"],
  ["mx.cluster.internal", "private-name"],
  ["mx.home.arpa", "private-name"],
  ["*.example.com", "wildcard"],
  ["*", "wildcard"],
  ["mx.bücher.example", "u-label"],
  [`${LONG_LABEL}.example.com`, "too-long"],
  [`${"a.".repeat(124)}example`, "too-long"],
  ["mx1..example.com", "syntax"],
  [".mx1.example.com", "syntax"],
  ["mx1.example.com.", "syntax"],
  ["-mx.example.com", "syntax"],
  ["mx-.example.com", "syntax"],
  ["mx 1.example.com", "syntax"],
  ["mx1.example.com/", "syntax"],
  ["mx1.example.com:25", "syntax"],
  ["https", "single-label"],
];

describe("RFC 8461 §4.1: an MX host that no certificate can prove", () => {
  test.each(unusable)("%j is named: %s", (mxHost, problem) => {
    expect(findMxHostProblem(mxHost)).toBe(problem);
    const explained = explainMxHostProblem(mxHost);
    expect(explained?.problem).toMatch(/^.+\.$/);
    expect(explained?.fix).toMatch(/^[A-Z].+\.$/);
  });
  test.each(["mx1.example.com", "a.b", "xn--bcher-kva.example", "1.example.com", "mx--1.example.com"])(
    "%j is usable",
    (mxHost) => expect(explainMxHostProblem(mxHost)).toBeUndefined(),
  );
  test("a host is usable exactly when the editor's own check lets it into a policy", () => {
    const part = fc.constantFrom(
      "mx",
      "_dc-mx",
      "a_b",
      "local",
      "localhost",
      "10",
      "0x1",
      "-a",
      "*",
      "",
      LONG_LABEL,
      "ü",
    );
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 4 }), (parts) => {
        const mxHost = parts.join(".");
        const faults = checkPolicy({ mode: "testing", mx: [mxHost], maxAgeSeconds: 604_800 });
        const isRefused = faults.some(({ severity }) => severity === "error");
        // A wildcard is good in a policy, but no MX record may name one.
        if (!mxHost.startsWith("*")) expect(findMxHostProblem(mxHost) !== undefined).toBe(isRefused);
        else expect(findMxHostProblem(mxHost)).toBe("wildcard");
      }),
      { numRuns: 500 },
    );
  });
});
