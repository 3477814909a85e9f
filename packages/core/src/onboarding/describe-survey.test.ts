import { expect, test } from "vitest";
import { explainMxPattern } from "../domains/explain-mx-pattern.ts";
import { describeSurvey, type SurveyFacts } from "./describe-survey.ts";

const draft = { mode: "testing", mx: ["mx1.example.com"], maxAgeSeconds: 604_800 } as const;
const none: SurveyFacts = {
  domain: "example.com",
  mtaSts: "none",
  tlsRpt: "none",
  hostTarget: null,
  policy: null,
  problem: null,
  faults: [],
  misdirected: [],
  rua: [],
  occupied: [],
  mxHosts: ["mx1.example.com"],
  draft,
};
const policy = { mode: "testing", mx: ["mx1.example.com"], maxAgeSeconds: 86_400 };

test.each<[string, Partial<SurveyFacts>, RegExp[]]>([
  ["nothing is there", {}, [/no MTA-STS today.*deliver mail as they do today/, /TLS reports are not set up/]],
  [
    "nothing is there and the draft enforces",
    { draft: { ...draft, mode: "enforce" } },
    [/insist on verified TLS/, /not set up/],
  ],
  [
    "another provider hosts the same policy",
    { mtaSts: "elsewhere", hostTarget: "sts.other.example", policy, tlsRpt: "here" },
    [/hosted elsewhere today \(at sts\.other\.example\)/, /^Change mta-sts\.example\.com first/],
  ],
  [
    "the policy there has a fault that we do not publish",
    {
      mtaSts: "elsewhere",
      policy,
      faults: ['Line 3: mx must be a host name, not an address: "192.0.2.1".'],
      tlsRpt: "here",
    },
    [/hosted elsewhere/, /^Change/, /^The policy there has faults, .* Line 3: mx must be a host name/],
  ],
  [
    "an enforced policy would be weakened",
    { mtaSts: "elsewhere", policy: { ...policy, mode: "enforce" }, tlsRpt: "here" },
    [/hosted elsewhere/, /^Change/, /is enforced, your draft here is in mode testing.*Edit the policy first/],
  ],
  [
    "a host is allowed there and not here",
    {
      mtaSts: "elsewhere",
      policy: { ...policy, mx: ["*.example.com"] },
      mxHosts: ["mx1.example.com", "mx2.example.com"],
      tlsRpt: "here",
    },
    [/hosted elsewhere/, /^Change/, /^mx2\.example\.com is allowed there, but not by your policy here/],
  ],
  [
    "a policy is announced that cannot be fetched",
    { mtaSts: "elsewhere", problem: "The certificate is expired", tlsRpt: "here" },
    [/cannot fetch it: The certificate is expired\. With our CNAMEs they get yours/],
  ],
  [
    "reports go elsewhere",
    { mtaSts: "here", tlsRpt: "elsewhere", rua: ["mailto:tls@other.example"] },
    [/go to mailto:tls@other\.example today.*no longer there/],
  ],
  [
    "RFC 1034 §3.6.2: records are in the way",
    { mtaSts: "here", tlsRpt: "here", occupied: ["_mta-sts.example.com"] },
    [/^_mta-sts\.example\.com answers other records.*Delete them/],
  ],
  ["all of it is here", { mtaSts: "here", tlsRpt: "here" }, []],
  ["DNS does not answer", { mtaSts: "unknown", tlsRpt: "unknown" }, [/did not answer/]],
])("it is said what changes when %s", (_, facts, sentences) => {
  const changes = describeSurvey({ ...none, ...facts });
  expect(changes).toHaveLength(sentences.length);
  for (const [place, sentence] of sentences.entries()) expect(changes[place]).toMatch(sentence);
});

test.each([
  [
    "*.mail.protection.outlook.com",
    ["example-com.mail.protection.outlook.com"],
    /only Microsoft.*wildcard is safe/,
  ],
  ["*.h-v1.mx.microsoft", ["x.h-v1.mx.microsoft"], /only Microsoft/],
  ["*.aspmx.l.google.com", ["alt1.aspmx.l.google.com"], /alt1 to alt4/],
  ["aspmx.l.google.com", ["aspmx.l.google.com"], /exactly one label/],
  ["mx1.example.pphosted.com", ["mx1.example.pphosted.com"], /^By name: .*Proofpoint's other customers/],
  ["mx1.example.com", ["mx1.example.com"], /^By name, so that no other host/],
  ["*.example.com", ["mx1.example.com"], /every host one label below example\.com/],
  ["example.com", ["example.com"], /no MX record/],
  ["old.example.com", ["mx1.example.com"], /no MX host needs it/],
])("RFC 8461 §4.1: it is said why %s is a wildcard or not", (pattern, mxHosts, why) => {
  expect(explainMxPattern(pattern, "example.com", mxHosts)).toMatch(why);
});
