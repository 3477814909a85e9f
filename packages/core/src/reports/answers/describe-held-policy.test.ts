import { expect, test } from "vitest";
import { compareHeldPolicy } from "./describe-held-policy.ts";
import { describeOutcome } from "./describe-outcome.ts";

const MX = ["mx1.orchard.example", "mx2.orchard.example"];
const version = (number: number, mx: string[]) => ({
  version: number,
  mode: "enforce",
  mx,
  maxAgeSeconds: 604_800,
});
const held = (mx: string[]) => ({ domain: "orchard.example", mode: "enforce", mx });

test("RFC 8461 §5.1: no one has to fix an old copy that lacks a host which the current version lists", () => {
  const versions = [version(4, ["*.orchard.example"]), version(3, [MX[0] ?? ""])];
  expect(compareHeldPolicy(held([MX[0] ?? ""]), versions, MX)).toEqual({
    sentence:
      "The sender still had version 3 of the policy, which does not list mx2.orchard.example. The current version 4 does.",
    fixedBy: "nobody",
    nextStep: "Nothing to do: the sender fetches the current version, at the latest when its copy expires.",
  });
});

test("a current version that lacks the host too is the owner's to change", () => {
  const old = [MX[0] ?? ""];
  const compared = compareHeldPolicy(held(old), [version(4, old), version(3, old)], MX);
  expect(compared).toMatchObject({
    fixedBy: "domain-owner",
    nextStep: expect.stringContaining("Add mx2.orchard.example"),
  });
});

test("a policy that was never published points to another server, or to a time before Waxseal", () => {
  const compared = compareHeldPolicy(held(["orchard.example"]), [version(1, MX)], MX);
  expect(compared).toMatchObject({
    fixedBy: "domain-owner",
    nextStep: expect.stringContaining("mta-sts.orchard.example"),
  });
  expect(compared.sentence).toContain("Waxseal has not published that policy");
  expect(compareHeldPolicy(held(["orchard.example"]), [], MX).fixedBy).toBe("domain-owner");
});

const outcomes: [policyType: string, mode: string | null, words: RegExp][] = [
  ["sts", "enforce", /held the mail back/],
  ["sts", "testing", /delivered all the same/],
  ["sts", "none", /delivered all the same/],
  ["sts", null, /unknown whether the mail was delivered/],
  ["tlsa", null, /held the mail back/],
  ["no-policy-found", null, /delivered all the same/],
];

test.each(outcomes)(
  "RFC 8461 §5: under %s %s it is said whether mail was delivered",
  (policyType, mode, words) => {
    const policy = {
      domainId: "1",
      domain: "orchard.example",
      policyType,
      mode,
      mx: [],
      maxAgeSeconds: null,
    };
    expect(describeOutcome([policy])).toMatch(words);
    expect(describeOutcome([policy])).not.toContain("Waxseal published");
    expect(describeOutcome([])).toMatch(/unknown/);
  },
);

const quoting = (policyType: string, mode: string | null) => ({
  ...{ domainId: "1", domain: "orchard.example", mx: [], maxAgeSeconds: null },
  policyType,
  mode,
});

test.each<[policies: [string, string | null][], ownMode: string | undefined, words: RegExp]>([
  [
    [["sts", null]],
    "testing",
    /Every version that Waxseal published is in mode testing, so the mail was delivered/,
  ],
  [
    [["sts", null]],
    "enforce",
    /Every version that Waxseal published is in mode enforce, so it held the mail back/,
  ],
  [[["sts", null]], undefined, /by MTA-STS.*unknown whether/],
  [
    [
      ["sts", "testing"],
      ["sts", null],
    ],
    undefined,
    /unknown whether all mail was delivered/,
  ],
  [
    [
      ["sts", "enforce"],
      ["sts", null],
    ],
    undefined,
    /held back where .*; some reports do not say/,
  ],
  [
    [
      ["sts", "testing"],
      ["no-policy-found", null],
    ],
    undefined,
    /none of which holds mail back/,
  ],
  [
    [
      ["tlsa", null],
      ["sts", "testing"],
    ],
    undefined,
    /held back where .*delivered otherwise/,
  ],
  [[["dane", null]], "testing", /does not say by which policy/],
])("an outcome is never more certain than the reports: %j, published %s", (policies, ownMode, words) => {
  expect(
    describeOutcome(
      policies.map(([type, mode]) => quoting(type, mode)),
      { ownMode },
    ),
  ).toMatch(words);
});

test("RFC 8461 §5.1: without a policy that could be fetched, mail is delivered unless an older copy applies", () => {
  const outcome = describeOutcome([quoting("sts", null)], {
    cause: "sts-policy-fetch-error",
    ownMode: "enforce",
  });
  expect(outcome).toMatch(/so the mail was delivered, unless an older copy/);
});
