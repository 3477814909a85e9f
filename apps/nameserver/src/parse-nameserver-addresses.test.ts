import type { HostingSettings } from "@waxseal/core";
import { expect, test } from "vitest";
import { loadConfig } from "./config.ts";
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

test("NAMESERVER_ADDRESSES is read with the settings it belongs to, and a bad one stops the start", () => {
  const env = {
    DATABASE_URL: "postgres://x@localhost/x",
    HOSTED_ZONE: settings.hostedZone,
    REPORTS_DOMAIN: settings.reportsDomain,
    POLICY_ADDRESSES: "192.0.2.1",
    NAMESERVERS: "ns1.hosted.example",
  };
  const read = (text: string) => loadConfig({ ...env, NAMESERVER_ADDRESSES: text }).nameserverAddresses;
  expect(read("198.51.100.1, 2001:db8::53")).toEqual([
    { nameserver: "ns1.hosted.example", address: "198.51.100.1" },
    { nameserver: "ns1.hosted.example", address: "2001:db8::53" },
  ]);
  expect(() => read("ns3.hosted.example=198.51.100.1")).toThrow("NAMESERVER_ADDRESSES");
});

test.each([
  ["198.51.100.1", '"198.51.100.1" is not name=address'],
  ["ns.elsewhere.example=198.51.100.1", '"ns.elsewhere.example=198.51.100.1" is not name=address'],
  ["ns1.hosted.example=nowhere", '"ns1.hosted.example=nowhere" is not name=address'],
  ["ns1.hosted.example=198.51.100.1", "ns2.hosted.example has no address"],
])("%s alone is refused for these nameservers: %s", (item, said) => {
  expect(() => parseNameserverAddresses([item], settings)).toThrow(`NAMESERVER_ADDRESSES: ${said}`);
});
