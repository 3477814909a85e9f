import { expect, test } from "vitest";
import { describeSigned } from "./describe-signed.ts";

const HOST = "mx1.example.com";
const of = (...codes: [code: string, mxHost?: string][]) =>
  describeSigned(
    codes.map(([code, mxHost]) => ({ code, mxHost })),
    HOST,
  );

test("signed MX records are shown for each host, DANE for the host that has it", () => {
  expect(of()).toEqual({ dnssec: "None seen", dane: "None seen" });
  expect(of(["mx-signed"])).toEqual({ dnssec: "Signed", dane: "None seen" });
  expect(of(["mx-dane", HOST])).toEqual({ dnssec: "Signed", dane: "In use" });
  expect(of(["mx-dane", "mx2.example.com"])).toEqual({ dnssec: "None seen", dane: "None seen" });
});

test("RFC 7672 §3.1: DANE records that do not match, or cannot be used, are not shown as missing", () => {
  expect(of(["mx-signed"], ["mx-dane-mismatch", HOST]).dane).toBe("Does not match");
  expect(of(["mx-dane-unusable", HOST]).dane).toBe("Cannot be used");
});
