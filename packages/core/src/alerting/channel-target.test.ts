import { expect, test } from "vitest";
import { readChannelTarget } from "./channel-target.ts";

const signed = `https://a.environment.api.powerplatform.com:443/workflows/x?sig=${"aB-_%2B".repeat(60)}`;
test.each([
  ["webhook", "https://hooks.example/in/abcd", "hooks.example …abcd"],
  ["webhook", "https://hooks.example:8443/in", "hooks.example:8443 …3/in"],
  ["teams", signed, `a.environment.api.powerplatform.com …${signed.slice(-4)}`],
  ["pagerduty", "R0".repeat(16), "Key …R0R0"],
  ["mail", "On.Call@Example.COM", "on.call@example.com"],
] as const)("a %s channel keeps %s byte by byte and shows only its host and end", (kind, text, hint) => {
  const read = readChannelTarget(kind, text);
  expect(read.hint).toBe(hint);
  expect(read.target).toBe(kind === "mail" ? text.toLowerCase() : text);
});

test.each([
  ["webhook", "http://hooks.example/in"],
  ["webhook", "https://mail.example:465/"],
  ["webhook", "https://mail.example:993/"],
  ["webhook", "https://mail.example:25/"],
  ["webhook", "https://user:word@hooks.example/"],
  ["slack", "hooks.slack.com/x"],
  ["pagerduty", "https://events.pagerduty.com/"],
  ["mail", "nobody"],
] as const)("a %s channel refuses %s", (kind, text) => {
  expect(() => readChannelTarget(kind, text)).toThrow(/The address must/);
});
