import { expect, test } from "vitest";
import type { DnsRecordSet } from "../zone/dns-record-set.ts";
import { createPacedSender } from "./create-paced-sender.ts";
import { createSecondaryLeases } from "./create-secondary-leases.ts";
import { formatRoute53RecordSet } from "./format-route53-record-set.ts";

const withStatus = (httpStatusCode: number) =>
  Object.assign(new Error("x"), { $metadata: { httpStatusCode } });
const named = (name: string) => Object.assign(new Error("x"), { name });
const withCode = (code: string) => Object.assign(new Error("x"), { code });

/** How often a request that fails this way is sent. */
async function countAttempts(error: unknown): Promise<number> {
  const send = createPacedSender({ intervalMs: 0, firstRetryMs: 0 });
  let attempts = 0;
  const sent = send(async () => {
    attempts++;
    throw error;
  });
  await expect(sent).rejects.toBe(error);
  return attempts;
}

test.each([
  ["throttling", named("Throttling")],
  ["a change before it that is not complete", named("PriorRequestNotComplete")],
  ["429", withStatus(429)],
  ["503", withStatus(503)],
  ["a connection that was refused", withCode("ECONNREFUSED")],
])("%s is for now: it is tried eight times", async (_what, error) => {
  expect(await countAttempts(error)).toBe(8);
});

test.each([
  ["a bad change", named("InvalidChangeBatch")],
  ["403", withStatus(403)],
  [
    "an answer of 400 with the code of a broken connection",
    Object.assign(withStatus(400), { code: "ECONNRESET" }),
  ],
  ["a code that is not the network's", withCode("Unknown")],
  ["what is no error", "x"],
])("%s is final: it is tried once", async (_what, error) => {
  expect(await countAttempts(error)).toBe(1);
});

test("a request that succeeds at a later try has its answer, and the others wait for no failure of it", async () => {
  const send = createPacedSender({ intervalMs: 0, firstRetryMs: 0 });
  let left = 3;
  const flaky = send(async () => {
    if (left-- > 0) throw withStatus(503);
    return "late";
  });
  expect(await Promise.all([flaky, send(async () => "other")])).toEqual(["late", "other"]);
});

test("requests are spaced in the order they were asked for, retries included", async () => {
  const send = createPacedSender({ intervalMs: 20, firstRetryMs: 0 });
  const sent: { name: string; atMs: number }[] = [];
  const note = (name: string, failures = 0) =>
    send(async () => {
      sent.push({ name, atMs: performance.now() });
      if (failures-- > 0) throw withStatus(503);
    });
  await Promise.all([note("a", 1), note("b"), note("c")]);
  expect(sent.map(({ name }) => name)).toEqual(["a", "b", "c", "a"]);
  // A timer may be a millisecond early.
  for (const [place, { atMs }] of sent.slice(1).entries())
    expect(atMs - (sent[place]?.atMs ?? 0)).toBeGreaterThanOrEqual(18);
});

const records = (set: Partial<DnsRecordSet>) =>
  ({ name: "x.hosted.example", ttlSeconds: 60, ...set }) as DnsRecordSet;
const valuesOf = (set: Partial<DnsRecordSet>) =>
  formatRoute53RecordSet(records(set)).ResourceRecords?.map(({ Value }) => Value);

test.each<[string, Partial<DnsRecordSet>, string[]]>([
  ["A", { type: "A", values: ["192.0.2.1", "192.0.2.2"] }, ["192.0.2.1", "192.0.2.2"]],
  ["AAAA", { type: "AAAA", values: ["2001:db8::1"] }, ["2001:db8::1"]],
  ["NS", { type: "NS", values: ["ns1.example"] }, ["ns1.example."]],
  ["MX", { type: "MX", values: [{ preference: 10, mxHost: "mx.example" }] }, ["10 mx.example."]],
  ["TXT", { type: "TXT", values: ["v=STSv1; id=1;"] }, ['"v=STSv1; id=1;"']],
  ["TXT with quotes", { type: "TXT", values: ['a"b\\c'] }, ['"a\\"b\\\\c"']],
  ["TXT of 256 characters", { type: "TXT", values: ["x".repeat(256)] }, [`"${"x".repeat(255)}" "x"`]],
  [
    "CAA",
    { type: "CAA", values: [{ flags: 0, tag: "issue", value: "ca.example; accounturi=https://a" }] },
    ['0 issue "ca.example; accounturi=https://a"'],
  ],
  [
    "CAA that forbids",
    { type: "CAA", values: [{ flags: 128, tag: "issue", value: ";" }] },
    ['128 issue ";"'],
  ],
])("RFC 1035 §5.1: a set of the type %s is written in zone-file form", (_type, set, expected) => {
  expect(valuesOf(set)).toEqual(expected);
  expect(formatRoute53RecordSet(records(set))).toMatchObject({ Name: "x.hosted.example.", TTL: 60 });
});

/** A secondary that answers with the change after so many looks. */
function createSecondary(name: string, looksUntilSame: number) {
  let looks = 0;
  const compare = async () => (++looks > looksUntilSame ? ("same" as const) : ("differs" as const));
  return { secondary: { name, compare }, looks: () => looks };
}
const CHANGE = { kind: "policyRecord", token: "t1", records: [] } as never;
async function publish(secondaries: ReturnType<typeof createSecondary>[], options: object = {}) {
  const lapsed: string[] = [];
  const leases = createSecondaryLeases({
    secondaries: secondaries.map(({ secondary }) => secondary) as never,
    hostedZone: "hosted.example",
    onLapsed: (name) => lapsed.push(name),
    ...options,
  });
  return { leases, lapsed };
}

test("a change is published once every secondary answers with it", async () => {
  const [one, two] = [createSecondary("one", 0), createSecondary("two", 2)];
  const { leases, lapsed } = await publish([one, two]);
  await leases(CHANGE);
  expect([one.looks(), two.looks(), lapsed]).toEqual([1, 3, []]);
});

test("a secondary that does not follow delays no one longer than its lease, and is not waited for until its pause ends", async () => {
  const broken = createSecondary("broken", Number.POSITIVE_INFINITY);
  const { leases, lapsed } = await publish([broken], { leaseMs: 0, pauseMs: 3_600_000 });
  await leases(CHANGE);
  const looks = broken.looks();
  await leases(CHANGE);
  expect([lapsed, broken.looks()]).toEqual([["broken"], looks]);
});

test("publishing waits again for a secondary after its pause", async () => {
  const broken = createSecondary("broken", Number.POSITIVE_INFINITY);
  const { leases, lapsed } = await publish([broken], { leaseMs: 0, pauseMs: -1 });
  await leases(CHANGE);
  await leases(CHANGE);
  expect(lapsed).toEqual(["broken", "broken"]);
});
