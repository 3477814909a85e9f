import { randomUUID } from "node:crypto";
import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createTestAccount, createTestDomain } from "../../testing/create-test-report.ts";
import { type Context, createContext } from "../context.ts";
import { escapePattern } from "../escape-pattern.ts";
import { chooseDomains } from "./choose-domains.ts";
import { findAnything } from "./find-anything.ts";
import { getCustomer, listCustomers } from "./list-customers.ts";
import { asTyped } from "./name-pattern.ts";
import { tagChosenDomains } from "./tag-chosen-domains.ts";

const now = () => new Date("2026-03-15T06:00:00Z");
let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
});
afterAll(() => database.drop());

async function addCustomer(
  { accountId: parentId }: Context,
  name: string,
  data: object = {},
): Promise<Context> {
  const ctx = await createTestAccount(database.db, now);
  await database.db.organization.update({ where: { id: ctx.accountId }, data: { parentId, name, ...data } });
  return ctx;
}
const addDomain = async (ctx: Context, domain: string, data: object = {}) => {
  const { domainId } = await createTestDomain(ctx, domain);
  await database.db.domain.updateMany({ where: { id: domainId }, data });
  return domainId;
};
/** A provider with a domain of its own, a customer with two, and a stranger with one of a similar name. */
async function start() {
  const ctx = await createTestAccount(database.db, now);
  const customer = await addCustomer(ctx, "Bakery");
  const stranger = await createTestAccount(database.db, now);
  return {
    ctx,
    customer,
    stranger,
    own: await addDomain(ctx, "own.example"),
    bread: await addDomain(customer, "bread.example"),
    cake: await addDomain(customer, "cake.example"),
    foreign: await addDomain(stranger, "bread-foreign.example"),
  };
}
const idsOf = (found: { id: string }[]) => found.map(({ id }) => id);

test("domains are chosen by id here and at customers, once each, by name", async () => {
  const { ctx, own, bread, cake } = await start();
  expect(idsOf(await chooseDomains(ctx, { domainIds: [own, cake, bread, cake] }, 10))).toEqual([
    bread,
    cake,
    own,
  ]);
});

test("a domain of a stranger, or of the provider seen by a customer, is like one that is not there", async () => {
  const { ctx, customer, own, bread, foreign } = await start();
  for (const domainIds of [[own, foreign], [randomUUID()]])
    await expect(chooseDomains(ctx, { domainIds }, 10)).rejects.toMatchObject({
      code: "not_found",
      message: "There is no such domain.",
    });
  await expect(chooseDomains(customer, { domainIds: [bread, own] }, 10)).rejects.toMatchObject({
    code: "not_found",
  });
});

test("all that a filter leaves but those excepted are chosen, and never a stranger's", async () => {
  const { ctx, own, bread, cake } = await start();
  expect(idsOf(await chooseDomains(ctx, { filter: { q: "bread" } }, 10))).toEqual([bread]);
  expect(idsOf(await chooseDomains(ctx, { exceptIds: [own] }, 10))).toEqual([bread, cake]);
  expect(idsOf(await chooseDomains(ctx, {}, 10))).toEqual([bread, cake, own]);
});

test("a selection that is another one by now changes nothing, and says both numbers", async () => {
  const { ctx } = await start();
  expect(await chooseDomains(ctx, { expected: 3 }, 10)).toHaveLength(3);
  await expect(chooseDomains(ctx, { expected: 2_000 }, 10)).rejects.toMatchObject({
    code: "conflict",
    reason: "selection_changed",
    message: expect.stringMatching(/3 domains match now, 2,000 did .* Nothing was changed/),
  });
});

test("nothing and too much are refused", async () => {
  const { ctx } = await start();
  await expect(chooseDomains(ctx, { filter: { q: "nothing-like-it" } }, 10)).rejects.toMatchObject({
    code: "invalid",
  });
  await expect(chooseDomains(ctx, {}, 2)).rejects.toMatchObject({
    code: "limit_reached",
    reason: "too_large",
  });
  expect(await chooseDomains(ctx, {}, 3)).toHaveLength(3);
});

test("a filter leaves out domains that have left; naming one by id finds it", async () => {
  const { ctx, own } = await start();
  await database.db.domain.updateMany({ where: { id: own }, data: { status: "left" } });
  expect(await chooseDomains(ctx, {}, 10)).toHaveLength(2);
  expect(idsOf(await chooseDomains(ctx, { domainIds: [own] }, 10))).toEqual([own]);
});

test("tags are set on all chosen domains or on none, and only by those who may change domains", async () => {
  const { ctx, own, bread, foreign } = await start();
  const tagsOf = (domainId: string) => database.db.domainTag.count({ where: { domainId } });
  const wish = { add: ["vip"], remove: [] };
  await expect(tagChosenDomains(ctx, { ...wish, domainIds: [own, foreign] })).rejects.toMatchObject({
    code: "not_found",
  });
  expect([await tagsOf(own), await tagsOf(foreign)]).toEqual([0, 0]);
  await tagChosenDomains(ctx, { ...wish, domainIds: [own, bread] });
  expect([await tagsOf(own), await tagsOf(bread)]).toEqual([1, 1]);
  const actor = { kind: "user", id: "u", name: "Ann" } as const;
  const viewer = createContext({ db: database.db, now }, ctx.accountId, actor, "viewer");
  await expect(tagChosenDomains(viewer, { ...wish, domainIds: [own] })).rejects.toMatchObject({
    code: "forbidden",
  });
});

test("a few letters find domains here and at customers, whose names begin with them first, and customers", async () => {
  const { ctx } = await start();
  await addDomain(ctx, "sourbread.example");
  await addCustomer(ctx, "Bread & Butter", { externalId: "crm-9" });
  const { domains, customers, reporters, reports } = await findAnything(ctx, { q: " BREAD " });
  expect(domains.map(({ domain, customer }) => [domain, customer])).toEqual([
    ["bread.example", "Bakery"],
    ["sourbread.example", null],
  ]);
  expect(customers.map(({ name }) => name)).toEqual(["Bread & Butter"]);
  expect([reporters, reports]).toEqual([[], []]);
  expect((await findAnything(ctx, { q: "crm-9" })).customers).toHaveLength(1);
});

test("a customer finds nothing of its provider or of a stranger, and a blank finds nothing", async () => {
  const { customer, stranger } = await start();
  for (const q of ["own", "foreign", "Bakery"])
    expect(await findAnything(customer, { q })).toMatchObject({ domains: [], customers: [] });
  expect((await findAnything(stranger, { q: "bread" })).domains.map(({ domain }) => domain)).toEqual([
    "bread-foreign.example",
  ]);
  expect(await findAnything(customer, { q: "  " })).toEqual({
    domains: [],
    customers: [],
    reporters: [],
    reports: [],
  });
});

test.each(["%", "_", "\\", "%%", "' or '1'='1"])("the letters %j mean themselves", async (q) => {
  const { ctx } = await start();
  expect(await findAnything(ctx, { q })).toMatchObject({ domains: [], customers: [] });
  expect((await listCustomers(ctx, { q })).items).toEqual([]);
});

test("at most eight domains and five customers are found", async () => {
  const ctx = await createTestAccount(database.db, now);
  for (let n = 0; n < 10; n++) {
    await addDomain(ctx, `many${n}.example`);
    await addCustomer(ctx, `Many ${n}`);
  }
  const { domains, customers } = await findAnything(ctx, { q: "many" });
  expect([domains.length, customers.length]).toEqual([8, 5]);
});

test.each([
  ["Example", "example"],
  [" BÜCHER.example ", "xn--bcher-kva.example"],
  ["bü", "xn--b-eha"],
  ["a b", "a b"],
  ["", ""],
])("the letters %j are looked for as %j, as the DNS has them", (typed, expected) => {
  expect(asTyped(typed)).toBe(expected);
});

test.each([
  ["50%", "50\\%"],
  ["a_b", "a\\_b"],
  ["c\\d", "c\\\\d"],
  ["plain", "plain"],
])("%j is escaped as %j", (text, escaped) => {
  expect(escapePattern(text)).toBe(escaped);
});

test("customers whose mail fails come first, then those that need attention, then by name as people count", async () => {
  const ctx = await createTestAccount(database.db, now);
  for (const [name, health] of [
    ["Shop 10", "good"],
    ["Shop 9", "good"],
    ["Waiting", "waiting"],
    ["Failing", "mail-failing"],
    ["Empty", undefined],
  ] as const) {
    const customer = await addCustomer(ctx, name);
    if (health) await addDomain(customer, `${name.toLowerCase().replace(" ", "")}.example`, { health });
  }
  const { items } = await listCustomers(ctx, {});
  expect(items.map(({ name }) => name)).toEqual(["Failing", "Waiting", "Empty", "Shop 9", "Shop 10"]);
  expect(items[0]).toMatchObject({ domains: 1, mailFailing: 1, good: 0 });
});

test("a customer is found by its name, by a domain of it, by its externalId, and by its own provider only", async () => {
  const { ctx, customer, stranger } = await start();
  await database.db.organization.update({ where: { id: customer.accountId }, data: { externalId: "crm-1" } });
  const names = async (query: object) => (await listCustomers(ctx, query)).items.map(({ name }) => name);
  for (const query of [{ q: "bak" }, { q: "cake" }, { externalId: "crm-1" }])
    expect(await names(query)).toEqual(["Bakery"]);
  for (const query of [{ q: "foreign" }, { externalId: "crm" }]) expect(await names(query)).toEqual([]);
  expect(await getCustomer(ctx, { customerId: customer.accountId })).toMatchObject({
    name: "Bakery",
    domains: 2,
  });
  for (const [asker, customerId] of [
    [stranger, customer.accountId],
    [ctx, stranger.accountId],
    [ctx, ctx.accountId],
    [customer, ctx.accountId],
  ] as const)
    await expect(getCustomer(asker, { customerId })).rejects.toMatchObject({
      code: "not_found",
      message: "There is no such customer.",
    });
});

test("a domain that has left does not count among a customer's domains", async () => {
  const { ctx, customer, cake } = await start();
  await database.db.domain.updateMany({ where: { id: cake }, data: { status: "left" } });
  expect(await getCustomer(ctx, { customerId: customer.accountId })).toMatchObject({ domains: 1 });
});
