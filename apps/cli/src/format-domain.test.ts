import type { Schemas } from "@waxseal/client";
import { expect, test } from "vitest";
import { formatDomainList } from "./format-domain.ts";

const row = {
  domain: "orchard.example",
  status: "active",
  mode: "testing",
  health: { state: "mail-failing", code: null, reason: null, since: null },
  sentence: "Mail fails encryption checks.",
  reports: { sessions: 4_166, failedSessions: 738, successShare: 0.82285, lastDay: "2026-11-28", days: [] },
  certificateNotAfter: "2027-02-27T10:00:00.000Z",
  mxState: "bad",
} as unknown as Schemas["DomainSummary"];

test("a list shows the columns of the dashboard, what is unknown as such, and the sentence of each domain", () => {
  const unknown = {
    ...row,
    domain: "a.example",
    mode: null,
    reports: null,
    certificateNotAfter: null,
  } as const;
  expect(formatDomainList([row, { ...unknown, mxState: "unknown" }]).split("\n")).toEqual([
    "Domain           Mode     Health   Successful  Sessions  Last report  Certificate  Mail hosts",
    "orchard.example  testing  Failing  82.2%       4,166     28 Nov 2026  27 Feb 2027  Failing",
    "  Mail fails encryption checks.",
    "a.example        -        Failing  -           -         -            -            Not tested",
    "  Mail fails encryption checks.",
    "",
  ]);
  expect(formatDomainList([])).toBe("No domains.\n");
});
