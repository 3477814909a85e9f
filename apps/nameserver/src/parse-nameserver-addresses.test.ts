import type { HostingSettings } from "@waxseal/core";
import { expect, test } from "vitest";
import { createZone } from "./create-zone.ts";
import { parseNameserverAddresses } from "./parse-nameserver-addresses.ts";

const settings: HostingSettings = {
  hostedZone: "hosted.example",
  reportsDomain: "reports.hosted.example",
  policyAddresses: ["192.0.2.1"],
  nameservers: ["ns1.hosted.example", "ns2.hosted.example", "ns.elsewhere.example"],
  caaIdentities: [],
};

test("RFC 1034 §4.2.2: a nameserver inside the zone answers with its own addresses, other hosts with the policy servers'", () => {
  const addresses = parseNameserverAddresses(
    [
      "ns1.hosted.example=198.51.100.1",
      "NS2.hosted.example.=198.51.100.2",
      "ns1.hosted.example=2001:db8::53",
    ],
    settings,
  );
  const zone = createZone(settings, addresses);
  const valuesOf = (name: string) => zone.find(name)?.map(({ type, values }) => [type, values]);
  expect(valuesOf("ns1.hosted.example")).toEqual([
    ["A", ["198.51.100.1"]],
    ["AAAA", ["2001:db8::53"]],
  ]);
  expect(valuesOf("ns2.hosted.example")).toEqual([["A", ["198.51.100.2"]]]);
  expect(valuesOf("mx.reports.hosted.example")).toEqual([["A", ["192.0.2.1"]]]);
  expect(zone.fingerprint).not.toBe(createZone(settings).fingerprint);
});

test("without the setting they have the addresses of the policy servers; the only one needs no name", () => {
  expect(parseNameserverAddresses([], settings)).toEqual([]);
  expect(createZone(settings).find("ns1.hosted.example")).toMatchObject([{ values: ["192.0.2.1"] }]);
  expect(parseNameserverAddresses(["198.51.100.1"], { ...settings, nameservers: [] })).toEqual([
    { nameserver: "ns1.hosted.example", address: "198.51.100.1" },
  ]);
});

test.each([
  "198.51.100.1",
  "ns.elsewhere.example=198.51.100.1",
  "ns1.hosted.example=nowhere",
  "ns1.hosted.example=198.51.100.1",
])("%s alone is refused for these nameservers", (item) => {
  expect(() => parseNameserverAddresses([item], settings)).toThrow("NAMESERVER_ADDRESSES");
});
