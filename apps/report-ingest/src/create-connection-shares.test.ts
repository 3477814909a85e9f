import { expect, test } from "vitest";
import { createConnectionShares } from "./create-connection-shares.ts";

const LIMITS = { maxConnections: 6, maxConnectionsPerAddress: 4 };

function open(limits = LIMITS) {
  let steadyMs = 0;
  const shares = createConnectionShares(limits, { steadyMs: () => steadyMs });
  const cut: string[] = [];
  return {
    shares,
    cut,
    pass: (ms: number) => {
      steadyMs += ms;
    },
    answer: (address: string) => shares.enter(address, () => undefined),
    /** The place, undefined when there is none. */
    enter: (address: string, name = address) => {
      const place = shares.enter(address, () => cut.push(name));
      return typeof place === "string" ? undefined : place;
    },
  };
}

test("500 idle connections of one address: it loses its own oldest, everybody else gets in and stays", () => {
  const { shares, enter, cut } = open({ maxConnections: 500, maxConnectionsPerAddress: 500 });
  enter("192.0.2.1", "first of others");
  for (let index = 0; index < 600; index++) expect(enter("198.51.100.1", `flood ${index}`)).toBeDefined();
  for (let index = 0; index < 20; index++) expect(enter(`203.0.113.${index}`)).toBeDefined();
  expect(shares.open()).toBe(500);
  expect(cut).toEqual(Array.from({ length: 121 }, (_, index) => `flood ${index}`));
});

test("addresses of one /64 are one network", () => {
  const { enter, cut } = open();
  for (const suffix of ["a", "b", "c", "d", "e"]) enter(`2001:db8::${suffix}`);
  expect(cut).toEqual(["2001:db8::a"]);
});

test("a connection that delivers keeps its place among its network's; when all deliver, the newcomer waits", () => {
  const { enter, cut, pass } = open();
  const [busy] = ["busy", "idle", "third", "fourth"].map((name) => enter("192.0.2.1", name));
  busy?.hold();
  enter("192.0.2.1", "fifth")?.hold();
  expect(cut).toEqual(["idle"]);
  for (const name of ["sixth", "seventh"]) enter("192.0.2.1", name)?.hold();
  expect(cut).toEqual(["idle", "third", "fourth"]);
  expect(enter("192.0.2.1")).toBeUndefined();
  pass(10_000);
  expect(enter("192.0.2.1")).toBeDefined();
  expect(cut.at(-1)).toBe("busy");
});

test("a network that delivers through many connections gives one up for another network", () => {
  const { enter, cut } = open();
  for (const name of ["a", "b", "c", "d"]) enter("198.51.100.1", name)?.hold();
  for (const address of ["192.0.2.1", "192.0.2.2", "192.0.2.3"]) enter(address)?.hold();
  expect(cut).toEqual(["a"]);
});

test("a place is given back once", () => {
  const { shares, enter } = open();
  const place = enter("192.0.2.1");
  place?.leave();
  place?.leave();
  expect(shares.open()).toBe(0);
});

test("a network that opens one connection after another without end is slowed down, others are not", () => {
  const { answer, pass } = open();
  for (let index = 0; index < 1_000; index++) expect(answer("198.51.100.1")).not.toBe("tooFast");
  expect(answer("198.51.100.1")).toBe("tooFast");
  expect(answer("192.0.2.1")).not.toBe("tooFast");
  pass(1_000);
  const answers = Array.from({ length: 60 }, () => answer("198.51.100.1"));
  expect(answers.filter((each) => each === "tooFast")).toHaveLength(10);
});
