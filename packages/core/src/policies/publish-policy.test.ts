import type { Database } from "@waxseal/db";
import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { formatPolicy } from "@waxseal/mta-sts";
import type { FetchedPolicy } from "@waxseal/probes";
import { afterAll, beforeAll, beforeEach, expect, inject, test } from "vitest";
import { createTestSurroundings } from "../../testing/create-test-surroundings.ts";
import { AppError } from "../app-error.ts";
import { createContext } from "../context.ts";
import type { HostingSettings } from "../hosting-settings.ts";
import { addDomain } from "../onboarding/add-domain.ts";
import { finishLeaving } from "../onboarding/finish-leaving.ts";
import { leaveDomain } from "../onboarding/leave-domain.ts";
import { publishDomainRecords } from "../publishing/publish-domain-records.ts";
import type { DnsChange } from "../publishing/publisher.ts";
import { findNewestServingSeq } from "../serving/find-newest-serving-seq.ts";
import { findServedPolicy } from "../serving/list-served-policies.ts";
import { recordServingChange } from "../serving/record-serving-change.ts";
import { renewServingLease } from "../serving/renew-serving-lease.ts";
import { type PublishPolicyDeps, publishPolicy } from "./publish-policy.ts";
import { setPolicy } from "./set-policy.ts";

const surroundings = createTestSurroundings();

const settings: HostingSettings = {
  hostedZone: "hosted.example",
  reportsDomain: "reports.example",
  policyAddresses: ["192.0.2.1"],
  nameservers: ["ns1.hosted.example"],
  caaIdentities: [],
};

let database: TestDatabase;
let db: Database;
let nowMs = Date.parse("2026-05-01T12:00:00Z");
/** What happened, in order. */
let log: string[] = [];
let fetchFailure: string | undefined;
let publishFailure: string | undefined;

beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
  db = database.db;
});
afterAll(() => database.drop());
beforeEach(() => {
  log = [];
  fetchFailure = undefined;
  publishFailure = undefined;
});

const ctx = () =>
  createContext({ db, now: () => new Date(nowMs) }, "a1", { kind: "job", id: "test", name: "test" });

/** A policy server that answers from Postgres, and a publisher that says what it is given. */
const deps: PublishPolicyDeps = {
  settings,
  interlock: surroundings,
  fetchPolicy: async (domain): Promise<FetchedPolicy> => {
    const policy = await findServedPolicy(db, domain);
    log.push(`fetched ${policy?.version}`);
    const facts = { certificate: undefined, addresses: [], durationMs: 1 };
    if (fetchFailure) return { missing: "timeout", detail: fetchFailure, status: 0, ...facts };
    if (!policy) return { missing: "http-status", detail: "Status 404", status: 404, ...facts };
    return fetched(formatPolicy(policy));
  },
  publisher: {
    publish: async ({ records }: DnsChange) => {
      if (publishFailure) throw new AppError("unavailable", publishFailure, { reason: "not_published_yet" });
      log.push(`published ${records.map(({ values }) => values.join()).join()}`);
    },
  },
};

/** Only the body is looked at. */
function fetched(body: string): FetchedPolicy {
  return { found: { body } } as FetchedPolicy;
}

async function prepare(domain: string, { certified = true } = {}) {
  const { id, token } = await addDomain(ctx(), { domain }, { settings, lookUpMx: async () => [] });
  await db.$transaction(async (transaction) => {
    const claim = { domain, accountId: "a1", domainId: id, claimedAt: ctx().now() };
    await transaction.domainClaim.create({ data: claim });
    await recordServingChange(transaction, "policy", domain, ctx().now());
  });
  const host = `mta-sts.${domain}`;
  await db.certificateName.create({
    data: { accountId: "a1", host, domainId: id, state: "issued", stateSince: ctx().now() },
  });
  const certify = () =>
    db.certificateName.updateMany({ where: { host }, data: { currentCertificateId: crypto.randomUUID() } });
  if (certified) await certify();
  const row = () => db.domain.findUniqueOrThrow({ where: { accountId_id: { accountId: "a1", id } } });
  const versionRow = (version: number) =>
    db.policyVersion.findFirstOrThrow({ where: { domainId: id, version } });
  return {
    id,
    token,
    certify,
    row,
    versionRow,
    publish: () => publishPolicy(ctx(), { domainId: id }, deps),
    events: (kind: string) => db.event.count({ where: { domainId: id, kind } }),
  };
}

const testing = { mode: "testing", mx: ["mx.example.net"], maxAgeSeconds: 86_400 };

test("RFC 8461 §8.1: the body is seen through the public path before its id is published", async () => {
  const domain = await prepare("order.com");
  await domain.publish();
  const { policyId } = await setPolicy(ctx(), { domainId: domain.id, ...testing }, surroundings);
  log = [];
  expect(await domain.publish()).toEqual({ outcome: "published" });
  expect(log).toEqual(["fetched 2", `published v=STSv1; id=${policyId};`]);
  expect(await domain.row()).toMatchObject({ publishedVersion: 2, publishProblem: null });
  expect(await domain.versionRow(1)).toMatchObject({ state: "superseded" });
  expect(await domain.versionRow(2)).toMatchObject({ state: "live", publishedAt: ctx().now() });
  expect(await domain.publish()).toEqual({ outcome: "current" });
});

test("a version that a newer one overtakes while it is fetched leaves no problem behind", async () => {
  const domain = await prepare("overtaken-early.com");
  await domain.publish();
  await setPolicy(ctx(), { domainId: domain.id, ...testing }, surroundings);
  const overtaken: PublishPolicyDeps = {
    ...deps,
    fetchPolicy: async (name) => {
      await setPolicy(ctx(), { domainId: domain.id, ...testing, mx: ["mx2.example.net"] }, surroundings);
      return deps.fetchPolicy(name);
    },
  };
  expect(await publishPolicy(ctx(), { domainId: domain.id }, overtaken)).toEqual({ outcome: "current" });
  expect(await domain.row()).toMatchObject({ publishedVersion: 1, publishProblem: null });
  expect(await domain.events("policy.publishFailed")).toBe(0);
  expect(await domain.publish()).toEqual({ outcome: "published" });
  expect(await domain.row()).toMatchObject({ publishedVersion: 3, publishProblem: null });
});

test("a domain becomes active with its first publication, and not before it has a certificate", async () => {
  const domain = await prepare("first.com", { certified: false });
  expect(await domain.publish()).toEqual({ outcome: "waiting" });
  expect(log).toEqual([]);
  expect(await domain.row()).toMatchObject({ status: "pending", publishProblem: null });
  await domain.certify();
  expect(await domain.publish()).toEqual({ outcome: "published" });
  expect(await domain.row()).toMatchObject({ status: "active", activeAt: ctx().now(), publishedVersion: 1 });
  expect(await domain.events("domain.active")).toBe(1);
});

test("RFC 8461 §8.1: while a policy server lags behind, nothing is fetched and no id is published", async () => {
  const domain = await prepare("lagging.com");
  const newestSeq = await findNewestServingSeq(db);
  const node = { id: "slow", kind: "policy", startedAt: ctx().now() } as const;
  await renewServingLease(db, { ...node, seenSeq: newestSeq - 1n });
  let looks = 0;
  const counting = {
    ...ctx(),
    db: new Proxy(db, {
      get: (target, name) => {
        if (name === "$queryRaw") looks++;
        return Reflect.get(target, name);
      },
    }),
  };
  const publishing = publishPolicy(counting, { domainId: domain.id }, deps);
  await expect.poll(() => looks).toBeGreaterThan(5);
  expect(log).toEqual([]);
  await renewServingLease(db, { ...node, seenSeq: newestSeq });
  expect(await publishing).toEqual({ outcome: "published" });
  await db.servingNode.deleteMany();
});

test("a policy server past its lease is not waited for", async () => {
  const domain = await prepare("dead-node.com");
  const past = new Date(nowMs - 60_000);
  const leaseUntil = new Date(Date.now() - 1_000);
  await db.servingNode.create({
    data: { id: "dead", kind: "policy", startedAt: past, seenSeq: 0n, leaseUntil },
  });
  expect(await domain.publish()).toEqual({ outcome: "published" });
  await db.servingNode.deleteMany();
});

test("a body that cannot be fetched keeps the id back; the timeline says so once and the page always", async () => {
  const domain = await prepare("broken.com");
  fetchFailure = "The answer took too long";
  await expect(domain.publish()).rejects.toMatchObject({ code: "unavailable" });
  await expect(domain.publish()).rejects.toMatchObject({ code: "unavailable" });
  const { publishProblem, publishedVersion } = await domain.row();
  expect(publishProblem).toMatch(/https:\/\/mta-sts\.broken\.com.*The answer took too long/);
  expect(publishedVersion).toBeNull();
  expect(await domain.events("policy.publishFailed")).toBe(1);
  fetchFailure = undefined;
  expect(await domain.publish()).toEqual({ outcome: "published" });
  expect((await domain.row()).publishProblem).toBeNull();
});

test("another body than the new one keeps the id back", async () => {
  const domain = await prepare("stale.com");
  const stale = {
    ...deps,
    fetchPolicy: async () => fetched("version: STSv1\r\nmode: none\r\nmax_age: 1\r\n"),
  };
  await expect(publishPolicy(ctx(), { domainId: domain.id }, stale)).rejects.toMatchObject({
    code: "unavailable",
  });
  expect((await domain.row()).publishedVersion).toBeNull();
});

test("RFC 8461 §8.1: the id stays back while one address of the policy host serves an older body", async () => {
  const domain = await prepare("one-stale.com");
  const at = (servesOtherPolicy: boolean): PublishPolicyDeps => ({
    ...deps,
    fetchPolicy: async (name) => {
      const other = { address: "192.0.2.2", state: "failed", detail: "", servesOtherPolicy } as const;
      return { ...(await deps.fetchPolicy(name)), every: { addresses: [other], otherKey: undefined } };
    },
  });
  await expect(publishPolicy(ctx(), { domainId: domain.id }, at(true))).rejects.toMatchObject({
    code: "unavailable",
  });
  expect((await domain.row()).publishedVersion).toBeNull();
  // An address that does not answer at all is not waited for: the policy of the others counts.
  expect(await publishPolicy(ctx(), { domainId: domain.id }, at(false))).toEqual({ outcome: "published" });
});

const hour = 3_600_000;

/** A domain whose owner set enforce, with consent to what was seen then, before its first publication. */
async function prepareEnforce(domain: string, mx: string) {
  const prepared = await prepare(domain);
  const seen = createTestSurroundings(mx);
  const consent = { acknowledge: ["no-evidence"], confirmDomain: domain };
  const policy = { mode: "enforce", mx: [mx], maxAgeSeconds: 86_400 };
  const set = (changes: { maxAgeSeconds?: number } = {}) =>
    setPolicy(ctx(), { domainId: prepared.id, ...policy, ...consent, ...changes }, seen);
  await set();
  const publish = () => publishPolicy(ctx(), { domainId: prepared.id }, { ...deps, interlock: seen });
  return { ...prepared, seen, set, publish };
}

test("RFC 8461 §5: an MX that changed while a domain was pending keeps its enforce policy back: served, but no sender knows of it", async () => {
  const domain = await prepareEnforce("held.com", "mx1.held.com");
  domain.seen.mxHosts = ["mx9.held.com"];
  await expect(domain.publish()).rejects.toMatchObject({ code: "unavailable" });
  await expect(domain.publish()).rejects.toMatchObject({ code: "unavailable" });
  expect(log.filter((line) => line.startsWith("published"))).toEqual([]);
  const { publishProblem, publishedVersion, status } = await domain.row();
  expect([publishedVersion, status]).toEqual([null, "pending"]);
  expect(publishProblem).toMatch(/held back.*None of the hosts that receive mail for held\.com/);
  expect((await findServedPolicy(db, "held.com"))?.mode).toBe("enforce");
  expect(await domain.events("policy.held")).toBe(1);
  expect(await domain.events("policy.publishFailed")).toBe(0);
  domain.seen.mxHosts = ["mx1.held.com"];
  nowMs += 120_000;
  expect(await domain.publish()).toEqual({ outcome: "published" });
  expect((await domain.row()).publishProblem).toBeNull();
});

test("an MX change that a look finds while a first publication is assessed keeps its id back until it is assessed again", async () => {
  const domain = await prepareEnforce("meanwhile.com", "mx1.meanwhile.com");
  const { probeMxHost } = domain.seen;
  const move = (mxHost: string) =>
    db.domain.updateMany({ where: { id: domain.id }, data: { mxHosts: [{ mxHost, preference: 10 }] } });
  // The owner's own look is two minutes old at most: it is not gone by once the MX is another one.
  nowMs += 60_000;
  await move("mx9.meanwhile.com");
  const count = await db.policyAssessment.count({ where: { domainId: domain.id } });
  domain.seen.mxHosts = ["mx9.meanwhile.com"];
  await expect(domain.publish()).rejects.toThrow(/held back/);
  expect(await db.policyAssessment.count({ where: { domainId: domain.id } })).toBe(count + 1);
  // What held it a moment ago was about other hosts.
  domain.seen.mxHosts = ["mx1.meanwhile.com"];
  await move("mx1.meanwhile.com");
  nowMs += 1_000;
  const { fetchPolicy } = deps;
  let isMoved = false;
  domain.seen.probeMxHost = async (mxHost) => {
    isMoved = true;
    return probeMxHost(mxHost);
  };
  const inTransaction = ctx().inTransaction;
  const racing = {
    ...ctx(),
    inTransaction: async <T>(work: Parameters<typeof inTransaction<T>>[0]) => {
      const done = await inTransaction(work);
      if (isMoved) await move("mx8.meanwhile.com");
      isMoved = false;
      return done;
    },
  };
  const raced = publishPolicy(
    racing,
    { domainId: domain.id },
    { ...deps, fetchPolicy, interlock: domain.seen },
  );
  await expect(raced).rejects.toThrow(/changed while we looked/);
  expect((await domain.row()).publishedVersion).toBeNull();
});

test("what its owner acknowledged does not hold a first publication", async () => {
  const domain = await prepareEnforce("agreed.com", "mx1.agreed.com");
  expect(await domain.publish()).toEqual({ outcome: "published" });
});

test("consent to one MX host does not cover another that appeared since", async () => {
  const domain = await prepare("other-host.com");
  const seen = createTestSurroundings("mx1.other-host.com", "mx2.other-host.com");
  const policy = { mode: "enforce", mx: ["mx1.other-host.com"], maxAgeSeconds: 86_400 };
  const consent = { acknowledge: ["no-evidence", "mx-uncovered"], confirmDomain: "other-host.com" };
  await setPolicy(ctx(), { domainId: domain.id, ...policy, ...consent }, seen);
  seen.mxHosts.push("mx3.other-host.com");
  const publish = () => publishPolicy(ctx(), { domainId: domain.id }, { ...deps, interlock: seen });
  await expect(publish()).rejects.toThrow(/mx3\.other-host\.com receives mail/);
  seen.mxHosts.pop();
  nowMs += 120_000;
  expect(await publish()).toEqual({ outcome: "published" });
});

test("an enforce version of an active domain is assessed again when it is over an hour old, and testing never is", async () => {
  const domain = await prepareEnforce("late.com", "mx1.late.com");
  await domain.publish();
  await domain.set({ maxAgeSeconds: 172_800 });
  domain.seen.mxHosts = ["mx9.late.com"];
  nowMs += hour;
  await expect(domain.publish()).rejects.toMatchObject({ code: "unavailable" });
  expect((await domain.row()).publishedVersion).toBe(2);
  await setPolicy(ctx(), { domainId: domain.id, ...testing }, domain.seen);
  nowMs += hour;
  expect(await domain.publish()).toEqual({ outcome: "published" });
});

test("a draft follows the MX hosts until its first publication; a policy that a person set, and a published one, do not", async () => {
  const domain = await prepare("draft.com");
  const seen = createTestSurroundings("mx1.draft.com");
  const publish = (id: string) => publishPolicy(ctx(), { domainId: id }, { ...deps, interlock: seen });
  expect(await publish(domain.id)).toEqual({ outcome: "current" });
  seen.mxHosts = ["mx2.draft.com"];
  expect(await publish(domain.id)).toEqual({ outcome: "current" });
  expect(await publish(domain.id)).toEqual({ outcome: "published" });
  expect(await domain.versionRow(3)).toMatchObject({ mode: "testing", mx: ["mx2.draft.com"], state: "live" });
  const chosen = await prepare("chosen.com");
  await setPolicy(ctx(), { domainId: chosen.id, ...testing }, seen);
  expect(await publish(chosen.id)).toEqual({ outcome: "published" });
  expect(await chosen.versionRow(2)).toMatchObject({ mx: testing.mx, state: "live" });
});

test("a publisher that failed is asked again, with the same id", async () => {
  const domain = await prepare("publisher.com");
  publishFailure = "Route 53 does not answer.";
  await expect(domain.publish()).rejects.toMatchObject({ code: "unavailable" });
  expect(await domain.row()).toMatchObject({ status: "pending", publishProblem: publishFailure });
  publishFailure = undefined;
  expect(await domain.publish()).toEqual({ outcome: "published" });
  expect(log.at(-1)).toBe(`published v=STSv1; id=${(await domain.versionRow(1)).policyId};`);
  expect(await domain.row()).toMatchObject({ status: "active" });
});

test("a version that was overtaken while it was fetched does not put its id over the newer one's", async () => {
  const domain = await prepare("overtaken.com");
  const overtaken: PublishPolicyDeps = {
    ...deps,
    fetchPolicy: async (name) => {
      const answer = await deps.fetchPolicy(name);
      await setPolicy(ctx(), { domainId: domain.id, ...testing }, surroundings);
      return answer;
    },
  };
  expect(await publishPolicy(ctx(), { domainId: domain.id }, overtaken)).toEqual({ outcome: "current" });
  expect((await domain.row()).publishedVersion).toBeNull();
  expect(log).toEqual(["fetched 1"]);
});

test("RFC 8461 §8.3: a leaving domain answers mode none until the last older policy ran out, then nothing", async () => {
  const domain = await prepare("leaving.com");
  await domain.publish();
  await setPolicy(ctx(), { domainId: domain.id, ...testing, maxAgeSeconds: 604_800 }, surroundings);
  await domain.publish();
  await leaveDomain(ctx(), { domainId: domain.id });
  expect(await domain.publish()).toEqual({ outcome: "published" });
  expect((await findServedPolicy(db, "leaving.com"))?.mode).toBe("none");
  const finish = () => finishLeaving(ctx(), { domainId: domain.id });
  nowMs += 604_800_000;
  expect(await finish()).toBe(false);
  nowMs += 10_000;
  expect(await finish()).toBe(true);
  expect(await domain.row()).toMatchObject({ status: "left", servedVersion: null, publishedVersion: null });
  expect(await findServedPolicy(db, "leaving.com")).toBeUndefined();
  expect(await db.domainClaim.findUnique({ where: { domain: "leaving.com" } })).toBeNull();
  const name = await db.certificateName.findFirstOrThrow({ where: { domainId: domain.id } });
  expect(name).toMatchObject({ state: "stopped", renewAt: null });
  await publishDomainRecords(ctx(), { domainId: domain.id }, deps);
  expect(log.slice(-3)).toEqual(["published ", "published ", "published "]);
  expect(await finish()).toBe(false);
  expect(await domain.events("domain.left")).toBe(1);
});
