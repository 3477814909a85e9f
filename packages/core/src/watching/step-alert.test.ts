import { expect, test } from "vitest";
import type { Finding, FindingCode } from "../judging/judge-domain.ts";
import { type AlertState, nextStepAt, stepBad, stepGood } from "./step-alert.ts";

const at = (minute: number) => new Date(minute * 60_000);

function finding(code: FindingCode): Finding {
  return { code, subject: "x", severity: "warning", since: null, move: "owner", evidence: {} };
}

/** Looks as [minute of the judgement, bad or good, minute of the look behind it]. */
type Looks = [now: number, "bad" | "good", look?: number][];

function walk(code: FindingCode, looks: Looks): AlertState | undefined {
  return looks.reduce<AlertState | undefined>((before, [now, seen, look = now]) => {
    const when = { now: at(now), at: at(look) };
    if (seen === "bad") return stepBad(before, finding(code), when);
    return before && stepGood(before, code, when);
  }, undefined);
}

test.each<[string, FindingCode, Looks, string | undefined]>([
  ["a proven condition opens at once", "mx.badTls", [[0, "bad"]], "open"],
  ["one look at a record opens nothing", "cname.missing", [[0, "bad"]], "pending"],
  [
    "two looks within three minutes open nothing",
    "cname.missing",
    [
      [0, "bad"],
      [2, "bad"],
    ],
    "pending",
  ],
  [
    "two looks three minutes apart open it",
    "cname.missing",
    [
      [0, "bad"],
      [3, "bad"],
    ],
    "open",
  ],
  [
    "the same look judged twice counts once",
    "cname.missing",
    [
      [0, "bad"],
      [5, "bad", 0],
    ],
    "pending",
  ],
  [
    "a good look before it opened forgets it",
    "cname.missing",
    [
      [0, "bad"],
      [2, "good"],
    ],
    undefined,
  ],
  [
    "silence while an archive is read opens nothing",
    "reports.silent",
    [
      [0, "bad"],
      [14, "bad"],
    ],
    "pending",
  ],
  [
    "silence of a quarter of an hour opens",
    "reports.silent",
    [
      [0, "bad"],
      [15, "bad"],
    ],
    "open",
  ],
  [
    "a policy is stuck after ten minutes",
    "publish.stuck",
    [
      [0, "bad"],
      [10, "bad"],
    ],
    "open",
  ],
  [
    "a policy is not stuck before",
    "publish.stuck",
    [
      [0, "bad"],
      [9, "bad"],
    ],
    "pending",
  ],
  [
    "one good look resolves nothing",
    "mx.badTls",
    [
      [0, "bad"],
      [1, "good"],
    ],
    "open",
  ],
  [
    "good for a quarter of an hour resolves it",
    "mx.badTls",
    [
      [0, "bad"],
      [1, "good"],
      [16, "good"],
    ],
    "resolved",
  ],
  [
    "one look at a record resolves nothing",
    "cname.wrong",
    [
      [0, "bad"],
      [3, "bad"],
      [4, "good"],
      [30, "good", 4],
    ],
    "open",
  ],
  [
    "two good looks do",
    "cname.wrong",
    [
      [0, "bad"],
      [3, "bad"],
      [4, "good"],
      [20, "good"],
    ],
    "resolved",
  ],
  [
    "a bad look between them begins the good run again",
    "mx.badTls",
    [
      [0, "bad"],
      [1, "good"],
      [10, "bad"],
      [17, "good"],
    ],
    "open",
  ],
])("an alert: %s", (_, code, looks, state) => {
  expect(walk(code, looks)?.state).toBe(state);
});

test("an alert began when its facts say, or when it was first seen", () => {
  const dated = { ...finding("failures.up"), since: at(-500) };
  expect(stepBad(undefined, dated, { now: at(0), at: at(0) }).firstSeenAt).toEqual(at(-500));
  expect(
    walk("mx.badTls", [
      [5, "bad"],
      [9, "bad"],
    ])?.firstSeenAt,
  ).toEqual(at(5));
});

test.each([
  [2, false, 15],
  [3, true, 24 * 60],
])(
  "after %i openings in a day an alert that opens is unstable: %s, and resolves %i minutes after the last bad look",
  (openings, unstable, minutes) => {
    const opened = stepBad(undefined, finding("mx.badTls"), { now: at(0), at: at(0) }, openings);
    expect(opened).toMatchObject({ state: "open", unstable });
    const good = (before: AlertState, minute: number) =>
      stepGood(before, "mx.badTls", { now: at(minute), at: at(minute) }) ?? before;
    const away = good(opened, 1);
    expect(nextStepAt(away, "mx.badTls")).toEqual(at(1 + minutes));
    expect(good(away, minutes)).toMatchObject({ state: "open" });
    expect(good(away, 1 + minutes)).toMatchObject({ state: "resolved" });
    // Each time that it comes back the day begins again.
    const back = stepBad(good(away, 10), finding("mx.badTls"), { now: at(11), at: at(11) });
    expect(back).toMatchObject({ state: "open", unstable, runSince: null });
  },
);
