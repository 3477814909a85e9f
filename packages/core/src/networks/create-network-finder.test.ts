import { expect, test } from "vitest";
import { createNetworkFinder } from "./create-network-finder.ts";

const network = { asn: 64_500, owner: "Example", country: null };

test("the directory is loaded by the first question, and once for all that are asked at the same time", async () => {
  let loads = 0;
  const find = createNetworkFinder(async () => {
    loads++;
    return { builtAt: new Date(0), find: (address) => (address === "192.0.2.1" ? network : undefined) };
  });
  expect(loads).toBe(0);
  expect(await Promise.all(["192.0.2.1", "192.0.2.2"].map(find))).toEqual([network, null]);
  expect(loads).toBe(1);
});

test("a directory that cannot be loaded is a missing hint, no error, and is tried again", async () => {
  let loads = 0;
  const find = createNetworkFinder(async () => {
    if (++loads === 1) throw new Error("not installed");
    return { builtAt: new Date(0), find: () => network };
  });
  expect(await find("192.0.2.1")).toBeNull();
  expect(await find("192.0.2.1")).toEqual(network);
});
