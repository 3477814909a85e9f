import { randomUUID } from "node:crypto";
import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createTestPeople, type TestPeople } from "../../testing/create-test-people.ts";
import type { Context } from "../context.ts";
import { changeCustomer } from "./change-customer.ts";
import { createCustomer } from "./create-customer.ts";
import { findCustomersByName } from "./find-customers-by-name.ts";

let database: TestDatabase;
let people: TestPeople;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
  people = createTestPeople(database.db);
});
afterAll(() => database.drop());

const startProvider = async () => (await people.addMember(await people.addAccount({ name: "Provider" }))).ctx;
const make = async (ctx: Context, name: string, externalId?: string) =>
  (await createCustomer(ctx, { name, externalId })).customer;
const rowOf = (id: string) => database.db.organization.findUniqueOrThrow({ where: { id } });

test("a customer belongs to its provider, has no member of its own, and both audit logs name it", async () => {
  const ctx = await startProvider();
  const { customer, isNew } = await createCustomer(ctx, { name: "  Bakery  North ", externalId: "crm-1" });
  expect(isNew).toBe(true);
  expect(customer).toMatchObject({ name: "Bakery North", parentId: ctx.accountId, externalId: "crm-1" });
  expect(await database.db.member.count({ where: { organizationId: customer.id } })).toBe(0);
  expect(await people.listEventKinds(ctx.accountId)).toEqual(["customer.created"]);
  expect(await people.listEventKinds(customer.id)).toEqual(["account.created"]);
});

test("the same externalId and name again is the same customer, also ten at the same instant", async () => {
  const ctx = await startProvider();
  const input = { name: "Bakery", externalId: "crm-1" };
  const made = await Promise.all(Array.from({ length: 10 }, () => createCustomer(ctx, input)));
  expect(new Set(made.map(({ customer }) => customer.id)).size).toBe(1);
  expect(made.filter(({ isNew }) => isNew)).toHaveLength(1);
  expect(await people.listEventKinds(ctx.accountId)).toEqual(["customer.created"]);
});

test("the same externalId with another name is refused and names the customer that has it", async () => {
  const ctx = await startProvider();
  const { id } = await make(ctx, "Bakery", "crm-1");
  await expect(createCustomer(ctx, { name: "Butcher", externalId: "crm-1" })).rejects.toMatchObject({
    code: "conflict",
    reason: "external_id_taken",
    collidesWith: { kind: "customer", id },
  });
});

test("two providers use the same externalId for different customers", async () => {
  const [one, other] = [await startProvider(), await startProvider()];
  const [first, second] = [await make(one, "Bakery", "crm-1"), await make(other, "Butcher", "crm-1")];
  expect(first.id).not.toBe(second.id);
});

test("two customers may have one name when no externalId says that they are one", async () => {
  const ctx = await startProvider();
  const ids = [await make(ctx, "Bakery"), await make(ctx, "Bakery"), await make(ctx, "BAKERY")].map(
    ({ id }) => id,
  );
  await make(await startProvider(), "Bakery");
  const source = { accountId: ctx.accountId, db: database.db };
  const found = await database.db.$transaction((db) =>
    findCustomersByName({ ...source, db }, ["bakery", "x"]),
  );
  expect([...found.keys()]).toEqual(["bakery"]);
  expect(found.get("bakery")?.toSorted()).toEqual(ids.toSorted());
});

test("names are compared without regard to case beyond ASCII, whatever the locale of the database is", async () => {
  const ctx = await startProvider();
  const { id } = await make(ctx, "ÄPFEL & ÖL");
  const found = await database.db.$transaction((db) =>
    findCustomersByName({ accountId: ctx.accountId, db }, ["äpfel & öl"]),
  );
  expect([...found]).toEqual([["äpfel & öl", [id]]]);
});

test("a customer has no customers, and an account that is being deleted gets none", async () => {
  const ctx = await startProvider();
  const customer = await make(ctx, "Bakery");
  await expect(createCustomer({ ...ctx, accountId: customer.id }, { name: "Nested" })).rejects.toMatchObject({
    code: "conflict",
    reason: "customer_of_customer",
  });
  await database.db.organization.update({ where: { id: ctx.accountId }, data: { closingAt: people.now() } });
  await expect(createCustomer(ctx, { name: "Late" })).rejects.toMatchObject({ code: "conflict" });
  expect(await database.db.organization.count({ where: { parentId: ctx.accountId } })).toBe(1);
});

test("a change keeps what it does not name, and null takes the externalId away", async () => {
  const ctx = await startProvider();
  const { id: customerId } = await make(ctx, "Bakery", "crm-1");
  await changeCustomer(ctx, { customerId, name: " Baker  Ltd " });
  expect(await rowOf(customerId)).toMatchObject({ name: "Baker Ltd", externalId: "crm-1" });
  await changeCustomer(ctx, { customerId, externalId: "crm-2" });
  expect(await rowOf(customerId)).toMatchObject({ name: "Baker Ltd", externalId: "crm-2" });
  await changeCustomer(ctx, { customerId, externalId: null });
  expect(await rowOf(customerId)).toMatchObject({ name: "Baker Ltd", externalId: null });
});

test("a change of name is in the customer's own log; the same values again are in none", async () => {
  const ctx = await startProvider();
  const { id: customerId } = await make(ctx, "Bakery", "crm-1");
  await changeCustomer(ctx, { customerId, externalId: "crm-2" });
  await changeCustomer(ctx, { customerId, name: "Baker" });
  for (const same of [{}, { name: " Baker " }, { externalId: "crm-2" }])
    await changeCustomer(ctx, { customerId, ...same });
  expect(await people.listEventKinds(customerId)).toEqual(["account.created", "account.renamed"]);
  expect(await people.listEventKinds(ctx.accountId)).toEqual([
    "customer.created",
    "customer.changed",
    "customer.changed",
  ]);
  const last = await database.db.event.findFirstOrThrow({
    where: { accountId: ctx.accountId },
    orderBy: { id: "desc" },
  });
  expect(last.data).toMatchObject({ before: { name: "Bakery", externalId: "crm-2" }, name: "Baker" });
});

test("an externalId that another customer has is refused; a customer's own is not", async () => {
  const ctx = await startProvider();
  const [bakery, butcher] = [await make(ctx, "Bakery", "crm-1"), await make(ctx, "Butcher", "crm-2")];
  await expect(changeCustomer(ctx, { customerId: butcher.id, externalId: "crm-1" })).rejects.toMatchObject({
    code: "conflict",
    collidesWith: { kind: "customer", id: bakery.id },
  });
  await changeCustomer(ctx, { customerId: bakery.id, externalId: "crm-1", name: "Baker" });
  expect(await rowOf(bakery.id)).toMatchObject({ name: "Baker", externalId: "crm-1" });
});

test("of two customers that request one externalId at the same instant, one gets it", async () => {
  const ctx = await startProvider();
  const customers = [await make(ctx, "Bakery"), await make(ctx, "Butcher")];
  const outcomes = await Promise.allSettled(
    customers.map(({ id }) => changeCustomer(ctx, { customerId: id, externalId: "crm-9" })),
  );
  const refused = outcomes.flatMap((one) => (one.status === "rejected" ? [one.reason.code] : []));
  expect(refused).toEqual(["conflict"]);
});

test("another provider's customer, one's own account and a missing one are answered alike", async () => {
  const [ctx, other] = [await startProvider(), await startProvider()];
  const foreign = await make(other, "Bakery");
  for (const customerId of [foreign.id, ctx.accountId, other.accountId, randomUUID()])
    await expect(changeCustomer(ctx, { customerId, name: "Taken" })).rejects.toMatchObject({
      code: "not_found",
      message: "There is no such customer.",
    });
  expect((await rowOf(foreign.id)).name).toBe("Bakery");
});

test.each([
  ["owner", true],
  ["admin", true],
  ["editor", false],
  ["viewer", false],
] as const)("the role %s manages customers: %s", async (role, isAllowed) => {
  const { ctx } = await people.addMember(await people.addAccount(), role);
  const outcome = createCustomer(ctx, { name: "Bakery" });
  if (!isAllowed) await expect(outcome).rejects.toMatchObject({ code: "forbidden" });
  else expect((await outcome).isNew).toBe(true);
  const change = changeCustomer(ctx, { customerId: randomUUID(), name: "Bakery" });
  await expect(change).rejects.toMatchObject({ code: isAllowed ? "not_found" : "forbidden" });
});
