import { expect, test } from "vitest";
import { createNetworkGate, networkOf } from "./create-network-gate.ts";

test.each([
  ["192.0.2.25", "192.0.2.0/24"],
  ["192.0.2.250", "192.0.2.0/24"],
  ["2001:db8:1:2::25", "2001:db8:1::/48"],
  ["2001:db8:1:ffff::1", "2001:db8:1::/48"],
  ["::ffff:192.0.2.25", "192.0.2.0/24"],
])("the provider network of %s is %s", (address, network) => {
  expect(networkOf(address)).toBe(network);
});

test("two connections to one provider network at a time; the third waits, another network does not", async () => {
  const enter = createNetworkGate(2);
  const entered: string[] = [];
  const go = (address: string) =>
    enter(address).then((leave) => {
      entered.push(address);
      return leave;
    });
  const leaveFirst = await go("192.0.2.1");
  await go("192.0.2.2");
  const third = go("192.0.2.3");
  await go("198.51.100.1");
  expect(entered).toEqual(["192.0.2.1", "192.0.2.2", "198.51.100.1"]);
  leaveFirst?.();
  await third;
  expect(entered.at(-1)).toBe("192.0.2.3");
});

test("a connection that waits beyond its deadline is not made, and the next one gets its place", async () => {
  const enter = createNetworkGate(1);
  const leave = await enter("192.0.2.1");
  const deadline = new AbortController();
  const impatient = enter("192.0.2.2", deadline.signal);
  const patient = enter("192.0.2.3");
  deadline.abort();
  expect(await impatient).toBeUndefined();
  leave?.();
  expect(await patient).toBeTypeOf("function");
  expect(await enter("198.51.100.1", AbortSignal.abort())).toBeUndefined();
});
