import type { Domain, PolicyVersion } from "@waxseal/db";
import { DAY_MS } from "@waxseal/runtime/time-spans";
import { expect, test } from "vitest";
import type { KnownMxHost } from "../judging/judge-domain.ts";
import { mxStateOf } from "./present-domain-summary.ts";

const NOW = new Date("2026-11-29T10:00:00Z");
const inDays = (days: number) => new Date(NOW.getTime() + days * DAY_MS);
const host = (mxHost: string, changes: Partial<KnownMxHost> = {}): KnownMxHost => ({
  ...{ mxHost, state: "good", fault: null, since: null, probedAt: NOW, dane: "none" },
  ...{ certificateNotAfter: inDays(60), ...changes },
});
const [MX1, MX2] = ["mx1.example.com", "mx2.example.com"];

test.each<[string, "enforce" | "testing", KnownMxHost[], string]>([
  ["every host passed", "enforce", [host(MX1), host(MX2)], "good"],
  ["one host failed", "enforce", [host(MX1), host(MX2, { state: "bad" })], "bad"],
  ["one host was never tested", "enforce", [host(MX1)], "unknown"],
  ["a good test is over a day old", "enforce", [host(MX1, { probedAt: inDays(-1.1) }), host(MX2)], "unknown"],
  ["it is a day old in testing", "testing", [host(MX1, { probedAt: inDays(-1.1) }), host(MX2)], "good"],
  [
    "the certificate of a host expired since its test",
    "enforce",
    [host(MX1), host(MX2, { certificateNotAfter: inDays(-1) })],
    "bad",
  ],
])("the mail hosts of a domain, when %s in mode %s", (_, mode, hosts, expected) => {
  const row = { mxCheckedAt: NOW, mxHosts: [MX1, MX2].map((mxHost) => ({ mxHost, preference: 10 })) };
  const facts = { row: row as unknown as Domain, policy: { mode } as PolicyVersion, uncoveredMxHosts: [] };
  expect(mxStateOf(facts, new Map(hosts.map((one) => [one.mxHost, one])), NOW)).toBe(expected);
});
