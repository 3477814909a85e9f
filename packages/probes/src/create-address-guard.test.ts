import { expect, test } from "vitest";
import { createAddressGuard } from "./create-address-guard.ts";

const guard = createAddressGuard({ allowPrivate: false });

test.each([
  "0.0.0.0",
  "10.0.0.1",
  "127.0.0.1",
  "127.255.255.254",
  "169.254.169.254",
  "172.16.0.1",
  "172.31.255.255",
  "192.168.1.1",
  "100.64.0.1",
  "100.100.100.200",
  "192.0.0.192",
  "192.0.2.1",
  "198.18.0.1",
  "203.0.113.9",
  "224.0.0.1",
  "240.0.0.1",
  "255.255.255.255",
  "168.63.129.16",
  "::",
  "::1",
  "fe80::1",
  "fe80::1%eth0",
  "2606:4700:4700::1111%eth0",
  "fc00::1",
  "fd00:ec2::254",
  "fec0::1",
  "ff02::1",
  "::ffff:8.8.8.8",
  "::ffff:127.0.0.1",
  "::ffff:0:127.0.0.1",
  "::127.0.0.1",
  "64:ff9b::7f00:1",
  "64:ff9b:1::1",
  "2002:7f00:1::",
  "2001:0:1::1",
  "2001:db8::1",
  "100::1",
  "4000::1",
  "2130706433",
  "0x7f000001",
  "127.1",
  "localhost",
  "",
])("refused: %s", (address) => {
  expect(guard.findRefusal(address)).toEqual(expect.any(String));
});

test.each(["8.8.8.8", "172.32.0.1", "100.128.0.1", "2606:4700:4700::1111", "2a00:1450:4010:c0f::1b"])(
  "let through: %s",
  (address) => {
    expect(guard.findRefusal(address)).toBeUndefined();
  },
);

test("with allowPrivate, everything is let through", () => {
  expect(createAddressGuard({ allowPrivate: true }).findRefusal("127.0.0.1")).toBeUndefined();
});
