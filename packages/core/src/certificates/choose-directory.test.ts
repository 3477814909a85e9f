import { DAY_MS, HOUR_MS, MINUTE_MS } from "@waxseal/runtime/time-spans";
import { expect, test } from "vitest";
import { testCertificateName } from "../../testing/test-certificate-name.ts";
import { AcmeError } from "./acme-error.ts";
import { budgetRules, describeHeldOrder, heldUntil } from "./budget-rules.ts";
import { CertificateProblem, findCertificateProblem } from "./certificate-problem.ts";
import { chooseDirectory } from "./choose-directory.ts";
import { isPast, LONGEST_WAIT_MS } from "./is-past.ts";
import { findCaLimits } from "./known-cas.ts";
import { CA_FAULTS, certificateJobOptions, orderLane } from "./order-lane.ts";

const [FIRST, SECOND, THIRD] = [
  "https://first.example/dir",
  "https://second.example/dir",
  "https://third.example/dir",
];
const ALL = [FIRST, SECOND, THIRD];
const NOW = new Date("2026-05-01T12:00:00Z");
const LE = "https://acme-v02.api.letsencrypt.org/directory";

test.each<[string, Parameters<typeof testCertificateName>[0], string]>([
  ["a new name", {}, FIRST],
  [
    "a name that failed five times at an unreachable CA",
    { attempts: 5, lastErrorCode: "ca.unreachable" },
    FIRST,
  ],
  ["one that failed six times there", { attempts: 6, lastErrorCode: "ca.unreachable" }, SECOND],
  ["one that failed seven times there", { attempts: 7, lastErrorCode: "ca.unusable" }, THIRD],
  ["one that failed eight times there", { attempts: 8, lastErrorCode: "ca.unreachable" }, FIRST],
  ["one that the CA refused a hundred times", { attempts: 100, lastErrorCode: "ca.refused" }, FIRST],
  ["one whose owner's CNAME is missing", { attempts: 100, lastErrorCode: "preflight.cname" }, FIRST],
  ["one that has to wait", { attempts: 100, lastErrorCode: "ca.rateLimited" }, FIRST],
  ["an order under way at the second CA", { orderUrl: "o", directoryUrl: SECOND, attempts: 5 }, SECOND],
  ["an order without an address", { orderUrl: null, directoryUrl: SECOND }, FIRST],
  [
    "an order at a CA that is configured no more",
    { orderUrl: "o", directoryUrl: "https://gone.example" },
    FIRST,
  ],
  [
    "an order whose CA has been away for long",
    { orderUrl: "o", directoryUrl: FIRST, attempts: 6, lastErrorCode: "ca.unreachable" },
    SECOND,
  ],
])("%s is asked for at the right CA", (_what, row, expected) => {
  expect(chooseDirectory(testCertificateName(row), ALL)).toBe(expected);
});

test("with one CA there is no other to fall back on, and without any an order is a mistake of the operator", () => {
  const away = testCertificateName({ attempts: 50, lastErrorCode: "ca.unreachable" });
  expect(chooseDirectory(away, [FIRST])).toBe(FIRST);
  expect(() => chooseDirectory(away, [])).toThrow("no ACME directory");
});

const certificate = (fromDays: number, toDays: number) => ({
  notBefore: new Date(NOW.getTime() + fromDays * DAY_MS),
  notAfter: new Date(NOW.getTime() + toDays * DAY_MS),
});
test.each<[string, Parameters<typeof orderLane>, string]>([
  ["no certificate yet", [{ attempts: 0, lastErrorCode: null }, null, NOW], "normal"],
  ["a fifth of the life left", [{ attempts: 0, lastErrorCode: null }, certificate(-80, 20), NOW], "normal"],
  ["exactly a twentieth left", [{ attempts: 0, lastErrorCode: null }, certificate(-95, 5), NOW], "normal"],
  [
    "less than a twentieth left",
    [{ attempts: 0, lastErrorCode: null }, certificate(-96, 4), NOW],
    "emergency",
  ],
  ["an expired one", [{ attempts: 0, lastErrorCode: null }, certificate(-90, -1), NOW], "emergency"],
  ["four failures of its own", [{ attempts: 4, lastErrorCode: "preflight.cname" }, null, NOW], "normal"],
  ["five failures of its own", [{ attempts: 5, lastErrorCode: "preflight.cname" }, null, NOW], "slow"],
  [
    "five failures of its own although it expires",
    [{ attempts: 5, lastErrorCode: "ca.validation" }, certificate(-96, 4), NOW],
    "slow",
  ],
  ...CA_FAULTS.map((lastErrorCode): [string, Parameters<typeof orderLane>, string] => [
    `many failures of the kind ${lastErrorCode}, which are not the name's`,
    [{ attempts: 50, lastErrorCode }, certificate(-96, 4), NOW],
    "emergency",
  ]),
])("a name with %s has its place in the queue", (_what, args, lane) => {
  expect(orderLane(...args)).toBe(lane);
});

test("emergencies go first, and slow names share two queues so that healthy ones never wait for them", () => {
  const options = (lane: Parameters<typeof certificateJobOptions>[0], host: string) =>
    certificateJobOptions(lane, "a1", host);
  const priorities = (["emergency", "normal", "slow"] as const).map((lane) => options(lane, "h").priority);
  expect(priorities).toEqual(priorities.toSorted((a, b) => a - b));
  expect(options("normal", "h")).not.toHaveProperty("queue");
  const queues = new Set(
    Array.from({ length: 50 }, (_, n) => Object(options("slow", "h".repeat(n + 1))).queue),
  );
  expect(queues.size).toBe(2);
  expect(options("slow", "h").key).toBe(options("normal", "h").key);
});

test.each([
  [0, true],
  [1, false],
  [LONGEST_WAIT_MS, false],
  [LONGEST_WAIT_MS + 1, true],
  [-DAY_MS, true],
])("a wait that ends in %i ms has passed: %s, since none is longer than eight days", (leftMs, expected) => {
  expect(isPast(new Date(NOW.getTime() + leftMs), NOW)).toBe(expected);
});

const refused = (type: string, more: object = {}) => new AcmeError("refused", "urn text", { type, ...more });
test.each<[string, unknown, string | undefined, boolean]>([
  ["no answer", new AcmeError("unreachable", "ECONNREFUSED"), "ca.unreachable", true],
  ["an answer without sense", new AcmeError("unusable", "zod"), "ca.unusable", false],
  ["its limit", refused("rateLimited", { retryAfterMs: 5 }), "ca.rateLimited", true],
  ["a CAA record", refused("caa"), "preflight.caa", false],
  ["a refusal", refused("rejectedIdentifier"), "ca.refused", false],
  ["a missing external account", refused("externalAccountRequired"), "ca.refused", false],
  [
    "an external account that cannot be used",
    new AcmeError("unusable", "x", { type: "externalAccountRequired" }),
    "ca.unusable",
    false,
  ],
  [
    "a problem that is one already",
    new CertificateProblem("ca.slow", "x", { keepsOrder: true }),
    "ca.slow",
    true,
  ],
  ["a mistake of ours", new TypeError("x"), undefined, false],
])("RFC 8555 §6.7: %s is explained by who has to act", (_what, error, code, keepsOrder) => {
  const problem = findCertificateProblem(error, FIRST);
  expect([problem?.code, problem?.keepsOrder ?? false]).toEqual([code, keepsOrder]);
});

test("no text for an owner has the CA's own words, and the longest wait it asks for is kept", () => {
  const problem = findCertificateProblem(refused("rateLimited", { retryAfterMs: 7_000 }), FIRST);
  expect(problem?.retryAfterMs).toBe(7_000);
  for (const type of [
    "caa",
    "connection",
    "dns",
    "tls",
    "unauthorized",
    "serverInternal",
    "constructor",
    "",
  ]) {
    const text = findCertificateProblem(refused(type), FIRST)?.message ?? "";
    expect(text).toContain("The certificate authority (first.example) refused the certificate: ");
    expect(text).not.toMatch(/urn|undefined|function/);
  }
});

test("a refusal for several reasons is explained by the first part that is known", () => {
  const compound = refused("compound", { subproblems: [{ type: "caa", detail: "x" }] });
  expect(findCertificateProblem(compound, FIRST)?.message).toContain("a CAA record forbids it");
});

const LIMITS = findCaLimits(LE) ?? (undefined as never);
const counts = (...args: Parameters<typeof budgetRules>) =>
  budgetRules(...args).map(({ scope, count, slowOnly }) => `${scope} ${count}${slowOnly ? " slow" : ""}`);

test("an order may use nine tenths of each limit, an emergency all, and slow names together a tenth", () => {
  expect(counts(LIMITS, "normal", "order")).toEqual([
    "account 270",
    "registeredDomain 45",
    "host 4",
    "host 4",
  ]);
  expect(counts(LIMITS, "emergency", "order")).toEqual([
    "account 300",
    "registeredDomain 50",
    "host 5",
    "host 5",
  ]);
  expect(counts(LIMITS, "slow", "order")).toEqual([
    ...counts(LIMITS, "normal", "order"),
    "account 30 slow",
    "registeredDomain 5 slow",
  ]);
});

test("RFC 9773 §5: a renewal counts against the limits per host only", () => {
  expect(counts(LIMITS, "normal", "renewal")).toEqual(["host 4", "host 4"]);
});

test("a limit of one leaves one, also for nine tenths of it", () => {
  const one = { count: 1, windowMs: HOUR_MS };
  const tiny = {
    ...{ ordersPerAccount: one, certificatesPerRegisteredDomain: one },
    ...{ certificatesPerHost: one, failedValidationsPerHost: one },
  };
  expect(new Set(budgetRules(tiny, "slow", "order").map(({ count }) => count))).toEqual(new Set([1]));
});

test("a window is a minute longer than the CA's, and holds until its oldest use leaves it", () => {
  const [rule] = budgetRules(LIMITS, "normal", "order");
  if (!rule) throw new Error("there is a rule");
  expect(rule.windowMs).toBe(3 * HOUR_MS + MINUTE_MS);
  const at = (agoMs: number) => new Date(NOW.getTime() - agoMs);
  expect(heldUntil(rule, undefined, NOW)).toBeUndefined();
  expect(heldUntil(rule, at(rule.windowMs), NOW)).toBeUndefined();
  expect(heldUntil(rule, at(rule.windowMs - 1), NOW)).toEqual(new Date(NOW.getTime() + 1));
});

test.each([
  ["normal", 0, "allows 300 new certificates in 3 hours; 270 are used and we keep 30 for emergencies."],
  ["normal", 1, "50 certificates for the domain example.com and all names below it in 7 days; 45 are used"],
  ["emergency", 2, "5 certificates for mta-sts.example.com in 7 days; all of them are used."],
  ["emergency", 3, "5 failed validations for mta-sts.example.com in an hour; all of them are used."],
  ["slow", 4, "30 of them are for names that failed before, and those are used up."],
] as const)("in the lane %s the limit number %i is explained in whole sentences", (lane, place, words) => {
  const rule = budgetRules(LIMITS, lane, "order")[place];
  if (!rule) throw new Error("there is a rule");
  const order = { directoryUrl: LE, host: "mta-sts.example.com", registeredDomain: "example.com" };
  const text = describeHeldOrder(rule, order, NOW);
  expect(text).toContain(words);
  expect(text).toMatch(
    /^The certificate authority \(acme-v02\.api\.letsencrypt\.org\) allows .* Nothing for you to do\.$/,
  );
});
