import { expect, test } from "vitest";
import type { Finding, JudgedFacts } from "../judging/judge-domain.ts";
import { lookOf } from "./look-of.ts";
import { type AlertState, stepBad, stepGood } from "./step-alert.ts";

const NOW = new Date("2026-11-29T10:00:00Z");
const after = (minutes: number) => new Date(NOW.getTime() + minutes * 60_000);
const finding = {
  code: "cname.wrong",
  subject: "_mta-sts.example.com",
  severity: "critical",
  since: null,
  evidence: {},
} as Finding;

function factsWith(state: string, checkedAt: Date, dane = "mismatch"): JudgedFacts {
  const record = (name: string) => ({ name, state, checkedAt, isMisplaced: false, isMisdirected: false });
  return {
    records: {
      policyHost: record("mta-sts.example.com"),
      stsRecord: record(finding.subject),
      tlsRptRecord: record("_smtp._tls.example.com"),
    },
    mxHosts: [{ mxHost: "mx1.example.com", probedAt: checkedAt, dane }],
  } as unknown as JudgedFacts;
}

/** What becomes of an alert when the record is looked at with these states, five minutes apart. */
function walk(...states: string[]): AlertState["state"] | undefined {
  let alert: AlertState | undefined;
  for (const [place, state] of states.entries()) {
    const now = after(place * 5);
    const at = lookOf(finding, factsWith(state, now), now) ?? alert?.lookedAt ?? now;
    const isBad = state === "wrong" || (state === "unreachable" && alert !== undefined);
    alert = isBad
      ? stepBad(alert, finding, { now, at })
      : alert && stepGood(alert, "cname.wrong", { now, at });
  }
  return alert?.state;
}

test("a look that DNS does not answer opens nothing and resolves nothing", () => {
  expect(walk("wrong", "wrong")).toBe("open");
  expect(walk("wrong", "unreachable", "unreachable", "unreachable")).toBe("pending");
  expect(walk("wrong", "unreachable", "wrong")).toBe("open");
  expect(walk("wrong", "wrong", "correct", "unreachable", "unreachable", "unreachable", "unreachable")).toBe(
    "open",
  );
  expect(walk("wrong", "wrong", "correct", "correct", "correct", "correct")).toBe("resolved");
});

test("a TLSA record that DNS does not answer for is no look at it", () => {
  const dane = { code: "dane.broken", subject: "mx1.example.com" } as const;
  expect(lookOf(dane, factsWith("correct", after(1)), NOW)).toEqual(after(1));
  expect(lookOf(dane, factsWith("correct", after(1), "unknown"), NOW)).toBeNull();
});
