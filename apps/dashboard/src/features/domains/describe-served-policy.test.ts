import { expect, test } from "vitest";
import type { DomainView, ServedPolicyView } from "../../api/contract.ts";
import { describeServedPolicy } from "./describe-served-policy.ts";

type Facts = {
  newest?: number;
  state?: "publishing" | "live";
  policyHost?: "correct" | "wrong";
  hasCertificate?: boolean;
};

/** Only what the sentence is made from. */
function domainWith({ newest = 4, state = "live", policyHost = "correct", hasCertificate = true }: Facts) {
  return {
    domain: "example.com",
    policy: { version: newest, state },
    setup: [{ kind: "policyHost", state: policyHost }],
    certificate: { current: hasCertificate ? {} : null },
  } as unknown as DomainView;
}

const served = (facts: Partial<ServedPolicyView>): ServedPolicyView => ({
  fetchedAt: "2026-05-01T00:00:00Z",
  body: "version: STSv1\r\n",
  problem: null,
  version: null,
  isNewest: false,
  addresses: null,
  ...facts,
});

test("no notice is shown when senders get the newest version", () => {
  expect(describeServedPolicy(domainWith({}), served({ version: 4, isNewest: true }))).toBeUndefined();
  const addresses = "2 of 3 addresses are fine; 2001:db8::1 does not answer on port 443.";
  expect(
    describeServedPolicy(domainWith({}), served({ version: 4, isNewest: true, addresses })),
  ).toMatchObject({
    tone: "notice",
    meaning: expect.stringContaining(addresses),
  });
});

test.each<[string, Facts, Partial<ServedPolicyView>, RegExp, string]>([
  [
    "an older version while publishing",
    { state: "publishing" },
    { version: 3 },
    /^In progress – nothing for you to do: .* version 4\./,
    "working",
  ],
  [
    "an older version for good",
    {},
    { version: 3 },
    /^In progress – nothing for you to do: .* version 4\./,
    "notice",
  ],
  [
    "a stranger's file by a stranger's address",
    { policyHost: "wrong" },
    {},
    /^Action needed: .*CNAME/,
    "bad",
  ],
  ["a stranger's file though the DNS is right", {}, {}, /proxy.*find out who answers/, "bad"],
  [
    "nothing, the CNAME gone",
    { policyHost: "wrong" },
    { body: null, problem: "No answer." },
    /^No answer\. Action needed: .*CNAME/,
    "bad",
  ],
  [
    "nothing, no certificate",
    { hasCertificate: false },
    { body: null, problem: "No answer." },
    /^No answer\. In progress .*certificate/,
    "bad",
  ],
  ["nothing, all in place", {}, { body: null, problem: "No answer." }, /^No answer\. In progress/, "bad"],
])(
  "the page says what it means and who has to act when senders get %s",
  (_, facts, answer, meaning, tone) => {
    const described = describeServedPolicy(domainWith(facts), served(answer));
    expect(described?.tone).toBe(tone);
    expect(described?.meaning).toMatch(meaning);
  },
);
