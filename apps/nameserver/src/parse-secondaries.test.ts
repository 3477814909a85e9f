import { expect, test } from "vitest";
import { parseSecondaries, plainAddress } from "./parse-secondaries.ts";

test.each([
  ["192.0.2.1", "192.0.2.1", 53],
  ["192.0.2.1:5300", "192.0.2.1", 5300],
  ["2001:DB8::1", "2001:db8::1", 53],
  ["[2001:db8::1]:5300", "2001:db8::1", 5300],
  ["[2001:db8::1]", "2001:db8::1", 53],
])("%s is a secondary", (text, address, port) => {
  expect(parseSecondaries([text])).toEqual([{ address, port }]);
});

test.each(["ns.example.net", "192.0.2.1:0", "192.0.2.1:70000", "192.0.2.0/24", "[192.0.2.1", ":53"])(
  "%s is refused with its name",
  (text) => {
    expect(() => parseSecondaries([text])).toThrow(text);
  },
);

test("RFC 4291 §2.5.5.2: an IPv4 address on a dual-stack socket is the IPv4 address", () => {
  expect(plainAddress("::ffff:192.0.2.1")).toBe("192.0.2.1");
  expect(plainAddress("2001:DB8::1")).toBe("2001:db8::1");
});
