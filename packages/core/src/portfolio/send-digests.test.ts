import { reportsOf } from "@waxseal/db";
import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { afterAll, beforeAll, beforeEach, expect, inject, test } from "vitest";
import { type AlertScene, createAlertScene } from "../../testing/create-alert-scene.ts";
import { keepSummariesWeekly, stopSummaries } from "../alerting/subscriptions.ts";
import { sendDigests } from "./send-digests.ts";

let database: TestDatabase;
let scene: AlertScene;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
});
beforeEach(async () => {
  await database.db.member.deleteMany();
  await database.db.subscription.deleteMany();
  scene = createAlertScene(database.db);
});
afterAll(() => database.drop());

const WEEK = 7 * 24 * 60;
const addDomain = (accountId: string, domain: string, data: object = {}) =>
  scene.db.domain.create({
    data: {
      ...{
        accountId,
        domain,
        token: `${accountId.slice(0, 8)}${domain.slice(0, 8)}`,
        createdAt: new Date(0),
      },
      ...{ status: "active", health: "good", judgedAt: scene.now(), ...data },
    },
  });
const run = () => sendDigests(scene.deps);
const tokenIn = (url = "") => url.split("/").at(-1)?.trim() ?? "";

test("the summary comes on Monday at 07:00, once with two workers, and once after four weeks of downtime", async () => {
  const accountId = await scene.addAccount({ name: "Brewery" });
  await addDomain(accountId, "one.example");
  await addDomain(accountId, "two.example");
  await scene.addMember(accountId, "viewer");
  expect(await run()).toEqual({ planned: 1, sent: 0 });
  // From Friday noon to Monday 06:59.
  scene.wait(2 * 24 * 60 + 19 * 60 - 1);
  expect(await run()).toEqual({ planned: 0, sent: 0 });
  scene.wait(1);
  await Promise.all([run(), run()]);
  await run();
  expect(scene.mails.map(({ subject }) => subject)).toEqual(["Brewery: All 2 domains are fine"]);
  expect(scene.mails[0]?.text).toContain("27 Apr 2026 to 3 May 2026");
  scene.wait(4 * WEEK + 300);
  await run();
  await run();
  expect(scene.mails).toHaveLength(2);
});

test("a summary names what needs a person, what changed and what expires, with the figures of the week", async () => {
  const accountId = await scene.addAccount();
  await scene.addMember(accountId);
  const evidence = { mxHost: "mx1.example.com", fault: "certificate-expired", hasOthers: false };
  const healthReason = {
    code: "mx.badTls",
    subject: "mx1.example.com",
    severity: "critical",
    move: "mx-operator",
    evidence,
  };
  const mx = { mxCheckedAt: scene.now() };
  const known = { health: "mail-failing", healthReason, servedVersion: 1, ...mx };
  const bad = await addDomain(accountId, "bad.example", known);
  const policy = { mode: "enforce" as const, mx: ["mx1.example.com"], maxAgeSeconds: 604_800 };
  const version = { accountId, domainId: bad.id, version: 1, policyId: "1", createdAt: scene.now() };
  await scene.db.policyVersion.create({ data: { ...version, ...policy, createdBy: "test" } });
  await addDomain(accountId, "fine.example", mx);
  await scene.change("opened", await scene.alert(accountId, "bad.example"));
  await scene.db.mxSighting.create({
    data: {
      accountId,
      domainId: bad.id,
      mxHost: "mx2.bad.example",
      preference: 1,
      firstSeenAt: scene.now(),
      lastSeenAt: scene.now(),
    },
  });
  const probe = {
    vantage: "own",
    mxHost: "mx2.bad.example",
    address: "192.0.2.1",
    probedAt: scene.now(),
    certificateNotAfter: new Date("2026-05-20T00:00:00Z"),
  };
  await scene.db.mxHostProbe.create({ data: { ...probe, state: "good", confirmedState: "good" } });
  await reportsOf(scene.db).$executeRaw`
    insert into tls_total_sessions (account_id, report_day, reporter, policy_type, reports, successful_sessions, failed_sessions, counted_successful, counted_failed)
    values (${accountId}, '2026-05-02', 'Google', 'sts', 1, 90, 10, 90, 10), (${accountId}, '2026-04-01', 'Old', 'sts', 1, 5, 0, 5, 0)`;
  await run();
  scene.wait(3 * 24 * 60);
  await run();
  const text = scene.mails.at(-1)?.text ?? "";
  expect(text.split("\n")[0]).toBe("Mail is failing for 1 of 2 domains.");
  expect(text).toContain("100 connections, 10 refused, or would be if enforced, 1 sender");
  expect(text).toContain("bad.example: mx1.example.com has an expired certificate.");
  expect(text).toContain("Open since 1 May 2026: mx1.example.com has an expired certificate.");
  expect(text).toContain("mx2.bad.example: 20 May 2026");
  expect(text).not.toMatch(/\d{4}-\d\d-\d\d|undefined|null/);
});

test("after eight quiet weeks the summary comes monthly, unless a link keeps it weekly; another link ends it", async () => {
  const accountId = await scene.addAccount();
  await addDomain(accountId, "fine.example");
  await scene.addMember(accountId);
  const pass = async (weeks: number) => {
    for (let week = 0; week < weeks; week++) {
      scene.wait(WEEK);
      await run();
    }
  };
  await run();
  await pass(1);
  expect(await scene.db.subscription.findFirst()).toMatchObject({ digest: null, quietDigests: 1 });
  await scene.db.subscription.updateMany({ data: { quietDigests: 6 } });
  await pass(2);
  expect(scene.mails).toHaveLength(3);
  expect(scene.mails[1]?.text).not.toContain("in a month");
  const eighth = scene.mails[2]?.text ?? "";
  expect(eighth).toContain("the next summary comes in a month");
  // The Mondays of May bring none, the first of June does.
  await pass(1);
  expect(scene.mails).toHaveLength(3);
  await pass(1);
  expect(scene.mails).toHaveLength(4);
  expect(await keepSummariesWeekly(scene.db, tokenIn(/\S+\/w\/\S+/.exec(eighth)?.[0]))).toBe(true);
  await run();
  await pass(2);
  expect(scene.mails).toHaveLength(6);
  expect(await stopSummaries(scene.db, tokenIn(/\S+\/s\/\S+/.exec(eighth)?.[0]))).toBe(true);
  scene.wait(5 * WEEK);
  await run();
  expect(scene.mails).toHaveLength(6);
  expect(await stopSummaries(scene.db, "unknown")).toBe(false);
});

test("a summary is about the account's own domains and its customers', and no one else's", async () => {
  const provider = await scene.addAccount({ name: "Provider" });
  const customer = await scene.addAccount({ parentId: provider, name: "Customer" });
  const other = await scene.addAccount({ name: "Other" });
  for (const [accountId, domain] of [
    [provider, "own.example"],
    [customer, "customers.example"],
    [other, "others.example"],
  ] as const) {
    await scene.addMember(accountId);
    await scene.change("opened", await scene.alert(accountId, domain, { subject: `mx.${domain}` }));
    await addDomain(accountId, `x-${domain}`, { health: "needs-action" });
  }
  await run();
  scene.wait(WEEK);
  await run();
  const about = (name: string) =>
    JSON.stringify(scene.mails.filter(({ subject }) => subject.startsWith(name)));
  expect(
    [about("Provider"), about("Customer"), about("Other")].map((text) => [
      text.includes("own.example"),
      text.includes("customers.example"),
      text.includes("others.example"),
    ]),
  ).toEqual([
    [true, true, false],
    [false, true, false],
    [false, false, true],
  ]);
});
