import { expect, test } from "vitest";
import { createResponseLimiter } from "./create-response-limiter.ts";

function counts(allowances: readonly string[]): Record<string, number> {
  return Object.fromEntries(
    ["answer", "truncate", "drop"].map((kind) => [kind, allowances.filter((one) => one === kind).length]),
  );
}

test("a source network beyond its rate is sent to TCP, far beyond it only every fourth time; others notice nothing", () => {
  const allowanceOf = createResponseLimiter({ answersPerSecond: 10, nowMs: () => 1_000 });
  const ask = (count: number) =>
    Array.from({ length: count }, (_, index) => allowanceOf(`192.0.2.${index % 250}`));
  expect(counts(ask(10))).toEqual({ answer: 10, truncate: 0, drop: 0 });
  expect(counts(ask(100))).toEqual({ answer: 0, truncate: 100, drop: 0 });
  expect(counts(ask(100))).toEqual({ answer: 0, truncate: 25, drop: 75 });
  expect(allowanceOf("198.51.100.1")).toBe("answer");
});

test("a bucket fills steadily: twice the rate is answered every other time, whatever the second", () => {
  let nowMs = 5_000;
  const allowanceOf = createResponseLimiter({ answersPerSecond: 10, nowMs: () => nowMs });
  const ask = () => {
    nowMs += 50;
    return allowanceOf("192.0.2.1");
  };
  Array.from({ length: 20 }, ask);
  expect(counts(Array.from({ length: 400 }, ask))).toEqual({ answer: 200, truncate: 200, drop: 0 });
  nowMs += 60_000;
  expect(counts(Array.from({ length: 15 }, () => allowanceOf("192.0.2.1")))).toMatchObject({ answer: 10 });
});

test("IPv6 sources share the rate of their /56, however they are written; loopback has none", () => {
  const allowanceOf = createResponseLimiter({ answersPerSecond: 1, nowMs: () => 1_000 });
  expect(allowanceOf("2001:db8:1:200::1")).toBe("answer");
  expect(allowanceOf("2001:db8:1:2ff::2")).toBe("truncate");
  expect(allowanceOf("2001:db8:1:300::1")).toBe("answer");
  expect(allowanceOf("2001:db8::1")).toBe("answer");
  expect(allowanceOf("2001:db8:0:0:5::9")).toBe("truncate");
  expect(allowanceOf("::ffff:192.0.2.1")).toBe("answer");
  expect(allowanceOf("192.0.2.7")).toBe("truncate");
  expect(allowanceOf("::ffff:c000:208")).toBe("truncate");
  expect([1, 2, 3].map(() => allowanceOf("127.0.0.1"))).toEqual(["answer", "answer", "answer"]);
});
