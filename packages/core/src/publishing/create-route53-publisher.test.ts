import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { startTestRoute53, type TestRoute53 } from "../../testing/start-test-route53.ts";
import type { HostingSettings } from "../hosting-settings.ts";
import { caaValues } from "../zone/caa-values.ts";
import { tokenRecords } from "../zone/token-records.ts";
import { createRoute53Publisher } from "./create-route53-publisher.ts";
import type { Publisher } from "./publisher.ts";

const settings: HostingSettings = {
  hostedZone: "hosted.example",
  reportsDomain: "reports.example",
  policyAddresses: ["192.0.2.1", "2001:db8::1"],
  nameservers: [],
  caaIdentities: ["ca.example"],
};
const TOKEN = "abcdefghijklmnop";
const INTERVAL_MS = 20;

let route53: TestRoute53;
let publisher: Publisher;

beforeAll(() => {
  process.env.AWS_ACCESS_KEY_ID = "AKIDTEST";
  process.env.AWS_SECRET_ACCESS_KEY = "not-a-secret";
});
afterAll(() => {
  delete process.env.AWS_ACCESS_KEY_ID;
  delete process.env.AWS_SECRET_ACCESS_KEY;
});
beforeEach(async () => {
  route53 = await startTestRoute53();
  publisher = createRoute53Publisher({
    zoneId: "ZTEST",
    hostedZone: settings.hostedZone,
    endpoint: route53.endpoint,
    intervalMs: INTERVAL_MS,
    firstRetryMs: 5,
    syncPollMs: 5,
  });
});
afterEach(() => route53.stop());

const stsRecord = (token: string, publishedPolicyId: string | undefined) => ({
  token,
  kind: "stsRecord" as const,
  records: tokenRecords("stsRecord", { token, publishedPolicyId }, settings, []),
});

test("record sets are written in zone-file form and waited for until INSYNC", async () => {
  route53.pendingAnswers = 3;
  await publisher.publish(stsRecord(TOKEN, "id1"));
  await publisher.publish({
    token: TOKEN,
    kind: "policyHost",
    records: tokenRecords(
      "policyHost",
      { token: TOKEN, publishedPolicyId: undefined },
      settings,
      caaValues(settings.caaIdentities, []),
    ),
  });
  const name = `${TOKEN}._mta-sts.hosted.example.`;
  expect(route53.records.get(`${name} TXT`)).toBe(
    `<ResourceRecordSet><Name>${name}</Name><Type>TXT</Type><TTL>60</TTL><ResourceRecords><ResourceRecord><Value>&quot;v=STSv1; id=id1;&quot;</Value></ResourceRecord></ResourceRecords></ResourceRecordSet>`,
  );
  const caa = route53.records.get(`${TOKEN}.mta-sts.hosted.example. CAA`);
  expect(caa).toContain("<Value>0 issue &quot;ca.example&quot;</Value>");
  expect(caa).toContain("<Value>0 issuewild &quot;;&quot;</Value>");
  expect(route53.requestsAtMs).toHaveLength(2 * (1 + 4));
});

test("publishing the same again and publishing a next id are updates in place", async () => {
  for (const id of ["id1", "id1", "id2"]) await publisher.publish(stsRecord(TOKEN, id));
  expect([...route53.records.values()].join()).toContain("id=id2;");
  expect(route53.records.size).toBe(1);
});

test("unwanted records are deleted, and deleting them again is no error", async () => {
  await publisher.publish(stsRecord(TOKEN, "id1"));
  await publisher.publish(stsRecord("ponmlkjihgfedcba", "id1"));
  await publisher.publish(stsRecord(TOKEN, undefined));
  await publisher.publish(stsRecord(TOKEN, undefined));
  expect([...route53.records.keys()]).toEqual(["ponmlkjihgfedcba._mta-sts.hosted.example. TXT"]);
});

test("changes asked for together are sent together, within the rate AWS allows", async () => {
  const tokens = Array.from({ length: 60 }, (_, index) => `aaaaaaaaaaaaa${String(index).padStart(3, "0")}`);
  await Promise.all(tokens.map((token) => publisher.publish(stsRecord(token, "id1"))));
  expect(route53.records.size).toBe(60);
  expect(route53.batches.length).toBeLessThanOrEqual(3);
  // Of all together: on a busy machine single requests arrive in pairs.
  const [firstAtMs = 0, lastAtMs = 0] = [route53.requestsAtMs[0], route53.requestsAtMs.at(-1)];
  const intervals = route53.requestsAtMs.length - 1;
  expect(intervals).toBeGreaterThan(3);
  expect((lastAtMs - firstAtMs) / intervals).toBeGreaterThan(INTERVAL_MS * 0.7);
});

test("the later of two simultaneous changes of one name wins", async () => {
  await Promise.all(["id1", "id2", "id3"].map((id) => publisher.publish(stsRecord(TOKEN, id))));
  expect([...route53.records.values()].join()).toContain("id=id3;");
});

test.each([
  { status: 400, code: "Throttling" },
  { status: 400, code: "PriorRequestNotComplete" },
  { status: 503, code: "ServiceUnavailable" },
])("$code is tried again until it passes", async (failure) => {
  route53.failNext(failure, failure);
  await publisher.publish(stsRecord(TOKEN, "id1"));
  expect(route53.records.size).toBe(1);
});

test("one record set that Route 53 refuses does not hold up the others", async () => {
  const bad = stsRecord("ponmlkjihgfedcba", "refuse-me");
  const first = publisher.publish(stsRecord("bbbbbbbbbbbbbbbb", "id1"));
  const results = await Promise.allSettled(
    [bad, stsRecord(TOKEN, "id1")].map((change) => publisher.publish(change)),
  );
  await first;
  expect(results).toMatchObject([
    { status: "rejected", reason: { code: "unavailable" } },
    { status: "fulfilled" },
  ]);
  expect(route53.records.has(`${TOKEN}._mta-sts.hosted.example. TXT`)).toBe(true);
});

test("a refusal for good is `unavailable`, with the reason kept as its cause", async () => {
  route53.failNext({ status: 403, code: "AccessDenied" });
  await expect(publisher.publish(stsRecord(TOKEN, "id1"))).rejects.toMatchObject({
    code: "unavailable",
    cause: { name: "AccessDenied" },
  });
});
