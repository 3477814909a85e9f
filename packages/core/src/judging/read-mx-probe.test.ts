import { createHash } from "node:crypto";
import type { AddressCheck, DnsAnswer, TlsaRecord } from "@waxseal/probes";
import { expect, test } from "vitest";
import { type ProbedMx, readMxProbe } from "./read-mx-probe.ts";

const NOT_AFTER = new Date("2026-06-01T00:00:00Z");
const OWN = Buffer.from("the server's certificate");
const ISSUER = Buffer.from("its issuer's certificate");
const sha256 = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");

function found(fault?: string, derChain: readonly Buffer[] = [OWN, ISSUER]): ProbedMx {
  const certificate = { notAfter: NOT_AFTER, derChain };
  return { found: { certificate, ...(fault && { fault: { fault, detail: "" } }) } } as unknown as ProbedMx;
}
const missing = (reason: string, isBusy = false) => ({ missing: reason, detail: "", isBusy }) as ProbedMx;
const read = (probe: ProbedMx, tlsa?: DnsAnswer<TlsaRecord>) => readMxProbe("mx.example.com", probe, tlsa);

test("a host that passes is good, with the end of its certificate", () => {
  expect(read(found())).toEqual({
    mxHost: "mx.example.com",
    state: "good",
    fault: null,
    detail: null,
    certificateNotAfter: NOT_AFTER,
    dane: "none",
    addressesGood: 1,
    addressesAll: 1,
  });
});

test.each([
  ["certificate-expired", "certificate-expired"],
  ["certificate-host-mismatch", "certificate-host-mismatch"],
  ["certificate-not-trusted", "certificate-not-trusted"],
  ["certificate-not-yet-valid", "certificate-not-trusted"],
  ["something-new", "certificate-not-trusted"],
])("RFC 8461 §4.2: a host with the fault %s is bad: %s", (fault, shown) => {
  expect(read(found(fault))).toMatchObject({
    state: "bad",
    fault: shown,
    certificateNotAfter: NOT_AFTER,
    addressesGood: 0,
  });
});

test.each([
  ["starttls-not-offered", "no-starttls"],
  ["tls-version-too-old", "tls-too-old"],
])("%s proves a fault", (reason, fault) => {
  expect(read(missing(reason))).toMatchObject({
    state: "bad",
    fault,
    detail: null,
    certificateNotAfter: null,
  });
});

test.each([
  ["no-domain", "its name does not exist in DNS"],
  ["no-address", "its name has no address in DNS"],
  ["dns-failed", "DNS did not answer"],
  ["address-refused", "its address is not a public one"],
  ["timeout", "it did not answer in time"],
  ["connection-failed", "it did not accept a connection"],
  ["smtp-refused", "it refused our test connection"],
  ["starttls-refused", "the TLS handshake failed"],
  ["something-new", "the TLS handshake failed"],
])("%s proves nothing: the host is neither good nor bad", (reason, detail) => {
  expect(read(missing(reason))).toMatchObject({ state: "unknown", fault: null, detail, addressesGood: 0 });
});

test("a test that found no room says so, and not what the host did", () => {
  expect(read(missing("timeout", true)).detail).toBe(
    "too many of our tests ran at once, try again in a minute",
  );
});

test("the good addresses of a host are counted", () => {
  const addresses = ["fine", "unreachable", "fine"].map((state) => ({ state }) as AddressCheck);
  const probe = { ...found(), every: { addresses, otherKey: undefined } } as ProbedMx;
  expect(read(probe)).toMatchObject({ state: "good", addressesGood: 2, addressesAll: 3 });
  const one = { ...found(), every: { addresses: [], otherKey: undefined } } as ProbedMx;
  expect(read(one)).toMatchObject({ addressesGood: 1, addressesAll: 1 });
});

const record = (data: string, changes: Partial<TlsaRecord> = {}): TlsaRecord => ({
  usage: 3,
  selector: 0,
  matchingType: 1,
  data,
  ...changes,
});
const signed = (...records: TlsaRecord[]) =>
  ({ found: records, isAuthenticated: true, cnames: [] }) as DnsAnswer<TlsaRecord>;

test.each<[string, ProbedMx, DnsAnswer<TlsaRecord> | undefined, string]>([
  ["no question was asked", found(), undefined, "none"],
  ["the name has no record", found(), { missing: "no-record" } as never, "none"],
  ["the name does not exist", found(), { missing: "no-domain" } as never, "none"],
  ["the look-up failed", found(), { missing: "failed" } as never, "unknown"],
  ["a signed record matches", found(), signed(record(sha256(OWN))), "match"],
  ["it may be in upper case", found(), signed(record(sha256(OWN).toUpperCase())), "match"],
  ["one of two matches, as in a change of keys", found(), signed(record("00"), record(sha256(OWN))), "match"],
  ["none matches", found(), signed(record(sha256(Buffer.from("old")))), "mismatch"],
  ["a record for the server is not met by its issuer", found(), signed(record(sha256(ISSUER))), "mismatch"],
  ["a record for the issuer is", found(), signed(record(sha256(ISSUER), { usage: 2 })), "match"],
  ["it is not met by the server", found(), signed(record(sha256(OWN), { usage: 2 })), "mismatch"],
  [
    "a record that is not signed does not count",
    found(),
    { found: [record("00")], isAuthenticated: false } as never,
    "none",
  ],
  ["a record that SMTP does not use does not count", found(), signed(record("00", { usage: 1 })), "none"],
  ["without a certificate nothing is known", missing("timeout"), signed(record(sha256(OWN))), "unknown"],
])("RFC 7672 §3.1: %s", (_name, probe, tlsa, dane) => {
  expect(read(probe, tlsa).dane).toBe(dane);
});
