import type { Answer } from "dns-packet";
import { afterEach, expect, test } from "vitest";
import { startTestDns, type TestDns } from "../testing/start-test-dns.ts";
import { createResolver } from "./create-resolver.ts";
import type { CaaRecord } from "./dns-answer.ts";
import { allowsIssuance, findCaa } from "./find-caa.ts";

let dns: TestDns;
afterEach(() => dns.stop());

const issue = (name: string, value: string): Answer => ({
  name,
  type: "CAA",
  data: { flags: 0, tag: "issue", value },
});

async function find(host: string, records: Answer[], failing?: string) {
  dns = await startTestDns(records, ({ name }) => (name === failing ? { flags: 2 } : undefined));
  return findCaa(createResolver({ servers: [dns.server], timeoutMs: 500 }), host);
}

test("RFC 8659 §3: a set at the CNAME's target decides, the owner's apex is not asked", async () => {
  const found = await find("mta-sts.example.com", [
    { name: "mta-sts.example.com", type: "CNAME", data: "t.hosted.example" },
    issue("t.hosted.example", "ours.example"),
    issue("example.com", "theirs.example"),
  ]);
  expect(found).toMatchObject({
    found: [{ value: "ours.example" }],
    at: "mta-sts.example.com",
    cnames: ["t.hosted.example"],
  });
  expect(dns.asked).toHaveLength(1);
});

test("RFC 8659 §3: without one, the search climbs the owner's tree, not the target's", async () => {
  const found = await find("mta-sts.example.com", [
    { name: "mta-sts.example.com", type: "CNAME", data: "t.hosted.example" },
    { name: "t.hosted.example", type: "A", data: "192.0.2.1" },
    issue("hosted.example", "ours.example"),
    issue("example.com", "theirs.example"),
  ]);
  expect(found).toMatchObject({ found: [{ value: "theirs.example" }], at: "example.com" });
});

test("no set anywhere is an answer, a failing server is another", async () => {
  expect(await find("mta-sts.example.com", [])).toMatchObject({ missing: "no-record" });
  await dns.stop();
  const failing = await find("mta-sts.example.com", [issue("com", "x.example")], "example.com");
  expect(failing).toMatchObject({ missing: "server-failure" });
});

test.each<[allowed: boolean, caa: [tag: string, value: string, isCritical?: boolean][]]>([
  [true, [["issue", "le.example"]]],
  [true, [["issue", "LE.example; accounturi=https://x"]]],
  [
    true,
    [
      ["issue", "other.example"],
      ["issue", " le.example "],
    ],
  ],
  [
    true,
    [
      ["iodef", "mailto:x@example.com"],
      ["issuewild", "other.example"],
    ],
  ],
  [false, [["issue", "other.example"]]],
  [false, [["issue", ";"]]],
  [
    false,
    [
      ["issue", "le.example"],
      ["future", "x", true],
    ],
  ],
  [
    true,
    [
      ["issue", "le.example"],
      ["future", "x"],
    ],
  ],
])("RFC 8659 §4.2: issuance allowed: %j by %j", async (allowed, records) => {
  dns = await startTestDns([]);
  const caa: CaaRecord[] = records.map(([tag, value, isCritical = false]) => ({ tag, value, isCritical }));
  expect(allowsIssuance(caa, [{ identity: "le.example" }])).toBe(allowed);
});

const MINE = { accountUrl: "https://le.example/acct/7", validationMethod: "http-01" };
test.each<[section: string, allowed: boolean, value: string]>([
  ["§3", true, "le.example; accounturi=https://le.example/acct/7"],
  ["§3", true, "le.example;accounturi = https://le.example/acct/7"],
  ["§3", true, "le.example"],
  ["§3", false, "le.example; accounturi=https://le.example/acct/8"],
  ["§3", false, "le.example; accounturi=https://le.example/acct/70"],
  ["§3", false, "le.example; accounturi=https://le.example/acct/7; accounturi=https://le.example/acct/7"],
  ["§3", false, "le.example; accounturi="],
  ["§4", true, "le.example; validationmethods=dns-01,http-01"],
  ["§4", false, "le.example; validationmethods=dns-01"],
  ["§4", false, "le.example; validationmethods=http-01; validationmethods=http-01"],
  ["§4", false, "le.example; accounturi=https://le.example/acct/7; validationmethods=tls-alpn-01"],
])("RFC 8657 %s: our account at a CA that checks accounts: %j by %j", async (_section, allowed, value) => {
  dns = await startTestDns([]);
  const caa = [{ isCritical: false, tag: "issue", value }];
  expect(allowsIssuance(caa, [{ identity: "le.example", account: MINE }])).toBe(allowed);
  // A CA that does not check accounts goes by its name alone.
  expect(allowsIssuance(caa, [{ identity: "le.example" }])).toBe(true);
});
