import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createTestAccount } from "../../testing/create-test-report.ts";
import { findBrand, getLogo } from "./get-brand.ts";
import { removeLogo, setBrand, setLogo } from "./set-brand.ts";

const now = () => new Date("2026-03-15T06:00:00Z");
let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
});
afterAll(() => database.drop());

const start = () => createTestAccount(database.db, now);
const brandOf = (accountId: string) => findBrand(database.db, accountId);
/** A black square of 16 by 16 pixels. */
const PNG =
  "iVBORw0KGgoAAAANSUhEUgAAABAAAAAQCAAAAAA6mKC9AAAADUlEQVR4nGNgGAXIAAABEAABoJMRpQAAAABJRU5ErkJggg==";

test("an account shows what it set, else its own name", async () => {
  const ctx = await start();
  const { name } = await database.db.organization.findUniqueOrThrow({ where: { id: ctx.accountId } });
  expect(await brandOf(ctx.accountId)).toMatchObject({ name, isOwnName: true, logo: null, color: null });
  await setBrand(ctx, { name: "  Mail \n Wizards ", color: "#1F5FBF" });
  await setLogo(ctx, { image: PNG });
  expect(await brandOf(ctx.accountId)).toMatchObject({
    name: "Mail Wizards",
    isOwnName: false,
    color: "#1f5fbf",
  });
  expect(await getLogo(database.db, ctx.accountId)).toMatchObject({ contentType: "image/png" });
  await setBrand(ctx, { name: " " });
  await removeLogo(ctx);
  expect(await brandOf(ctx.accountId)).toMatchObject({ name, isOwnName: true, logo: null, color: "#1f5fbf" });
  await expect(getLogo(database.db, ctx.accountId)).rejects.toMatchObject({ code: "not_found" });
});

test.each([
  ["text", "hello"],
  [
    "a script in a picture format that is text",
    '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
  ],
  ["nothing", ""],
])("a logo that is %s is refused, and the old one stays", async (_what, text) => {
  const ctx = await start();
  await setLogo(ctx, { image: PNG });
  const image = Buffer.from(text).toString("base64");
  await expect(setLogo(ctx, { image })).rejects.toMatchObject({
    code: "invalid",
    fields: [{ path: "image" }],
  });
  expect((await brandOf(ctx.accountId)).logo).not.toBeNull();
});

test("a colour that is none is refused, since it goes into a style", async () => {
  const ctx = await start();
  for (const color of ["red", "#12345", "#1234567", "#12345g", "url(x)"])
    await expect(setBrand(ctx, { name: null, color })).rejects.toMatchObject({ fields: [{ path: "color" }] });
});
