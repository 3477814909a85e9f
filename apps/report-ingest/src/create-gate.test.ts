import { expect, test } from "vitest";
import { createGate } from "./create-gate.ts";

const LIMITS = {
  maxMessagesPerAddress: 2,
  maxStrayPerAddress: 2,
};

test("addresses of one IPv6 /64 share their limits, however they are written; other networks have their own", () => {
  const gate = createGate(LIMITS);
  expect(["2001:db8::a", "2001:DB8::0:b", "2001:db8:0:0:ffff::c"].map(gate.allowMessage)).toEqual([
    true,
    true,
    false,
  ]);
  expect(["2001:db8:0:1::a", "2001:db8:0:1:0::b"].map(gate.allowMessage)).toEqual([true, true]);
  expect(["192.0.2.1", "::ffff:192.0.2.1", "::ffff:c000:201"].map(gate.allowStray)).toEqual([
    true,
    true,
    false,
  ]);
  expect(["::a", "x", "", "192.0.2.2"].map(gate.allowMessage)).toEqual([true, true, true, true]);
  expect(gate.allowMessage("no address either")).toBe(false);
});

test("a limit ends after a minute of the clock that is never set", () => {
  let steadyMs = 1_000;
  const gate = createGate(LIMITS, { steadyMs: () => steadyMs });
  const sendThree = () => [1, 2, 3].map(() => gate.allowMessage("192.0.2.1"));
  expect(sendThree()).toEqual([true, true, false]);
  steadyMs += 59_999;
  expect(gate.allowMessage("192.0.2.1")).toBe(false);
  steadyMs += 1;
  expect(sendThree()).toEqual([true, true, false]);
});
