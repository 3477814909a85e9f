import { expect, test } from "vitest";
import { clientNetwork } from "./client-network.ts";

test.each([
  ["192.0.2.77", "192.0.2.0/24"],
  ["::ffff:192.0.2.77", "192.0.2.0/24"],
  ["2001:db8:1:2:3:4:5:6", "2001:db8:1::/48"],
  ["2001:db8::1", "2001:db8::/48"],
  ["2001:db8:0:ffff::1", "2001:db8::/48"],
  ["2001:0:5::1", "2001:0:5::/48"],
  ["fe80::1%eth0", "fe80::/48"],
  ["::1", "::/48"],
  ["a:b:c::", "a:b:c::/48"],
  [undefined, "unknown"],
  ["", "unknown"],
  ["x", "unknown"],
])("a client at %s is of the network %s", (address, network) => {
  expect(clientNetwork(address)).toBe(network);
});
