import type { SetupRecord } from "@waxseal/db";
import { expect, test } from "vitest";
import { findMisdirection, ownerName, RECORD_KINDS, type RecordKind, targetName } from "../setup-names.ts";
import { describeSetup } from "./describe-setup.ts";

const DOMAIN = "cinema.example";
const SEEN = {
  missing: { state: "missing" },
  correct: { state: "correct" },
  wrong: { state: "wrong", seen: "CNAME elsewhere.example" },
  otherToken: { state: "wrong", seen: "CNAME o.mta-sts.hosted.example", misdirected: "otherToken" },
  unreachable: { state: "unreachable", seen: "No answer" },
  bogus: { state: "unreachable", seen: "The DNSSEC of this name is broken: a signature has expired" },
  // Beside the five that a name can answer: what we find out besides.
  misplaced: { state: "missing", misplaced: "wrong-name.example" },
  otherRecord: { state: "wrong", seen: "CNAME t.mta-sts.hosted.example", misdirected: "otherRecord" },
  unknownName: { state: "wrong", seen: "CNAME x.hosted.example", misdirected: "unknownName" },
} as const satisfies Record<string, Partial<SetupRecord>>;
type Seen = keyof typeof SEEN;
const ALL = Object.keys(SEEN) as Seen[];

function recordOf(kind: RecordKind, seen: Seen): SetupRecord {
  const nothing = { seen: null, misplaced: null, misdirected: null, checkedAt: null, correctSince: null };
  return { accountId: "a", domainId: "d", kind, ...nothing, ...SEEN[seen] };
}

function describe(states: readonly [Seen, Seen, Seen], isLive: boolean) {
  const [policyHost, stsRecord, tlsRptRecord] = states;
  const records = {
    policyHost: recordOf("policyHost", policyHost),
    stsRecord: recordOf("stsRecord", stsRecord),
    tlsRptRecord: recordOf("tlsRptRecord", tlsRptRecord),
  };
  return describeSetup({ domain: DOMAIN, records, isLive });
}

const combinations = ALL.flatMap((host) =>
  ALL.flatMap((sts) => ALL.map((rpt): [Seen, Seen, Seen] => [host, sts, rpt])),
);

/** How often a name is mentioned; `mta-sts.x` is not counted where it is part of `_mta-sts.x`. */
function countMentions(text: string, name: string): number {
  return [...text.matchAll(/(?:[a-z0-9_-]+\.)+[a-z]+/g)].filter(([word]) => word === name).length;
}

test.each([false, true])(
  "in all 9^3 states of the three CNAMEs (live: %s) every name that is not correct is mentioned once, correct ones never",
  (isLive) => {
    expect(combinations).toHaveLength(729);
    for (const states of combinations) {
      const { action, reports, unanswered } = describe(states, isLive);
      const text = [action, unanswered, reports].join(" ");
      const mentions = RECORD_KINDS.map((kind) => countMentions(text, ownerName(kind, DOMAIN)));
      expect([states, mentions]).toEqual([states, states.map((state) => (state === "correct" ? 0 : 1))]);
    }
  },
);

test.each([false, true])("each sentence says only what its records say (live: %s)", (isLive) => {
  for (const states of combinations) {
    const [host, sts, rpt] = states;
    const { action = "", reports = "", unanswered, isFault } = describe(states, isLive);
    const has = (...seen: Seen[]) => states.some((state) => seen.includes(state));
    const hostingHas = (seen: Seen) => host === seen || sts === seen;
    expect(/another account/.test(action)).toBe(has("otherToken"));
    expect(/wrong-name\.example/.test(action)).toBe(has("misplaced"));
    expect(/another of your three/.test(action)).toBe(has("otherRecord"));
    expect(/does not exist/.test(action)).toBe(has("unknownName"));
    expect(/does not point to us/.test(action)).toBe(hostingHas("wrong"));
    expect(unanswered !== undefined).toBe(has("unreachable", "bogus"));
    expect(/DNSSEC .+ is broken/.test(unanswered ?? "")).toBe(has("bogus"));
    expect(/ gone; publish /.test(action)).toBe(isLive && hostingHas("missing"));
    expect(/No reports come in/.test(reports)).toBe(rpt === "missing" && (isLive || !hostingHas("missing")));
    expect(/Reports do not come here/.test(reports)).toBe(rpt === "wrong");
    const isMissed = has("otherToken", "misplaced", "otherRecord", "unknownName") || hostingHas("wrong");
    expect(isFault).toBe(isMissed || (isLive && hostingHas("missing")));
    // A plural where there is one, or the other way round, was the fault of the sentence before.
    const [, noun = "", list = ""] = /the (CNAMEs?) at ([^;]+?)(?:\. | are | is |\.$)/.exec(action) ?? [];
    if (noun !== "") expect(noun === "CNAMEs").toBe(/ and /.test(list));
  }
});

test("one of two missing is asked for alone, without a word of “the other two”", () => {
  expect(describe(["missing", "correct", "correct"], false).action).toBe(
    "Waiting for DNS: publish the CNAME at mta-sts.cinema.example. We look for it automatically.",
  );
  expect(describe(["correct", "missing", "missing"], false).action).toBe(
    "Waiting for DNS: publish the CNAMEs at _mta-sts.cinema.example and _smtp._tls.cinema.example. We look for them automatically.",
  );
});

test("a CNAME into our own zone is explained by what it misses, without revealing the account of its token", () => {
  const wanted = { kind: "policyHost", token: "a".repeat(16), hostedZone: "hosted.example" } as const;
  const misdirection = (found: string) => findMisdirection(found, wanted);
  expect(misdirection(targetName("policyHost", "a".repeat(16), "hosted.example"))).toBeUndefined();
  expect(misdirection(targetName("policyHost", "b".repeat(16), "hosted.example"))).toBe("otherToken");
  expect(misdirection(targetName("stsRecord", "b".repeat(16), "hosted.example"))).toBe("otherToken");
  expect(misdirection(targetName("stsRecord", "a".repeat(16), "hosted.example"))).toBe("otherRecord");
  expect(misdirection(`${"a".repeat(15)}.mta-sts.hosted.example`)).toBe("unknownName");
  expect(misdirection("hosted.example")).toBe("unknownName");
  expect(misdirection("nothosted.example")).toBeUndefined();
  expect(misdirection("sts.other.example")).toBeUndefined();
});
