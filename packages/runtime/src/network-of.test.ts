import { isIP } from "node:net";
import fc from "fast-check";
import { expect, test } from "vitest";
import { networkOf, parseAddress } from "./network-of.ts";

const groups = fc.array(fc.oneof(fc.constant(0), fc.nat(0xffff)), { minLength: 8, maxLength: 8 });
const octets = fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255));
const zone = fc.constantFrom("", "%eth0", "%2", "%en0.100");

/** All ways to write an IPv6 address (RFC 4291 §2.2): each run of zeros may be shortened, the last 32 bits may be dotted. */
function formsOf(address: readonly number[]): string[] {
  const forms: string[] = [];
  for (const width of [1, 4]) {
    const hex = address.map((group) => group.toString(16).padStart(width, "0"));
    const [high = 0, low = 0] = address.slice(6);
    const dotted = [...hex.slice(0, 6), [high >> 8, high & 255, low >> 8, low & 255].join(".")];
    for (const parts of [hex, dotted]) {
      forms.push(parts.join(":"));
      for (let from = 0; from < parts.length; from++) {
        for (let to = from + 1; to <= parts.length && /^0+$/.test(parts[to - 1] ?? ""); to++)
          forms.push(`${parts.slice(0, from).join(":")}::${parts.slice(to).join(":")}`);
      }
    }
  }
  return forms.flatMap((form) => [form, form.toUpperCase()]).filter((form) => isIP(form) === 6);
}

test("RFC 4291 §2.2: an address has one network, in whatever form and with whatever zone it is written", () => {
  fc.assert(
    fc.property(groups, zone, (address, suffix) => {
      const forms = formsOf(address);
      expect(forms.length).toBeGreaterThanOrEqual(8);
      expect(new Set(forms.map((form) => networkOf(form + suffix)))).toHaveProperty("size", 1);
      expect(new Set(forms.map((form) => networkOf(form, { ipv4: 24, ipv6: 48 })))).toHaveProperty("size", 1);
    }),
  );
});

test("two IPv6 addresses are one network exactly when their first 64 bits are equal", () => {
  fc.assert(
    fc.property(groups, groups, fc.nat(63), (address, other, bit) => {
      fc.pre(address.slice(0, 5).some((group) => group !== 0) || (address[5] ?? 0) !== 0xffff);
      const neighbour = [...address.slice(0, 4), 1, ...other.slice(5)];
      const stranger = address.map((group, index) =>
        index === bit >> 4 ? group ^ (0x8000 >> (bit & 15)) : group,
      );
      const here = networkOf([...address.slice(0, 4), 1, ...address.slice(5)].join(":"));
      expect(networkOf(neighbour.map((group) => group.toString(16)).join(":"))).toBe(
        networkOf([...address.slice(0, 4), 1, 0, 0, 0].map((group) => group.toString(16)).join(":")),
      );
      expect(networkOf(stranger.map((group) => group.toString(16)).join(":"))).not.toBe(here);
    }),
  );
});

test("IPv4 counts whole, and an IPv4-mapped address is its IPv4 address in every form", () => {
  fc.assert(
    fc.property(octets, zone, (address, suffix) => {
      const [a, b, c, d] = address;
      const mapped = formsOf([0, 0, 0, 0, 0, 0xffff, (a << 8) | b, (c << 8) | d]);
      expect(
        new Set([address.join("."), ...mapped.map((form) => form + suffix)].map((form) => networkOf(form))),
      ).toEqual(new Set([address.join(".")]));
      expect(networkOf(mapped[0], { ipv4: 24, ipv6: 48 })).toBe(`${a}.${b}.${c}.0/24`);
    }),
  );
});

test.each([
  ["2001:db8::a", "2001:db8::/64"],
  ["2001:db8::b", "2001:db8::/64"],
  ["2001:DB8:0:0:1::", "2001:db8::/64"],
  ["2001:0db8:0000:0001:0000:0000:0000:000a", "2001:db8:0:1::/64"],
  ["fe80::1%eth0", "fe80::/64"],
  ["::1", "::/64"],
  ["::ffff:c000:201", "192.0.2.1"],
  ["0:0:0:0:0:FFFF:192.0.2.1%eth0", "192.0.2.1"],
  // NAT64 (RFC 6052 §2.1), 6to4 (RFC 3056 §2) and IPv4-translated addresses (RFC 2765 §2.1) are IPv6 networks of their own.
  ["64:ff9b::192.0.2.1", "64:ff9b::/64"],
  ["2002:c000:0201::1", "2002:c000:201::/64"],
  ["::ffff:0:192.0.2.1", "::/64"],
])("%s belongs to the network %s", (address, network) => {
  expect(networkOf(address)).toBe(network);
});

test.each([
  undefined,
  "",
  "localhost",
  "8.8",
  "0x8.8.8.8",
  "192.0.02.1",
  "192.0.2.1 ",
  "192.0.2.1:25",
  "[2001:db8::1]",
  "2001:db8::1/64",
  "2001:db8::1::2",
  "2001:db8::12345",
  "fe80::1%",
  "192.0.2.1, 198.51.100.1",
])("%s is not an address: all such text is one network", (text) => {
  expect(networkOf(text)).toBe("unknown");
});

test("no text makes it throw, and text is an address exactly when Node says so", () => {
  const letters = fc.constantFrom(..."0123456789abcdefABCDEFx:.%/[] ");
  const text = fc.oneof(
    fc.string(),
    fc.string({ unit: letters, maxLength: 50 }),
    groups.map((g) => g.join("::")),
  );
  fc.assert(
    fc.property(text, (address) => {
      expect(parseAddress(address) !== undefined).toBe(isIP(address) !== 0);
      expect(networkOf(address) === "unknown").toBe(isIP(address) === 0);
    }),
  );
});
