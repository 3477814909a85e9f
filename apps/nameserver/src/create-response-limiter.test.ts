import { expect, test } from "vitest";
import { createResponseLimiter } from "./create-response-limiter.ts";

test("a source network beyond its rate is sent to TCP, far beyond it gets nothing, and the next second starts anew", () => {
  let nowMs = 1_000;
  const allowanceOf = createResponseLimiter({ answersPerSecond: 10, nowMs: () => nowMs });
  const ask = (count: number) =>
    Array.from({ length: count }, (_, index) => allowanceOf(`192.0.2.${index % 250}`));
  const allowances = ask(150);
  expect(allowances.filter((allowance) => allowance === "answer")).toHaveLength(10);
  expect(allowances.filter((allowance) => allowance === "truncate")).toHaveLength(90);
  expect(allowances.filter((allowance) => allowance === "drop")).toHaveLength(50);
  expect(allowanceOf("198.51.100.1")).toBe("answer");
  nowMs = 2_000;
  expect(ask(10)).toEqual(Array(10).fill("answer"));
});

test("IPv6 sources share the rate of their network; loopback has none", () => {
  const allowanceOf = createResponseLimiter({ answersPerSecond: 1, nowMs: () => 1_000 });
  expect(allowanceOf("2001:db8:1:200::1")).toBe("answer");
  expect(allowanceOf("2001:db8:1:2ff::2")).toBe("truncate");
  expect(allowanceOf("2001:db8:1:300::1")).toBe("answer");
  expect([1, 2, 3].map(() => allowanceOf("127.0.0.1"))).toEqual(["answer", "answer", "answer"]);
});
