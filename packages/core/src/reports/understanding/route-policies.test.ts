import type { TlsReport } from "@waxseal/tls-rpt";
import { expect, test } from "vitest";
import { testPolicy } from "../../../testing/create-test-report.ts";
import { type OwnDomain, routePolicies } from "./route-policies.ts";

const home: OwnDomain = { domainId: "1", domain: "example.com", mxHosts: ["mx.provider.example"] };
const other: OwnDomain = { domainId: "2", domain: "second.example", mxHosts: [] };
const findOwn = (name: string) => [home, other].find(({ domain }) => domain === name);

type Named = [policyType: string, policyDomain: string | null];

function route(named: readonly Named[], at: OwnDomain | null) {
  const policies = named.map(([policyType, policyDomain]) => testPolicy(policyDomain, { policyType }));
  const { own, ...rest } = routePolicies({ policies } as TlsReport, at, findOwn);
  return {
    ...rest,
    own: own.map(({ domain, policies: given }) => [domain.domain, given.map((one) => one.policyDomain)]),
  };
}

const NONE = { own: [], foreignDomains: [], namelessCount: 0 };

test.each<[string, Named[], OwnDomain | null, object]>([
  [
    "a policy goes to the domain it names",
    [["sts", "second.example"]],
    home,
    { own: [["second.example", ["second.example"]]] },
  ],
  [
    "it goes there without a token too",
    [["sts", "example.com"]],
    null,
    { own: [["example.com", ["example.com"]]] },
  ],
  [
    "policies of one domain stay together",
    [
      ["sts", "example.com"],
      ["sts", "second.example"],
      ["tlsa", "example.com"],
    ],
    home,
    {
      own: [
        ["example.com", ["example.com", "example.com"]],
        ["second.example", ["second.example"]],
      ],
    },
  ],
  [
    "RFC 8460 §4.4: a policy without a domain is about the one whose token was used, and gets its name",
    [["sts", null]],
    home,
    { own: [["example.com", ["example.com"]]] },
  ],
  ["without a token it is about no domain", [["sts", null]], null, { namelessCount: 1 }],
  [
    "RFC 8460 §1.1: a TLSA policy named for an MX host of the domain is about the domain",
    [["tlsa", "mx.provider.example"]],
    home,
    { own: [["example.com", ["mx.provider.example"]]] },
  ],
  [
    "so is one named for a host below the domain",
    [["tlsa", "mx9.example.com"]],
    home,
    { own: [["example.com", ["mx9.example.com"]]] },
  ],
  [
    "a name that only ends like the domain is foreign",
    [["tlsa", "mx.notexample.com"]],
    home,
    { foreignDomains: ["mx.notexample.com"] },
  ],
  [
    "an STS policy is never named for an MX host",
    [["sts", "mx.provider.example"]],
    home,
    { foreignDomains: ["mx.provider.example"] },
  ],
  [
    "without a token an MX host is about no domain",
    [["tlsa", "mx.provider.example"]],
    null,
    { foreignDomains: ["mx.provider.example"] },
  ],
  [
    "a foreign domain is named once",
    [
      ["sts", "foreign.example"],
      ["tlsa", "foreign.example"],
    ],
    home,
    { foreignDomains: ["foreign.example"] },
  ],
  [
    "a report without policies is about the domain whose token was used",
    [],
    home,
    { own: [["example.com", []]] },
  ],
  ["without a token it is about none", [], null, {}],
])("%s", (_name, named, at, wanted) => {
  expect(route(named, at)).toEqual({ ...NONE, ...wanted });
});
