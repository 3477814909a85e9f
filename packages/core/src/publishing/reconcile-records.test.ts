import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { afterEach, beforeEach, expect, inject, test } from "vitest";
import { startTestRoute53, type TestRoute53 } from "../../testing/start-test-route53.ts";
import type { HostingSettings } from "../hosting-settings.ts";
import { RECORD_KINDS } from "../setup-names.ts";
import { caaValues } from "../zone/caa-values.ts";
import { tokenRecords } from "../zone/token-records.ts";
import { createBuiltinPublisher } from "./create-builtin-publisher.ts";
import { createRoute53Publisher } from "./create-route53-publisher.ts";
import type { Publisher } from "./publisher.ts";
import { reconcileRecords } from "./reconcile-records.ts";

const settings: HostingSettings = {
  hostedZone: "hosted.example",
  reportsDomain: "reports.example",
  policyAddresses: ["192.0.2.1", "192.0.2.2"],
  nameservers: [],
  caaIdentities: ["ca.example"],
};
const AT = new Date("2026-01-01T00:00:00Z");
const TOKENS = ["aaaaaaaaaaaaaaaa", "bbbbbbbbbbbbbbbb", "cccccccccccccccc"] as const;

let database: TestDatabase;
let route53: TestRoute53;
let publisher: Publisher;

beforeEach(async () => {
  process.env.AWS_ACCESS_KEY_ID = "AKIDTEST";
  process.env.AWS_SECRET_ACCESS_KEY = "not-a-secret";
  database = await createTestDatabase(inject("templateDatabaseUrl"));
  route53 = await startTestRoute53();
  route53.pageSize = 2;
  publisher = createRoute53Publisher({
    zoneId: "ZTEST",
    hostedZone: settings.hostedZone,
    endpoint: route53.endpoint,
    intervalMs: 1,
    firstRetryMs: 1,
    syncPollMs: 1,
  });
  for (const [index, token] of TOKENS.entries()) {
    const domain = { accountId: "account", createdAt: AT, token };
    const { id } = await database.db.domain.create({ data: { ...domain, domain: `example-${index}.com` } });
    await database.db.domainToken.create({
      data: { accountId: "account", token, domainId: id, createdAt: AT },
    });
    await publishAll(token);
  }
});
afterEach(async () => {
  delete process.env.AWS_ACCESS_KEY_ID;
  delete process.env.AWS_SECRET_ACCESS_KEY;
  await route53.stop();
  await database.drop();
});

async function publishAll(token: string): Promise<void> {
  for (const kind of RECORD_KINDS) {
    const records = tokenRecords(
      kind,
      { token, publishedPolicyId: undefined },
      settings,
      caaValues(settings.caaIdentities, []),
    );
    await publisher.publish({ token, kind, records });
  }
}
const reconcile = () => reconcileRecords(database.db, { publisher, settings });
async function jobs(): Promise<unknown[]> {
  return database.db.$queryRaw`select task_identifier as job from graphile_worker.jobs`;
}

test("correct records are not changed, over several pages and for every order of values", async () => {
  const key = `${TOKENS[0]}.mta-sts.hosted.example. A`;
  const set = route53.records.get(key) ?? "";
  route53.records.set(
    key,
    set.replace(/(<ResourceRecord>.*?<\/ResourceRecord>)(<ResourceRecord>.*?<\/ResourceRecord>)/, "$2$1"),
  );
  expect(route53.records.get(key)).not.toBe(set);
  expect(await reconcile()).toEqual({ names: 9, drifted: [], unknown: [], repaired: 0, left: 0 });
  expect(await jobs()).toEqual([]);
});

test("a set that is missing, one that is wrong and those of a domain that left are named and published again", async () => {
  const [missing, wrong, left] = TOKENS;
  route53.records.delete(`${missing}.mta-sts.hosted.example. CAA`);
  const key = `${wrong}._smtp-tls.hosted.example. TXT`;
  route53.records.set(key, (route53.records.get(key) ?? "").replace("reports.example", "evil.example"));
  await database.db.domain.updateMany({ where: { token: left }, data: { status: "left" } });
  const found = await reconcile();
  expect(found).toMatchObject({ names: 6, unknown: [], repaired: 3 });
  expect(found?.drifted.toSorted()).toEqual(
    [
      `${missing}.mta-sts.hosted.example`,
      `${wrong}._smtp-tls.hosted.example`,
      `${left}._smtp-tls.hosted.example`,
      `${left}.mta-sts.hosted.example`,
    ].toSorted(),
  );
  expect(await jobs()).toEqual(Array(3).fill({ job: "record.publish" }));
});

test("RFC 8657 §3: an account that became known makes every CAA set differ, and all of them are published again", async () => {
  const named = { accountUrl: "https://ca.example/acct/7", caaIdentities: ["ca.example"] };
  await database.db.acmeAccount.create({
    data: { directoryUrl: "https://ca.example/dir", keyJwe: "", createdAt: AT, ...named },
  });
  const found = await reconcile();
  expect(found).toMatchObject({ names: 9, repaired: 3, left: 0 });
  expect(found?.drifted.toSorted()).toEqual(
    TOKENS.map((token) => `${token}.mta-sts.hosted.example`).toSorted(),
  );
});

test("names of tokens that were never issued are reported and not touched; other names of the zone are not looked at", async () => {
  await publishAll("zzzzzzzzzzzzzzzz");
  const set = route53.records.get("zzzzzzzzzzzzzzzz.mta-sts.hosted.example. A") ?? "";
  route53.records.set("www.hosted.example. A", set.replaceAll("zzzzzzzzzzzzzzzz.mta-sts", "www"));
  const found = await reconcile();
  expect(found).toMatchObject({ drifted: [], repaired: 0 });
  expect(found?.unknown.toSorted()).toEqual([
    "zzzzzzzzzzzzzzzz._smtp-tls.hosted.example",
    "zzzzzzzzzzzzzzzz.mta-sts.hosted.example",
  ]);
});

test("our own nameservers read the database: there is nothing to compare", async () => {
  const builtin = createBuiltinPublisher({ db: database.db });
  expect(await reconcileRecords(database.db, { publisher: builtin, settings })).toBeUndefined();
});
