import { expect, test } from "vitest";
import { describeOutcome } from "./describe-outcome.ts";
import type { ReportedPolicy } from "./find-policy-evidence.ts";

type Said = Pick<ReportedPolicy, "policyType" | "mode">;

const policies = (...said: Said[]) =>
  said.map(
    (one): ReportedPolicy => ({ ...({ mx: [], domainId: "d" } as unknown as ReportedPolicy), ...one }),
  );
const sts = (mode: Said["mode"]): Said => ({ policyType: "sts", mode });
const DANE: Said = { policyType: "tlsa", mode: null };
const NONE_FOUND: Said = { policyType: "no-policy-found", mode: null };
const ODD: Said = { policyType: "something-new", mode: null };

const HELD = /held the mail back/;
const DELIVERED = /the mail was delivered all the same/;
const UNKNOWN = /unknown whether/;

test.each<[string, Said, RegExp, RegExp]>([
  ["RFC 8461 §5.1: enforce holds mail back", sts("enforce"), HELD, DELIVERED],
  ["RFC 7672 §2.2: DANE holds mail back", DANE, HELD, DELIVERED],
  ["RFC 8461 §5.2: testing holds no mail back", sts("testing"), DELIVERED, HELD],
  ["RFC 8461 §5: none holds no mail back", sts("none"), DELIVERED, HELD],
  ["without a policy no mail is held back", NONE_FOUND, DELIVERED, HELD],
  ["MTA-STS that the report does not quote is unknown", sts(null), UNKNOWN, /held|all the same/],
  ["a policy type that is not registered is unknown", ODD, UNKNOWN, /held|all the same/],
])("%s", (_name, said, says, doesNotSay) => {
  const sentence = describeOutcome(policies(said));
  expect(sentence).toMatch(says);
  expect(sentence).not.toMatch(doesNotSay);
});

test("no policy at all is unknown, never delivered", () => {
  expect(describeOutcome([])).toMatch(UNKNOWN);
});

test.each([
  ["enforce", HELD],
  ["testing", DELIVERED],
  ["none", DELIVERED],
])(
  "a report without the policy is answered by what we published, where every version was %s",
  (ownMode, says) => {
    const sentence = describeOutcome(policies(sts(null)), { ownMode });
    expect(sentence).toMatch(says);
    expect(sentence).toContain(`Every version that Waxseal published is in mode ${ownMode}`);
  },
);

test("the policy quoted in the report takes precedence over the one we published", () => {
  const sentence = describeOutcome(policies(sts("testing")), { ownMode: "enforce" });
  expect(sentence).toMatch(DELIVERED);
  expect(sentence).not.toContain("published");
});

test("our own mode says nothing about DANE", () => {
  expect(describeOutcome(policies(DANE), { ownMode: "testing" })).toMatch(HELD);
});

test.each<[string, Said[], string]>([
  [
    "one of them held mail back",
    [sts("enforce"), sts("testing")],
    "Senders followed different policies: mail was held back where MTA-STS was in mode enforce or DANE was used, and delivered otherwise.",
  ],
  [
    "DANE did so",
    [DANE, NONE_FOUND],
    "Senders followed different policies: mail was held back where MTA-STS was in mode enforce or DANE was used, and delivered otherwise.",
  ],
  [
    "one held mail back and one is not known",
    [sts("enforce"), sts(null)],
    "Senders followed different policies: mail was held back where MTA-STS was in mode enforce or DANE was used; some reports do not say which policy was used.",
  ],
  [
    "none held mail back",
    [sts("testing"), sts("none"), NONE_FOUND],
    "Senders followed different policies, none of which holds mail back: the mail was delivered.",
  ],
  [
    "one is not known",
    [sts("testing"), ODD],
    "Senders followed different policies, and some reports do not say which, so it is unknown whether all mail was delivered.",
  ],
])("several policies of which %s", (_name, said, sentence) => {
  expect(describeOutcome(policies(...said))).toBe(sentence);
});

test("the same policy of several reports is one", () => {
  expect(describeOutcome(policies(sts("enforce"), sts("enforce")))).toBe(
    describeOutcome(policies(sts("enforce"))),
  );
});

test("RFC 8461 §5.1: a policy that could not be fetched holds mail back only by an older copy", () => {
  const sentence = describeOutcome(policies(sts(null)), {
    cause: "sts-policy-fetch-error",
    ownMode: "enforce",
  });
  expect(sentence).toBe(
    "The sender could not get a valid policy, so the mail was delivered, unless an older copy in mode enforce still applied.",
  );
  expect(describeOutcome(policies(sts("enforce")), { cause: "sts-policy-fetch-error" })).toMatch(HELD);
  expect(describeOutcome(policies(sts(null)), { cause: "certificate-expired" })).toMatch(UNKNOWN);
});
