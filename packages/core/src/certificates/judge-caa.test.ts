import type { Resolver } from "@waxseal/probes";
import { expect, test } from "vitest";
import { judgeCaa } from "./judge-caa.ts";

const HOST = "mta-sts.example.com";
const ACCOUNT = "https://acme-v02.api.letsencrypt.org/acme/acct/7";
const CHECKING = { identities: ["letsencrypt.org"], accountUrl: ACCOUNT, checksAccounts: true };
const NAMED_ONLY = { identities: ["ca.example"], accountUrl: ACCOUNT, checksAccounts: false };
const settings = {
  hostedZone: "hosted.example",
  reportsDomain: "reports.example",
  reportsHost: "reports.hosted.example",
  policyAddresses: ["192.0.2.1"],
  nameservers: ["ns1.hosted.example"],
  caaIdentities: ["configured.example"],
};
type Answer = Awaited<ReturnType<Resolver["resolveCaa"]>>;

const set = (...values: string[]): Answer => ({
  found: values.map((value) => ({ isCritical: false, tag: "issue", value })),
  isAuthenticated: false,
  cnames: [],
});
const none: Answer = { missing: "no-record", cnames: [], detail: "No CAA record" };
/** A resolver that knows these names and no others. */
const knowing = (sets: Record<string, Answer>) =>
  ({ resolveCaa: async (name: string) => sets[name] ?? none }) as unknown as Resolver;

const judge = (sets: Record<string, Answer>, caa = CHECKING, change: object = {}) =>
  judgeCaa({ host: HOST, caa }, { resolver: knowing(sets), settings: { ...settings, ...change } });
const isAllowed = async (...args: Parameters<typeof judge>) => (await judge(...args)).isAllowed;

test.each<[string, Record<string, Answer>, boolean]>([
  ["no set anywhere", {}, true],
  ["a set that names the CA", { [HOST]: set("letsencrypt.org") }, true],
  ["a set of the parent that names the CA", { "example.com": set("letsencrypt.org") }, true],
  ["a set that names another CA", { [HOST]: set("other.example") }, false],
  ["a set of the parent that names another CA", { "example.com": set("other.example") }, false],
  ["the nearest set, which allows", { [HOST]: set("letsencrypt.org"), "example.com": set(";") }, true],
  ["the nearest set, which forbids", { [HOST]: set(";"), "example.com": set("letsencrypt.org") }, false],
  ["one of two values", { [HOST]: set("other.example", "letsencrypt.org") }, true],
  ["the CA to our account", { [HOST]: set(`letsencrypt.org; accounturi=${ACCOUNT}`) }, true],
  ["the CA to another account", { [HOST]: set(`letsencrypt.org; accounturi=${ACCOUNT}0`) }, false],
  ["the CA by http-01", { [HOST]: set("letsencrypt.org; validationmethods=http-01") }, true],
  ["the CA by dns-01 only", { [HOST]: set("letsencrypt.org; validationmethods=dns-01") }, false],
])("RFC 8659 §3, RFC 8657 §3, §4: %s decides", async (_what, sets, expected) => {
  expect(await isAllowed(sets)).toBe(expected);
});

test("RFC 8657 §3: a CA that is not known to check accounts is judged by its name alone", async () => {
  const sets = { [HOST]: set("ca.example; accounturi=https://ca.example/acct/other") };
  expect(await isAllowed(sets, NAMED_ONLY)).toBe(true);
});

test("a directory that names no identity is judged by the configured ones", async () => {
  const unnamed = { ...NAMED_ONLY, identities: [] };
  expect(await isAllowed({ [HOST]: set("configured.example") }, unnamed)).toBe(true);
  expect(await isAllowed({ [HOST]: set("ca.example") }, unnamed)).toBe(false);
});

test("where no CA is configured, CAA is not looked at", async () => {
  expect(await isAllowed({ [HOST]: set(";") }, CHECKING, { caaIdentities: [] })).toBe(true);
});

test("RFC 8659 §4.1: a critical tag that we do not know forbids", async () => {
  const found = [
    { isCritical: false, tag: "issue", value: "letsencrypt.org" },
    { isCritical: true, tag: "future", value: "x" },
  ];
  expect(await isAllowed({ [HOST]: { found, isAuthenticated: false, cnames: [] } })).toBe(false);
});

test("a set that forbids in our own zone is ours to publish again; the owner has nothing to do", async () => {
  const found = set("other.example");
  const ours = await judge({ [HOST]: { ...found, cnames: ["t1.hosted.example"] } as Answer });
  expect(ours).toMatchObject({
    isAllowed: false,
    isOurs: true,
    reason: expect.stringContaining("nothing for you to do"),
  });
  for (const cnames of [[], ["t1.nothosted.example"], ["t1.hosted.example", "x.elsewhere.example"]]) {
    const theirs = await judge({ [HOST]: { ...found, cnames } as Answer });
    expect(theirs).toMatchObject({ isOurs: false, reason: expect.stringContaining("Action needed") });
  }
});

test("the reason says what was seen, where, and which account must be allowed", async () => {
  const verdict = await judge({ "example.com": set("other.example; x=1", "third.example") });
  expect(verdict).toMatchObject({
    reason: expect.stringMatching(
      /^CAA at example\.com allows "other\.example; x=1", "third\.example", but our certificates come from letsencrypt\.org to the account https:/,
    ),
  });
  const only = {
    found: [{ isCritical: true, tag: "future", value: "x" }],
    isAuthenticated: false,
    cnames: [],
  };
  expect(await judge({ [HOST]: only })).toMatchObject({
    reason: expect.stringContaining("allows no authority"),
  });
});

test.each([
  [
    { missing: "timeout", cnames: [], detail: "No answer from ns1.example" },
    "fails (No answer from ns1.example)",
  ],
  [
    { missing: "server-failure", cnames: [], detail: "SERVFAIL", isBogus: true },
    "repair the DNSSEC of the zone",
  ],
])("RFC 8659 §3: a look-up that fails forbids, and says who can repair it", async (answer, words) => {
  const verdict = await judge({ [HOST]: answer as unknown as Answer });
  expect(verdict).toMatchObject({ isAllowed: false, isOurs: false, reason: expect.stringContaining(words) });
});
