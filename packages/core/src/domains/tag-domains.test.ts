import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createTestPeople, type TestPeople } from "../../testing/create-test-people.ts";
import { createTestDomain } from "../../testing/create-test-report.ts";
import type { Context } from "../context.ts";
import { hashShareToken } from "../domain-views/hash-share-token.ts";
import { revokeDomainShare } from "../domain-views/revoke-domain-share.ts";
import { shareDomain } from "../domain-views/share-domain.ts";
import { listFilters, removeFilter, saveFilter } from "./save-filter.ts";
import { listTags, tagDomains } from "./tag-domains.ts";

let database: TestDatabase;
let people: TestPeople;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
  people = createTestPeople(database.db);
});
afterAll(() => database.drop());

const addDomain = async (ctx: Context, domain: string) => (await createTestDomain(ctx, domain)).domainId;
const tag = (ctx: Context, domainIds: string[], add: string[], remove: string[] = []) =>
  tagDomains(ctx, { domainIds, add, remove });
const tagsOf = async (domainId: string) =>
  (await database.db.domainTag.findMany({ where: { domainId }, orderBy: { tag: "asc" } })).map(
    (row) => row.tag,
  );

async function start() {
  const accountId = await people.addAccount();
  const customerId = await people.addAccount({ parentId: accountId });
  const { ctx } = await people.addMember(accountId, "editor");
  const { ctx: stranger } = await people.addMember(await people.addAccount());
  const [own, customers] = [
    await addDomain(ctx, `a-${accountId}.example`),
    await addDomain({ ...ctx, accountId: customerId }, `b-${accountId}.example`),
  ];
  return { accountId, customerId, ctx, stranger, own, customers };
}

test("tags go to domains of the account and its customers, and each changed domain has one event in its own account", async () => {
  const { accountId, customerId, ctx, own, customers } = await start();
  await tag(ctx, [own, customers, own], ["shop", "old"]);
  await tag(ctx, [own, customers], ["shop"], ["old"]);
  await tag(ctx, [own], ["shop"]);
  expect([await tagsOf(own), await tagsOf(customers)]).toEqual([["shop"], ["shop"]]);
  for (const id of [accountId, customerId])
    expect(await people.listEventKinds(id)).toEqual(["domain.tagged", "domain.tagged"]);
  expect((await listTags(ctx, { scope: "own" })).items).toMatchObject([{ tag: "shop" }]);
});

test("one foreign domain among them, or a 21st tag, changes no domain at all", async () => {
  const { ctx, stranger, own, customers } = await start();
  const foreign = await addDomain(stranger, `c-${own}.example`);
  await expect(tag(ctx, [own, foreign], ["x"])).rejects.toMatchObject({ code: "not_found" });
  await expect(tag(stranger, [own], ["x"])).rejects.toMatchObject({ code: "not_found" });
  await tag(
    ctx,
    [customers],
    Array.from({ length: 20 }, (_, n) => `t${n}`),
  );
  await expect(tag(ctx, [own, customers], ["x"])).rejects.toMatchObject({ code: "limit_reached" });
  expect([await tagsOf(own), await tagsOf(foreign), (await tagsOf(customers)).length]).toEqual([[], [], 20]);
});

test("two changes of the same domains at once, named in opposite order, both succeed", async () => {
  const { ctx, own, customers } = await start();
  await Promise.all([tag(ctx, [own, customers], ["one"]), tag(ctx, [customers, own], ["two"])]);
  expect([await tagsOf(own), await tagsOf(customers)]).toEqual(Array(2).fill(["one", "two"]));
});

test("a saved filter of the same name on the same list is replaced; another account neither sees nor deletes it", async () => {
  const { accountId, ctx, stranger } = await start();
  const save = (search: Record<string, string>, page: "domains" | "portfolio" = "domains") =>
    saveFilter(ctx, { page, name: "Failing", search });
  await save({ state: "failing" });
  const { id } = await save({ state: "good" });
  await save({ state: "good" }, "portfolio");
  const { items } = await listFilters(ctx);
  expect(items.map(({ page, search }) => [page, search])).toEqual(
    expect.arrayContaining([
      ["domains", { state: "good" }],
      ["portfolio", { state: "good" }],
    ]),
  );
  expect(items).toHaveLength(2);
  expect((await listFilters(stranger)).items).toEqual([]);
  await expect(removeFilter(stranger, { filterId: id })).rejects.toMatchObject({ code: "not_found" });
  await removeFilter(ctx, { filterId: id });
  await expect(removeFilter(ctx, { filterId: id })).rejects.toMatchObject({ code: "not_found" });
  expect((await people.listEventKinds(accountId)).at(-1)).toBe("savedFilter.removed");
});

test("a new link to a domain's records ends the older one, only its hash is kept, and revoking it twice is one event", async () => {
  const { accountId, ctx, stranger, own } = await start();
  const first = await shareDomain(ctx, { domainId: own });
  const second = await shareDomain(ctx, { domainId: own });
  const rows = await database.db.domainShare.findMany({ where: { domainId: own } });
  expect(rows.map(({ tokenHash }) => tokenHash)).toEqual([hashShareToken(second.shareToken)]);
  expect(JSON.stringify(rows)).not.toContain(second.shareToken);
  expect(first.shareToken).toMatch(/^[\w-]{24}$/);
  await expect(shareDomain(stranger, { domainId: own })).rejects.toMatchObject({ code: "not_found" });
  await expect(revokeDomainShare(stranger, { domainId: own })).rejects.toMatchObject({ code: "not_found" });
  for (const _ of [0, 1]) await revokeDomainShare(ctx, { domainId: own });
  expect(await database.db.domainShare.count({ where: { domainId: own } })).toBe(0);
  expect(await people.listEventKinds(accountId)).toEqual([
    "domain.shared",
    "domain.shared",
    "domain.unshared",
  ]);
});
