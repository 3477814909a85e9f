import { expect, test } from "vitest";
import { FINDING_CODES, type FindingCode } from "../judging/judge-domain.ts";
import { isHeldBack } from "./hold-back.ts";

const isHeld = (code: FindingCode, ...open: string[]) => isHeldBack(code, new Set(open), false);

test("no alert is held back while our own parts work", () => {
  for (const code of FINDING_CODES) expect(isHeld(code)).toBe(false);
});

/** What of ours is broken, and every condition that it is seen through. */
const BROKEN: readonly [string, readonly FindingCode[]][] = [
  [
    "op.dns own resolver",
    [
      ...(["cname.missing", "cname.wrong", "claim.lost", "leave.state", "mx.uncovered"] as const),
      ...(["mx.changed", "mx.migration", "mx.badTls", "dane.broken"] as const),
    ],
  ],
  ["own-line port 25", ["mx.badTls", "mx.expiring", "dane.broken"]],
  [
    "op.ingest reports database",
    [
      ...(["failures.up", "failures.new", "reports.rejected", "reports.forged"] as const),
      ...(["reporter.silent", "reports.silent", "reports.none"] as const),
    ],
  ],
  ["op.ingest no reports", ["reporter.silent", "reports.silent", "reports.none"]],
  ["op.ingest own test mail", ["reporter.silent", "reports.silent", "reports.none"]],
  ["op.serving public path", ["host.refused", "publish.stuck"]],
  ["op.ca held orders", ["host.certificate"]],
  ["op.dns", ["publish.stuck"]],
  ["op.fleetExpiry policy certificates", ["host.refused"]],
];

test.each(BROKEN)("with %s broken exactly what is seen through it waits", (open, codes) => {
  expect(FINDING_CODES.filter((code) => isHeld(code, open))).toEqual(
    FINDING_CODES.filter((code) => codes.includes(code)),
  );
});

test("a condition of the operator that hides nothing holds nothing back", () => {
  for (const open of ["op.backup last", "op.limits addresses", "op.node one", "op.ingest"])
    expect(FINDING_CODES.filter((code) => isHeld(code, open))).toEqual([]);
});

test("one source that is broken is enough, beside others that are well", () => {
  expect(isHeld("dane.broken", "something else", "own-line port 25")).toBe(true);
});

test("the last two days of a policy certificate are shown whatever is broken, and other conditions are not", () => {
  const open = new Set(["op.ca held orders", "op.dns own resolver"]);
  expect(isHeldBack("host.certificate", open, true)).toBe(false);
  expect(isHeldBack("host.certificate", open, false)).toBe(true);
  expect(isHeldBack("cname.missing", open, true)).toBe(true);
});
