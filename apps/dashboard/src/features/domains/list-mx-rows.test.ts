import { expect, test } from "vitest";
import type { MxListView } from "../../api/contract.ts";
import { listMxRows } from "./list-mx-rows.ts";

const mx = [
  { mxHost: "mx1.a.example", preference: 10, covered: true, problem: null, provider: "Provider" },
  { mxHost: "mx2.a.example", preference: 20, covered: false, problem: null, provider: null },
];
const list: MxListView = {
  nextCursor: null,
  items: mx.map((host, place) => ({ ...host, failedSessions: place * 5, successShare: null })),
  checkedAt: null,
  unneeded: ["old.a.example"],
  former: [{ mxHost: "gone.a.example", failedSessions: 3 }],
  reports: { from: "2026-05-01", to: "2026-05-30", reports: 1, sessions: 10, successShare: 0.5 },
};

test("MX hosts come first, then unused patterns, then removed hosts with failures", () => {
  expect(listMxRows({ mx }, list).map((row) => [row.mxHost, row.state, row.failedSessions])).toEqual([
    ["mx1.a.example", "covered", 0],
    ["mx2.a.example", "uncovered", 5],
    ["old.a.example", "unneeded", null],
    ["gone.a.example", "former", 3],
  ]);
});

test("before the reports are asked the hosts have no figures", () => {
  expect(listMxRows({ mx }, undefined).map((row) => [row.mxHost, row.state, row.failedSessions])).toEqual([
    ["mx1.a.example", "covered", null],
    ["mx2.a.example", "uncovered", null],
  ]);
});
