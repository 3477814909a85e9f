import { decode, encode, type Packet } from "dns-packet";
import { expect, test } from "vitest";
import { explainBogusDnssec } from "./explain-bogus-dnssec.ts";

/** A SERVFAIL as a validating resolver sends it, with an Extended DNS Error or without. */
function servFail(infoCode?: number) {
  const data = Buffer.from([0, infoCode ?? 0]);
  const opt = {
    ...{
      type: "OPT",
      name: ".",
      udpPayloadSize: 1232,
      extendedRcode: 0,
      ednsVersion: 0,
      flags: 0,
      flag_do: false,
    },
    options: infoCode === undefined ? [] : [{ code: 15, data }],
  };
  return decode(encode({ type: "response", id: 1, flags: 2, questions: [], additionals: [opt] } as Packet));
}

test.each([
  [6, /do not validate/],
  [7, /expired/],
  [9, /DNSKEY/],
  [10, /signatures are missing/],
])("RFC 8914 §4: extended error %i names the DNSSEC failure", (code, words) => {
  expect(explainBogusDnssec(servFail(code), undefined)).toMatch(words);
});

test("RFC 4035 §3.2.2: what is answered without validation failed in validation only", () => {
  expect(explainBogusDnssec(servFail(), { rcode: 0 })).toMatch(/do not validate/);
  expect(explainBogusDnssec(servFail(), { rcode: 3 })).toMatch(/do not validate/);
});

test("any other failure is no DNSSEC failure", () => {
  expect(explainBogusDnssec(servFail(), { rcode: 2 })).toBeUndefined();
  expect(explainBogusDnssec(servFail(22), undefined)).toBeUndefined();
  expect(explainBogusDnssec(servFail(), undefined)).toBeUndefined();
});
