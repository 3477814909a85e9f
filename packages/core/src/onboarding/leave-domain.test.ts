import { randomUUID } from "node:crypto";
import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createTestAccount, createTestDomain } from "../../testing/create-test-report.ts";
import { type Context, createContext } from "../context.ts";
import { leaveDomain } from "./leave-domain.ts";
import { restoreDomain } from "./restore-domain.ts";
import { restoreLeavingDomain } from "./restore-leaving-domain.ts";

let at = new Date("2026-03-15T06:00:00Z");
const now = () => at;
let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
});
afterAll(() => database.drop());

const wait = (hours: number) => {
  at = new Date(at.getTime() + hours * 3_600_000);
};
type Mode = "enforce" | "testing" | "none";
let domains = 0;
/** A domain whose policy senders may hold; `isPublished: false`: no sender ever saw its id. */
async function start(mode: Mode = "enforce", { isPublished = true, mx = ["mx.kept.example"] } = {}) {
  const ctx = await createTestAccount(database.db, now);
  const name = `left${domains++}.example`;
  const { domainId, token } = await createTestDomain(ctx, name);
  const { accountId } = ctx;
  const made = {
    version: 1,
    policyId: "1",
    createdAt: at,
    createdBy: "u",
    publishedAt: isPublished ? at : null,
  };
  await database.db.policyVersion.create({
    data: { accountId, domainId, ...made, mode, mx, maxAgeSeconds: 604_800 },
  });
  const status = isPublished ? ("active" as const) : ("pending" as const);
  const data = { status, activeAt: isPublished ? at : null, publishedVersion: isPublished ? 1 : null };
  await database.db.domain.updateMany({ where: { id: domainId }, data });
  await database.db.domainClaim.create({ data: { domain: name, accountId, domainId, claimedAt: at } });
  wait(1);
  return { ctx, domainId, name, token };
}
const versions = (domainId: string) =>
  database.db.policyVersion.findMany({ where: { domainId }, orderBy: { version: "asc" } });
const domainOf = (id: string) => database.db.domain.findFirstOrThrow({ where: { id } });
const kinds = async (accountId: string) =>
  (await database.db.event.findMany({ where: { accountId }, orderBy: { id: "asc" } })).map(
    ({ kind }) => kind,
  );
const as = (ctx: Context, role: "viewer") =>
  createContext({ db: database.db, now }, ctx.accountId, { kind: "user", id: "u", name: "Ann" }, role);

test("RFC 8461 §8.3: a served domain leaves by mode none under a new id, with a max_age of a day, and keeps its name", async () => {
  const { ctx, domainId, name } = await start();
  expect(await leaveDomain(ctx, { domainId })).toMatchObject({
    status: "leaving",
    leavingAt: at,
    leftAt: null,
  });
  const [old, exit] = await versions(domainId);
  expect(exit).toMatchObject({ version: 2, mode: "none", maxAgeSeconds: 86_400, mx: ["mx.kept.example"] });
  expect(exit?.policyId).not.toBe(old?.policyId);
  expect(await database.db.domainClaim.count({ where: { domain: name } })).toBe(1);
});

test("a domain whose id was never published has left at once: claim, certificate and names are gone", async () => {
  const { ctx, domainId, name, token } = await start("testing", { isPublished: false });
  const host = `mta-sts.${name}`;
  await database.db.certificateName.create({
    data: { accountId: ctx.accountId, host, domainId, stateSince: at },
  });
  expect(await leaveDomain(ctx, { domainId })).toMatchObject({
    status: "left",
    leftAt: at,
    servedVersion: null,
  });
  expect(await database.db.domainClaim.count({ where: { domain: name } })).toBe(0);
  expect(await versions(domainId)).toMatchObject([{ version: 1, state: "superseded", lastServedAt: at }]);
  expect(await database.db.certificateName.findFirst({ where: { host } })).toMatchObject({
    state: "stopped",
  });
  const changed = await database.db.servingChange.findMany({ where: { key: { in: [token, name] } } });
  expect(changed.map(({ kind }) => kind).toSorted()).toEqual(["policy", "record"]);
  expect((await kinds(ctx.accountId)).at(-1)).toBe("domain.left");
});

test.each<[string, string[], string[]]>([
  ["that are usable stay", ["a.example", "*.b.example"], ["a.example", "*.b.example"]],
  ["that no policy may have today are left out", ["a.example", "not a host", "*.*.example"], ["a.example"]],
  ["that are all unusable are replaced by the domain itself", ["not a host"], []],
])("no fault of an old policy blocks the exit: patterns %s", async (_what, mx, expected) => {
  const { ctx, domainId, name } = await start("enforce", { mx });
  await leaveDomain(ctx, { domainId });
  expect((await versions(domainId)).at(-1)?.mx).toEqual(expected.length > 0 ? expected : [name]);
});

test("a domain leaves once, also when it is asked for several times at the same instant", async () => {
  const { ctx, domainId } = await start();
  const outcomes = await Promise.allSettled([1, 2, 3].map(() => leaveDomain(ctx, { domainId })));
  const reasons = outcomes.flatMap((one) => (one.status === "rejected" ? [one.reason.reason] : []));
  expect(reasons).toEqual(["domain_leaving", "domain_leaving"]);
  expect(await versions(domainId)).toHaveLength(2);
  await database.db.domain.updateMany({ where: { id: domainId }, data: { status: "left" } });
  await expect(leaveDomain(ctx, { domainId })).rejects.toMatchObject({
    code: "conflict",
    reason: "domain_left",
  });
});

test.each<[Mode, Mode]>([
  ["enforce", "testing"],
  ["testing", "testing"],
  ["none", "none"],
])(
  "RFC 8461 §8.1: a domain that left in mode %s comes back in mode %s, under a third id",
  async (before, after) => {
    const { ctx, domainId } = await start(before);
    await leaveDomain(ctx, { domainId });
    wait(1);
    expect(await restoreDomain(ctx, { domainId })).toMatchObject({ status: "active", leavingAt: null });
    const all = await versions(domainId);
    expect(all.map(({ mode }) => mode)).toEqual([before, "none", after]);
    expect(all.at(-1)).toMatchObject({ maxAgeSeconds: 604_800, mx: ["mx.kept.example"] });
    expect(new Set(all.map(({ policyId }) => policyId)).size).toBe(3);
  },
);

test("a domain that is not leaving is not restored, and the refusal says why", async () => {
  const { ctx, domainId } = await start();
  await expect(restoreDomain(ctx, { domainId })).rejects.toMatchObject({ reason: "domain_not_leaving" });
  expect(await restoreLeavingDomain(ctx, { domainId })).toBe(false);
  await database.db.domain.updateMany({ where: { id: domainId }, data: { status: "left" } });
  await expect(restoreDomain(ctx, { domainId })).rejects.toMatchObject({ reason: "domain_left" });
  expect(await versions(domainId)).toHaveLength(1);
});

test("a domain of an account that is being deleted continues to leave", async () => {
  const { ctx, domainId } = await start();
  await leaveDomain(ctx, { domainId });
  await database.db.organization.update({ where: { id: ctx.accountId }, data: { closingAt: at } });
  await expect(restoreDomain(ctx, { domainId })).rejects.toMatchObject({ reason: "account_closing" });
  expect((await domainOf(domainId)).status).toBe("leaving");
});

test("restoring twice at the same instant restores once", async () => {
  const { ctx, domainId } = await start();
  await leaveDomain(ctx, { domainId });
  const restored = await Promise.all([1, 2, 3].map(() => restoreLeavingDomain(ctx, { domainId })));
  expect(restored.toSorted()).toEqual([false, false, true]);
  expect(await versions(domainId)).toHaveLength(3);
  expect((await kinds(ctx.accountId)).filter((kind) => kind === "domain.restored")).toHaveLength(1);
});

test("a viewer turns no domain off or on", async () => {
  const { ctx, domainId } = await start();
  const refusal = { code: "forbidden", lacking: { permission: "domains.leave" } };
  await expect(leaveDomain(as(ctx, "viewer"), { domainId })).rejects.toMatchObject(refusal);
  await expect(restoreDomain(as(ctx, "viewer"), { domainId })).rejects.toMatchObject(refusal);
  expect((await domainOf(domainId)).status).toBe("active");
});

test("another account's domain can be neither deleted nor restored, and is answered like a missing one", async () => {
  const [{ ctx: mine }, { domainId: theirs }] = [await start(), await start()];
  for (const domainId of [theirs, randomUUID()])
    for (const verb of [leaveDomain, restoreDomain])
      await expect(verb(mine, { domainId })).rejects.toMatchObject({ code: "not_found" });
  expect((await domainOf(theirs)).status).toBe("active");
});
