import { randomUUID } from "node:crypto";
import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createTestAccount, createTestDomain } from "../../testing/create-test-report.ts";
import type { Context } from "../context.ts";
import { leaveDomain } from "../onboarding/leave-domain.ts";
import { removeDomain } from "../onboarding/remove-domain.ts";
import { findSharedDomain } from "./find-shared-domain.ts";
import { getDomainShare } from "./get-domain-share.ts";
import { getSharedSetup } from "./get-shared-setup.ts";
import { revokeDomainShare } from "./revoke-domain-share.ts";
import { shareDomain } from "./share-domain.ts";

const now = () => new Date("2026-03-15T06:00:00Z");
const settings = {
  hostedZone: "hosted.example",
  reportsDomain: "reports.example",
  reportsHost: "reports.hosted.example",
  policyAddresses: ["192.0.2.1"],
  nameservers: ["ns1.hosted.example"],
  caaIdentities: [],
};
let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
});
afterAll(() => database.drop());

let domains = 0;
async function start(role: Context["role"] = "owner") {
  const ctx = await createTestAccount(database.db, now);
  const name = `shared${domains++}.example`;
  const owner = await createTestDomain(ctx, name);
  const actor = { kind: "user", id: "u", name: "Ann" } as const;
  return { ctx: { ...ctx, actor, role }, name, ...owner };
}
const show = (shareToken: string) => getSharedSetup(database.db, { shareToken }, settings);
const missing = { code: "not_found", message: "There is no such link." };
const kinds = async (accountId: string) =>
  (await database.db.event.findMany({ where: { accountId }, orderBy: { id: "asc" } })).map(
    ({ kind }) => kind,
  );

test("the holder of a link sees the three records and the account's name, and no id", async () => {
  const { ctx, domainId, name, token } = await start();
  const { shareToken } = await shareDomain(ctx, { domainId });
  expect(shareToken).toMatch(/^[\w-]{24}$/);
  const seen = await show(shareToken);
  const { name: accountName } = await database.db.organization.findUniqueOrThrow({
    where: { id: ctx.accountId },
  });
  expect(Object.keys(seen).toSorted()).toEqual(["accountName", "colors", "dns", "domain", "setup"]);
  expect(seen).toMatchObject({ domain: name, accountName });
  expect(seen.setup).toHaveLength(3);
  for (const { target } of seen.setup) expect(target).toContain(token);
  expect(JSON.stringify(seen)).not.toContain(domainId);
});

test("the token is shown once: the database has its hash, and the share names its maker only", async () => {
  const { ctx, domainId } = await start();
  expect(await getDomainShare(ctx, { domainId })).toEqual({ share: null });
  const { shareToken, createdBy } = await shareDomain(ctx, { domainId });
  expect(JSON.stringify(await database.db.domainShare.findMany())).not.toContain(shareToken);
  expect(await getDomainShare(ctx, { domainId })).toEqual({
    share: { createdAt: now().toISOString(), createdBy },
  });
});

test("a newer link ends the older one; a withdrawn link ends at once, and is withdrawn once", async () => {
  const { ctx, domainId, name } = await start();
  const first = await shareDomain(ctx, { domainId });
  const second = await shareDomain(ctx, { domainId });
  await expect(show(first.shareToken)).rejects.toMatchObject(missing);
  expect(await show(second.shareToken)).toMatchObject({ domain: name });
  for (const _ of [0, 1]) await revokeDomainShare(ctx, { domainId });
  await expect(show(second.shareToken)).rejects.toMatchObject(missing);
  expect(await kinds(ctx.accountId)).toEqual(["domain.shared", "domain.shared", "domain.unshared"]);
});

test.each(["", "x", "a".repeat(24), "a".repeat(5_000)])(
  "the made-up link %j.. opens nothing",
  async (shareToken) => {
    await expect(show(shareToken)).rejects.toMatchObject(missing);
    expect(await findSharedDomain(database.db, shareToken)).toBeUndefined();
  },
);

test("the link of a deleted domain opens nothing, also when the domain is added again", async () => {
  const { ctx, domainId, name } = await start();
  const { shareToken } = await shareDomain(ctx, { domainId });
  await leaveDomain(ctx, { domainId });
  await removeDomain(ctx, { domainId });
  await expect(show(shareToken)).rejects.toMatchObject(missing);
  await createTestDomain(ctx, name);
  await expect(show(shareToken)).rejects.toMatchObject(missing);
});

test("another account's domain cannot be shared or withdrawn, and is answered like a missing one", async () => {
  const [mine, theirs] = [await start(), await start()];
  const { shareToken } = await shareDomain(theirs.ctx, { domainId: theirs.domainId });
  for (const domainId of [theirs.domainId, randomUUID(), "none"])
    for (const verb of [shareDomain, revokeDomainShare, getDomainShare])
      await expect(verb(mine.ctx, { domainId })).rejects.toMatchObject({
        code: "not_found",
        message: "There is no such domain.",
      });
  expect(await show(shareToken)).toMatchObject({ domain: theirs.name });
});

test("a viewer makes no link and withdraws none", async () => {
  const { ctx, domainId } = await start("viewer");
  for (const verb of [shareDomain, revokeDomainShare])
    await expect(verb(ctx, { domainId })).rejects.toMatchObject({
      code: "forbidden",
      lacking: { permission: "domains.change" },
    });
});
