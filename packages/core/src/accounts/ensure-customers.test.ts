import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createContext } from "../context.ts";
import { addAccount } from "./add-account.ts";
import { createCustomer } from "./create-customer.ts";
import { ensureCustomers } from "./ensure-customers.ts";
import { OPERATOR } from "./operator.ts";

let database: TestDatabase;
let providerId: string;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
  const provider = { name: "Provider", actor: OPERATOR, at: new Date() };
  providerId = (await addAccount(database.db, provider)).id;
});
afterAll(() => database.drop());

const contextOf = (accountId: string) =>
  createContext({ db: database.db, now: () => new Date() }, accountId, OPERATOR);
const namesOf = async (parentId: string) =>
  (await database.db.organization.findMany({ where: { parentId }, orderBy: { name: "asc" } })).map(
    ({ name }) => name,
  );

test("several calls at once, in other order and case, make each customer once and all get the same ids", async () => {
  const calls = [
    ["Bakery", "Florist", "Garage"],
    ["garage", "FLORIST", "bakery"],
    ["Florist", "Bakery"],
    ["GARAGE"],
  ];
  const found = await Promise.all(calls.map((names) => ensureCustomers(contextOf(providerId), names)));
  expect((await namesOf(providerId)).map((name) => name.toLowerCase())).toEqual([
    "bakery",
    "florist",
    "garage",
  ]);
  for (const name of ["bakery", "florist", "garage"]) {
    expect(new Set(found.flatMap((customers) => customers.get(name) ?? [])).size).toBe(1);
  }
  const made = await database.db.event.count({ where: { accountId: providerId, kind: "customer.created" } });
  expect(made).toBe(3);
});

test("a name with other than ASCII letters is one customer in any case, whatever the database's locale", async () => {
  const first = await ensureCustomers(contextOf(providerId), ["Ärzte am Öresund"]);
  const again = await ensureCustomers(contextOf(providerId), ["ÄRZTE AM ÖRESUND", "Ärzte am Öresund"]);
  expect([...again]).toEqual([...first]);
  expect((await namesOf(providerId)).filter((name) => name.includes("rzte"))).toHaveLength(1);
});

test("of several names with one that cannot be, none is made", async () => {
  const before = await namesOf(providerId);
  const names = ["Newcomer", "x".repeat(101)];
  await expect(ensureCustomers(contextOf(providerId), names)).rejects.toMatchObject({ code: "invalid" });
  expect(await namesOf(providerId)).toEqual(before);
});

test("a viewer finds the customers that are there and may not make others", async () => {
  const actor = { kind: "user", id: "u1", name: "Viewer" } as const;
  const viewer = createContext({ db: database.db, now: () => new Date() }, providerId, actor);
  expect([...(await ensureCustomers(viewer, ["Bakery"])).keys()]).toEqual(["bakery"]);
  await expect(ensureCustomers(viewer, ["Bakery", "Other"])).rejects.toMatchObject({ code: "forbidden" });
});

test("a customer has no customers of its own", async () => {
  const { customer } = await createCustomer(contextOf(providerId), { name: "Single" });
  await expect(ensureCustomers(contextOf(customer.id), ["Below"])).rejects.toMatchObject({
    code: "conflict",
  });
  expect(await namesOf(customer.id)).toEqual([]);
});
